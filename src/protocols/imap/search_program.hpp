// Search programs in the office's words, and answers in the protocol's.
// Spec: RFC 9051 6.4.4, 7.3.4; RFC 4731, RFC 5267, RFC 9394 (positions), RFC 7162 3.1.5 (MODSEQ),
// RFC 8474 (ids), RFC 5032. Deviation: the day of saving is not kept; as RFC 8514 4.3 has it for
// such mailboxes, that of arrival stands for it.
#pragma once
#include <string>
#include <vector>

#include "codec/imap/search_request.hpp"
#include "codec/imap/sort_request.hpp"
#include "office/search.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap {

/// `view`: what message numbers, "*" and "$" mean; null where there are none (bad_syntax).
[[nodiscard]] Result<office::Condition> to_condition(
    std::vector<SearchNode> program, const View* view, model::AccountId owner, std::int64_t now_us
);
[[nodiscard]] std::vector<office::SortKey> to_sort_keys(const std::vector<SortCriterion>& criteria);

/// A result as the client is told: numbers or uids in their order.
struct Found {
    std::vector<std::uint32_t> uids;
    std::vector<std::uint32_t> told; ///< the uids themselves, or their numbers
    std::vector<std::int64_t> modseqs;
    bool by_uid = false;
    bool sorted = false; ///< by SORT: the order says something
};
/// Those of the hits that the view knows; all when there is no view.
[[nodiscard]] Found
to_found(const std::vector<office::SearchHit>& hits, const View* view, bool by_uid);

/// "ESEARCH (TAG "t") ..."; `place`: further correlators, each after a blank.
[[nodiscard]] std::string extended_answer(
    std::string_view tag, const SearchRequest::Return& wanted, const Found& found, bool modseq,
    std::string_view place = {}
);
/// "SEARCH 1 2 3 (MODSEQ 9)", or the same with SORT.
[[nodiscard]] std::string plain_answer(std::string_view word, const Found& found, bool modseq);
/// RFC 5182 2.1, RFC 9394 3.1: what "$" means afterwards, ascending.
[[nodiscard]] std::vector<std::uint32_t>
to_save(const SearchRequest::Return& wanted, const Found& found);

/// NO to a charset or anything else that is refused in words of its own. True: it was said.
[[nodiscard]] bool refuse_search(Session& session, const Command& command, const Error& error);

} // namespace lockstep::imap
