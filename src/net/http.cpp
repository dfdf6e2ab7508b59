// Header fields, ready answers, and the phrases of status codes.
#include "net/http.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace lockstep::net {

void Headers::set(std::string_view name, std::string value) {
    std::erase_if(fields_, [name](const Field& field) { return iequals(field.first, name); });
    fields_.emplace_back(name, std::move(value));
}

std::string_view Headers::get(std::string_view name) const {
    const auto found = std::ranges::find_if(fields_, [name](const Field& field) {
        return iequals(field.first, name);
    });
    return found == fields_.end() ? std::string_view() : std::string_view(found->second);
}

std::size_t Headers::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(fields_, [name](const Field& field) {
        return iequals(field.first, name);
    }));
}

Response::Response(unsigned code, std::string content_type, std::string text) : status(code) {
    headers.add("Content-Type", std::move(content_type));
    body.push_back(std::move(text));
}

std::string_view reason_phrase(unsigned status) {
    // 449 and 451 as ActiveSync uses them, 451 not as in RFC 7725.
    constexpr std::array<std::pair<unsigned, std::string_view>, 33> kPhrases{{
        {100, "Continue"},
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {207, "Multi-Status"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {449, "Retry After Provisioning"},
        {451, "Redirect"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    }};
    const auto found =
        std::ranges::find(kPhrases, status, &std::pair<unsigned, std::string_view>::first);
    return found == kPhrases.end() ? "Status" : found->second;
}

} // namespace lockstep::net
