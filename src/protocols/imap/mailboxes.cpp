// LIST, LSUB, STATUS, CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE.
// Spec: RFC 9051 6.3.4-6.3.9, 6.3.11; RFC 5258, RFC 5819, RFC 6154, RFC 8438, RFC 8440,
// RFC 8474. Quirks 5,
// 6, 9, 16, 22. Deviation: special-use attributes are always sent, for clients that do not ask and
// then make folders of their own (quirk 5).
#include "office/mailboxes.hpp"

#include "base/limits_imap.hpp"
#include "base/text.hpp"
#include "codec/imap/list_request.hpp"
#include "codec/imap/writer.hpp"
#include "protocols/imap/commands.hpp"
#include "protocols/imap/rights.hpp"

namespace lockstep::imap::commands {
namespace {

using model::Role;
using office::Mailbox;

std::string_view special_use(Role role) {
    switch (role) {
    case Role::drafts:
        return "\\Drafts";
    case Role::sent:
        return "\\Sent";
    case Role::trash:
        return "\\Trash";
    case Role::junk:
        return "\\Junk";
    case Role::archive:
        return "\\Archive";
    default:
        return {};
    }
}

/// Other people's special folders are not this person's (quirk 6).
std::string_view special_use(const Mailbox& mailbox) {
    return mailbox.own ? special_use(mailbox.collection.role) : std::string_view();
}

bool matches(const ListRequest& request, std::string_view path) {
    for (const auto& pattern : request.patterns) {
        auto whole = request.reference + pattern;
        while (whole.starts_with('/'))
            whole.erase(0, 1);
        if (whole.size() >= 5 && iequals(std::string_view(whole).substr(0, 5), "INBOX"))
            whole.replace(0, 5, "INBOX");
        if (matches_pattern(path, whole))
            return true;
    }
    return false;
}

bool selected_by(const ListRequest& request, const Mailbox& mailbox) {
    if (request.subscribed && !mailbox.subscribed)
        return false;
    return !request.special_only || !special_use(mailbox).empty();
}

/// RECURSIVEMATCH: a child that is not listed itself is selected.
bool has_hidden_match(
    const office::MailboxList& list, const ListRequest& request, const Mailbox& parent
) {
    const auto prefix = parent.path + "/";
    return std::ranges::any_of(list.all, [&](const Mailbox& each) {
        return each.path.starts_with(prefix) && selected_by(request, each) &&
               !matches(request, each.path);
    });
}

std::string
list_line(std::string_view word, const Mailbox& mailbox, const ListRequest& request, bool utf8) {
    std::string out = std::string(word) + " (";
    out += mailbox.children ? "\\HasChildren" : "\\HasNoChildren";
    if (!mailbox.selectable())
        out += request.extended ? " \\NonExistent \\Noselect" : " \\Noselect";
    if ((request.subscribed || request.return_subscribed) && mailbox.subscribed)
        out += " \\Subscribed";
    if (const auto use = special_use(mailbox); !use.empty())
        (out += ' ') += use;
    out += ") \"/\" ";
    put_mailbox(out, mailbox.path, utf8);
    return out;
}

/// "(MESSAGES 3 ...)".
Task<Result<std::string>>
status_text(Session& session, const office::Folder& folder, StatusItems items) {
    const auto& collection = folder.collection;
    office::FolderSums sums;
    if (items.size || items.deleted) {
        CO_TRY(sums, co_await office::folder_sums(session.office(), folder));
    }
    std::string out;
    const auto add = [&](bool wanted, std::string_view name, std::string_view value) {
        if (wanted)
            ((((out += out.empty() ? "" : " ") += name) += ' ') += value);
    };
    add(items.messages, "MESSAGES", std::to_string(collection.total));
    add(items.recent, "RECENT", "0");
    add(items.uidnext, "UIDNEXT", std::to_string(collection.uidnext.value));
    add(items.uidvalidity, "UIDVALIDITY", std::to_string(collection.uidvalidity));
    add(items.unseen, "UNSEEN", std::to_string(collection.unseen));
    add(items.deleted, "DELETED", std::to_string(sums.deleted));
    add(items.size, "SIZE", std::to_string(sums.size));
    add(items.highest_modseq, "HIGHESTMODSEQ",
        std::to_string(std::max<std::int64_t>(1, collection.highest.value)));
    add(items.append_limit, "APPENDLIMIT", std::to_string(limits::kImapMessage));
    add(items.mailbox_id, "MAILBOXID",
        "(" + object_id('F', collection.owner, collection.id.value) + ")");
    co_return "(" + out + ")";
}

Task<Result<>> tell_status(
    Session& session, const Mailbox& mailbox, const StatusItems& items, std::string_view name
) {
    auto folder = co_await office::open_folder(
        session.office(), session.actor(), mailbox.owner, mailbox.collection.id, model::Right::read
    );
    CO_CHECK_OK(folder);
    if (items.highest_modseq)
        session.enabled.condstore = true;
    CO_TRY(const auto text, co_await status_text(session, *folder, items));
    std::string line = "STATUS ";
    put_mailbox(line, name, session.utf8());
    session.untagged(line + " " + text);
    co_return co_await session.flush_much();
}

void tell_rights(Session& session, const Mailbox& mailbox) {
    std::string line = "MYRIGHTS ";
    put_mailbox(line, mailbox.path, session.utf8());
    session.untagged(line + " " + letters_of(mailbox.own ? model::Right::delegate : mailbox.right));
}

Task<Result<>>
list_with(Session& session, const Command& command, ListRequest request, std::string_view word) {
    CO_TRY(const auto list, co_await office::mailboxes(session.office(), session.actor()));
    for (const auto& mailbox : list.all) {
        if (!matches(request, mailbox.path))
            continue;
        const bool selected = selected_by(request, mailbox);
        const bool above = request.recursive && has_hidden_match(list, request, mailbox);
        if (!selected && !above)
            continue;
        auto line = list_line(word, mailbox, request, session.utf8());
        if (above)
            line += " (\"CHILDINFO\" (\"SUBSCRIBED\"))";
        session.untagged(line);
        if (request.return_rights && mailbox.selectable())
            tell_rights(session, mailbox);
        if (!request.return_status || !mailbox.selectable())
            continue;
        const auto told =
            co_await tell_status(session, mailbox, *request.return_status, mailbox.path);
        CO_CHECK_OK(told);
    }
    co_return co_await session.ok(command);
}

Result<std::string> only_mailbox(Session& session, const Command& command) {
    auto in = scan(session, command);
    TRY(auto name, in.mailbox());
    CHECK_OK(in.end());
    return name;
}

/// Whether the client must be told under which name it finds what it named otherwise.
void tell_old_name(Session& session, std::string_view path, std::string_view wanted) {
    if (path == wanted)
        return;
    std::string line = "LIST () \"/\" ";
    put_mailbox(line, path, session.utf8());
    line += " (\"OLDNAME\" (";
    put_mailbox(line, wanted, session.utf8());
    session.untagged(line + "))");
}

} // namespace

Task<Result<>> list(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(auto request, parse_list(in));
    // An empty pattern asks for the delimiter.
    if (!request.extended && request.patterns.front().empty()) {
        session.untagged("LIST (\\Noselect) \"/\" \"\"");
        co_return co_await session.ok(command);
    }
    co_return co_await list_with(session, command, std::move(request), "LIST");
}

Task<Result<>> lsub(Session& session, const Command& command) {
    auto in = scan(session, command);
    ListRequest request;
    CO_TRY(request.reference, in.list_mailbox());
    CO_CHECK_OK(in.space());
    CO_TRY(auto pattern, in.list_mailbox());
    CO_CHECK_OK(in.end());
    request.patterns.push_back(std::move(pattern));
    request.subscribed = true;
    CO_TRY(const auto mailboxes, co_await office::mailboxes(session.office(), session.actor()));
    ListRequest plain;
    for (const auto& mailbox : mailboxes.all)
        if (mailbox.subscribed && matches(request, mailbox.path))
            session.untagged(list_line("LSUB", mailbox, plain, session.utf8()));
    co_return co_await session.ok(command);
}

Task<Result<>> status(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto name, in.mailbox());
    CO_CHECK_OK(in.space());
    CO_TRY(const auto items, parse_status_items(in));
    CO_CHECK_OK(in.end());
    CO_TRY(const auto list, co_await office::mailboxes(session.office(), session.actor()));
    const auto* const found = list.find(name);
    if (found == nullptr || !found->selectable())
        co_return fail(Code::not_found, "no such mailbox");
    const auto told = co_await tell_status(session, *found, items, name);
    CO_CHECK_OK(told);
    co_return co_await session.ok(command);
}

