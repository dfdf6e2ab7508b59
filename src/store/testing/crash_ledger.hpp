// Ledger: what a workload asked of a store and what the store acknowledged, to hold a recovered
// store against. Invariants: each key's versions are written in order, the intent before the
// request and the acknowledgement after
//   it; a recovered store must show, for every key, a version not older than the last one
//   acknowledged.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "model/model.hpp"

namespace lockstep::store::testing {

/// The keys whose change is one effect: all of them, or none.
struct Together {
    std::string first;
    std::size_t first_version = 0;
    std::string second;
    std::size_t second_version = 0;
};

/// A copy of the ledger at one moment.
struct LedgerPage {
    /// Versions of a key as text that tells each from the others; version 0, "", is absence.
    std::map<std::string, std::vector<std::string>> versions;
    std::map<std::string, std::size_t>
        acknowledged; ///< the last version that the store said is durable
    std::vector<Together> together;
    std::map<model::AccountId, model::ChangeSeq>
        sequences; ///< the highest that was handed out (D6)
};

class Ledger {
public:
    /// Notes what is about to be asked for; answers the version's number.
    std::size_t intend(const std::string& key, std::string text);
    void intend_together(Together both);
    /// Notes that the store acknowledged it.
    void acknowledge(const std::string& key, std::size_t version);
    void acknowledge(model::AccountId account, model::ChangeSeq sequence);
    /// The last acknowledged text of a key, "" when it is absent.
    [[nodiscard]] std::string current(const std::string& key) const;
    /// How many versions of a key there are, version 0 included.
    [[nodiscard]] std::size_t count(const std::string& key) const;
    [[nodiscard]] std::size_t acknowledgements() const;
    [[nodiscard]] LedgerPage page() const;

private:
    mutable std::mutex mutex_;
    LedgerPage page_;
    std::size_t acknowledgements_ = 0;
};

/// What of `seen` (text of each key that is there) contradicts the ledger: `before` was copied
/// before the crash, `after` after it, so that effects in flight count as neither done nor undone.
/// Empty when all is well.
[[nodiscard]] std::string contradiction(
    const LedgerPage& before, const LedgerPage& after,
    const std::map<std::string, std::string>& seen
);

} // namespace lockstep::store::testing
