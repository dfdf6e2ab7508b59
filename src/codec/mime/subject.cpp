// Taking the marks off, from both ends inwards.
#include "codec/mime/subject.hpp"

#include "base/text.hpp"

namespace lockstep::mime {
namespace {

void skip_blanks(std::string_view& text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
}

/// subj-blob: "[" anything but brackets "]" blanks. False: there is none, and nothing is taken.
bool take_blob(std::string_view& text) {
    if (!text.starts_with('['))
        return false;
    const auto end = text.find_first_of("[]", 1);
    if (end == std::string_view::npos || text[end] != ']')
        return false;
    text.remove_prefix(end + 1);
    skip_blanks(text);
    return true;
}

/// subj-refwd: "re", "fw" or "fwd", blanks, a blob or none, ":".
bool take_mark(std::string_view& text) {
    auto rest = text;
    if (istarts_with(rest, "re") || istarts_with(rest, "fw"))
        rest.remove_prefix(istarts_with(rest, "fwd") ? 3 : 2);
    else
        return false;
    skip_blanks(rest);
    take_blob(rest);
    if (!rest.starts_with(':'))
        return false;
    rest.remove_prefix(1);
    skip_blanks(rest);
    text = rest;
    return true;
}

/// subj-leader: blobs, then a mark. The blobs are looked at again behind each mark only: all of
/// them together are one walk over the text.
bool take_leader(std::string_view& text) {
    auto rest = text;
    while (take_blob(rest)) {
    }
    if (!take_mark(rest))
        return false;
    text = rest;
    return true;
}

bool take_trailers(std::string_view& text) {
    bool mark = false;
    for (;;) {
        while (text.ends_with(' '))
            text.remove_suffix(1);
        if (text.size() < 5 || !iequals(text.substr(text.size() - 5), "(fwd)"))
            return mark;
        text.remove_suffix(5);
        mark = true;
    }
}

std::string collapse(std::string_view subject) {
    std::string out;
    out.reserve(subject.size());
    for (const char c : subject) {
        const char blank = is_space(c) ? ' ' : c;
        if (blank != ' ' || !out.ends_with(' '))
            out += blank;
    }
    return out;
}

} // namespace

BaseSubject base_subject(std::string_view subject) {
    const auto line = collapse(subject);
    std::string_view text = line;
    BaseSubject out;
    for (;;) {
        out.reply_or_forward = take_trailers(text) || out.reply_or_forward;
        skip_blanks(text);
        while (take_leader(text))
            out.reply_or_forward = true;
        // Behind these blobs stands no mark: take_leader() has looked.
        for (auto rest = text; take_blob(rest) && !rest.empty();)
            text = rest;
        if (!istarts_with(text, "[fwd:") || !text.ends_with(']'))
            break;
        text.remove_prefix(5);
        text.remove_suffix(1);
        out.reply_or_forward = true;
    }
    out.text = text;
    return out;
}

} // namespace lockstep::mime
