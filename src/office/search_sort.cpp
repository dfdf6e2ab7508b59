// Taking and comparing sort keys.
#include "office/search_sort.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/subject.hpp"
#include "office/keywords.hpp"

namespace lockstep::office {
namespace {

using By = SortKey::By;

constexpr std::size_t kAskedMails = 1'000; ///< of one conversation that are asked for a keyword

bool is_text(By by) {
    return by == By::from || by == By::to || by == By::cc || by == By::subject ||
           by == By::display_from || by == By::display_to;
}

std::string first_local(const std::vector<mime::Address>& addresses) {
    return addresses.empty() ? std::string() : mime::casemap(addresses.front().local);
}

/// RFC 5957 3: the display name, else the address.
std::string first_shown(const std::vector<mime::Address>& addresses) {
    if (addresses.empty())
        return {};
    const auto& first = addresses.front();
    return mime::casemap(first.name.empty() ? first.text() : first.name);
}

bool has_keyword(const store::SearchRow& row, const std::string& keyword) {
    return keywords_of(row.flags, unpack_mail_props(row.props)).contains(lower(keyword));
}

} // namespace

SearchHit hit_of(model::AccountId owner, const store::SearchRow& row) {
    return {owner, row.collection, row.uid, row.id, row.item_class, row.received_us, row.modseq};
}

bool KeyTaker::conversation_has(const SortKey& key, const store::SearchRow& row) {
    const auto conversation = store::conversation_of(snapshot_, owner_, row.id);
    if (!conversation)
        return has_keyword(row, key.keyword);
    for (const auto id :
         store::mails_of_conversation(snapshot_, owner_, conversation, kAskedMails)) {
        const auto other = store::find_search_row(snapshot_, owner_, id);
        if (other && has_keyword(*other, key.keyword) != key.all)
            return !key.all;
    }
    return key.all;
}

std::int64_t KeyTaker::number_of(const SortKey& key, const store::SearchRow& row) {
    switch (key.by) {
    case By::received:
        return row.received_us;
    case By::sent:
        return matcher_.digest_of(row).date.value_or(row.received_us / 1'000'000);
    case By::size:
        return row.size;
    case By::uid:
        return row.uid.value;
    case By::keyword:
        return has_keyword(row, key.keyword) ? 0 : 1;
    case By::keyword_conversation:
        return conversation_has(key, row) ? 0 : 1;
    case By::relevance:
        return -matcher_.relevance(row.id);
    case By::from:
    case By::to:
    case By::cc:
    case By::subject:
    case By::display_from:
    case By::display_to:
        break;
    }
    return 0;
}

std::string KeyTaker::text_of(const SortKey& key, const store::SearchRow& row) {
    const auto& digest = matcher_.digest_of(row);
    switch (key.by) {
    case By::from:
        return first_local(digest.from);
    case By::to:
        return first_local(digest.to);
    case By::cc:
        return first_local(digest.cc);
    case By::subject:
        return mime::casemap(mime::base_subject(digest.subject).text);
    case By::display_from:
        return first_shown(digest.from);
    case By::display_to:
        return first_shown(digest.to);
    default:
        return {};
    }
}

Keyed KeyTaker::take(const store::SearchRow& row) {
    Keyed keyed{hit_of(owner_, row), 0, {}, {}};
    const bool texts =
        std::ranges::any_of(sort_, [](const SortKey& key) { return is_text(key.by); });
    for (const auto& key : sort_) {
        keyed.numbers.push_back(number_of(key, row));
        if (texts)
            keyed.texts.push_back(text_of(key, row));
    }
    return keyed;
}

void sort_keyed(std::vector<Keyed>& matches, const std::vector<SortKey>& sort) {
    std::ranges::sort(matches, [&sort](const Keyed& a, const Keyed& b) {
        for (std::size_t i = 0; i < sort.size(); ++i) {
            const auto& [first, second] =
                sort[i].descending ? std::pair(&b, &a) : std::pair(&a, &b);
            if (first->numbers[i] != second->numbers[i])
                return first->numbers[i] < second->numbers[i];
            if (!first->texts.empty())
                if (const auto order = first->texts[i].compare(second->texts[i]); order != 0)
                    return order < 0;
        }
        if (a.hit.owner != b.hit.owner)
            return a.hit.owner < b.hit.owner;
        // Of two that came at once the later one counts as newer.
        return !sort.empty() && sort.front().descending ? b.hit.id < a.hit.id : a.hit.id < b.hit.id;
    });
}

} // namespace lockstep::office
