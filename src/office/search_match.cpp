// Evaluates conditions.
#include "office/search_match.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "store/conversations.hpp"
#include "store/items.hpp"

namespace lockstep::office {
namespace {

using Kind = Condition::Kind;

constexpr std::int64_t kDay = std::int64_t{24} * 3600;

/// A letter, digit or anything beyond ASCII: what words are made of.
bool in_word(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_digit(c) ||
           (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : text) {
        if (in_word(c)) {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty())
        words.push_back(std::move(word));
    return words;
}

/// Whether a word of the text begins so.
bool has_word(std::string_view text, std::string_view word) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string_view::npos; ++at)
        if (at == 0 || !in_word(text[at - 1]))
            return true;
    return false;
}

bool meets_words(SearchItem& item, const Condition& condition) {
    const auto& text = item.folded(condition.field, condition.name);
    const auto words = words_of(mime::casemap(condition.text));
    return std::ranges::all_of(words, [&](const std::string& word) {
        return has_word(text, word);
    });
}

bool meets_substring(SearchItem& item, const Condition& condition) {
    const auto& text = item.folded(condition.field, condition.name);
    if (condition.text.empty())
        return !text.empty();
    return text.contains(mime::casemap(condition.text));
}

/// Days since 1970 of the Date field, or of the arrival where there is none.
std::int64_t sent_day(SearchItem& item) {
    const auto seconds = item.digest().date.value_or(item.item().received_us / 1'000'000);
    return seconds >= 0 ? seconds / kDay : (seconds - kDay + 1) / kDay;
}

bool in_ranges(const Condition& condition, std::int64_t number) {
    return std::ranges::any_of(condition.ranges, [&](const auto& range) {
        return number >= range.first && number <= range.second;
    });
}

bool in_folder(const SearchItem& item, const Condition& condition, const FoldersBelow& below) {
    if (item.item().collection.value == condition.number)
        return true;
    const auto found = below.find(condition.number);
    return condition.deep && found != below.end() && found->second.contains(item.item().collection);
}

bool in_conversation(SearchItem& item, const Condition& condition, const FoldersBelow& below) {
    const auto mails = mails_of_conversation(
        item.snapshot(), item.item().owner, item.conversation(), limits::kThreadMails
    );
    for (const auto id : mails) {
        const auto mail = store::find_item(item.snapshot(), item.item().owner, id);
        if (!mail)
            continue;
        SearchItem other(item.snapshot(), item.office(), *mail);
        const bool holds = meets(other, condition.children.front(), below);
        if (holds != condition.deep)
            return holds;
    }
    return condition.deep;
}

/// How much it costs to look: the row, the digest, the bytes.
int cost_of(const Condition& condition) {
    switch (condition.kind) {
    case Kind::substring:
    case Kind::words:
        return condition.field == SearchField::any || condition.field == SearchField::body ||
                       condition.field == SearchField::header
                   ? 3
                   : 1;
    case Kind::in_conversation:
        return 2;
    case Kind::attachment:
    case Kind::importance:
    case Kind::sent_since:
    case Kind::sent_before:
    case Kind::conversation:
        return 1;
    default:
        break;
    }
    int cost = 0;
    for (const auto& child : condition.children)
        cost = std::max(cost, cost_of(child));
    return cost;
}

struct Size {
    std::size_t conditions = 0;
    std::size_t depth = 0;
};
Size size_of(const Condition& condition, std::size_t depth) {
    Size size{1, depth};
    if (depth > limits::kSearchDepth)
        return size;
    for (const auto& child : condition.children) {
        const auto below = size_of(child, depth + 1);
        size.conditions += below.conditions;
        size.depth = std::max(size.depth, below.depth);
    }
    return size;
}

} // namespace

bool meets(SearchItem& item, const Condition& condition, const FoldersBelow& below) {
    const auto& row = item.item();
    const auto holds = [&](const Condition& child) { return meets(item, child, below); };
    switch (condition.kind) {
    case Kind::all:
        return std::ranges::all_of(condition.children, holds);
    case Kind::any:
        return std::ranges::any_of(condition.children, holds);
    case Kind::none:
        return std::ranges::none_of(condition.children, holds);
    case Kind::words:
        return meets_words(item, condition);
    case Kind::substring:
        return meets_substring(item, condition);
    case Kind::received_since:
        return row.received_us >= condition.number;
    case Kind::received_before:
        return row.received_us < condition.number;
    case Kind::sent_since:
        return sent_day(item) >= condition.number;
    case Kind::sent_before:
        return sent_day(item) < condition.number;
    case Kind::window_since:
        return row.window.high >= condition.number;
    case Kind::window_before:
        return row.window.low < condition.number;
    case Kind::larger:
        return row.size > condition.number;
    case Kind::smaller:
        return row.size < condition.number;
    case Kind::flags:
        return (row.flags & condition.number) == condition.number;
    case Kind::keyword:
        return item.keywords().contains(condition.text);
    case Kind::attachment:
        return item.digest().has_attachments;
    case Kind::folder:
        return in_folder(item, condition, below);
    case Kind::item_class:
        return static_cast<std::int64_t>(row.item_class) == condition.number;
    case Kind::conversation:
        return item.conversation().value == condition.number;
    case Kind::uids:
        return in_ranges(condition, row.uid.value);
    case Kind::ids:
        return in_ranges(condition, row.id.value);
    case Kind::changed:
        return row.modseq.value >= condition.number;
    case Kind::in_conversation:
        return in_conversation(item, condition, below);
    case Kind::follow_up:
        return item.props().follow_up == condition.number;
    case Kind::importance:
        return item.digest().importance == condition.number;
    }
    return false;
}

Result<> check_condition(const Condition& condition) {
    const auto size = size_of(condition, 1);
    if (size.depth > limits::kSearchDepth || size.conditions > limits::kSearchConditions)
        return fail(Code::too_large, "the query has too many conditions");
    std::vector<const Condition*> open{&condition};
    while (!open.empty()) {
        const auto& each = *open.back();
        open.pop_back();
        if (each.text.size() > limits::kSearchTerm || each.name.size() > limits::kSearchTerm)
            return fail(Code::too_large, "a text of the query is too long");
        if (each.kind == Kind::words && words_of(each.text).size() > limits::kSearchWords)
            return fail(Code::too_large, "the query has too many words");
        if (each.kind == Kind::in_conversation && each.children.size() != 1)
            return fail(Code::bad_value, "a condition on conversations has one child");
        for (const auto& child : each.children)
            open.push_back(&child);
    }
    return {};
}

Condition cheap_first(Condition condition) {
    for (auto& child : condition.children)
        child = cheap_first(std::move(child));
    if (condition.kind == Kind::all || condition.kind == Kind::any || condition.kind == Kind::none)
        std::ranges::stable_sort(condition.children, {}, cost_of);
    return condition;
}

} // namespace lockstep::office
