// Ledger: intents, acknowledgements, and the comparison with what a recovered store shows.
// Invariants: see crash_ledger.hpp.
#include "store/testing/crash_ledger.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

namespace lockstep::store::testing {
namespace {

std::size_t acknowledged_of(const LedgerPage& page, const std::string& key) {
    const auto at = page.acknowledged.find(key);
    return at == page.acknowledged.end() ? 0 : at->second;
}

/// The versions that a text may be, from the lowest to the highest: absence may be several.
struct Span {
    std::size_t lowest = 0;
    std::size_t highest = 0;
};

std::optional<Span> versions_shown(
    const std::vector<std::string>& versions, std::size_t from, const std::string& text
) {
    std::optional<Span> span;
    for (auto version = from; version < versions.size(); ++version) {
        if (versions[version] != text)
            continue;
        if (!span)
            span = Span{version, version};
        span->highest = version;
    }
    return span;
}

/// Whether one key shows its half of a common change while the other is surely older than its half.
/// A key that has gone further proves nothing: the change may have been refused, and both went on
/// without it.
bool surely_split(
    const Span& done, std::size_t done_version, const Span& undone, std::size_t undone_version
) {
    return done.lowest == done_version && done.highest == done_version &&
           undone.highest < undone_version;
}

} // namespace

std::size_t Ledger::intend(const std::string& key, std::string text) {
    const std::lock_guard lock(mutex_);
    auto& versions = page_.versions[key];
    if (versions.empty())
        versions.emplace_back();
    versions.push_back(std::move(text));
    return versions.size() - 1;
}

void Ledger::intend_together(Together both) {
    const std::lock_guard lock(mutex_);
    page_.together.push_back(std::move(both));
}

void Ledger::acknowledge(const std::string& key, std::size_t version) {
    const std::lock_guard lock(mutex_);
    page_.acknowledged[key] = version;
    ++acknowledgements_;
}

void Ledger::acknowledge(model::AccountId account, model::ChangeSeq sequence) {
    const std::lock_guard lock(mutex_);
    auto& known = page_.sequences[account];
    known = std::max(known, sequence);
}

std::string Ledger::current(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto at = page_.acknowledged.find(key);
    return at == page_.acknowledged.end() ? "" : page_.versions.at(key)[at->second];
}

std::size_t Ledger::count(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto at = page_.versions.find(key);
    return at == page_.versions.end() ? 1 : at->second.size();
}

std::size_t Ledger::acknowledgements() const {
    const std::lock_guard lock(mutex_);
    return acknowledgements_;
}

LedgerPage Ledger::page() const {
    const std::lock_guard lock(mutex_);
    return page_;
}

std::string contradiction(
    const LedgerPage& before, const LedgerPage& after,
    const std::map<std::string, std::string>& seen
) {
    std::map<std::string, Span> shown;
    for (const auto& [key, versions] : after.versions) {
        const auto at = seen.find(key);
        const auto text = at == seen.end() ? std::string() : at->second;
        const auto from = acknowledged_of(before, key);
        const auto version = versions_shown(versions, from, text);
        if (!version) {
            return fmt::format(
                "{} shows '{}', but version {} '{}' was acknowledged", key, text, from,
                versions[from]
            );
        }
        shown[key] = *version;
    }
    for (const auto& [key, text] : seen) {
        if (!after.versions.contains(key))
            return fmt::format("{} shows '{}', which nobody asked for", key, text);
    }
    for (const auto& both : after.together) {
        const auto& first = shown[both.first];
        const auto& second = shown[both.second];
        if (surely_split(first, both.first_version, second, both.second_version) ||
            surely_split(second, both.second_version, first, both.first_version)) {
            return fmt::format(
                "{} and {} changed together, but only one shows it", both.first, both.second
            );
        }
    }
    return {};
}

} // namespace lockstep::store::testing
