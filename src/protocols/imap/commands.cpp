// The table.
#include "protocols/imap/commands.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "office/keywords.hpp"

namespace lockstep::imap {
namespace {

constexpr unsigned in(std::initializer_list<Phase> phases) {
    unsigned bits = 0;
    for (const auto phase : phases)
        bits |= static_cast<unsigned>(phase);
    return bits;
}

using enum Phase;
constexpr unsigned kAny = in({fresh, signed_in, selected});
constexpr unsigned kFresh = in({fresh});
constexpr unsigned kSigned = in({signed_in, selected});
constexpr unsigned kSelected = in({selected});
constexpr bool kKeepsNumbers = false;

constexpr std::array kEntries{
    CommandEntry{"CAPABILITY", &commands::capability, kAny},
    CommandEntry{"NOOP", &commands::noop, kAny},
    CommandEntry{"LOGOUT", &commands::logout, kAny},
    CommandEntry{"ID", &commands::id, kAny},
    CommandEntry{"STARTTLS", &commands::starttls, kFresh},
    CommandEntry{"LOGIN", &commands::login, kFresh},
    CommandEntry{"AUTHENTICATE", &commands::authenticate, kFresh},
    CommandEntry{"UNAUTHENTICATE", &commands::unauthenticate, kSigned},
    CommandEntry{"ENABLE", &commands::enable, kSigned},
    CommandEntry{"NAMESPACE", &commands::namespaces, kSigned},
    CommandEntry{"LIST", &commands::list, kSigned},
    CommandEntry{"LSUB", &commands::lsub, kSigned},
    CommandEntry{"STATUS", &commands::status, kSigned},
    CommandEntry{"SELECT", &commands::select, kSigned},
    CommandEntry{"EXAMINE", &commands::examine, kSigned},
    CommandEntry{"CREATE", &commands::create, kSigned},
    CommandEntry{"DELETE", &commands::remove, kSigned},
    CommandEntry{"RENAME", &commands::rename, kSigned},
    CommandEntry{"SUBSCRIBE", &commands::subscribe, kSigned},
    CommandEntry{"UNSUBSCRIBE", &commands::unsubscribe, kSigned},
    CommandEntry{"APPEND", &commands::append, kSigned},
    CommandEntry{"IDLE", &commands::idle, kSigned},
    CommandEntry{"GETQUOTA", &commands::get_quota, kSigned},
    CommandEntry{"GETQUOTAROOT", &commands::get_quota_root, kSigned},
    CommandEntry{"COMPRESS", &commands::compress, kSigned},
    CommandEntry{"SETACL", &commands::set_acl, kSigned},
    CommandEntry{"DELETEACL", &commands::delete_acl, kSigned},
    CommandEntry{"GETACL", &commands::get_acl, kSigned},
    CommandEntry{"LISTRIGHTS", &commands::list_rights, kSigned},
    CommandEntry{"MYRIGHTS", &commands::my_rights, kSigned},
    CommandEntry{"GETMETADATA", &commands::get_metadata, kSigned},
    CommandEntry{"SETMETADATA", &commands::set_metadata, kSigned},
    CommandEntry{"REPLACE", &commands::replace, kSelected},
    CommandEntry{"UID REPLACE", &commands::uid_replace, kSelected},
    CommandEntry{"CHECK", &commands::noop, kSelected},
    CommandEntry{"CLOSE", &commands::close, kSelected},
    CommandEntry{"UNSELECT", &commands::unselect, kSelected},
    CommandEntry{"EXPUNGE", &commands::expunge, kSelected},
    CommandEntry{"UID EXPUNGE", &commands::uid_expunge, kSelected},
    CommandEntry{"FETCH", &commands::fetch, kSelected, kKeepsNumbers},
    CommandEntry{"UID FETCH", &commands::uid_fetch, kSelected},
    CommandEntry{"STORE", &commands::store, kSelected, kKeepsNumbers},
    CommandEntry{"UID STORE", &commands::uid_store, kSelected},
    CommandEntry{"COPY", &commands::copy, kSelected},
    CommandEntry{"UID COPY", &commands::uid_copy, kSelected},
    CommandEntry{"MOVE", &commands::move, kSelected},
    CommandEntry{"UID MOVE", &commands::uid_move, kSelected},
    CommandEntry{"SEARCH", &commands::search, kSelected, kKeepsNumbers},
    CommandEntry{"UID SEARCH", &commands::uid_search, kSelected},
    CommandEntry{"SORT", &commands::sort, kSelected, kKeepsNumbers},
    CommandEntry{"UID SORT", &commands::uid_sort, kSelected},
    CommandEntry{"THREAD", &commands::thread, kSelected, kKeepsNumbers},
    CommandEntry{"UID THREAD", &commands::uid_thread, kSelected},
    CommandEntry{"ESEARCH", &commands::multi_search, kSigned},
    CommandEntry{"CANCELUPDATE", &commands::cancel_update, kSigned},
};

/// Keywords for programs whose usual spelling some clients compare with case.
constexpr std::array<std::string_view, 6> kSpellings{"$Forwarded", "$MDNSent", "$SubmitPending",
                                                     "$Submitted", "$NotJunk", "$Junk"};

} // namespace

const CommandEntry* find_entry(std::string_view name) {
    const auto* const found = std::ranges::find(kEntries, name, &CommandEntry::name);
    return found == kEntries.end() ? nullptr : found;
}

Scanner scan(const Session& session, const Command& command) {
    return Scanner(command.arguments, session.utf8());
}

std::string flags_text(std::int64_t flags, std::string_view props) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 5> kSystem{{
        {model::flag::seen, "\\Seen"},
        {model::flag::answered, "\\Answered"},
        {model::flag::flagged, "\\Flagged"},
        {model::flag::draft, "\\Draft"},
        {model::flag::deleted, "\\Deleted"},
    }};
    std::string out = "(";
    const auto add = [&](std::string_view name) {
        if (out.size() > 1)
            out += ' ';
        out += name;
    };
    for (const auto& [bit, name] : kSystem)
        if ((flags & bit) != 0)
            add(name);
    if ((flags & model::flag::forwarded) != 0)
        add(kSpellings[0]);
    if (!props.empty())
        for (const auto& category : office::unpack_mail_props(props).categories) {
            const auto* const known = std::ranges::find_if(kSpellings, [&](auto spelling) {
                return iequals(spelling, category);
            });
            if (known != kSpellings.end())
                add(*known);
            else if (office::is_keyword(category) && !category.contains('='))
                add(category);
            else
                add(office::keyword_of(category));
        }
    return out + ")";
}

std::string object_id(char kind, model::AccountId owner, std::int64_t id) {
    return kind + std::to_string(owner.value) + "-" + std::to_string(id);
}

} // namespace lockstep::imap
