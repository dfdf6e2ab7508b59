// ESMTP parameters; see parameters.hpp.
#include "codec/smtp/parameters.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"

namespace lockstep::smtp {

namespace {

constexpr std::size_t kParameters = 16;  // more than all that exist
constexpr std::size_t kEnvidBytes = 100; // RFC 3461 4.4
constexpr std::size_t kOrcptBytes = 500; // RFC 3461 4.2

struct Parameter {
    std::string keyword; ///< upper-case
    std::string_view value;
    bool has_value = false;
};

bool is_keyword(std::string_view text) {
    return !text.empty() && text.front() != '-' && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-';
    });
}

Result<std::vector<Parameter>> split_parameters(std::string_view text) {
    std::vector<Parameter> found;
    if (text.empty())
        return found;
    if (text.front() != ' ')
        return fail(Code::bad_syntax, "text after the address");
    if (!is_utf8(text))
        return fail(Code::bad_syntax, "ill-formed UTF-8 in a parameter");
    for (const auto word : split(text.substr(1), ' ')) {
        const auto equals = word.find('=');
        Parameter parameter{upper(word.substr(0, equals)), {}, equals != std::string_view::npos};
        if (parameter.has_value)
            parameter.value = word.substr(equals + 1);
        const bool repeated = std::ranges::any_of(found, [&](const Parameter& p) {
            return p.keyword == parameter.keyword;
        });
        if (!is_keyword(parameter.keyword) || repeated)
            return fail(Code::bad_syntax, "ill-formed or repeated parameter");
        if (found.size() == kParameters)
            return fail(Code::bad_syntax, "too many parameters");
        found.push_back(std::move(parameter));
    }
    return found;
}

Result<std::uint64_t> parse_size(std::string_view value) {
    const auto size = value.size() <= 20 ? parse_int<std::uint64_t>(value) : std::nullopt;
    if (!size)
        return fail(Code::bad_syntax, "ill-formed SIZE");
    return *size;
}

Result<BodyKind> parse_body(std::string_view value) {
    if (iequals(value, "7BIT"))
        return BodyKind::seven_bit;
    if (iequals(value, "8BITMIME"))
        return BodyKind::eight_bit_mime;
    if (iequals(value, "BINARYMIME"))
        return BodyKind::binary_mime;
    return fail(Code::bad_syntax, "unknown BODY");
}

Result<Notify> parse_notify(std::string_view value) {
    Notify notify;
    notify.given = true;
    if (iequals(value, "NEVER")) {
        notify.never = true;
        return notify;
    }
    for (const auto word : split(value, ',')) {
        bool* const flag = iequals(word, "SUCCESS")   ? &notify.success
                           : iequals(word, "FAILURE") ? &notify.failure
                           : iequals(word, "DELAY")   ? &notify.delay
                                                      : nullptr;
        if (flag == nullptr || *flag)
            return fail(Code::bad_syntax, "ill-formed NOTIFY");
        *flag = true;
    }
    return notify;
}

Result<> parse_orcpt(std::string_view value, RcptParameters& out) {
    const auto semicolon = value.find(';');
    if (value.size() > kOrcptBytes || semicolon == std::string_view::npos || semicolon == 0)
        return fail(Code::bad_syntax, "ill-formed ORCPT");
    out.orcpt_type = lower(value.substr(0, semicolon));
    if (!is_keyword(out.orcpt_type))
        return fail(Code::bad_syntax, "ill-formed ORCPT address type");
    TRY(out.orcpt, decode_xtext(value.substr(semicolon + 1)));
    if (out.orcpt.empty())
        return fail(Code::bad_syntax, "empty ORCPT");
    return {};
}

/// RFC 3339 with whole seconds, in UTC or with an offset.
Result<std::int64_t> parse_utc(std::string_view value) {
    const auto number = [&](std::size_t at, std::size_t size) {
        return parse_int<int>(value.substr(std::min(at, value.size()), size)).value_or(-1);
    };
    const bool shaped = value.size() >= 20 && value[4] == '-' && value[7] == '-' &&
                        ascii_upper(value[10]) == 'T' && value[13] == ':' && value[16] == ':';
    const std::chrono::year_month_day day{
        std::chrono::year(number(0, 4)), std::chrono::month(static_cast<unsigned>(number(5, 2))),
        std::chrono::day(static_cast<unsigned>(number(8, 2)))
    };
    const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!shaped || !day.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return fail(Code::bad_syntax, "ill-formed HOLDUNTIL");
    const auto zone = value.substr(19);
    std::int64_t offset = 0;
    if (!iequals(zone, "Z")) {
        const int hours = number(20, 2), minutes = number(23, 2);
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || hours < 0 ||
            minutes < 0)
            return fail(Code::bad_syntax, "ill-formed zone of HOLDUNTIL");
        offset = (zone[0] == '-' ? -1 : 1) * (hours * 3'600 + minutes * 60);
    }
    const auto days = std::chrono::sys_days(day).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(days).count() + hour * 3'600 +
           minute * 60 + second - offset;
}

