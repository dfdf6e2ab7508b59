// The base subject: what a thread of mail is about, without marks of replies and forwards.
// Spec: RFC 5256 2.1. Errors: none. Invariants: linear time.
#pragma once
#include <string>
#include <string_view>

namespace lockstep::mime {

struct BaseSubject {
    std::string text;
    bool reply_or_forward = false; ///< a mark of one was taken off (RFC 5256 3, step 5)
};
/// `subject`: decoded. The case stays as it is.
[[nodiscard]] BaseSubject base_subject(std::string_view subject);

} // namespace lockstep::mime
