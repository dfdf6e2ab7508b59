// What a person sent lately by a door that keeps account of it: one record a submission.
// Spec: RFC 8621 7. Invariants: the latest 500 records of an account are kept, as
// settings (scope "submissions"); a record says what was done and changes nothing.
#pragma once
#include <string>
#include <vector>

#include "office/office.hpp"

namespace lockstep::office {

struct SubmissionRecord {
    std::string id; ///< "s" and digits: later ones are greater
    model::ItemId mail;
    std::int64_t conversation = 0;
    std::string identity;
    std::string from;            ///< reverse-path
    std::vector<std::string> to; ///< envelope recipients
    std::int64_t sent_us = 0;
};

/// Adds a record, its id filled in.
[[nodiscard]] Task<Result<SubmissionRecord>>
log_submission(Office& office, const Actor& actor, SubmissionRecord record);
/// In order of sending.
[[nodiscard]] Task<Result<std::vector<SubmissionRecord>>>
submissions(Office& office, const Actor& actor);
/// Error: not_found.
[[nodiscard]] Task<Result<>> forget_submission(Office& office, const Actor& actor, std::string id);

} // namespace lockstep::office
