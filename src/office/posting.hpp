// Who may post to a group's address.
// Invariants: a group without the setting takes mail from everybody.
#pragma once
#include <optional>
#include <string_view>

#include "office/office.hpp"

namespace lockstep::office {

enum class PostingRight {
    anyone,
    members, ///< those who belong to it, by their own addresses
    office,  ///< everybody with an account here
};
[[nodiscard]] std::string_view name_of(PostingRight right);
[[nodiscard]] std::optional<PostingRight> posting_right_named(std::string_view name);

[[nodiscard]] Task<Result<PostingRight>> posting_right(Office& office, model::AccountId group);
[[nodiscard]] Task<Result<>>
set_posting_right(Office& office, model::AccountId group, PostingRight right);

} // namespace lockstep::office
