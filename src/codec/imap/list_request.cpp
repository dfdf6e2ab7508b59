// Parses commands about mailboxes and messages.
#include "codec/imap/list_request.hpp"

#include <array>
#include <utility>

#include "base/limits_imap.hpp"
#include "base/text.hpp"
#include "codec/imap/date.hpp"

namespace lockstep::imap {
namespace {

constexpr std::array<std::pair<std::string_view, bool StatusItems::*>, 10> kStatus{{
    {"MESSAGES", &StatusItems::messages},
    {"UIDNEXT", &StatusItems::uidnext},
    {"UIDVALIDITY", &StatusItems::uidvalidity},
    {"UNSEEN", &StatusItems::unseen},
    {"RECENT", &StatusItems::recent},
    {"SIZE", &StatusItems::size},
    {"DELETED", &StatusItems::deleted},
    {"HIGHESTMODSEQ", &StatusItems::highest_modseq},
    {"APPENDLIMIT", &StatusItems::append_limit},
    {"MAILBOXID", &StatusItems::mailbox_id},
}};

Result<> parse_selection(Scanner& in, ListRequest& request) {
    request.extended = true;
    if (in.skip(')'))
        return {};
    bool base = false;
    do {
        const auto name = in.word();
        if (iequals(name, "SUBSCRIBED"))
            request.subscribed = base = true;
        else if (iequals(name, "REMOTE"))
            request.remote = true;
        else if (iequals(name, "RECURSIVEMATCH"))
            request.recursive = true;
        else if (iequals(name, "SPECIAL-USE"))
            request.special_only = base = true;
        else
            return fail(Code::bad_syntax, "an unknown selection option of LIST");
    } while (in.skip(' '));
    if (request.recursive && !base)
        return fail(Code::bad_syntax, "RECURSIVEMATCH needs another selection option");
    return in.expect(')');
}

Result<> parse_return_options(Scanner& in, ListRequest& request) {
    request.extended = true;
    CHECK_OK(in.space());
    CHECK_OK(in.expect('('));
    if (in.skip(')'))
        return {};
    do {
        const auto name = in.word();
        if (iequals(name, "SUBSCRIBED")) {
            request.return_subscribed = true;
        } else if (iequals(name, "CHILDREN")) {
            request.return_children = true;
        } else if (iequals(name, "SPECIAL-USE")) {
            request.return_special = true;
        } else if (iequals(name, "MYRIGHTS")) {
            request.return_rights = true;
        } else if (iequals(name, "STATUS")) {
            CHECK_OK(in.space());
            TRY(request.return_status, parse_status_items(in));
        } else {
            return fail(Code::bad_syntax, "an unknown return option of LIST");
        }
    } while (in.skip(' '));
    return in.expect(')');
}

Result<> parse_patterns(Scanner& in, ListRequest& request) {
    if (!in.skip('(')) {
        TRY(auto one, in.list_mailbox());
        request.patterns.push_back(std::move(one));
        return {};
    }
    request.extended = true;
    do {
        if (request.patterns.size() >= limits::kImapPatterns)
            return fail(Code::too_large, "too many patterns");
        TRY(auto one, in.list_mailbox());
        request.patterns.push_back(std::move(one));
    } while (in.skip(' '));
    return in.expect(')');
}

Result<SelectRequest::Resync> parse_resync(Scanner& in) {
    SelectRequest::Resync resync;
    CHECK_OK(in.space());
    CHECK_OK(in.expect('('));
    TRY(resync.uidvalidity, in.nz_number());
    CHECK_OK(in.space());
    TRY(resync.modseq, in.number64());
    if (in.skip(' ') && in.peek() != '(') {
        TRY(resync.known, in.sequence_set());
        (void)in.skip(' ');
    }
    // The matching of sequence numbers and uids is a hint that is not needed: every uid that is
    // gone is told from the log.
    if (in.skip('(')) {
        TRY(const auto numbers, in.sequence_set());
        CHECK_OK(in.space());
        TRY(const auto uids, in.sequence_set());
        (void)numbers, (void)uids;
        CHECK_OK(in.expect(')'));
    }
    CHECK_OK(in.expect(')'));
    return resync;
}

} // namespace

Result<StatusItems> parse_status_items(Scanner& in) {
    CHECK_OK(in.expect('('));
    StatusItems items;
    do {
        const auto name = in.word();
        bool known = false;
        for (const auto& [text, member] : kStatus)
            if (iequals(text, name))
                items.*member = known = true;
        if (!known)
            return fail(Code::bad_syntax, "an unknown item of STATUS");
    } while (in.skip(' '));
    CHECK_OK(in.expect(')'));
    return items;
}

Result<ListRequest> parse_list(Scanner& in) {
    ListRequest request;
    if (in.skip('(')) {
        CHECK_OK(parse_selection(in, request));
        CHECK_OK(in.space());
    }
    TRY(request.reference, in.list_mailbox());
    CHECK_OK(in.space());
    CHECK_OK(parse_patterns(in, request));
    if (in.skip(' ')) {
        if (!in.skip_word("RETURN"))
            return fail(Code::bad_syntax, "RETURN is missing");
        CHECK_OK(parse_return_options(in, request));
    }
    CHECK_OK(in.end());
    return request;
}

bool matches_pattern(std::string_view name, std::string_view pattern) {
    // The states of the pattern that the name read so far may be in: no backtracking (I6).
    std::vector<bool> at(pattern.size() + 1, false);
    const auto spread = [&] {
        for (std::size_t i = 0; i < pattern.size(); ++i)
            if (at[i] && (pattern[i] == '*' || pattern[i] == '%'))
                at[i + 1] = true;
    };
    at[0] = true;
    spread();
    for (const char c : name) {
        std::vector<bool> next(pattern.size() + 1, false);
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            if (!at[i])
                continue;
            if (pattern[i] == '*' || (pattern[i] == '%' && c != '/'))
                next[i] = true;
            else if (pattern[i] == c)
                next[i + 1] = true;
        }
        at = std::move(next);
        spread();
    }
    return at[pattern.size()];
}

