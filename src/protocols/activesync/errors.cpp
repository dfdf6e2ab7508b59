// Code -> Status or HTTP, exhaustively: a new code breaks the build here.
// Spec: MS-ASCMD 2.2.2 (common status codes, 14.0 and later), MS-ASHTTP 2.2.2.1.1.
#include "protocols/activesync/errors.hpp"

namespace lockstep::activesync {
namespace {

struct Mapped {
    Common status;
    unsigned http;
};

Mapped map_code(Code code) {
    switch (code) {
    case Code::bad_syntax:
        return {Common::invalid_wbxml, 400};
    case Code::bad_value:
        return {Common::invalid_content, 400};
    case Code::not_found:
        return {Common::item_not_found, 400};
    case Code::forbidden:
        return {Common::access_denied, 403};
    case Code::exists:
        return {Common::invalid_combination, 400};
    case Code::conflict:
        return {Common::server_error_retry, 503};
    case Code::stale:
        return {Common::invalid_content, 400};
    case Code::too_large:
        return {Common::invalid_content, 400};
    case Code::over_quota:
        return {Common::mailbox_quota_exceeded, 507};
    case Code::unauthorized:
        return {Common::access_denied, 401};
    case Code::throttled:
        return {Common::server_error_retry, 503};
    case Code::unavailable:
        return {Common::server_error_retry, 503};
    case Code::closed:
        return {Common::server_error_retry, 503};
    case Code::timeout:
        return {Common::server_error_retry, 503};
    case Code::unsupported:
        return {Common::invalid_content, 501};
    case Code::corrupt:
        return {Common::server_error, 503};
    case Code::internal:
        return {Common::server_error, 503};
    }
    return {Common::server_error, 503};
}

Reply http_only(unsigned http) {
    Reply reply;
    reply.http = http;
    if (http == 503)
        reply.headers.add("Retry-After", "30");
    return reply;
}

} // namespace

Reply reply_status(
    const CommandEntry& command, wbxml::Version version, Common status, unsigned before_14
) {
    if (version < wbxml::Version::v14_0 || command.status == wbxml::Tag{})
        return http_only(before_14);
    wbxml::Writer writer(version);
    const bool nested = command.status_parent != wbxml::Tag{};
    writer.open(command.status_root);
    if (nested)
        writer.open(command.status_parent);
    writer.element(command.status, static_cast<int>(status));
    if (nested)
        writer.close();
    writer.close();
    auto bytes = writer.finish();
    if (!bytes)
        return http_only(before_14);
    Reply reply;
    reply.wbxml = std::move(*bytes);
    return reply;
}

Reply reply_to_error(const CommandEntry& command, wbxml::Version version, const Error& error) {
    const auto mapped = map_code(error.code);
    // Overload and failures of ours are HTTP 503 with Retry-After at every version: phones then
    // come back by themselves.
    if (mapped.http == 503)
        return http_only(mapped.http);
    return reply_status(command, version, mapped.status, mapped.http);
}

} // namespace lockstep::activesync
