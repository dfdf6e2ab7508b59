// Translates search programs and their results.
#include "protocols/imap/search_program.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace lockstep::imap {
namespace {

using SearchKind = SearchNode::Kind;
using office::Condition;
using Is = Condition::Kind;

constexpr std::int64_t kDayUs = std::int64_t{86'400} * 1'000'000;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kFlagBits{{
    {"\\answered", model::flag::answered},
    {"\\deleted", model::flag::deleted},
    {"\\draft", model::flag::draft},
    {"\\flagged", model::flag::flagged},
    {"\\seen", model::flag::seen},
    {"$forwarded", model::flag::forwarded},
}};

Condition never() { return Condition::any_of({}); }

Condition flag_condition(std::string_view name) {
    for (const auto& [known, bit] : kFlagBits)
        if (known == name)
            return Condition::of(Is::flags, bit);
    return name.starts_with('\\') ? never() : Condition::with_keyword(std::string(name));
}

Condition address_condition(const SearchNode& node) {
    using office::SearchField;
    const auto field = node.field == "from" ? SearchField::from
                       : node.field == "to" ? SearchField::to
                       : node.field == "cc" ? SearchField::cc
                                            : SearchField::bcc;
    return Condition::substring(field, node.text);
}

/// One day: from its begin, or up to its end.
Condition day_condition(Is since, Is before, std::int64_t low, std::int64_t high) {
    return Condition::all_of({Condition::of(since, low), Condition::of(before, high)});
}

Condition email_condition(std::string_view id) {
    if (!id.starts_with('M'))
        return never();
    const auto hash = unbase64url(id.substr(1));
    if (!hash)
        return never();
    auto condition = Condition::of(Is::blob);
    condition.text = *hash;
    return condition;
}

Condition thread_condition(std::string_view id, model::AccountId owner) {
    const auto prefix = "T" + std::to_string(owner.value) + "-";
    if (!id.starts_with(prefix))
        return never();
    const auto number = parse_int<std::int64_t>(id.substr(prefix.size()));
    return number && *number > 0 ? Condition::of(Is::conversation, *number) : never();
}

class Translator {
public:
    Translator(const View* view, model::AccountId owner, std::int64_t now_us)
        : view_(view), owner_(owner), now_us_(now_us) {}

    Result<Condition> run(std::vector<SearchNode> program) {
        for (auto& node : program) {
            if (node.kind == SearchKind::negate) {
                auto inner = pop();
                stack_.push_back(Condition::none_of({std::move(inner)}));
            } else if (node.kind == SearchKind::both || node.kind == SearchKind::either) {
                join(node.kind == SearchKind::both ? Is::all : Is::any);
            } else {
                TRY(auto leaf, translate(node));
                stack_.push_back(std::move(leaf));
            }
        }
        if (stack_.size() != 1)
            return fail(Code::internal, "a search program that does not close");
        return pop();
    }

private:
    Condition pop() {
        auto top = std::move(stack_.back());
        stack_.pop_back();
        return top;
    }

    /// A row of ANDs or ORs is one condition, so that its depth is that of the parentheses.
    void join(Is kind) {
        auto right = pop();
        auto left = pop();
        if (left.kind != kind || left.children.empty()) {
            std::vector<Condition> first;
            first.push_back(std::move(left));
            left = kind == Is::all ? Condition::all_of(std::move(first))
                                   : Condition::any_of(std::move(first));
        }
        left.children.push_back(std::move(right));
        stack_.push_back(std::move(left));
    }

    Result<Condition> translate(const SearchNode& node) const {
        switch (node.kind) {
        case SearchKind::all:
            return Condition::all_of({});
        case SearchKind::sequence:
        case SearchKind::uids:
            return set_condition(node);
        case SearchKind::flag:
            return flag_condition(node.text);
        case SearchKind::header:
            return Condition::header(node.field, node.text);
        case SearchKind::address:
            return address_condition(node);
        case SearchKind::subject:
            return Condition::substring(office::SearchField::subject, node.text);
        case SearchKind::body:
            return Condition::substring(office::SearchField::body, node.text);
        case SearchKind::text:
            return Condition::substring(office::SearchField::any, node.text);
        case SearchKind::larger:
            return Condition::of(Is::larger, node.number);
        case SearchKind::smaller:
            return Condition::of(Is::smaller, node.number);
        case SearchKind::modseq:
            return Condition::of(Is::changed, node.number);
        case SearchKind::email_id:
            return email_condition(node.text);
        case SearchKind::thread_id:
            return thread_condition(node.text, owner_);
        default:
            return time_condition(node);
        }
    }

