// Collects the accounts and cards, then sorts and joins them.
#include "office/people.hpp"

#include <algorithm>
#include <map>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/index.hpp"
#include "office/objects.hpp"
#include "store/collections.hpp"

namespace lockstep::office {
namespace {

using model::AccountKind;
using store::Snapshot;

constexpr std::size_t kCardPage = 500; ///< cards read at once

bool begins_word(std::string_view text, std::string_view word) {
    for (auto at = ifind(text, word); at != std::string_view::npos; at = ifind(text, word, at + 1))
        if (at == 0 || std::string_view(" \t,.;:-_@'\"()<>/").contains(text[at - 1]))
            return true;
    return false;
}

std::vector<std::string_view> query_words(std::string_view text) {
    std::vector<std::string_view> words;
    for (auto word : split(text, ' ')) {
        word = trim(word);
        // "Michael A." means a name that begins with A.
        while (!word.empty() && (word.back() == '.' || word.back() == ',' || word.back() == '*'))
            word.remove_suffix(1);
        if (!word.empty())
            words.push_back(word);
    }
    return words;
}

/// Whether every word begins a word of one of the fields.
bool matches(const std::vector<std::string_view>& words, const std::vector<std::string>& fields) {
    return !words.empty() && std::ranges::all_of(words, [&](std::string_view word) {
        return std::ranges::any_of(fields, [&](const std::string& field) {
            return begins_word(field, word);
        });
    });
}

/// What the directory knows, as a card.
std::string card_of(const directory::Account& account) {
    vcard::Card card;
    const auto add = [&card](std::string name, std::string_view text) {
        card.properties.emplace_back(std::move(name), std::string());
        card.properties.back().set_text(text);
    };
    add("FN", account.name.empty() ? account.address : account.name);
    if (const auto blank = account.name.rfind(' ');
        account.kind == AccountKind::person && blank != std::string::npos) {
        vcard::Property first("N", {}), last("N", {});
        last.set_text(account.name.substr(blank + 1));
        first.set_text(account.name.substr(0, blank));
        card.properties.emplace_back("N", last.value() + ";" + first.value() + ";;;");
    }
    add("EMAIL", account.address);
    return vcard::serialize(card);
}

std::vector<std::string> fields_of(const vcard::CardIndex& index) {
    std::vector<std::string> fields = index.emails;
    fields.push_back(index.display_name);
    fields.push_back(index.sort_name);
    fields.push_back(index.organization);
    return fields;
}

/// The matching cards of an owner's address books.
Result<std::vector<Person>>
matching_cards(Snapshot& snapshot, Office& office, model::AccountId owner, std::string text) {
    std::vector<Person> found;
    const auto words = query_words(text);
    std::size_t seen = 0;
    for (const auto& book : store::list_collections(snapshot, owner)) {
        if (book.item_class != model::ItemClass::contact)
            continue;
        model::Uid below{store::kLastUid};
        for (bool more = true; more && seen < limits::kPeopleCards;) {
            const auto page = store::changed_items(snapshot, owner, book.id, {}, below, kCardPage);
            more = page.size() == kCardPage;
            seen += page.size();
            for (const auto& item : page) {
                below = item.uid;
                auto bytes = object_bytes(snapshot, office, item);
                const auto index =
                    bytes ? vcard::index_card(*bytes)
                          : Result<vcard::CardIndex>(fail(Code::corrupt, "unreadable card"));
                if (!index || index->is_group || !matches(words, fields_of(*index)))
                    continue;
                Person person;
                person.name = index->display_name;
                person.address = index->emails.empty() ? std::string() : index->emails.front();
                person.card = *std::move(bytes);
                if (!person.name.empty())
                    found.push_back(std::move(person));
            }
        }
    }
    return found;
}

/// One entry for each address: that of the directory first, then the address list's card, which
/// says more than the directory does.
class PeopleList {
public:
    void add(Person person) {
        if (person.address.empty()) {
            nameless_.push_back(std::move(person));
            return;
        }
        auto [place, fresh] = by_address_.try_emplace(person.address, person);
        if (fresh)
            return;
        auto& known = place->second;
        if (known.listed && person.listed && known.account && !person.account)
            known.card = std::move(person.card);
        else if (!known.listed && person.listed)
            known = std::move(person);
    }
    std::vector<Person> take() {
        std::vector<Person> all = std::move(nameless_);
        for (auto& [address, person] : by_address_)
            all.push_back(std::move(person));
        std::ranges::stable_sort(all, [](const Person& a, const Person& b) {
            return std::pair(lower(a.name), a.address) < std::pair(lower(b.name), b.address);
        });
        return all;
    }

private:
    std::map<std::string, Person> by_address_;
    std::vector<Person> nameless_;
};

} // namespace

Task<Result<std::vector<Person>>>
find_people(Office& office, const Actor& actor, PeopleQuery query) {
    if (query.text.size() > limits::kPeopleQuery)
        co_return fail(Code::bad_value, "the query is too long");
    const auto text = clean_utf8(query.text);
    PeopleList list;
    CO_TRY(const auto accounts, co_await office.directory.accounts());
    const auto words = query_words(text);
    for (const auto& account : accounts) {
        const bool listed = account.domain == actor.account.domain && account.enabled &&
                            account.kind != AccountKind::shared &&
                            account.kind != AccountKind::global;
        if (!listed || !matches(words, {account.name, account.address}))
            continue;
        list.add(
            {account.name.empty() ? account.address : account.name, account.address,
             card_of(account), true, account.id, account.kind}
        );
    }
    CO_TRY(auto owners, co_await office.directory.visible_owners(actor.account.id));
    std::erase_if(owners, [&](const directory::Visible& owner) {
        return owner.right < model::Right::read ||
               (!query.with_books && owner.kind != AccountKind::global);
    });
    if (query.with_books)
        owners.push_back(
            {actor.account.id, AccountKind::person, actor.account.name, model::Right::own}
        );
    for (const auto& owner : owners) {
        std::function<Result<std::vector<Person>>(Snapshot&)> work =
            [&office, text, id = owner.owner](Snapshot& snapshot) {
                return matching_cards(snapshot, office, id, text);
            };
        CO_TRY(
            auto cards, co_await office.db.read<std::vector<Person>>(owner.owner, std::move(work))
        );
        for (auto& person : cards) {
            person.listed = owner.kind == AccountKind::global;
            list.add(std::move(person));
        }
    }
    co_return list.take();
}

} // namespace lockstep::office
