// A search of the mailbox as Search and Find ask for it, and what it finds.
// Spec: MS-ASCMD 2.2.3.142 Query; KQL as Find's FreeText has it. Invariants: nothing is found that
// the actor may not read. Errors: not_found (a folder that is not there).
#pragma once
#include <set>

#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"

namespace lockstep::activesync {

/// A word or phrase, and where it must stand.
struct QueryTerm {
    enum class Field : std::uint8_t {
        any,
        subject,
        from,
        to,
        cc,
        bcc,
        participants,
        body,
        attachment,     ///< a name of one
        has_attachment, ///< `text` is empty
        is_read,
    };
    Field field = Field::any;
    std::string text;
    bool negated = false;
    friend bool operator==(const QueryTerm&, const QueryTerm&) = default;
};
/// All of these, each being any of its own.
using QueryTerms = std::vector<std::vector<QueryTerm>>;

/// Reads what people type: words, "phrases", field:word, OR, NOT and -. What is no operator is a
/// word. At most limits::kEasSearchTerms terms; the rest is left out.
[[nodiscard]] QueryTerms parse_keywords(std::string_view text);

struct MailboxQuery {
    QueryTerms terms;
    std::set<model::ItemClass> classes; ///< empty: all of them
    std::vector<FolderRef> folders;     ///< empty: every one of the actor's own
    bool with_subfolders = false;
    std::optional<std::int64_t> after_us, before_us; ///< received, both excluded
    std::string conversation;                        ///< 16 bytes; empty: any
};

struct MailboxHit {
    FolderRef folder;
    model::Uid uid;
    model::ItemClass item_class = model::ItemClass::mail;
    std::int64_t received_us = 0;
};
struct MailboxHits {
    std::vector<MailboxHit> hits; ///< newest first
    std::size_t total = 0;
};
[[nodiscard]] Task<Result<MailboxHits>>
search_mailbox(Exchange& exchange, MailboxQuery query, std::size_t first, std::size_t count);

/// "m-n" of a Range: both ends included. None: it is malformed.
struct ResultRange {
    std::size_t first = 0;
    std::size_t last = limits::kEasSearchResults - 1;
};
[[nodiscard]] std::optional<ResultRange> parse_result_range(std::string_view text);

} // namespace lockstep::activesync
