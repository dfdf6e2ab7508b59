// Canonical forms.
#include "codec/proof/canonical.hpp"

#include "base/text.hpp"

namespace lockstep::proof {
namespace {

/// Runs of blanks become one; those at the end go.
void append_relaxed(std::string& out, std::string_view line) {
    bool blank = false;
    for (const char c : line) {
        if (c == ' ' || c == '\t') {
            blank = true;
            continue;
        }
        if (blank)
            out += ' ';
        blank = false;
        out += c;
    }
}

} // namespace

std::string canonical_field(Canon canon, std::string_view field) {
    if (canon == Canon::simple)
        return std::string(field);
    const auto colon = field.find(':');
    std::string out = lower(trim(field.substr(0, colon))) + ":";
    std::string value;
    for (const char c :
         colon == std::string_view::npos ? std::string_view() : field.substr(colon + 1))
        if (c != '\r' && c != '\n')
            value += c;
    append_relaxed(out, trim(value));
    return out + "\r\n";
}

std::string canonical_body(Canon canon, std::string_view body) {
    std::string out;
    out.reserve(body.size() + 2);
    std::size_t kept = 0; // length up to the last line that is not empty
    while (!body.empty()) {
        const auto end = body.find("\r\n");
        const auto line = body.substr(0, end);
        if (canon == Canon::relaxed)
            append_relaxed(out, line);
        else
            out += line;
        const bool empty = out.empty() || out.ends_with("\r\n");
        out += "\r\n";
        if (!empty)
            kept = out.size();
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 2);
    }
    out.resize(kept);
    // RFC 6376 3.4.3: of an empty body, one line end is left by "simple" and nothing by "relaxed".
    if (kept == 0 && canon == Canon::simple)
        out = "\r\n";
    return out;
}

} // namespace lockstep::proof
