// What SEARCH asks for: the program as a list of nodes, operands before their operator.
// Spec: RFC 9051 6.4.4; RFC 4731 and RFC 9394 (RETURN), RFC 5182 (SAVE), RFC 5032 (WITHIN), RFC
// 7162 3.1.5 (MODSEQ), RFC 8474, RFC 8514, RFC 6203 (FUZZY). Hardening I6. Errors: bad_syntax,
// too_large (limits::kImapSearchKeys, kImapDepth), unsupported (a charset other than US-ASCII and
// UTF-8).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/imap/scanner.hpp"

namespace lockstep::imap {

struct SearchNode {
    enum class Kind : std::uint8_t {
        all,
        none,
        both,   ///< AND of the two results before it
        either, ///< OR of them
        negate,
        sequence, ///< set of message numbers
        uids,
        flag,    ///< text: flag or keyword, lower case
        header,  ///< field, text
        address, ///< field: from, to, cc, bcc; text
        subject,
        body,
        text,
        before, ///< day: of arrival
        on,
        since,
        sent_before,
        sent_on,
        sent_since,
        saved_before,
        saved_on,
        saved_since,
        larger,
        smaller,
        older, ///< number: seconds
        younger,
        modseq,
        email_id,
        thread_id,
    };
    Kind kind = Kind::all;
    std::string field;
    std::string text; ///< UTF-8
    std::int64_t number = 0;
    SequenceSet set;
};

struct SearchRequest {
    struct Return {
        bool given = false;
        bool min = false, max = false, all = false, count = false, save = false;
        bool update = false;                  ///< RFC 5267: tell what joins and leaves the result
        std::optional<SequenceRange> partial; ///< 1-based positions
        bool partial_last = false;            ///< counted from the end
    } result;
    std::vector<SearchNode> program;
    [[nodiscard]] bool asks_modseq() const;
};
/// The arguments of SEARCH or UID SEARCH.
[[nodiscard]] Result<SearchRequest> parse_search(Scanner& in);
/// RETURN (...), with the blank behind it, when it is next; and the keys behind it, with or without
/// a charset.
[[nodiscard]] Result<> parse_result_options(Scanner& in, SearchRequest::Return& wanted);
[[nodiscard]] Result<std::vector<SearchNode>> parse_search_program(Scanner& in);
/// A charset, a blank and the keys (SORT, THREAD).
[[nodiscard]] Result<std::vector<SearchNode>> parse_charset_program(Scanner& in);
/// "3:7", "-1:-20": positions in a result, the lower one first.
struct PartialRange {
    SequenceRange range;
    bool from_end = false;
};
[[nodiscard]] Result<PartialRange> parse_partial_range(Scanner& in);

} // namespace lockstep::imap