Task<Result<>> create(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(const auto request, parse_create(in));
    const auto& name = request.mailbox;
    // Every use has its folder from the beginning, and one only (quirk 6).
    if (!request.uses.empty()) {
        session.tagged(command.tag, "NO", "[USEATTR] there is a folder for this use already");
        co_return Result<>();
    }
    CO_TRY(
        const auto path, co_await office::create_mailbox(session.office(), session.actor(), name)
    );
    auto wanted = std::string_view(name);
    while (wanted.ends_with('/'))
        wanted.remove_suffix(1);
    tell_old_name(session, path, wanted);
    CO_TRY(
        const auto folder,
        co_await office::open_mailbox(session.office(), session.actor(), path, model::Right::read)
    );
    co_return co_await session.ok(
        command,
        "[MAILBOXID (" + object_id('F', folder.collection.owner, folder.collection.id.value) + ")]"
    );
}

Task<Result<>> remove(Session& session, const Command& command) {
    CO_TRY(const auto name, only_mailbox(session, command));
    const auto removed = co_await office::remove_mailbox(session.office(), session.actor(), name);
    if (!removed && removed.error().code == Code::conflict) {
        session.tagged(command.tag, "NO", "[HASCHILDREN] the mailbox holds others");
        co_return Result<>();
    }
    CO_CHECK_OK(removed);
    co_return co_await session.ok(command);
}

Task<Result<>> rename(Session& session, const Command& command) {
    auto in = scan(session, command);
    CO_TRY(auto from, in.mailbox());
    CO_CHECK_OK(in.space());
    CO_TRY(auto to, in.mailbox());
    CO_CHECK_OK(in.end());
    const auto renamed = co_await office::rename_mailbox(
        session.office(), session.actor(), std::move(from), std::move(to)
    );
    CO_CHECK_OK(renamed);
    co_return co_await session.ok(command);
}

Task<Result<>> subscribe(Session& session, const Command& command) {
    CO_TRY(const auto name, only_mailbox(session, command));
    const auto done = co_await office::subscribe(session.office(), session.actor(), name, true);
    CO_CHECK_OK(done);
    co_return co_await session.ok(command);
}

Task<Result<>> unsubscribe(Session& session, const Command& command) {
    CO_TRY(const auto name, only_mailbox(session, command));
    const auto done = co_await office::subscribe(session.office(), session.actor(), name, false);
    CO_CHECK_OK(done);
    co_return co_await session.ok(command);
}

} // namespace lockstep::imap::commands
