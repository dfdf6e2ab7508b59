// From an Email object to the message that it describes.
// Spec: RFC 8621 4.6. Errors: SetErrors invalidProperties (with the property at fault),
// blobNotFound. Invariants: no value can add a header field; what the client left out and RFC 5322
// wants is added.
#pragma once
#include <expected>
#include <map>
#include <set>
#include <string>

#include "protocols/jmap/errors.hpp"

namespace lockstep::jmap {

/// What building needs beside the object.
struct BuildContext {
    std::map<std::string, std::string> blobs; ///< bytes by blob id, as they are given in the object
    std::int64_t now_us = 0;
    std::string host; ///< right side of a new Message-ID
};
/// Every blob id that the object's parts name.
[[nodiscard]] std::set<std::string> blobs_of(const json::Object& email);
/// The message, CRLF line ends. Properties of storage (mailboxIds, keywords, receivedAt) are not
/// looked at here.
[[nodiscard]] std::expected<std::string, MethodError>
build_message(const json::Object& email, const BuildContext& context);

} // namespace lockstep::jmap
