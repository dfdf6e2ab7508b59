// EmailSubmission objects, and the sending of one.
// Spec: RFC 8621 7.
#pragma once
#include <string>
#include <vector>

#include "office/submission_log.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

[[nodiscard]] json::Object submission_object(const office::SubmissionRecord& record);
/// A hash of all: what is sent changes it.
[[nodiscard]] std::string submission_state(const std::vector<office::SubmissionRecord>& all);
/// Sends what an EmailSubmission object says; SetErrors of RFC 8621 7.5.
[[nodiscard]] Task<std::expected<office::SubmissionRecord, MethodError>>
send_submission(Call& call, const json::Object& object);

} // namespace lockstep::jmap