Result<> apply_mail(const Parameter& parameter, MailParameters& out) {
    const auto& [keyword, value, has_value] = parameter;
    if (keyword == "SMTPUTF8" || keyword == "REQUIRETLS") {
        if (has_value)
            return fail(Code::bad_syntax, "a flag parameter with a value");
        (keyword == "SMTPUTF8" ? out.smtputf8 : out.require_tls) = true;
        return {};
    }
    const bool known = keyword == "SIZE" || keyword == "BODY" || keyword == "RET" ||
                       keyword == "ENVID" || keyword == "AUTH" || keyword == "HOLDFOR" ||
                       keyword == "HOLDUNTIL";
    if (!known)
        return fail(Code::unsupported, "unknown MAIL parameter");
    if (value.empty())
        return fail(Code::bad_syntax, "parameter without value");
    if (keyword == "SIZE") {
        TRY(out.size, parse_size(value));
    } else if (keyword == "BODY") {
        TRY(out.body, parse_body(value));
    } else if (keyword == "RET") {
        if (!iequals(value, "FULL") && !iequals(value, "HDRS"))
            return fail(Code::bad_syntax, "unknown RET");
        out.ret = iequals(value, "FULL") ? DsnReturn::full : DsnReturn::headers;
    } else if (keyword == "ENVID") {
        TRY(out.envid, decode_xtext(value));
        if (out.envid.size() > kEnvidBytes)
            return fail(Code::bad_syntax, "ENVID too long");
    } else if (keyword == "HOLDFOR") {
        out.hold_for = value.size() <= 9 ? parse_int(value) : std::nullopt;
        if (!out.hold_for || out.hold_until)
            return fail(Code::bad_syntax, "ill-formed HOLDFOR");
    } else if (keyword == "HOLDUNTIL") {
        TRY(out.hold_until, parse_utc(value));
        if (out.hold_for)
            return fail(Code::bad_syntax, "HOLDFOR and HOLDUNTIL together");
    } else if (value == "<>") {
        out.auth = std::string();
    } else {
        TRY(out.auth, decode_xtext(value));
    }
    return {};
}

} // namespace

Result<MailParameters> parse_mail_parameters(std::string_view text) {
    TRY(const auto parameters, split_parameters(text));
    MailParameters out;
    for (const auto& parameter : parameters)
        CHECK_OK(apply_mail(parameter, out));
    return out;
}

Result<RcptParameters> parse_rcpt_parameters(std::string_view text) {
    TRY(const auto parameters, split_parameters(text));
    RcptParameters out;
    for (const auto& parameter : parameters) {
        if (parameter.keyword == "NOTIFY") {
            TRY(out.notify, parse_notify(parameter.value));
        } else if (parameter.keyword == "ORCPT") {
            CHECK_OK(parse_orcpt(parameter.value, out));
        } else {
            return fail(Code::unsupported, "unknown RCPT parameter");
        }
    }
    return out;
}

Result<std::string> decode_xtext(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '+') {
            if (text[at] == '=' || static_cast<unsigned char>(text[at]) <= 0x20)
                return fail(Code::bad_syntax, "ill-formed xtext");
            out += text[at];
            continue;
        }
        const auto digits = text.substr(at + 1, 2);
        if (digits.size() != 2 ||
            digits.find_first_not_of("0123456789ABCDEF") != std::string_view::npos)
            return fail(Code::bad_syntax, "ill-formed xtext escape");
        TRY(const auto byte, unhex(digits));
        // What is decoded goes into headers of reports: no control character may hide in it.
        if (static_cast<unsigned char>(byte.front()) < 0x20 || byte.front() == 0x7F)
            return fail(Code::bad_syntax, "control character in xtext");
        out += byte;
        at += 2;
    }
    return out;
}

std::string encode_xtext(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F && c != '+' && c != '=') {
            out += c;
        } else {
            out += '+';
            out += upper(hex(std::string_view(&c, 1)));
        }
    }
    return out;
}

std::string format_utc(std::int64_t unix_seconds) {
    const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        clock.hours().count(), clock.minutes().count(), clock.seconds().count()
    );
}

} // namespace lockstep::smtp
