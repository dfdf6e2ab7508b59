// SELECT, EXAMINE, UNSELECT, CLOSE.
// Spec: RFC 9051 6.3.2, 6.3.3, 6.4.1, 6.4.2; RFC 7162 3.2.5 (QRESYNC), RFC 8474. Quirk 15.
#include <algorithm>

#include "codec/imap/list_request.hpp"
#include "codec/imap/writer.hpp"
#include "office/mailboxes.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap::commands {
namespace {

void tell_image(
    Session& session, const office::FolderImage& image, std::string_view name, bool read_only
) {
    const auto& folder = image.collection;
    session.untagged(std::to_string(image.uids.size()) + " EXISTS");
    if (!session.enabled.rev2) {
        session.untagged("0 RECENT");
        const auto unseen = std::ranges::lower_bound(image.uids, image.first_unseen);
        if (image.first_unseen != 0)
            session.untagged(
                "OK [UNSEEN " + std::to_string(unseen - image.uids.begin() + 1) + "] first unseen"
            );
    } else {
        std::string line = "LIST () \"/\" ";
        put_mailbox(line, name, true);
        session.untagged(line);
    }
    session.untagged("FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)");
    session.untagged(
        read_only ? "OK [PERMANENTFLAGS ()] read-only"
                  : "OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded "
                    "\\*)] all are kept"
    );
    session.untagged("OK [UIDVALIDITY " + std::to_string(folder.uidvalidity) + "] uids are valid");
    session.untagged("OK [UIDNEXT " + std::to_string(folder.uidnext.value) + "] the next uid");
    session.untagged(
        "OK [HIGHESTMODSEQ " + std::to_string(std::max<std::int64_t>(1, folder.highest.value)) +
        "] the latest change"
    );
    session.untagged("OK [MAILBOXID (" + object_id('F', folder.owner, folder.id.value) + ")] id");
}

/// Those of the known uids that are not there any more.
std::vector<std::uint32_t>
missing(const View& view, const std::optional<SequenceSet>& known, std::uint32_t uidnext) {
    std::vector<std::uint32_t> gone;
    SequenceSet all;
    all.ranges.push_back({1, uidnext > 1 ? uidnext - 1 : 1});
    const auto asked = known.value_or(all).resolved(uidnext);
    for (auto [low, high] : asked.ranges) {
        high = std::min(high, uidnext - 1);
        auto next = std::ranges::lower_bound(view.uids(), low);
        for (auto uid = low; uid <= high && uid != 0; ++uid) {
            while (next != view.uids().end() && *next < uid)
                ++next;
            if (next == view.uids().end() || *next != uid)
                gone.push_back(uid);
        }
    }
    return gone;
}

/// What changed while the client was away.
Task<Result<>>
resync(Session& session, const office::FolderImage& image, const SelectRequest::Resync& wanted) {
    auto& view = *session.view();
    if (wanted.uidvalidity != image.collection.uidvalidity)
        co_return Result<>();
    CO_TRY(
        const auto changes, co_await office::folder_changes(
                                session.office(), view.folder(), model::ChangeSeq{wanted.modseq}
                            )
    );
    const auto uidnext = static_cast<std::uint32_t>(image.collection.uidnext.value);
    std::vector<std::uint32_t> gone;
    if (changes.all) {
        gone = missing(view, wanted.known, uidnext);
    } else {
        gone = changes.removed;
        std::ranges::sort(gone);
        if (wanted.known) {
            const auto known = wanted.known->resolved(uidnext);
            std::erase_if(gone, [&](std::uint32_t uid) { return !known.contains(uid); });
        }
    }
    if (!gone.empty())
        session.untagged("VANISHED (EARLIER) " + format_sequence(gone));
    const auto known = wanted.known.value_or(SequenceSet{{{1, kStar}}, false}).resolved(kStar);
    for (const auto& item : changes.changed) {
        if (!known.contains(static_cast<std::uint32_t>(item.uid.value)))
            continue;
        session.tell_flags(item);
        const auto flushed = co_await session.flush_much();
        CO_CHECK_OK(flushed);
    }
    co_return Result<>();
}

Task<Result<>> open(Session& session, const Command& command, bool read_only) {
    auto in = scan(session, command);
    CO_TRY(const auto request, parse_select(in));
    if (request.resync && !session.enabled.qresync)
        co_return fail(Code::bad_syntax, "QRESYNC was not enabled");
    if (session.view() != nullptr) {
        // A failed SELECT leaves nothing selected too (RFC 9051 6.3.2).
        session.unselect();
        if (session.enabled.qresync || session.enabled.rev2)
            session.untagged("OK [CLOSED] the mailbox before is closed");
    }
    CO_TRY(
        const auto folder,
        co_await office::open_mailbox(
            session.office(), session.actor(), request.mailbox, model::Right::read
        )
    );
    if (request.condstore || request.resync)
        session.enabled.condstore = true;
    read_only = read_only || !folder.may(model::Right::edit);
    CO_TRY(const auto image, co_await office::read_folder(session.office(), folder));
    session.select(View(folder, image, read_only));
    tell_image(session, image, request.mailbox, read_only);
    if (request.resync) {
        const auto told = co_await resync(session, image, *request.resync);
        CO_CHECK_OK(told);
    }
    session.tagged(
        command.tag, "OK",
        std::string(read_only ? "[READ-ONLY] " : "[READ-WRITE] ") + command.name + " completed"
    );
    co_return Result<>();
}

} // namespace

Task<Result<>> select(Session& session, const Command& command) {
    return open(session, command, false);
}

Task<Result<>> examine(Session& session, const Command& command) {
    return open(session, command, true);
}

Task<Result<>> unselect(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    session.unselect();
    co_return co_await session.ok(command);
}

/// Expunges silently.
Task<Result<>> close(Session& session, const Command& command) {
    CO_CHECK_OK(scan(session, command).end());
    auto& view = *session.view();
    if (!view.read_only()) {
        const auto removed = co_await office::expunge_mails(
            session.office(), session.actor(), view.folder(), view.uids(),
            session.sessions().recent()
        );
        CO_CHECK_OK(removed);
    }
    session.unselect();
    co_return co_await session.ok(command);
}

} // namespace lockstep::imap::commands
