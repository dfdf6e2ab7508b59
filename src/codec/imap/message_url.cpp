// Parses URLs: the mailbox, then parameters behind semicolons.
#include "codec/imap/message_url.hpp"

#include "base/text.hpp"

namespace lockstep::imap {
namespace {

Result<std::string> without_percents(std::string_view text) {
    TRY(auto out, percent_decode(text));
    if (!is_utf8(out) || out.contains('\0'))
        return fail(Code::bad_syntax, "a URL that is not UTF-8");
    return out;
}

Result<std::uint32_t> url_number(std::string_view text) {
    const auto value = parse_int<std::int64_t>(text);
    if (!value || *value <= 0 || *value > 0xFFFFFFFF)
        return fail(Code::bad_syntax, "a number of a URL");
    return static_cast<std::uint32_t>(*value);
}

Result<FetchItem::Partial> partial_of(std::string_view text) {
    const auto dot = text.find('.');
    const auto offset = parse_int<std::int64_t>(text.substr(0, dot));
    const auto length = dot == std::string_view::npos
                            ? std::optional<std::int64_t>(0)
                            : parse_int<std::int64_t>(text.substr(dot + 1));
    if (!offset || !length || *offset < 0 || *length < 0 ||
        (dot != std::string_view::npos && *length == 0))
        return fail(Code::bad_syntax, "a range of a URL");
    return FetchItem::Partial{
        static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*length)
    };
}

/// One parameter: "UID=20".
Result<> take_parameter(MessageUrl& url, std::string_view parameter) {
    const auto equals = parameter.find('=');
    const auto name = parameter.substr(0, equals);
    const auto value =
        equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1);
    if (iequals(name, "UIDVALIDITY")) {
        TRY(url.uidvalidity, url_number(value));
    } else if (iequals(name, "UID")) {
        TRY(url.uid, url_number(value));
    } else if (iequals(name, "SECTION")) {
        TRY(const auto text, without_percents(value));
        const auto whole = "[" + text + "]";
        Scanner in(whole);
        TRY(url.section, parse_section(in, false));
        CHECK_OK(in.end());
    } else if (iequals(name, "PARTIAL")) {
        TRY(url.partial, partial_of(value));
    } else {
        return fail(Code::bad_syntax, "an unknown parameter of a URL");
    }
    return {};
}

} // namespace

Result<MessageUrl> parse_message_url(std::string_view text) {
    MessageUrl url;
    if (text.contains("://"))
        return fail(Code::bad_syntax, "a URL of another server");
    const auto pieces = split(text, ';');
    auto name = std::string_view(pieces.front());
    while (name.starts_with('/'))
        name.remove_prefix(1);
    while (name.ends_with('/'))
        name.remove_suffix(1);
    TRY(url.mailbox, without_percents(name));
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        auto parameter = std::string_view(pieces[i]);
        while (parameter.ends_with('/'))
            parameter.remove_suffix(1);
        CHECK_OK(take_parameter(url, parameter));
    }
    if (url.uid == 0)
        return fail(Code::bad_syntax, "a URL without a message");
    return url;
}

} // namespace lockstep::imap
