// Threads of mail by what they refer to and by subject.
// Spec: RFC 5256 3 (ORDEREDSUBJECT, REFERENCES; the numbers of steps below are its own).
// Invariants: no recursion; n log n but for the walk that looks for a loop, which has a limit: a
// chain deeper than that is cut, nothing else.
#include <algorithm>
#include <unordered_map>

#include "base/limits.hpp"
#include "base/limits_search.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/subject.hpp"
#include "office/search_sort.hpp"

namespace lockstep::office {
namespace {

constexpr std::uint32_t kNobody = UINT32_MAX;

struct ThreadMail {
    model::Uid uid;
    std::int64_t sent = 0;
    std::int64_t received = 0;
    std::string id;
    std::vector<std::string> references;
    mime::BaseSubject subject; ///< folded
};

/// A mail, or (uid 0) one that is only referred to.
struct Node {
    std::uint32_t letter = kNobody;
    std::uint32_t parent = kNobody;
    std::vector<std::uint32_t> children;
};

class Threader {
public:
    explicit Threader(std::vector<ThreadMail> letters) : letters_(std::move(letters)) {}

    void link_all() {
        for (std::uint32_t i = 0; i < letters_.size(); ++i)
            link(i);
        for (std::uint32_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i].parent != kNobody)
                nodes_[nodes_[i].parent].children.push_back(i);
        prune();
        sort_children();
    }
    void one_by_one() {
        for (std::uint32_t i = 0; i < letters_.size(); ++i)
            roots_.push_back(add(i));
    }
    /// Step 5: threads of one subject become one.
    void gather_subjects() {
        const auto table = subject_table();
        std::unordered_map<std::string, std::uint32_t> first(table);
        std::vector<std::uint32_t> kept;
        std::vector<bool> gone(nodes_.size(), false);
        for (const auto root : roots_) {
            const auto& subject = shown(root).subject.text;
            const auto entry = subject.empty() ? first.end() : first.find(subject);
            if (entry == first.end() || entry->second == root)
                continue;
            merge(root, entry->second, gone);
        }
        for (std::uint32_t i = 0; i < gone.size(); ++i)
            if (gone[i])
                nodes_[i].parent = i; // any but nobody: it is no root
        for (const auto root : roots_)
            if (nodes_[root].parent == kNobody)
                kept.push_back(root);
        for (const auto made : made_)
            kept.push_back(made);
        roots_ = std::move(kept);
        sort_children();
    }
    void sort_roots_by_sent() {
        std::ranges::sort(roots_, {}, [this](std::uint32_t root) { return sent_of(root); });
    }
    void sort_roots_by_newest() {
        std::vector<std::pair<std::int64_t, std::uint32_t>> order;
        for (const auto root : roots_)
            order.emplace_back(newest_of(root), root);
        std::ranges::sort(order);
        std::ranges::transform(order, roots_.begin(), [](const auto& each) { return each.second; });
    }
    /// Letters of one subject, which stand side by side: the first is the parent of the others.
    void group_subjects() {
        std::vector<std::uint32_t> heads;
        for (const auto root : roots_) {
            if (heads.empty() || shown(heads.back()).subject.text != shown(root).subject.text)
                heads.push_back(root);
            else
                nodes_[heads.back()].children.push_back(root);
        }
        roots_ = std::move(heads);
    }
    Threads take() {
        Threads out;
        out.roots = std::move(roots_);
        for (auto& node : nodes_)
            out.nodes.push_back(
                {node.letter == kNobody ? model::Uid{} : letters_[node.letter].uid,
                 std::move(node.children)}
            );
        return out;
    }

private:
    std::uint32_t add(std::uint32_t letter) {
        nodes_.push_back({letter, kNobody, {}});
        return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    std::uint32_t node_of(const std::string& id) {
        const auto [found, made] = by_id_.try_emplace(id, 0);
        if (made)
            found->second = add(kNobody);
        return found->second;
    }
    /// Whether `above` is `node` or one of its ancestors; true as well when it is too far to say.
    bool leads_to(std::uint32_t node, std::uint32_t above) const {
        for (std::size_t steps = 0; node != kNobody; node = nodes_[node].parent)
            if (node == above || ++steps > limits::kThreadDepth)
                return true;
        return false;
    }

    /// Step 1.
    void link(std::uint32_t index) {
        const auto& letter = letters_[index];
        std::uint32_t self = kNobody;
        if (!letter.id.empty()) {
            const auto node = node_of(letter.id);
            if (nodes_[node].letter == kNobody)
                self = node;
        }
        if (self == kNobody)
            self = add(index); // without an id, or with one that is taken
        nodes_[self].letter = index;
        std::uint32_t above = kNobody;
        for (const auto& reference : letter.references) {
            const auto node = node_of(reference);
            if (above != kNobody && nodes_[node].parent == kNobody && !leads_to(above, node))
                nodes_[node].parent = above;
            above = node;
        }
        // What a mail says of itself counts more than what others said.
        nodes_[self].parent = kNobody;
        if (above != kNobody && !leads_to(above, self))
            nodes_[self].parent = above;
    }

    /// Nodes, parents before their children.
    std::vector<std::uint32_t> downwards() const {
        std::vector<std::uint32_t> order;
        for (std::uint32_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i].parent == kNobody)
                order.push_back(i);
        for (std::size_t i = 0; i < order.size(); ++i)
            order.insert(
                order.end(), nodes_[order[i]].children.begin(), nodes_[order[i]].children.end()
            );
        return order;
    }

