// What a session tells of its selected mailbox between the answers to commands.
// Spec: RFC 9051 7.4.1, 7.5.1; RFC 7162 3.2.10 (VANISHED). Quirk 18. Hardening I8, I9: nothing is
// queued; one look at the change log tells all that came since the last.
#include "base/text.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/search_context.hpp"

namespace lockstep::imap {
namespace {

void tell_gone(Session& session, const View::Gone& gone) {
    if (session.enabled.qresync) {
        session.untagged("VANISHED " + format_sequence(gone.uids));
        return;
    }
    for (const auto number : gone.numbers)
        session.untagged(std::to_string(number) + " EXPUNGE");
}

} // namespace

void Session::tell_flags(const model::Item& item, bool with_flags) {
    const auto uid = static_cast<std::uint32_t>(item.uid.value);
    const auto number = view_->number_of(uid);
    if (number == 0)
        return;
    std::string flags;
    if (with_flags) {
        flags = flags_text(item.flags, item.props);
        tell_keywords(flags);
    }
    out_ += "* " + std::to_string(number) + " FETCH (UID " + std::to_string(uid);
    if (with_flags)
        out_ += " FLAGS " + flags;
    if (enabled.condstore)
        out_ += " MODSEQ (" + std::to_string(item.modseq.value) + ")";
    out_ += ")\r\n";
    view_->told(uid, item.modseq);
}

void Session::tell_keywords(std::string_view flags) {
    bool fresh = false;
    for (const auto name : split(flags.substr(1, flags.size() - 2), ' '))
        if (!name.empty() && !name.starts_with('\\') && name != "$Forwarded")
            fresh = view_->learn_keyword(name) || fresh;
    if (!fresh)
        return;
    std::string all = "FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded";
    for (const auto& name : view_->keywords())
        all += " " + name;
    untagged(all + ")");
    untagged(
        view_->read_only() ? "OK [PERMANENTFLAGS ()] read-only"
                           : "OK [PERMANENT" + all + " \\*)] all are kept"
    );
}

Task<Result<>> Session::tell_changes(bool may_renumber) {
    std::vector<model::Item> changed;
    std::vector<std::uint32_t> touched;
    std::uint32_t came = 0;
    if (wake_->dirty.exchange(false)) {
        auto changes = co_await office::folder_changes(office(), view_->folder(), view_->cursor());
        if (!changes && changes.error().code == Code::not_found) {
            hang_up("the mailbox was removed");
            co_return fail(Code::closed, "the selected mailbox was removed");
        }
        if (!changes) {
            wake_->dirty = true;
            co_return std::unexpected(changes.error());
        }
        view_->set_cursor(changes->now);
        if (changes->all)
            view_->note_present(*changes->all);
        view_->note_gone(changes->removed);
        for (auto& item : changes->changed) {
            const auto uid = static_cast<std::uint32_t>(item.uid.value);
            touched.push_back(uid);
            if (uid > view_->largest()) {
                view_->add(uid);
                ++came;
            } else if (!view_->was_told(uid, item.modseq)) {
                changed.push_back(std::move(item));
            }
        }
        view_->forget_told();
    }
    if (may_renumber && view_->has_gone()) {
        tell_contexts_gone(*this, view_->gone());
        tell_gone(*this, view_->forget_gone());
    }
    if (came > 0) {
        untagged(std::to_string(view_->count()) + " EXISTS");
        if (!enabled.rev2)
            untagged("0 RECENT");
    }
    for (const auto& item : changed) {
        tell_flags(item);
        const auto flushed = co_await flush_much();
        CO_CHECK_OK(flushed);
    }
    view_->forget_told();
    const auto kept = co_await tell_contexts(*this, std::move(touched));
    CO_CHECK_OK(kept);
    co_return Result<>();
}

Task<Result<>> Session::ok(const Command& command, std::string code) {
    if (view_) {
        const auto* const entry = find_entry(command.name);
        const auto told = co_await tell_changes(entry == nullptr || entry->renumbers);
        CO_CHECK_OK(told);
    }
    tagged(command.tag, "OK", (code.empty() ? code : code + " ") + command.name + " completed");
    co_return Result<>();
}

} // namespace lockstep::imap
