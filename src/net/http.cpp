// Header fields, ready answers, and the phrases of status codes.
#include "net/http.hpp"

#include <algorithm>

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
    switch (status) {
    case 100:
        return "Continue";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 207:
        return "Multi-Status";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 449:
        return "Retry After Provisioning"; // MS-ASHTTP 2.2.2.1.1
    case 451:
        return "Redirect"; // MS-ASHTTP 2.2.2.1.1, not RFC 7725
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    case 507:
        return "Insufficient Storage";
    default:
        return "Status";
    }
}

} // namespace lockstep::net
