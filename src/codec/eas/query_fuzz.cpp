// Fuzzer of the query parser. Oracle: whatever is accepted keeps the promises of Query, and its
// plain form, written again, gives the same values.
// Spec: MS-ASHTTP 2.2.1.1.1; hardening W3.
#include "codec/eas/query.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace {

std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text)
        out.append("%").append(lockstep::hex(std::string_view(&c, 1)));
    return out;
}

std::string plain_form(const lockstep::eas::Query& query) {
    std::string out = "Cmd=" + query.command;
    const auto add = [&out](std::string_view name, std::string_view value) {
        out.append("&").append(name).append("=").append(percent_encode(value));
    };
    add("User", query.user);
    if (!query.device_id.empty())
        add("DeviceId", query.device_id);
    if (query.has_device_type)
        add("DeviceType", query.device_type);
    add("AttachmentName", query.attachment_name);
    add("CollectionId", query.collection_id);
    add("CollectionName", query.collection_name);
    add("ItemId", query.item_id);
    add("LongId", query.long_id);
    add("ParentId", query.parent_id);
    add("Occurrence", query.occurrence);
    add("SaveInSent", query.save_in_sent ? "T" : "F");
    return out;
}

void check(std::string_view raw) {
    const auto query = lockstep::eas::parse_query(raw);
    if (!query)
        return;
    ENSURE(lockstep::eas::command_of(query->command) == query->command);
    ENSURE(query->device_id.size() <= 32);
    ENSURE(lockstep::is_utf8(query->user) && lockstep::is_utf8(query->item_id));
    const auto plain = plain_form(*query);
    const auto again = lockstep::eas::parse_query(plain);
    // Percent-encoding everything may pass the limit of the whole.
    if (!again) {
        ENSURE(again.error().code == lockstep::Code::too_large);
        return;
    }
    ENSURE(plain_form(*again) == plain);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = lockstep::as_text({data, size});
    check(input);
    check(lockstep::base64(input)); // reaches the binary fields at once
    return 0;
}
