// Fuzzes every parser of commands. Oracles: nothing is read past the end; what a section is written
// as reads as the same section; a name that is read is written as it was; numbers of a resolved set
// are in it.
#include <cstdint>

#include "base/ensure.hpp"
#include "codec/imap/fetch_request.hpp"
#include "codec/imap/list_request.hpp"
#include "codec/imap/mailbox_filter.hpp"
#include "codec/imap/message_url.hpp"
#include "codec/imap/metadata_request.hpp"
#include "codec/imap/name.hpp"
#include "codec/imap/search_request.hpp"
#include "codec/imap/sort_request.hpp"
#include "codec/imap/structure.hpp"
#include "codec/imap/writer.hpp"

namespace {

using namespace lockstep::imap;

void check_fetch(std::string_view text) {
    Scanner in(text);
    const auto request = parse_fetch(in);
    if (!request)
        return;
    for (const auto& item : request->items) {
        std::string again = "[";
        put_section(again, item.section);
        again += ']';
        Scanner second(again);
        const auto section = parse_section(second, false);
        ENSURE(section && *section == item.section && second.at_end());
    }
}

void check_set(std::string_view text) {
    const auto set = parse_sequence(text);
    if (!set)
        return;
    const auto resolved = set->resolved(1'000);
    for (const auto& range : resolved.ranges)
        ENSURE(resolved.contains(range.low) && resolved.contains(range.high));
}

void check_strings(std::string_view text) {
    for (const bool utf8 : {false, true}) {
        std::string out;
        put_string(out, text, utf8);
        Scanner in(out, utf8);
        ENSURE(in.string() && in.at_end());
    }
    if (const auto name = decode_utf7(text))
        ENSURE(encode_utf7(*name) == text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_fetch(text);
    check_set(text);
    check_strings(text);
    for (const auto parse :
         {+[](Scanner& in) { return parse_search(in).has_value(); },
          +[](Scanner& in) { return parse_list(in).has_value(); },
          +[](Scanner& in) { return parse_select(in).has_value(); },
          +[](Scanner& in) { return parse_store(in).has_value(); },
          +[](Scanner& in) { return parse_append_head(in).has_value(); },
          +[](Scanner& in) { return parse_append_target(in, true).has_value(); },
          +[](Scanner& in) { return parse_create(in).has_value(); },
          +[](Scanner& in) { return parse_sort(in).has_value(); },
          +[](Scanner& in) { return parse_thread(in).has_value(); },
          +[](Scanner& in) { return parse_multi_search(in).has_value(); },
          +[](Scanner& in) { return parse_get_metadata(in).has_value(); },
          +[](Scanner& in) { return parse_set_metadata(in).has_value(); },
          +[](Scanner& in) { return in.mailbox().has_value(); }}) {
        Scanner in(text);
        (void)parse(in);
    }
    (void)parse_message_url(text);
    (void)make_structure(lockstep::mime::parse(text));
    return 0;
}
