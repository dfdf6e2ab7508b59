// Search: one language of conditions for every door, its answers in any order and any page.
// Spec: MS-ASCMD 2.2.1.16 Search, 2.2.1.5 Find; RFC 9051 6.4.4; RFC 8621 4.4; RFC 5256 (sorting).
// Two exactnesses: `words` asks the word index (each word begins a word of the field, marks on
// letters do not count), `substring` looks into the text itself (RFC 5051, never stale, marks
// count). Invariants: nobody finds what lies in a collection that they may not read; memory is
// bounded by the number of matches, never by their size; what the index has not seen yet is read
// from the stored form. Errors: not_found (an owner or collection that the actor may not know of),
// bad_value and too_large (a query beyond limits::kSearch*), unavailable.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "office/folders.hpp"
#include "store/conversations.hpp"

namespace lockstep::office {

/// Where a text is looked for. Of events, cards, to-dos and notes: the title is the subject,
/// organizer and a card's addresses are `from`, attendees are `to`, the rest is the body.
enum class SearchField : std::uint8_t {
    any,  ///< header fields, names of attachments, and the text
    from, ///< From; words: also Sender and Reply-To
    to,
    cc,
    bcc,
    subject,
    body,       ///< text of every part; names of attachments, too
    header,     ///< the header field Condition::name; substring only
    attachment, ///< names of attachments
};

struct Condition {
    enum class Kind : std::uint8_t {
        all,  ///< every child holds (without children: always)
        any,  ///< one child holds (without children: never)
        none, ///< no child holds
        words,
        substring,       ///< of an empty text: the field is there
        received_since,  ///< number: unix microseconds, included
        received_before, ///< likewise, excluded
        sent_since,      ///< number: days since 1970-01-01; the Date field as written, without zone
        sent_before,     ///< excluded
        window_since,    ///< number: microseconds; the item's window ends then or later (events)
        window_before,   ///< it begins before
        larger,          ///< number: bytes, excluded; size of the stored form
        smaller,
        flags,           ///< number: bits of model::flag, all set
        keyword,         ///< text: as office/keywords.hpp spells it
        attachment,      ///< something to list beside the bodies
        folder,          ///< number: collection id; `deep`: or any collection below it
        item_class,      ///< number: model::ItemClass
        conversation,    ///< number: ConversationId
        uids,            ///< ranges, both ends included
        ids,             ///< ranges of item ids
        changed,         ///< number: modseq at least
        in_conversation, ///< some (`deep`: every) mail of its conversation meets the only child
        follow_up,       ///< number: MailProps::follow_up
        importance,      ///< number: 0, 1, 2
        blob,            ///< text: hash of the stored form
    };
    Kind kind = Kind::all;
    SearchField field = SearchField::any;
    bool deep = false;
    std::int64_t number = 0;
    std::string text;
    std::string name; ///< of a header field
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
    std::vector<Condition> children;

    [[nodiscard]] static Condition all_of(std::vector<Condition> children);
    [[nodiscard]] static Condition any_of(std::vector<Condition> children);
    [[nodiscard]] static Condition none_of(std::vector<Condition> children);
    [[nodiscard]] static Condition words(SearchField field, std::string text);
    [[nodiscard]] static Condition substring(SearchField field, std::string text);
    /// A substring of a header field; empty: the field is there.
    [[nodiscard]] static Condition header(std::string name, std::string text);
    [[nodiscard]] static Condition of(Kind kind, std::int64_t number = 0);
    [[nodiscard]] static Condition with_keyword(std::string keyword);
    [[nodiscard]] static Condition in_folder(model::CollectionId id, bool with_subfolders);
};

struct SortKey {
    enum class By : std::uint8_t {
        received,
        sent, ///< the Date field in UTC; without one: received
        size,
        from, ///< local part of the first address (RFC 5256 2)
        to,
        cc,
        subject,      ///< base subject
        display_from, ///< name or address of the first one (RFC 5957)
        display_to,
        keyword,              ///< those that have SortKey::keyword first
        keyword_conversation, ///< likewise, in any (`all`: every) mail of the conversation
        uid,
        relevance, ///< the more of the words stand in subject and addresses, the earlier
    };
    By by = By::received;
    bool descending = false;
    std::string keyword;
    bool all = false;
};

struct SearchQuery {
    /// An account, and the collections of it that are searched (empty: all of them).
    struct Scope {
        model::AccountId owner;
        std::vector<model::CollectionId> collections;
        bool with_subfolders = false;
    };
    std::vector<Scope> scopes; ///< empty: the actor's own account
    Condition condition;
    std::vector<SortKey> sort; ///< empty: newest first; ties are broken by owner and item id
    bool collapse_conversations = false; ///< only the first of each conversation
    std::int64_t position = 0;           ///< below 0: counted from the end
    std::size_t limit = 100;
    std::optional<model::ItemId> anchor; ///< position is then relative to it; error: not_found
};

struct SearchHit {
    model::AccountId owner;
    model::CollectionId collection;
    model::Uid uid;
    model::ItemId id;
    model::ItemClass item_class = model::ItemClass::mail;
    std::int64_t received_us = 0;
    model::ChangeSeq modseq = {};
    friend bool operator==(const SearchHit&, const SearchHit&) = default;
};

struct SearchPage {
    std::vector<SearchHit> hits;
    std::size_t position = 0; ///< of the first hit
    std::size_t total = 0;
};

/// Searches what the actor may read.
[[nodiscard]] Task<Result<SearchPage>>
search(Office& office, const Actor& actor, SearchQuery query);

/// Inside a job of a door that has the folder open: every match, in order of the uids.
[[nodiscard]] Result<std::vector<SearchHit>> search_folder(
    store::Snapshot& snapshot, Office& office, const Folder& folder, const Condition& condition
);
/// The same, sorted.
[[nodiscard]] Result<std::vector<SearchHit>> sort_folder(
    store::Snapshot& snapshot, Office& office, const Folder& folder, const Condition& condition,
    const std::vector<SortKey>& sort
);

/// The same as a job of its own.
[[nodiscard]] Task<Result<std::vector<SearchHit>>>
sort_folder(Office& office, const Folder& folder, Condition condition, std::vector<SortKey> sort);

/// Threads of a folder's matches.
enum class Threading : std::uint8_t {
    ordered_subject, ///< RFC 5256 3, ORDEREDSUBJECT
    references,      ///< RFC 5256 3, REFERENCES
    refs,            ///< by references alone, ordered by the newest mail of each thread
};
/// A mail of a thread, or a place whose mail is not there (uid 0).
struct ThreadNode {
    model::Uid uid;
    std::vector<std::uint32_t> children; ///< indexes into Threads::nodes, in order
};
struct Threads {
    std::vector<ThreadNode> nodes;
    std::vector<std::uint32_t> roots; ///< in order
};
[[nodiscard]] Result<Threads> thread_folder(
    store::Snapshot& snapshot, Office& office, const Folder& folder, const Condition& condition,
    Threading threading
);
[[nodiscard]] Task<Result<Threads>>
thread_folder(Office& office, const Folder& folder, Condition condition, Threading threading);

} // namespace lockstep::office