    Result<Condition> time_condition(const SearchNode& node) const {
        const auto day = node.number * kDayUs;
        switch (node.kind) {
        case SearchKind::before:
        case SearchKind::saved_before:
            return Condition::of(Is::received_before, day);
        case SearchKind::on:
        case SearchKind::saved_on:
            return day_condition(Is::received_since, Is::received_before, day, day + kDayUs);
        case SearchKind::since:
        case SearchKind::saved_since:
            return Condition::of(Is::received_since, day);
        case SearchKind::sent_before:
            return Condition::of(Is::sent_before, node.number);
        case SearchKind::sent_on:
            return day_condition(Is::sent_since, Is::sent_before, node.number, node.number + 1);
        case SearchKind::sent_since:
            return Condition::of(Is::sent_since, node.number);
        case SearchKind::older:
            return Condition::of(Is::received_before, moments_ago(node.number) + 1);
        case SearchKind::younger:
            return Condition::of(Is::received_since, moments_ago(node.number));
        default:
            return never();
        }
    }

    std::int64_t moments_ago(std::int64_t seconds) const {
        constexpr std::int64_t kMost = std::int64_t{1} << 40; // some 35,000 years
        return now_us_ - std::min(seconds, kMost) * 1'000'000;
    }

    Result<Condition> set_condition(const SearchNode& node) const {
        if (view_ == nullptr && (node.kind == SearchKind::sequence || node.set.saved))
            return fail(Code::bad_syntax, "message numbers without a selected mailbox");
        auto condition = Condition::of(Is::uids);
        if (node.set.saved) {
            for (const auto uid : view_->saved())
                condition.ranges.emplace_back(uid, uid);
            return condition;
        }
        const bool numbers = node.kind == SearchKind::sequence;
        const auto most = view_ == nullptr ? kStar : numbers ? view_->count() : view_->largest();
        for (auto [low, high] : node.set.resolved(most).ranges) {
            if (numbers) {
                high = std::min(high, view_->count());
                if (low == 0 || low > high)
                    continue;
                low = view_->uids()[low - 1];
                high = view_->uids()[high - 1];
            }
            condition.ranges.emplace_back(low, high);
        }
        return condition;
    }

    const View* view_;
    const model::AccountId owner_;
    const std::int64_t now_us_;
    std::vector<Condition> stack_;
};

std::string partial_text(const SearchRequest::Return& wanted, const Found& found) {
    const auto [low, high] = *wanted.partial;
    const std::string sign = wanted.partial_last ? "-" : "";
    std::string out =
        " PARTIAL (" + sign + std::to_string(low) + ":" + sign + std::to_string(high) + " ";
    std::vector<std::uint32_t> page;
    const auto count = found.told.size();
    for (std::size_t i = low; i <= high && i <= count; ++i)
        page.push_back(wanted.partial_last ? found.told[count - i] : found.told[i - 1]);
    if (!found.sorted)
        std::ranges::sort(page);
    return out + (page.empty() ? "NIL" : format_sequence(page)) + ")";
}

/// RFC 7162 3.1.5: that of what is told, when only the ends are.
std::int64_t highest(const SearchRequest::Return& wanted, const Found& found) {
    const bool ends = wanted.given && !wanted.all && !wanted.count && !wanted.partial;
    std::int64_t most = 0;
    if (!ends || (!wanted.min && !wanted.max))
        return std::ranges::max(found.modseqs);
    if (wanted.min)
        most = found.modseqs.front();
    if (wanted.max)
        most = std::max(most, found.modseqs.back());
    return most;
}

} // namespace

