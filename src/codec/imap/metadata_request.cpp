// Parses GETMETADATA and SETMETADATA.
#include "codec/imap/metadata_request.hpp"

#include <algorithm>

#include "base/limits_annotations.hpp"
#include "base/text.hpp"

namespace lockstep::imap {
namespace {

Result<std::string> parse_entry_name(Scanner& in) {
    TRY(const auto text, in.astring());
    auto name = lower(text);
    const bool known = name == "/private" || name == "/shared" || name.starts_with("/private/") ||
                       name.starts_with("/shared/");
    if (!known || name.ends_with('/') || name.contains("//") ||
        name.size() > limits::kAnnotationName || !std::ranges::all_of(name, is_atom_char))
        return fail(Code::bad_syntax, "not the name of an entry");
    return name;
}

Result<> parse_options(Scanner& in, GetMetadata& request) {
    do {
        const auto name = in.word();
        CHECK_OK(in.space());
        if (iequals(name, "MAXSIZE")) {
            TRY(request.max_size, in.number64());
        } else if (iequals(name, "DEPTH")) {
            const auto depth = in.word();
            if (depth == "1")
                request.depth = GetMetadata::Depth::children;
            else if (iequals(depth, "infinity"))
                request.depth = GetMetadata::Depth::everything;
            else if (depth != "0")
                return fail(Code::bad_syntax, "an unknown depth");
        } else {
            return fail(Code::bad_syntax, "an unknown option of GETMETADATA");
        }
    } while (in.skip(' '));
    return in.expect(')');
}

} // namespace

Result<GetMetadata> parse_get_metadata(Scanner& in) {
    GetMetadata request;
    if (in.skip('(')) {
        CHECK_OK(parse_options(in, request));
        CHECK_OK(in.space());
    }
    TRY(request.mailbox, in.mailbox());
    CHECK_OK(in.space());
    // Some clients put the options behind the mailbox, as an early draft had it.
    const auto before = in;
    if (in.skip('(') && (in.skip_word("MAXSIZE") || in.skip_word("DEPTH"))) {
        in = before;
        CHECK_OK(in.expect('('));
        CHECK_OK(parse_options(in, request));
        CHECK_OK(in.space());
    } else {
        in = before;
    }
    const bool list = in.skip('(');
    do {
        if (request.names.size() >= limits::kAnnotationNames)
            return fail(Code::too_large, "too many entries");
        TRY(auto name, parse_entry_name(in));
        request.names.push_back(std::move(name));
    } while (list && in.skip(' '));
    if (list)
        CHECK_OK(in.expect(')'));
    CHECK_OK(in.end());
    return request;
}

Result<SetMetadata> parse_set_metadata(Scanner& in) {
    SetMetadata request;
    TRY(request.mailbox, in.mailbox());
    CHECK_OK(in.space());
    CHECK_OK(in.expect('('));
    do {
        if (request.changes.size() >= limits::kAnnotationNames)
            return fail(Code::too_large, "too many entries");
        TRY(auto name, parse_entry_name(in));
        CHECK_OK(in.space());
        TRY(auto value, in.nstring());
        request.changes.emplace_back(std::move(name), std::move(value));
    } while (in.skip(' '));
    CHECK_OK(in.expect(')'));
    CHECK_OK(in.end());
    return request;
}

} // namespace lockstep::imap
