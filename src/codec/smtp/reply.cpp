// Reply formatting; see reply.hpp.
#include "codec/smtp/reply.hpp"

#include "base/text.hpp"

namespace lockstep::smtp {

namespace {

void append_line(
    std::string& out, int code, bool more, std::string_view enhanced, std::string_view text
) {
    out += std::to_string(code);
    out += more ? '-' : ' ';
    if (!enhanced.empty())
        out.append(enhanced).append(" ");
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    out += "\r\n";
}

} // namespace

std::string format_reply(int code, std::string_view enhanced, std::string_view text) {
    std::string out;
    const auto lines = split(text, '\n');
    for (std::size_t i = 0; i < lines.size(); ++i)
        append_line(out, code, i + 1 < lines.size(), enhanced, lines[i]);
    return out;
}

std::string format_ehlo(std::string_view greeting, const std::vector<std::string>& keywords) {
    std::string out;
    append_line(out, 250, !keywords.empty(), {}, greeting);
    for (std::size_t i = 0; i < keywords.size(); ++i)
        append_line(out, 250, i + 1 < keywords.size(), {}, keywords[i]);
    return out;
}

} // namespace lockstep::smtp
