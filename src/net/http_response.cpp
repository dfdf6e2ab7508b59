// Writes the head.
#include "net/http_response.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::net {
namespace {

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 5> kOurs{
        "Connection", "Content-Length", "Date", "Server", "Transfer-Encoding"
    };
    return std::ranges::any_of(kOurs, [name](std::string_view ours) {
        return iequals(ours, name);
    });
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    const auto clean = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    };
    std::ranges::transform(name, std::back_inserter(head), clean);
    head += ": ";
    std::ranges::transform(value, std::back_inserter(head), clean);
    head += "\r\n";
}

} // namespace

bool has_no_content(unsigned status) { return status < 200 || status == 204 || status == 304; }

std::string http_date(std::int64_t now_us) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t seconds = now_us / 1'000'000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(utc.tm_wday)],
        utc.tm_mday, kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
        utc.tm_min, utc.tm_sec
    );
}

std::string response_head(const Response& response, const Framing& framing, std::int64_t now_us) {
    auto head = fmt::format(
        "HTTP/1.1 {} {}\r\nDate: {}\r\nServer: Lockstep\r\n", response.status,
        reason_phrase(response.status), http_date(now_us)
    );
    for (const auto& [name, value] : response.headers.all())
        if (!is_ours(name))
            append_field(head, name, value);
    if (framing.length)
        fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", *framing.length);
    if (framing.chunked)
        head += "Transfer-Encoding: chunked\r\n";
    if (!framing.keep_alive)
        head += "Connection: close\r\n";
    if (framing.keep_alive && !framing.http11)
        head += "Connection: keep-alive\r\n";
    head += "\r\n";
    return head;
}

} // namespace lockstep::net
