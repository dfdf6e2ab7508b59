// Answers Autodiscover's two forms.
#include "protocols/autodiscover/door.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/autodiscover/discovery.hpp"
#include "net/basic_auth.hpp"

namespace lockstep::autodiscover {

namespace {

constexpr std::string_view kXmlPath = "/autodiscover/autodiscover.xml";
constexpr std::string_view kJsonPath = "/autodiscover/autodiscover.json";
constexpr std::string_view kDoorPath = "/Microsoft-Server-ActiveSync";
constexpr int kProtocolError = 2; // MS-ASCMD 2.2.3.177.1

net::Response xml_answer(std::string text) {
    net::Response response(200, "text/xml; charset=utf-8", std::move(text));
    response.headers.set("Cache-Control", "private, no-store");
    return response;
}

net::Response json_answer(unsigned status, std::string text) {
    net::Response response(status, "application/json; charset=utf-8", std::move(text));
    response.headers.set("Cache-Control", "private, no-store");
    return response;
}

net::Response refused(const Error& error) {
    if (error.code == Code::throttled || error.code == Code::unavailable ||
        error.code == Code::timeout) {
        net::Response later(503, "text/plain; charset=utf-8", "Please try again later.\n");
        later.headers.set("Retry-After", "60");
        return later;
    }
    if (error.code == Code::forbidden)
        return net::Response(
            403, "text/plain; charset=utf-8", "ActiveSync is off for this account.\n"
        );
    return net::ask_for_basic();
}

std::string time_of_day(Clock& clock) {
    const auto seconds = clock.now_us() / 1'000'000 % 86'400;
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

/// A host name or address, perhaps with a port: what may stand in a URL without escaping.
bool is_plain_host(std::string_view host) {
    return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '.' ||
               c == '-' || c == ':' || c == '[' || c == ']';
    });
}

/// The value of a parameter of the query, whatever the case of its name.
std::string parameter(std::string_view query, std::string_view name) {
    for (const auto part : split(query, '&')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos || !iequals(part.substr(0, equals), name))
            continue;
        return percent_decode(part.substr(equals + 1), true).value_or("");
    }
    return "";
}

} // namespace

bool Door::serves(std::string_view path) {
    return iequals(path, kXmlPath) || iequals(path, kJsonPath) ||
           istarts_with(path, std::string(kJsonPath) + "/");
}

std::string Door::base_url(const net::Request& request) const {
    auto host = public_name_ ? public_name_() : std::string();
    if (host.empty())
        host = request.headers.get("Host");
    return is_plain_host(host) ? "https://" + host : std::string();
}

Task<net::Response> Door::serve(net::Request& request, net::Connection& connection) {
    if (!iequals(request.path, kXmlPath))
        co_return serve_json(request);
    auto response = co_await serve_xml(request, connection);
    co_return response;
}

Task<net::Response> Door::serve_xml(net::Request& request, net::Connection& connection) {
    auto credentials = net::parse_basic(request.headers.get("Authorization"));
    if (!credentials)
        co_return net::ask_for_basic();
    const auto account = co_await directory_.sign_in(
        credentials->name, std::move(credentials->password), directory::Door::activesync,
        connection.peer().address
    );
    if (!account)
        co_return refused(account.error());
    const auto query = parse_query(request.body);
    if (!query)
        co_return xml_answer(error_xml(600, "Invalid request", time_of_day(directory_.clock())));
    if (query->schema != kMobileSync) {
        co_return xml_answer(error_xml(
            601, "The requested schema version is not supported", time_of_day(directory_.clock())
        ));
    }
    const auto owner = co_await directory_.recipient(query->address);
    if (!owner || *owner != account->id) {
        co_return xml_answer(refused_xml(
            query->address, kProtocolError, "The address is not that of the signed-in account"
        ));
    }
    const auto base = base_url(request);
    if (base.empty())
        co_return xml_answer(error_xml(600, "Invalid request", time_of_day(directory_.clock())));
    co_return xml_answer(found_xml(account->name, query->address, base + std::string(kDoorPath)));
}

net::Response Door::serve_json(const net::Request& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        auto refusal =
            json_answer(405, error_json("MethodNotAllowed", "Only GET is answered here."));
        refusal.headers.set("Allow", "GET, HEAD");
        return refusal;
    }
    const auto base = base_url(request);
    if (base.empty())
        return json_answer(400, error_json("InvalidRequest", "The request names no host."));
    const auto protocol = parameter(request.query, "Protocol");
    if (protocol.empty())
        return json_answer(
            400, error_json(
                     "MandatoryParameterMissing",
                     "A valid value must be provided for the query parameter 'Protocol'."
                 )
        );
    if (iequals(protocol, "ActiveSync"))
        return json_answer(200, found_json("ActiveSync", base + std::string(kDoorPath)));
    if (iequals(protocol, "AutodiscoverV1"))
        return json_answer(200, found_json("AutodiscoverV1", base + std::string(kXmlPath)));
    return json_answer(
        400, error_json(
                 "InvalidProtocol",
                 "The protocol is not offered here. Supported: ActiveSync, AutodiscoverV1."
             )
    );
}

} // namespace lockstep::autodiscover
