// What FETCH asks for.
// Spec: RFC 9051 6.4.5; RFC 7162 3.1.4 (CHANGEDSINCE, VANISHED), RFC 3516, RFC 8970 (PREVIEW), RFC
// 8474 (EMAILID, THREADID), RFC 8514 (SAVEDATE), RFC 9394 (PARTIAL). Errors: bad_syntax, too_large.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "codec/imap/search_request.hpp"
#include "codec/imap/section.hpp"

namespace lockstep::imap {

struct FetchItem {
    enum class Kind : std::uint8_t {
        flags,
        uid,
        internal_date,
        size,
        envelope,
        body,
        structure,
        section,
        binary,
        binary_size,
        rfc822,
        rfc822_header,
        rfc822_text,
        modseq,
        email_id,
        thread_id,
        save_date,
        preview,
    };
    struct Partial {
        std::uint64_t offset = 0;
        std::uint64_t length = 0;
        friend bool operator==(const Partial&, const Partial&) = default;
    };
    Kind kind = Kind::flags;
    Section section;
    std::optional<Partial> partial;
    bool peek = false; ///< does not set \Seen
    bool lazy = false; ///< PREVIEW: NIL rather than work
    friend bool operator==(const FetchItem&, const FetchItem&) = default;
};

struct FetchRequest {
    SequenceSet set;
    std::vector<FetchItem> items; ///< each once
    std::optional<std::int64_t> changed_since;
    bool vanished = false;
    std::optional<PartialRange> partial; ///< RFC 9394: positions among the uids that are there
    [[nodiscard]] bool has(FetchItem::Kind kind) const;
};
/// The arguments of FETCH or UID FETCH.
[[nodiscard]] Result<FetchRequest> parse_fetch(Scanner& in);

} // namespace lockstep::imap
