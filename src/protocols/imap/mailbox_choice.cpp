// Asks filters.
#include "protocols/imap/mailbox_choice.hpp"

#include <algorithm>

namespace lockstep::imap {
namespace {

using FilterKind = MailboxFilter::Kind;

/// Whether it is the named one, or lies below it: right below, or anywhere.
bool lies_below(
    const office::MailboxList& list, const office::Mailbox& mailbox, const std::string& name,
    bool deep
) {
    const auto* const top = list.find(name);
    if (top == nullptr)
        return false;
    if (top->path == mailbox.path)
        return true;
    const auto prefix = top->path + "/";
    return mailbox.path.starts_with(prefix) &&
           (deep || !std::string_view(mailbox.path).substr(prefix.size()).contains('/'));
}

} // namespace

bool chooses(
    const MailboxFilter& filter, const office::MailboxList& list, const office::Mailbox& mailbox
) {
    if (!mailbox.selectable())
        return false;
    switch (filter.kind) {
    case FilterKind::selected:
    case FilterKind::selected_delayed:
        return false;
    case FilterKind::inboxes:
        return mailbox.own && mailbox.collection.role == model::Role::inbox;
    case FilterKind::personal:
        return mailbox.own;
    case FilterKind::subscribed:
        return mailbox.subscribed;
    case FilterKind::subtree:
    case FilterKind::subtree_one:
        return std::ranges::any_of(filter.names, [&](const std::string& name) {
            return lies_below(list, mailbox, name, filter.kind == FilterKind::subtree);
        });
    case FilterKind::mailboxes:
        return std::ranges::any_of(filter.names, [&](const std::string& name) {
            const auto* const named = list.find(name);
            return named != nullptr && named->path == mailbox.path;
        });
    }
    return false;
}

} // namespace lockstep::imap
