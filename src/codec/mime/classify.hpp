// Small judgements about a message that the digest records: class, importance, thread topic, list
// and auto marks. Spec: MS-ASEMAIL 2.2.2.49 MessageClass, 2.2.2.38 Importance; RFC 2156 5.3.6; RFC
// 3834 5; RFC 2919; RFC 5546 (iTIP methods).
#pragma once
#include <string>
#include <string_view>

#include "codec/mime/digest.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/message.hpp"

namespace lockstep::mime {

/// 0 low, 1 normal, 2 high.
[[nodiscard]] int importance_of(const Headers& headers);
/// Subject without leading reply and forward marks of the usual languages, and without blanks at
/// the ends.
[[nodiscard]] std::string topic_of(std::string_view subject);
[[nodiscard]] bool is_list_mail(const Headers& headers);
[[nodiscard]] bool is_auto_mail(const Headers& headers);
[[nodiscard]] Secure secure_of(const Message& message);
/// `calendar`: decoded text/calendar of the invitation, empty when there is none; `method`
/// upper-case.
[[nodiscard]] std::string
class_of(const Message& message, Secure secure, std::string_view method, std::string_view calendar);

} // namespace lockstep::mime