Result<SelectRequest> parse_select(Scanner& in) {
    SelectRequest request;
    TRY(request.mailbox, in.mailbox());
    if (in.skip(' ')) {
        CHECK_OK(in.expect('('));
        do {
            if (in.skip_word("CONDSTORE")) {
                request.condstore = true;
            } else if (in.skip_word("QRESYNC")) {
                TRY(request.resync, parse_resync(in));
            } else {
                return fail(Code::bad_syntax, "an unknown parameter of SELECT");
            }
        } while (in.skip(' '));
        CHECK_OK(in.expect(')'));
    }
    CHECK_OK(in.end());
    return request;
}

Result<StoreRequest> parse_store(Scanner& in) {
    StoreRequest request;
    TRY(request.set, in.sequence_set());
    CHECK_OK(in.space());
    if (in.skip('(')) {
        if (!in.skip_word("UNCHANGEDSINCE"))
            return fail(Code::bad_syntax, "an unknown modifier of STORE");
        CHECK_OK(in.space());
        TRY(request.unchanged_since, in.number64());
        CHECK_OK(in.expect(')'));
        CHECK_OK(in.space());
    }
    if (in.skip('+'))
        request.mode = StoreRequest::Mode::add;
    else if (in.skip('-'))
        request.mode = StoreRequest::Mode::remove;
    const auto name = in.word();
    request.silent = iequals(name, "FLAGS.SILENT");
    if (!request.silent && !iequals(name, "FLAGS"))
        return fail(Code::bad_syntax, "an unknown item of STORE");
    CHECK_OK(in.space());
    if (in.peek() == '(') {
        TRY(request.flags, in.flag_list());
    } else {
        do {
            if (request.flags.size() >= limits::kImapFlags)
                return fail(Code::too_large, "too many flags");
            TRY(auto flag, in.flag());
            request.flags.push_back(std::move(flag));
        } while (in.skip(' '));
    }
    CHECK_OK(in.end());
    return request;
}

Result<AppendHead> parse_append_head(Scanner& in) {
    AppendHead head;
    if (in.peek() == '(') {
        TRY(head.flags, in.flag_list());
        CHECK_OK(in.space());
    }
    if (in.peek() == '"') {
        TRY(const auto text, in.string());
        TRY(head.date, parse_date_time(text));
        CHECK_OK(in.space());
    }
    if (in.skip_word("UTF8")) {
        CHECK_OK(in.space());
        CHECK_OK(in.expect('('));
        head.utf8 = true;
    }
    return head;
}

Result<AppendTarget> parse_append_target(Scanner& in, bool replaces) {
    AppendTarget target;
    if (replaces) {
        TRY(auto set, in.sequence_set());
        const bool one =
            !set.saved && set.ranges.size() == 1 && set.ranges[0].low == set.ranges[0].high;
        if (!one)
            return fail(Code::bad_syntax, "REPLACE names one message");
        target.replaced = std::move(set);
        CHECK_OK(in.space());
    }
    TRY(target.mailbox, in.mailbox());
    CHECK_OK(in.space());
    return target;
}

Result<CreateRequest> parse_create(Scanner& in) {
    CreateRequest request;
    TRY(request.mailbox, in.mailbox());
    if (in.skip(' ')) {
        CHECK_OK(in.expect('('));
        if (!in.skip_word("USE"))
            return fail(Code::bad_syntax, "an unknown parameter of CREATE");
        CHECK_OK(in.space());
        TRY(const auto uses, in.flag_list());
        for (const auto& use : uses)
            request.uses.push_back(lower(use));
        CHECK_OK(in.expect(')'));
    }
    CHECK_OK(in.end());
    return request;
}

} // namespace lockstep::imap
