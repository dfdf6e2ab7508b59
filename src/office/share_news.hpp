// What others gave a person or took away: news of shared folders, to be shown and dismissed.
// Spec: RFC 9670 3 (ShareNotification). Invariants: kept in the account of whoever the right was
// given to, members of a group each for itself; at most limits of this file, the oldest go first.
// Errors: not_found.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "office/rights.hpp"

namespace lockstep::office {

inline constexpr std::size_t kShareNews = 100; ///< of one account

struct ShareNews {
    std::string id; ///< digits, ascending with time
    std::int64_t created_us = 0;
    model::AccountId owner;
    model::CollectionId folder; ///< none: all of the owner's
    model::ItemClass item_class = model::ItemClass::mail;
    std::string folder_name;
    std::string changed_by_name, changed_by_address;
    model::AccountId changed_by;
    model::Right before = model::Right::none, after = model::Right::none;
};
/// Where a client stands: the last id made, and how many were ever dismissed.
struct ShareNewsState {
    std::string last;
    std::int64_t dismissed = 0;
    friend bool operator==(const ShareNewsState&, const ShareNewsState&) = default;
};
struct ShareNewsList {
    std::vector<ShareNews> all; ///< in order of their ids
    ShareNewsState state;
};
[[nodiscard]] Task<Result<ShareNewsList>> share_news(Office& office, const Actor& actor);
[[nodiscard]] Task<Result<>> dismiss_share_news(Office& office, const Actor& actor, std::string id);

/// Notes a change of rights for whoever it concerns. Best effort: a right is given even when its
/// news cannot be written.
[[nodiscard]] Task<void> tell_share(
    Office& office, const Actor& actor, model::AccountId owner, model::CollectionId folder,
    model::AccountId grantee, model::Right before, model::Right after
);

/// The same for a folder that is gone with all its rights: `folder` as it was.
[[nodiscard]] Task<void> tell_unshared(
    Office& office, const Actor& actor, const model::Collection& folder,
    const std::vector<Grant>& grants
);

} // namespace lockstep::office
