// Parses FETCH.
#include "codec/imap/fetch_request.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits_imap.hpp"
#include "base/text.hpp"

namespace lockstep::imap {
namespace {

using Kind = FetchItem::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 13> kSimple{{
    {"FLAGS", Kind::flags},
    {"UID", Kind::uid},
    {"INTERNALDATE", Kind::internal_date},
    {"RFC822.SIZE", Kind::size},
    {"ENVELOPE", Kind::envelope},
    {"BODYSTRUCTURE", Kind::structure},
    {"RFC822", Kind::rfc822},
    {"RFC822.HEADER", Kind::rfc822_header},
    {"RFC822.TEXT", Kind::rfc822_text},
    {"MODSEQ", Kind::modseq},
    {"EMAILID", Kind::email_id},
    {"THREADID", Kind::thread_id},
    {"SAVEDATE", Kind::save_date},
}};

FetchItem of(Kind kind) {
    FetchItem item;
    item.kind = kind;
    item.peek = kind != Kind::rfc822 && kind != Kind::rfc822_text;
    return item;
}

void add(std::vector<FetchItem>& items, FetchItem item) {
    if (std::ranges::find(items, item) == items.end())
        items.push_back(std::move(item));
}

bool add_macro(std::vector<FetchItem>& items, std::string_view name) {
    std::vector<Kind> kinds{Kind::flags, Kind::internal_date, Kind::size};
    if (iequals(name, "ALL") || iequals(name, "FULL"))
        kinds.push_back(Kind::envelope);
    if (iequals(name, "FULL"))
        kinds.push_back(Kind::body);
    else if (!iequals(name, "ALL") && !iequals(name, "FAST"))
        return false;
    for (const auto kind : kinds)
        add(items, of(kind));
    return true;
}

Result<std::optional<FetchItem::Partial>> parse_partial(Scanner& in) {
    if (!in.skip('<'))
        return std::optional<FetchItem::Partial>();
    FetchItem::Partial partial;
    TRY(const auto offset, in.number64());
    CHECK_OK(in.expect('.'));
    TRY(const auto length, in.number64());
    CHECK_OK(in.expect('>'));
    if (length == 0)
        return fail(Code::bad_syntax, "a part of no bytes");
    partial.offset = static_cast<std::uint64_t>(offset);
    partial.length = static_cast<std::uint64_t>(length);
    return std::optional(partial);
}

Result<FetchItem> parse_with_section(Scanner& in, std::string_view name) {
    FetchItem item;
    item.peek =
        iequals(name, "BODY.PEEK") || iequals(name, "BINARY.PEEK") || iequals(name, "BINARY.SIZE");
    if (iequals(name, "BODY") || iequals(name, "BODY.PEEK"))
        item.kind = Kind::section;
    else if (iequals(name, "BINARY") || iequals(name, "BINARY.PEEK"))
        item.kind = Kind::binary;
    else if (iequals(name, "BINARY.SIZE"))
        item.kind = Kind::binary_size;
    else
        return fail(Code::bad_syntax, "an unknown item with a section");
    TRY(item.section, parse_section(in, item.kind != Kind::section));
    if (item.kind != Kind::binary_size) {
        TRY(item.partial, parse_partial(in));
    }
    return item;
}

Result<FetchItem> parse_preview(Scanner& in) {
    auto item = of(Kind::preview);
    auto ahead = in;
    if (ahead.skip(' ') && ahead.skip('(')) {
        if (!ahead.skip_word("LAZY"))
            return fail(Code::bad_syntax, "an unknown modifier of PREVIEW");
        CHECK_OK(ahead.expect(')'));
        item.lazy = true;
        in = ahead;
    }
    return item;
}

Result<> parse_item(Scanner& in, std::vector<FetchItem>& items, bool macros) {
    const auto name = in.word();
    if (name.empty())
        return fail(Code::bad_syntax, "an item of FETCH is missing");
    if (in.peek() == '[') {
        TRY(auto item, parse_with_section(in, name));
        add(items, std::move(item));
        return {};
    }
    if (iequals(name, "PREVIEW")) {
        TRY(auto item, parse_preview(in));
        add(items, std::move(item));
        return {};
    }
    if (iequals(name, "BODY")) {
        add(items, of(Kind::body));
        return {};
    }
    for (const auto& [known, kind] : kSimple)
        if (iequals(known, name)) {
            add(items, of(kind));
            return {};
        }
    if (macros && add_macro(items, name))
        return {};
    return fail(Code::bad_syntax, "an unknown item of FETCH");
}

Result<> parse_modifiers(Scanner& in, FetchRequest& request) {
    CHECK_OK(in.expect('('));
    do {
        if (in.skip_word("CHANGEDSINCE")) {
            CHECK_OK(in.space());
            TRY(request.changed_since, in.number64());
        } else if (in.skip_word("VANISHED")) {
            request.vanished = true;
        } else if (in.skip_word("PARTIAL")) {
            CHECK_OK(in.space());
            TRY(request.partial, parse_partial_range(in));
        } else {
            return fail(Code::bad_syntax, "an unknown modifier of FETCH");
        }
    } while (in.skip(' '));
    CHECK_OK(in.expect(')'));
    if (request.vanished && !request.changed_since)
        return fail(Code::bad_syntax, "VANISHED without CHANGEDSINCE");
    return {};
}

} // namespace

bool FetchRequest::has(Kind kind) const {
    return std::ranges::find(items, kind, &FetchItem::kind) != items.end();
}

Result<FetchRequest> parse_fetch(Scanner& in) {
    FetchRequest request;
    TRY(request.set, in.sequence_set());
    CHECK_OK(in.space());
    if (in.skip('(')) {
        do {
            if (request.items.size() >= limits::kImapFetchItems)
                return fail(Code::too_large, "too many items");
            CHECK_OK(parse_item(in, request.items, false));
        } while (in.skip(' '));
        CHECK_OK(in.expect(')'));
    } else {
        CHECK_OK(parse_item(in, request.items, true));
    }
    if (in.skip(' '))
        CHECK_OK(parse_modifiers(in, request));
    CHECK_OK(in.end());
    return request;
}

} // namespace lockstep::imap