    /// Steps 2 and 3: places without a mail go, and their children take their place; at the top
    /// only those with one child go.
    void prune() {
        const auto order = downwards();
        for (auto at = order.rbegin(); at != order.rend(); ++at) {
            std::vector<std::uint32_t> children;
            for (const auto child : nodes_[*at].children)
                give_up(child, children);
            nodes_[*at].children = std::move(children);
        }
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            if (nodes_[i].parent != kNobody)
                continue;
            if (nodes_[i].letter == kNobody && nodes_[i].children.size() < 2)
                give_up(i, roots_);
            else
                roots_.push_back(i);
        }
        for (const auto root : roots_)
            nodes_[root].parent = kNobody;
    }
    void give_up(std::uint32_t node, std::vector<std::uint32_t>& to) {
        if (nodes_[node].letter != kNobody)
            to.push_back(node);
        else if (to.empty())
            to = std::move(nodes_[node].children);
        else
            to.insert(to.end(), nodes_[node].children.begin(), nodes_[node].children.end());
    }

    /// The mail by which a thread is judged: its first, or that of its first child.
    const ThreadMail& shown(std::uint32_t node) const {
        const auto& here = nodes_[node];
        return letters_
            [here.letter != kNobody ? here.letter : nodes_[here.children.front()].letter];
    }
    std::pair<std::int64_t, model::Uid> sent_of(std::uint32_t node) const {
        return {shown(node).sent, shown(node).uid};
    }
    std::int64_t newest_of(std::uint32_t root) const {
        std::int64_t newest = shown(root).received;
        std::vector<std::uint32_t> open{root};
        while (!open.empty()) {
            const auto& node = nodes_[open.back()];
            open.pop_back();
            if (node.letter != kNobody)
                newest = std::max(newest, letters_[node.letter].received);
            open.insert(open.end(), node.children.begin(), node.children.end());
        }
        return newest;
    }
    void sort_children() {
        for (auto& node : nodes_)
            std::ranges::sort(node.children, {}, [this](std::uint32_t child) {
                return sent_of(child);
            });
    }

    [[nodiscard]] bool is_dummy(std::uint32_t node) const { return nodes_[node].letter == kNobody; }
    [[nodiscard]] bool is_reply(std::uint32_t node) const {
        return shown(node).subject.reply_or_forward;
    }

