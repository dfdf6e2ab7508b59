// Replies of other servers.
#include "codec/smtp/answer.hpp"

#include <algorithm>

#include "base/limits_mail.hpp"
#include "base/text.hpp"

namespace lockstep::smtp {
namespace {

/// Length of an enhanced code at the front of text; 0: none.
std::size_t enhanced_length(std::string_view text) {
    if (text.size() < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.')
        return 0;
    const auto end = std::min(text.find(' '), text.size());
    const auto parts = split(text.substr(0, end), '.');
    const bool good =
        parts.size() == 3 && std::ranges::all_of(parts, [](std::string_view part) {
            return !part.empty() && part.size() <= 3 && std::ranges::all_of(part, is_digit);
        });
    return good ? end : 0;
}

} // namespace

std::string Answer::text() const {
    std::string all = std::to_string(code);
    if (!enhanced.empty())
        all += " " + enhanced;
    for (const auto& line : lines)
        if (!line.empty())
            all += " " + line;
    for (char& c : all)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = ' ';
    return std::string(utf8_prefix(clean_utf8(all), limits::kReplyKept));
}

Result<bool> add_answer_line(Answer& answer, std::string_view line) {
    const auto code = line.size() >= 3 ? parse_int<int>(line.substr(0, 3)) : std::nullopt;
    if (!code || *code < 200 || *code > 599 ||
        (line.size() > 3 && line[3] != ' ' && line[3] != '-'))
        return fail(Code::bad_syntax, "this is no SMTP reply");
    if (answer.code != 0 && answer.code != *code)
        return fail(Code::bad_syntax, "the lines of a reply have different codes");
    if (answer.lines.size() >= limits::kReplyLines)
        return fail(Code::too_large, "a reply of too many lines");
    answer.code = *code;
    auto text = line.size() > 4 ? line.substr(4) : std::string_view();
    if (const auto length = enhanced_length(text); length > 0) {
        answer.enhanced = text.substr(0, length);
        text.remove_prefix(std::min(text.size(), length + 1));
    }
    answer.lines.emplace_back(trim(text));
    return line.size() == 3 || line[3] == ' ';
}

Offers read_offers(const Answer& ehlo) {
    Offers offers;
    offers.esmtp = true;
    for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {
        const auto words = split(ehlo.lines[i], ' ');
        const auto keyword = upper(words.front());
        offers.pipelining |= keyword == "PIPELINING";
        offers.eight_bit |= keyword == "8BITMIME";
        offers.utf8 |= keyword == "SMTPUTF8";
        offers.starttls |= keyword == "STARTTLS";
        offers.dsn |= keyword == "DSN";
        offers.chunking |= keyword == "CHUNKING";
        if (keyword == "SIZE")
            offers.size = words.size() > 1 ? parse_int<std::uint64_t>(words[1]).value_or(0) : 0;
        if (keyword == "AUTH")
            for (std::size_t each = 1; each < words.size(); ++each)
                offers.auth.push_back(upper(words[each]));
    }
    return offers;
}

std::string status_of(const Answer& answer) {
    const char wanted = answer.permanent() ? '5' : answer.temporary() ? '4' : '2';
    if (!answer.enhanced.empty() && answer.enhanced.front() == wanted)
        return answer.enhanced;
    return std::string(1, wanted) + ".0.0";
}

} // namespace lockstep::smtp
