// Filing of new mails, as Email/set, Email/import and Email/copy do it.
// Spec: RFC 8621 4.6-4.8.
#pragma once
#include <set>
#include <string>

#include "office/mail_edit.hpp"
#include "protocols/jmap/call.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {

struct Filing {
    model::CollectionId folder;
    std::set<std::string> keywords;
    std::int64_t received_us = 0;
};
/// Files a message and answers the created object; SetErrors.
[[nodiscard]] Task<Outcome>
file_message(Call& call, const office::Owner& owner, const Filing& filing, std::string message);
/// One EmailImport object.
[[nodiscard]] Task<Outcome>
import_one(Call& call, const office::Owner& owner, const json::Value& value);

} // namespace lockstep::jmap