    /// Step 5.B: of each subject the thread that the others join.
    std::unordered_map<std::string, std::uint32_t> subject_table() const {
        std::unordered_map<std::string, std::uint32_t> table;
        for (const auto root : roots_) {
            const auto& subject = shown(root).subject.text;
            if (subject.empty())
                continue;
            const auto [entry, made] = table.try_emplace(subject, root);
            if (made)
                continue;
            const auto there = entry->second;
            if ((is_dummy(root) && !is_dummy(there)) ||
                (is_reply(there) && !is_reply(root) && is_dummy(root) == is_dummy(there)))
                entry->second = root;
        }
        return table;
    }

    /// Step 5.C. `entry` is the table's, and becomes the new place when one is made.
    void merge(std::uint32_t root, std::uint32_t& entry, std::vector<bool>& gone) {
        if (is_dummy(root) && is_dummy(entry)) {
            auto moved = std::move(nodes_[root].children);
            nodes_[root].children.clear();
            auto& children = nodes_[entry].children;
            children.insert(children.end(), moved.begin(), moved.end());
            gone[root] = true;
        } else if (is_dummy(entry) || (is_reply(root) && !is_reply(entry))) {
            nodes_[entry].children.push_back(root);
            gone[root] = true;
        } else {
            nodes_.push_back({kNobody, kNobody, {entry, root}});
            gone[entry] = gone[root] = true;
            entry = static_cast<std::uint32_t>(nodes_.size() - 1);
            made_.push_back(entry);
            gone.push_back(false);
        }
    }

    std::vector<ThreadMail> letters_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> roots_, made_;
    std::unordered_map<std::string, std::uint32_t> by_id_;
};

ThreadMail letter_of(Matcher& matcher, const store::SearchRow& row) {
    const auto& digest = matcher.digest_of(row);
    ThreadMail letter;
    letter.uid = row.uid;
    letter.received = row.received_us;
    letter.sent = digest.date.value_or(row.received_us / 1'000'000);
    letter.id = digest.message_id;
    const auto& references = digest.references;
    const auto skipped = references.size() - std::min(references.size(), limits::kConversationKeys);
    letter.references.assign(
        references.begin() + static_cast<std::ptrdiff_t>(skipped), references.end()
    );
    if (references.empty() && !digest.in_reply_to.empty())
        letter.references.push_back(digest.in_reply_to.front());
    letter.subject = mime::base_subject(digest.subject);
    letter.subject.text = mime::casemap(letter.subject.text);
    return letter;
}

} // namespace

Result<Threads> thread_folder(
    store::Snapshot& snapshot, Office& office, const Folder& folder, const Condition& condition,
    Threading threading
) {
    if (!folder.may(model::Right::read))
        return fail(Code::forbidden, "this folder may not be read");
    CHECK_OK(check_condition(condition));
    Matcher matcher(snapshot, office, folder.collection.owner, {folder.collection}, condition, {});
    std::vector<ThreadMail> letters;
    matcher.run([&](const store::SearchRow& row) { letters.push_back(letter_of(matcher, row)); });
    const bool by_subject = threading == Threading::ordered_subject;
    std::ranges::sort(letters, [by_subject](const ThreadMail& a, const ThreadMail& b) {
        if (by_subject)
            if (const auto order = a.subject.text.compare(b.subject.text); order != 0)
                return order < 0;
        return by_subject ? std::pair(a.sent, a.uid) < std::pair(b.sent, b.uid) : a.uid < b.uid;
    });
    Threader threader(std::move(letters));
    if (by_subject) {
        threader.one_by_one();
        threader.group_subjects();
    } else {
        threader.link_all();
    }
    if (threading == Threading::references) {
        threader.sort_roots_by_sent();
        threader.gather_subjects();
    }
    if (threading == Threading::refs)
        threader.sort_roots_by_newest();
    else
        threader.sort_roots_by_sent();
    return threader.take();
}

} // namespace lockstep::office
