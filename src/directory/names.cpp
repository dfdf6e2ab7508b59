// Canonical forms of addresses and domains, and the rows of accounts.
#include "base/text.hpp"
#include "directory/rows.hpp"

namespace lockstep::directory {

std::string_view name_of(Door door) {
    switch (door) {
    case Door::activesync:
        return "activesync";
    case Door::imap:
        return "imap";
    case Door::web:
        return "web";
    case Door::dav:
        return "dav";
    case Door::smtp:
        return "smtp";
    }
    return "unknown";
}

Account read_account(const store::Rows& row) {
    Account account;
    account.id = row.id<AccountId>(0);
    account.domain = row.id<model::DomainId>(1);
    account.kind = static_cast<AccountKind>(row.i64(2));
    account.address = row.str(3) + "@" + row.str(4);
    account.name = row.str(5);
    account.language = row.str(6);
    account.zone = row.str(7);
    account.verifier = row.str(8);
    account.generation = row.i64(9);
    account.doors = row.i64(10);
    account.quota_bytes = row.i64(11);
    account.enabled = row.i64(12) == kActive;
    account.default_right = static_cast<model::Right>(row.i64(13));
    return account;
}

Result<std::string> canonical_domain(std::string_view name) {
    const auto text = lower(trim(name));
    const auto labels = split(text, '.');
    if (text.empty() || text.size() > 253)
        return fail(Code::bad_value, "'" + text + "' is not a domain name");
    for (const auto label : labels) {
        const bool characters = std::ranges::all_of(label, [](char c) {
            return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' ||
                   static_cast<unsigned char>(c) >= 0x80;
        });
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
            !characters)
            return fail(Code::bad_value, "'" + text + "' is not a domain name");
    }
    return text;
}

Result<std::string> canonical_address(std::string_view address) {
    const auto text = trim(address);
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0)
        return fail(
            Code::bad_value, "'" + std::string(text) + "' is not an address (local@domain)"
        );
    const auto local = lower(text.substr(0, at));
    TRY(const auto domain, canonical_domain(text.substr(at + 1)));
    constexpr std::string_view kSpecial = "!#$%&'*+/=?^_`{|}~.-";
    const bool characters = is_utf8(local) && std::ranges::all_of(local, [&](char c) {
                                return is_digit(c) || (c >= 'a' && c <= 'z') ||
                                       kSpecial.find(c) != std::string_view::npos ||
                                       static_cast<unsigned char>(c) >= 0x80;
                            });
    if (local.size() > 64 || !characters || local.front() == '.' || local.back() == '.' ||
        local.find("..") != std::string::npos)
        return fail(
            Code::bad_value, "'" + std::string(text) + "' is not an address (local@domain)"
        );
    return local + "@" + domain;
}

std::int64_t next_number(store::Txn& txn, std::string_view counter) {
    static constexpr store::Sql kNext{
        "INSERT INTO counter (name, value) VALUES ($1, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
    };
    return txn.scalar(kNext, counter).value_or(0);
}

Result<> make_default_collections(
    store::Txn& txn, AccountId account, AccountKind kind, const std::string& name
) {
    using model::ItemClass;
    using model::Role;
    struct Default {
        ItemClass item_class;
        Role role;
        const char* name;
    };
    // The names are those of IMAP and never change; what people see is translated by office/names.
    static constexpr Default kPerson[] = {
        {ItemClass::mail, Role::inbox, "INBOX"},
        {ItemClass::mail, Role::drafts, "Drafts"},
        {ItemClass::mail, Role::sent, "Sent Messages"},
        {ItemClass::mail, Role::trash, "Trash"},
        {ItemClass::mail, Role::junk, "Junk"},
        {ItemClass::mail, Role::archive, "Archive"},
        {ItemClass::mail, Role::detained, "[Detained]"},
        {ItemClass::event, Role::calendar, "Calendar"},
        {ItemClass::contact, Role::contacts, "Contacts"},
        {ItemClass::todo, Role::todos, "Tasks"},
        {ItemClass::note, Role::notes, "Notes"},
    };
    static constexpr Default kResource[] = {
        {ItemClass::mail, Role::inbox, "INBOX"}, {ItemClass::event, Role::calendar, ""}
    };
    static constexpr Default kGroup[] = {{ItemClass::event, Role::calendar, ""}};
    static constexpr Default kGlobalFolders[] = {
        {ItemClass::contact, Role::contacts, ""},
        {ItemClass::todo, Role::todos, ""},
        {ItemClass::note, Role::notes, ""}
    };
    std::span<const Default> wanted = kPerson;
    if (kind == AccountKind::group)
        wanted = kGroup;
    if (kind == AccountKind::resource)
        wanted = kResource;
    if (kind == AccountKind::global || kind == AccountKind::shared)
        wanted = kGlobalFolders;
    for (const auto& each : wanted) {
        store::NewCollection collection;
        collection.item_class = each.item_class;
        collection.role = each.role;
        collection.name = *each.name == '\0' ? name : each.name;
        CHECK_OK(store::create_collection(txn, account, collection));
    }
    return {};
}

} // namespace lockstep::directory
