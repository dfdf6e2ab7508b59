// SearchSnippet/get: where the words of a filter stand in a mail.
// Spec: RFC 8621 5. Invariants: the text is escaped before it is marked, so that a snippet holds no
// markup but <mark>; at most limits::kSnippet bytes of the body.
#include <algorithm>

#include "base/limits.hpp"
#include "base/markup.hpp"
#include "base/text.hpp"
#include "codec/mime/search_text.hpp"
#include "office/mail_read.hpp"
#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

using office::Condition;
using office::SearchField;

/// Words to be marked in the subject, and in the body.
struct Terms {
    std::vector<std::string> subject, body;
};

bool in_word(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_digit(c) ||
           (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

void add_words(std::vector<std::string>& out, std::string_view text) {
    std::string word;
    for (const char c : std::string(text) + ' ') {
        if (in_word(c)) {
            word += c;
        } else if (!word.empty() && out.size() < limits::kSearchWords) {
            out.push_back(std::move(word));
            word.clear();
        }
    }
}

/// From every positive condition; what must not be there is not marked.
Terms terms_of(const Condition& top) {
    Terms terms;
    std::vector<const Condition*> open{&top};
    while (!open.empty()) {
        const auto& each = *open.back();
        open.pop_back();
        if (each.kind == Condition::Kind::words) {
            if (each.field == SearchField::any || each.field == SearchField::subject)
                add_words(terms.subject, each.text);
            if (each.field == SearchField::any || each.field == SearchField::body)
                add_words(terms.body, each.text);
        }
        if (each.kind != Condition::Kind::none)
            for (const auto& child : each.children)
                open.push_back(&child);
    }
    return terms;
}

struct Place {
    std::size_t at = std::string::npos;
    std::size_t length = 0;
};

/// The first word from `from` on that begins with one of the terms.
Place next_place(std::string_view text, const std::vector<std::string>& terms, std::size_t from) {
    Place first;
    for (const auto& term : terms)
        for (auto at = ifind(text, term, from); at < first.at; at = ifind(text, term, at + 1)) {
            if (at == 0 || !in_word(text[at - 1])) {
                first = {at, term.size()};
                break;
            }
        }
    return first;
}

std::string marked(std::string_view text, const std::vector<std::string>& terms) {
    std::string out;
    std::size_t at = 0;
    for (auto place = next_place(text, terms, 0); place.at != std::string::npos;
         place = next_place(text, terms, at)) {
        out += escape_markup(text.substr(at, place.at - at));
        out += "<mark>" + escape_markup(text.substr(place.at, place.length)) + "</mark>";
        at = place.at + place.length;
    }
    return out + escape_markup(text.substr(at));
}

/// Some text around the first hit, marked; null when there is none.
json::Value preview_of(std::string_view text, const std::vector<std::string>& terms) {
    const auto place = next_place(text, terms, 0);
    if (place.at == std::string::npos)
        return nullptr;
    constexpr std::size_t kBefore = 60;
    auto begin = place.at > kBefore ? place.at - kBefore : 0;
    while (begin < place.at && begin > 0 && in_word(text[begin - 1]))
        ++begin;
    auto cut = std::string(utf8_prefix(text.substr(begin), limits::kSnippet));
    std::ranges::replace_if(cut, is_space, ' ');
    return json::Value(marked(cut, terms));
}

json::Value subject_of(const std::string& subject, const std::vector<std::string>& terms) {
    if (next_place(subject, terms, 0).at == std::string::npos)
        return nullptr;
    return json::Value(marked(subject, terms));
}

} // namespace

Task<Outcome> search_snippet_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto* filter = arguments.object("filter");
    const auto ids = arguments.ids("emailIds");
    if (!ids)
        arguments.wrong("emailIds", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (ids->size() > limits::kJmapGet)
        co_return refuse("requestTooLarge");
    Terms terms;
    if (filter != nullptr) {
        const auto condition = read_email_filter(call, *filter);
        if (!condition)
            co_return std::unexpected(condition.error());
        terms = terms_of(*condition);
    }
    std::vector<model::ItemId> wanted;
    for (const auto& id : *ids)
        if (const auto number = parse_item_id(call.resolve(id)))
            wanted.push_back(*number);
    json::Array list;
    std::set<std::string> found;
    std::function<void(office::MailRecord)> visit = [&](office::MailRecord record) {
        const auto id = item_id(record.item.id);
        found.insert(id);
        list.push_back(json::Object{
            {"emailId", id},
            {"subject", subject_of(record.digest.subject, terms.subject)},
            {"preview",
             terms.body.empty()
                 ? json::Value(nullptr)
                 : preview_of(mime::shown_text(record.bytes, limits::kSearchText), terms.body)},
        });
    };
    auto visited = co_await office::visit_mails(
        call.office(), call.actor(), *owner, std::move(wanted), !terms.body.empty(),
        std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    json::Array not_found;
    for (const auto& id : *ids)
        if (!found.contains(call.resolve(id)))
            not_found.emplace_back(id);
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"list", std::move(list)},
        {"notFound", not_found.empty() ? json::Value(nullptr) : json::Value(std::move(not_found))},
    };
}

} // namespace lockstep::jmap
