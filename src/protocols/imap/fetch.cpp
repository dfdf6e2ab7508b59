// FETCH and UID FETCH.
// Spec: RFC 9051 6.4.5, 7.5.2; RFC 7162 3.1.4, 3.2.6; RFC 3516, RFC 8970, RFC 8474. Quirks 4, 14.
// Hardening I10: messages are read in batches and written before more are read. Invariants: a
// message that another session removed is passed over, and the answer is OK.
#include "codec/imap/fetch_request.hpp"

#include <algorithm>

#include "base/limits_imap.hpp"
#include "codec/imap/date.hpp"
#include "codec/imap/writer.hpp"
#include "codec/mime/header.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/message_writer.hpp"

namespace lockstep::imap::commands {
namespace {

using Kind = FetchItem::Kind;

office::MailWanted wanted_of(const FetchRequest& request) {
    office::MailWanted wanted;
    for (const auto& item : request.items) {
        switch (item.kind) {
        case Kind::envelope:
        case Kind::body:
        case Kind::structure:
            wanted.description = true;
            break;
        case Kind::preview:
            wanted.digest = true;
            break;
        case Kind::thread_id:
            wanted.conversation = true;
            break;
        case Kind::section:
        case Kind::binary:
        case Kind::binary_size:
        case Kind::rfc822:
        case Kind::rfc822_header:
        case Kind::rfc822_text:
            // Whole messages beyond it are streamed.
            wanted.bytes_most = reads_whole_only(request) ? limits::kImapBatchBytes : UINT64_MAX;
            break;
        default:
            break;
        }
    }
    return wanted;
}

bool marks_seen(const FetchRequest& request) {
    return std::ranges::any_of(request.items, [](const FetchItem& item) { return !item.peek; });
}

/// Marks what is being read as seen; the flags are told with the data.
Task<Result<>> mark_seen(Session& session, std::vector<office::MailRead>& mails) {
    office::MarkChange change;
    change.mode = office::MarkMode::add;
    change.keywords = {"$seen"};
    for (const auto& mail : mails)
        if ((mail.item.flags & model::flag::seen) == 0)
            change.uids.push_back(static_cast<std::uint32_t>(mail.item.uid.value));
    if (change.uids.empty())
        co_return Result<>();
    CO_TRY(
        const auto marked,
        co_await office::mark_mails(
            session.office(), session.actor(), session.view()->folder(), std::move(change)
        )
    );
    session.expect_changes();
    auto next = marked.items.begin();
    for (auto& mail : mails)
        if (next != marked.items.end() && next->uid == mail.item.uid)
            mail.item = *next++;
    co_return Result<>();
}

/// RFC 7162 3.2.6: those of the set that are gone since.
Task<Result<>> tell_vanished(Session& session, const FetchRequest& request) {
    const auto& view = *session.view();
    CO_TRY(
        const auto changes,
        co_await office::folder_changes(
            session.office(), view.folder(), model::ChangeSeq{*request.changed_since}
        )
    );
    const auto uidnext = static_cast<std::uint32_t>(changes.collection.uidnext.value);
    const auto set = request.set.resolved(uidnext);
    std::vector<std::uint32_t> gone;
    if (changes.all) {
        for (const auto& [low, high] : set.ranges)
            for (auto uid = low; uid <= std::min(high, uidnext - 1); ++uid)
                if (view.number_of(uid) == 0)
                    gone.push_back(uid);
    } else {
        std::ranges::copy_if(changes.removed, std::back_inserter(gone), [&](std::uint32_t uid) {
            return set.contains(uid);
        });
        std::ranges::sort(gone);
    }
    if (!gone.empty())
        session.untagged("VANISHED (EARLIER) " + format_sequence(gone));
    co_return Result<>();
}

Task<Result<>> write_batch(
    Session& session, const FetchRequest& request, std::vector<office::MailRead> mails, bool seen
) {
    if (request.changed_since)
        std::erase_if(mails, [&](const office::MailRead& mail) {
            return mail.item.modseq.value <= *request.changed_since;
        });
    std::vector<std::int64_t> before;
    for (const auto& mail : mails)
        before.push_back(mail.item.flags);
    if (seen) {
        const auto marked = co_await mark_seen(session, mails);
        CO_CHECK_OK(marked);
    }
    for (std::size_t i = 0; i < mails.size(); ++i) {
        const auto written =
            co_await write_message(session, request, mails[i], mails[i].item.flags != before[i]);
        CO_CHECK_OK(written);
        mails[i] = {};
        const auto flushed = co_await session.flush_much();
        CO_CHECK_OK(flushed);
    }
    co_return Result<>();
}

/// RFC 9394 3.3: the messages at these positions.
std::vector<std::uint32_t> page_of(std::vector<std::uint32_t> uids, const PartialRange& partial) {
    const std::size_t count = uids.size();
    std::size_t from = partial.range.low - 1;
    std::size_t to = std::min<std::size_t>(partial.range.high, count);
    if (from >= count)
        return {};
    if (partial.from_end) {
        const auto low = from;
        from = count - to;
        to = count - low;
    }
    return {
        uids.begin() + static_cast<std::ptrdiff_t>(from),
        uids.begin() + static_cast<std::ptrdiff_t>(to)
    };
}

Task<Result<>> fetch_by(Session& session, const Command& command, bool by_uid) {
    auto in = scan(session, command);
    CO_TRY(auto request, parse_fetch(in));
    if (request.vanished && (!by_uid || !session.enabled.qresync))
        co_return fail(Code::bad_syntax, "VANISHED needs UID FETCH and QRESYNC");
    if (request.partial && !by_uid)
        co_return fail(Code::bad_syntax, "PARTIAL needs UID FETCH");
    if (request.changed_since || request.has(Kind::modseq))
        session.enabled.condstore = true;
    const auto always = [&](Kind kind) {
        if (!request.has(kind))
            request.items.insert(
                request.items.begin(), {.kind = kind, .section = {}, .partial = {}, .peek = true}
            );
    };
    if (request.changed_since)
        always(Kind::modseq);
    if (by_uid)
        always(Kind::uid);
    CO_TRY(auto uids, session.view()->find(request.set, by_uid));
    if (request.partial)
        uids = page_of(std::move(uids), *request.partial);
    if (request.vanished) {
        const auto told = co_await tell_vanished(session, request);
        CO_CHECK_OK(told);
    }
    const auto wanted = wanted_of(request);
    const bool seen = marks_seen(request) && !session.view()->read_only();
    constexpr std::size_t kLook = 4 * limits::kImapBatch;
    for (std::size_t at = 0; at < uids.size();) {
        const auto end = std::min(uids.size(), at + kLook);
        const auto first = uids.begin() + static_cast<std::ptrdiff_t>(at);
        const auto last = uids.begin() + static_cast<std::ptrdiff_t>(end);
        CO_TRY(
            auto batch,
            co_await office::read_mails(
                session.office(), session.view()->folder(), std::vector(first, last), wanted
            )
        );
        at += batch.consumed;
        const auto written = co_await write_batch(session, request, std::move(batch.mails), seen);
        CO_CHECK_OK(written);
    }
    co_return co_await session.ok(command);
}

} // namespace

Task<Result<>> fetch(Session& session, const Command& command) {
    return fetch_by(session, command, false);
}

Task<Result<>> uid_fetch(Session& session, const Command& command) {
    return fetch_by(session, command, true);
}

} // namespace lockstep::imap::commands
