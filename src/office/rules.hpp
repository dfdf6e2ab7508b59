// Rules that hold for an account: its own, else those of its groups, of its domain, of the server.
// Invariants: read from memory (directory/rules.cpp), so each request may ask; the nearest value
// counts, of several groups the one that was made first. Errors: bad_value (not a rule, or not its
// form), not_found (an unset of what was not set).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

class RuleSet {
public:
    struct Place {
        std::string scope; ///< as the directory names it
        std::string shown; ///< for people: "server", "example.org", "team@example.org"
    };
    RuleSet(std::shared_ptr<const directory::Rules> rules, std::vector<Place> places)
        : rules_(std::move(rules)), places_(std::move(places)) {}

    /// The value that counts.
    [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
    /// Where that value is set, for people; empty when nowhere.
    [[nodiscard]] std::string origin(std::string_view name) const;
    /// Whether any rule is set that begins so, anywhere on the way.
    [[nodiscard]] bool has_any(std::string_view prefix) const;

private:
    std::shared_ptr<const directory::Rules> rules_;
    std::vector<Place> places_; ///< nearest first
};

/// The rules of a person's account.
[[nodiscard]] Task<Result<RuleSet>> rules_for(Office& office, const directory::Account& account);
/// Those of the server alone, of a domain (then the server), or of a group or account.
[[nodiscard]] Task<Result<RuleSet>> rules_at(Office& office, std::string scope);

// The rules on devices.
inline constexpr std::string_view kNewDevices = "devices.new"; ///< allow, quarantine or block
inline constexpr std::string_view kMostDevices = "devices.max";
inline constexpr std::string_view kTerm = "sync.term"; ///< on, off, or until:MICROSECONDS

/// Whether devices may synchronise: always, never, or until a time.
struct Term {
    bool on = true;
    std::optional<std::int64_t> until_us;
    [[nodiscard]] bool open(std::int64_t now_us) const {
        return on && (!until_us || now_us < *until_us);
    }
};
[[nodiscard]] Term term_of(const RuleSet& rules);
[[nodiscard]] std::string text_of(const Term& term);

/// Sets a rule at a scope; every account that it may concern is woken.
[[nodiscard]] Task<Result<>>
set_rule(Office& office, std::string scope, std::string_view name, std::string value);
[[nodiscard]] Task<Result<>> unset_rule(Office& office, std::string scope, std::string_view name);

} // namespace lockstep::office
