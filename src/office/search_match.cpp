// Preparing the leaves, and asking them.
#include "office/search_match.hpp"

#include <algorithm>
#include <set>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/date.hpp"
#include "office/keywords.hpp"
#include "office/search_field.hpp"
#include "office/search_text.hpp"
#include "store/items.hpp"

namespace lockstep::office {
namespace {

using Kind = Condition::Kind;
using model::ItemId;

constexpr std::size_t kShortNeedle = 3;           ///< bytes below which signatures tell nothing
constexpr std::size_t kConversationMails = 1'000; ///< of one conversation that are asked
constexpr std::int64_t kSecondsOfADay = 86'400;

/// How dear a condition is, so that the cheap ones are asked first.
int cost_of(Kind kind) {
    switch (kind) {
    case Kind::sent_since:
    case Kind::sent_before:
    case Kind::attachment:
    case Kind::importance:
    case Kind::blob:
        return 2;
    case Kind::words:
        return 1;
    case Kind::substring:
        return 3;
    case Kind::in_conversation:
        return 4;
    case Kind::all:
    case Kind::any:
    case Kind::none:
        return 2;
    default:
        return 0;
    }
}

using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// In order, without overlaps.
Ranges joined(Ranges ranges) {
    std::ranges::sort(ranges);
    Ranges out;
    for (const auto& range : ranges) {
        if (!out.empty() && range.first <= out.back().second)
            out.back().second = std::max(out.back().second, range.second);
        else
            out.push_back(range);
    }
    return out;
}

bool in_ranges(const Ranges& ranges, std::int64_t number) {
    auto after = std::ranges::upper_bound(ranges, number, {}, &Ranges::value_type::first);
    return after != ranges.begin() && number <= std::prev(after)->second;
}

std::int64_t day_of(std::int64_t seconds) {
    return seconds >= 0 ? seconds / kSecondsOfADay : (seconds + 1) / kSecondsOfADay - 1;
}

Result<> check_depth(const Condition& condition, std::size_t depth, std::size_t& count) {
    if (depth > limits::kSearchDepth || ++count > limits::kSearchConditions)
        return fail(Code::too_large, "a query of too many conditions");
    if (condition.text.size() > limits::kSearchTerm || condition.name.size() > limits::kSearchTerm)
        return fail(Code::too_large, "a text searched for is too long");
    if (condition.kind == Kind::in_conversation && condition.children.size() != 1)
        return fail(Code::bad_value, "a condition on conversations has one child");
    for (const auto& child : condition.children)
        CHECK_OK(check_depth(child, depth + 1, count));
    return {};
}

} // namespace

/// A condition with what was found out about it beforehand.
struct Matcher::Node {
    const Condition* condition = nullptr;
    std::vector<std::unique_ptr<Node>> children; ///< the cheapest first
    std::vector<ItemId> found; ///< words: those that match; substring: those that may
    bool narrowed = false;     ///< `found` says something
    std::string needle;
    std::string header_name;
    std::vector<std::string> words;
    std::vector<ItemId> in_subject, in_from; ///< words: for relevance
    std::set<model::CollectionId> folders;
    Ranges ranges; ///< in order, without overlaps
};

Result<> check_condition(const Condition& condition) {
    std::size_t count = 0;
    return check_depth(condition, 0, count);
}

Matcher::Matcher(
    store::Snapshot& snapshot, Office& office, model::AccountId owner,
    std::vector<model::Collection> visible, const Condition& condition, FoldersBelow below
)
    : snapshot_(snapshot), office_(office), owner_(owner), visible_(std::move(visible)),
      below_(std::move(below)), due_(store::due_for_search(snapshot, owner, SIZE_MAX >> 1U)),
      root_(prepare(condition)) {}

Matcher::~Matcher() = default;

std::unique_ptr<Matcher::Node> Matcher::prepare(const Condition& condition) {
    auto node = std::make_unique<Node>();
    node->condition = &condition;
    node->ranges = joined(condition.ranges);
    for (const auto& child : condition.children)
        node->children.push_back(prepare(child));
    std::ranges::sort(node->children, {}, [](const auto& child) {
        return cost_of(child->condition->kind);
    });
    if (condition.kind == Kind::words)
        prepare_words(*node);
    else if (condition.kind == Kind::substring)
        prepare_substring(*node);
    if (condition.kind == Kind::folder) {
        node->folders.insert({condition.number});
        if (const auto found = below_.find(condition.number);
            condition.deep && found != below_.end())
            node->folders.insert(found->second.begin(), found->second.end());
    }
    return node;
}

void Matcher::prepare_words(Node& node) {
    const auto query = query_words(node.condition->text);
    node.words = query.words;
    const auto field = word_field(node.condition->field);
    if (query.words.empty())
        return; // nothing but signs: holds everywhere
    if (query.indexable) {
        node.found = store::with_words(snapshot_, owner_, field, query.words);
        node.narrowed = true;
        if (field == store::WordField::any) {
            node.in_subject =
                store::with_words(snapshot_, owner_, store::WordField::subject, query.words);
            node.in_from =
                store::with_words(snapshot_, owner_, store::WordField::from, query.words);
        }
        return;
    }
    // The index splits such scripts elsewhere: the texts are asked.
}

void Matcher::prepare_substring(Node& node) {
    node.needle = mime::casemap(node.condition->text);
    node.header_name = mime::casemap(node.condition->name);
    if (node.needle.size() < kShortNeedle)
        return;
    node.found = store::may_contain(snapshot_, owner_, node.needle);
    node.narrowed = true;
}

bool Matcher::is_due(ItemId item) const { return std::ranges::binary_search(due_, item); }

bool Matcher::is_visible(model::CollectionId collection) const {
    return std::ranges::binary_search(visible_, collection, {}, &model::Collection::id);
}

const store::SearchText& Matcher::text_of(const store::SearchRow& row) {
    if (text_item_ == row.id)
        return text_;
    text_item_ = row.id;
    if (!is_due(row.id)) {
        if (auto text = store::find_search_text(snapshot_, owner_, row.id)) {
            text_ = std::move(*text);
            return text_;
        }
    }
    const auto item = store::find_item(snapshot_, owner_, row.id);
    text_ = item ? search_text_of(snapshot_, office_, *item) : store::SearchText{};
    return text_;
}

const mime::Digest& Matcher::digest_of(const store::SearchRow& row) {
    if (digest_item_ == row.id)
        return digest_;
    digest_item_ = row.id;
    auto digest = mime::decode(store::find_digest(snapshot_, owner_, row.id));
    digest_ = digest ? std::move(*digest) : mime::Digest{};
    return digest_;
}

bool Matcher::contains(const Node& node, const store::SearchText& text) const {
    const auto& condition = *node.condition;
    if (condition.kind == Kind::words) {
        const auto words = all_words(text, condition.field);
        return std::ranges::all_of(node.words, [&](const std::string& word) {
            return has_word(words, word);
        });
    }
    if (condition.field == SearchField::header && node.needle.empty())
        return ("\n" + text.header).contains("\n" + node.header_name + ":");
    if (condition.field == SearchField::any)
        return text.header.contains(node.needle) || text.body.contains(node.needle);
    if (condition.field == SearchField::body)
        return text.body.contains(node.needle);
    return field_text(text, condition.field, node.header_name).contains(node.needle);
}

bool Matcher::meets_text(const Node& node, const store::SearchRow& row) {
    if (is_due(row.id))
        return contains(node, text_of(row));
    if (node.narrowed) {
        const bool found = std::ranges::binary_search(node.found, row.id);
        if (!found || node.condition->kind == Kind::words)
            return found;
    }
    return contains(node, text_of(row));
}

/// RFC 9051 6.4.4: the date as it is written, whatever its zone.
bool Matcher::sent_day_meets(const Condition& condition, const store::SearchRow& row) {
    if (row.item_class != model::ItemClass::mail)
        return false;
    auto seconds = row.received_us / 1'000'000;
    if (const auto sent = mime::parse_zoned_date(store::values_of(text_of(row), "DATE")))
        seconds = sent->local_seconds();
    else if (const auto date = digest_of(row).date)
        seconds = *date;
    const auto day = day_of(seconds);
    return condition.kind == Kind::sent_since ? day >= condition.number : day < condition.number;
}

bool Matcher::conversation_meets(const Node& node, const store::SearchRow& row) {
    const auto conversation = store::conversation_of(snapshot_, owner_, row.id);
    if (!conversation)
        return meets(*node.children.front(), row);
    const bool every = node.condition->deep;
    for (const auto id :
         store::mails_of_conversation(snapshot_, owner_, conversation, kConversationMails)) {
        const auto other = store::find_search_row(snapshot_, owner_, id);
        if (other && is_visible(other->collection) &&
            meets(*node.children.front(), *other) != every)
            return !every;
    }
    return every;
}

bool Matcher::meets(const Node& node, const store::SearchRow& row) {
    const auto& condition = *node.condition;
    const auto holds = [&](const auto& child) { return meets(*child, row); };
    switch (condition.kind) {
    case Kind::all:
        return std::ranges::all_of(node.children, holds);
    case Kind::any:
        return std::ranges::any_of(node.children, holds);
    case Kind::none:
        return std::ranges::none_of(node.children, holds);
    case Kind::words:
    case Kind::substring:
        return meets_text(node, row);
    case Kind::received_since:
        return row.received_us >= condition.number;
    case Kind::received_before:
        return row.received_us < condition.number;
    case Kind::sent_since:
    case Kind::sent_before:
        return sent_day_meets(condition, row);
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
        return keywords_of(row.flags, unpack_mail_props(row.props)).contains(lower(condition.text));
    case Kind::attachment:
        return digest_of(row).has_attachments;
    case Kind::folder:
        return node.folders.contains(row.collection);
    case Kind::item_class:
        return static_cast<std::int64_t>(row.item_class) == condition.number;
    case Kind::conversation:
        return store::conversation_of(snapshot_, owner_, row.id).value == condition.number;
    case Kind::uids:
        return in_ranges(node.ranges, row.uid.value);
    case Kind::ids:
        return in_ranges(node.ranges, row.id.value);
    case Kind::changed:
        return row.modseq.value >= condition.number;
    case Kind::in_conversation:
        return conversation_meets(node, row);
    case Kind::follow_up:
        return unpack_mail_props(row.props).follow_up == condition.number;
    case Kind::importance:
        return row.item_class == model::ItemClass::mail &&
               digest_of(row).importance == condition.number;
    case Kind::blob: {
        const auto item = store::find_item(snapshot_, owner_, row.id);
        return item && item->blob == condition.text;
    }
    }
    return false;
}

/// Items outside of which nothing matches, if the index knows such.
std::optional<std::vector<ItemId>> Matcher::candidates(const Node& node) const {
    if (node.narrowed)
        return node.found;
    if (node.condition->kind != Kind::all)
        return std::nullopt;
    std::optional<std::vector<ItemId>> few;
    for (const auto& child : node.children)
        if (auto found = candidates(*child); found && (!few || found->size() < few->size()))
            few = std::move(found);
    return few;
}

void Matcher::run(const std::function<void(const store::SearchRow&)>& hit) {
    std::int64_t total = 0;
    for (const auto& each : visible_)
        total += each.total;
    // To find a row by its id costs some four times what the next one of a folder does.
    if (const auto few = candidates(*root_);
        few && static_cast<std::int64_t>(few->size() + due_.size()) * 4 < total) {
        std::vector<ItemId> ids;
        std::ranges::set_union(*few, due_, std::back_inserter(ids));
        for (const auto id : ids)
            if (const auto row = store::find_search_row(snapshot_, owner_, id);
                row && is_visible(row->collection) && meets(*root_, *row))
                hit(*row);
        return;
    }
    for (const auto& each : visible_)
        store::each_search_row(snapshot_, owner_, each.id, [&](const store::SearchRow& row) {
            if (meets(*root_, row))
                hit(row);
        });
}

std::int64_t Matcher::relevance(ItemId item) const {
    std::int64_t score = 0;
    std::vector<const Node*> open{root_.get()};
    while (!open.empty()) {
        const auto* node = open.back();
        open.pop_back();
        score += std::ranges::binary_search(node->in_subject, item) ? 2 : 0;
        score += std::ranges::binary_search(node->in_from, item) ? 1 : 0;
        for (const auto& child : node->children)
            open.push_back(child.get());
    }
    return score;
}

} // namespace lockstep::office