Result<office::Condition> to_condition(
    std::vector<SearchNode> program, const View* view, model::AccountId owner, std::int64_t now_us
) {
    return Translator(view, owner, now_us).run(std::move(program));
}

std::vector<office::SortKey> to_sort_keys(const std::vector<SortCriterion>& criteria) {
    using By = SortCriterion::By;
    using Key = office::SortKey::By;
    const auto key_of = [](By by) {
        switch (by) {
        case By::arrival:
            return Key::received;
        case By::cc:
            return Key::cc;
        case By::date:
            return Key::sent;
        case By::from:
            return Key::from;
        case By::size:
            return Key::size;
        case By::subject:
            return Key::subject;
        case By::to:
            return Key::to;
        case By::display_from:
            return Key::display_from;
        case By::display_to:
            return Key::display_to;
        }
        return Key::received;
    };
    std::vector<office::SortKey> keys;
    for (const auto& each : criteria)
        keys.push_back({.by = key_of(each.by), .descending = each.reverse});
    // Equals stand in the order of the mailbox (RFC 5256 3).
    keys.push_back({.by = Key::uid});
    return keys;
}

Found to_found(const std::vector<office::SearchHit>& hits, const View* view, bool by_uid) {
    Found found;
    found.by_uid = by_uid;
    for (const auto& hit : hits) {
        const auto uid = static_cast<std::uint32_t>(hit.uid.value);
        const auto number = view == nullptr ? 0 : view->number_of(uid);
        if (view != nullptr && number == 0)
            continue;
        found.uids.push_back(uid);
        found.told.push_back(by_uid ? uid : number);
        found.modseqs.push_back(hit.modseq.value);
    }
    return found;
}

std::string extended_answer(
    std::string_view tag, const SearchRequest::Return& wanted, const Found& found, bool modseq,
    std::string_view place
) {
    std::string out = "ESEARCH (TAG \"" + std::string(tag) + "\"" + std::string(place) + ")";
    const bool any = !found.told.empty();
    if (found.by_uid)
        out += " UID";
    if (wanted.min && any)
        out += " MIN " + std::to_string(found.told.front());
    if (wanted.max && any)
        out += " MAX " + std::to_string(found.told.back());
    if (wanted.count)
        out += " COUNT " + std::to_string(found.told.size());
    if (wanted.all && any)
        out += " ALL " + format_sequence(found.told);
    if (wanted.partial)
        out += partial_text(wanted, found);
    if (modseq && any)
        out += " MODSEQ " + std::to_string(highest(wanted, found));
    return out;
}

std::string plain_answer(std::string_view word, const Found& found, bool modseq) {
    std::string line(word);
    for (const auto number : found.told)
        line += " " + std::to_string(number);
    if (modseq && !found.told.empty())
        line += " (MODSEQ " + std::to_string(std::ranges::max(found.modseqs)) + ")";
    return line;
}

std::vector<std::uint32_t> to_save(const SearchRequest::Return& wanted, const Found& found) {
    std::vector<std::uint32_t> saved;
    if (wanted.all || wanted.count || (!wanted.min && !wanted.max && !wanted.partial)) {
        saved = found.uids;
    } else if (!found.uids.empty()) {
        if (wanted.min)
            saved.push_back(found.uids.front());
        if (wanted.max)
            saved.push_back(found.uids.back());
        const auto count = found.uids.size();
        if (wanted.partial)
            for (std::size_t i = wanted.partial->low; i <= wanted.partial->high && i <= count; ++i)
                saved.push_back(wanted.partial_last ? found.uids[count - i] : found.uids[i - 1]);
    }
    std::ranges::sort(saved);
    const auto repeated = std::ranges::unique(saved);
    saved.erase(repeated.begin(), repeated.end());
    return saved;
}

bool refuse_search(Session& session, const Command& command, const Error& error) {
    if (error.code != Code::unsupported)
        return false;
    session.tagged(command.tag, "NO", "[BADCHARSET (US-ASCII UTF-8)] another charset, please");
    return true;
}

} // namespace lockstep::imap
