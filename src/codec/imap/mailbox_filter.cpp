// Parses filters of mailboxes.
#include "codec/imap/mailbox_filter.hpp"

#include <array>
#include <utility>

#include "base/limits_imap.hpp"
#include "base/text.hpp"

namespace lockstep::imap {
namespace {

using FilterKind = MailboxFilter::Kind;

constexpr std::array<std::pair<std::string_view, FilterKind>, 8> kFilters{{
    {"SELECTED", FilterKind::selected},
    {"SELECTED-DELAYED", FilterKind::selected_delayed},
    {"INBOXES", FilterKind::inboxes},
    {"PERSONAL", FilterKind::personal},
    {"SUBSCRIBED", FilterKind::subscribed},
    {"SUBTREE", FilterKind::subtree},
    {"SUBTREE-ONE", FilterKind::subtree_one},
    {"MAILBOXES", FilterKind::mailboxes},
}};

Result<> parse_names(Scanner& in, std::vector<std::string>& names) {
    CHECK_OK(in.space());
    if (!in.skip('(')) {
        TRY(auto name, in.mailbox());
        names.push_back(std::move(name));
        return {};
    }
    do {
        if (names.size() >= limits::kImapFilterNames)
            return fail(Code::too_large, "too many mailboxes");
        TRY(auto name, in.mailbox());
        names.push_back(std::move(name));
    } while (in.skip(' '));
    return in.expect(')');
}

} // namespace

Result<MailboxFilter> parse_filter(Scanner& in) {
    const auto word = in.word();
    MailboxFilter filter;
    bool known = false;
    for (const auto& [name, kind] : kFilters)
        if (iequals(name, word)) {
            filter.kind = kind;
            known = true;
        }
    if (!known)
        return fail(Code::bad_syntax, "an unknown filter of mailboxes");
    if (filter.kind >= FilterKind::subtree)
        CHECK_OK(parse_names(in, filter.names));
    return filter;
}

Result<MultiSearchRequest> parse_multi_search(Scanner& in) {
    MultiSearchRequest request;
    if (in.skip_word("IN")) {
        CHECK_OK(in.space());
        CHECK_OK(in.expect('('));
        do {
            if (request.sources.size() >= limits::kImapFilters)
                return fail(Code::too_large, "too many filters of mailboxes");
            TRY(auto filter, parse_filter(in));
            request.sources.push_back(std::move(filter));
        } while (in.skip(' '));
        CHECK_OK(in.expect(')'));
        CHECK_OK(in.space());
    }
    CHECK_OK(parse_result_options(in, request.search.result));
    TRY(request.search.program, parse_search_program(in));
    return request;
}

} // namespace lockstep::imap
