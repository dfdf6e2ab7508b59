// What SORT and THREAD ask for.
// Spec: RFC 5256 (SORT, THREAD), RFC 5957 (DISPLAYFROM, DISPLAYTO), RFC 5267 (RETURN of SORT).
// Errors: bad_syntax, too_large (limits::kImapSortKeys), unsupported (charset, THREAD algorithm).
#pragma once
#include <cstdint>
#include <vector>

#include "codec/imap/search_request.hpp"

namespace lockstep::imap {

struct SortCriterion {
    enum class By : std::uint8_t {
        arrival,
        cc,
        date,
        from,
        size,
        subject,
        to,
        display_from,
        display_to,
    };
    By by = By::arrival;
    bool reverse = false;
};
struct SortRequest {
    SearchRequest::Return result;
    std::vector<SortCriterion> criteria;
    std::vector<SearchNode> program;
};
[[nodiscard]] Result<SortRequest> parse_sort(Scanner& in);

enum class ThreadAlgorithm : std::uint8_t { ordered_subject, references, refs };
struct ThreadRequest {
    ThreadAlgorithm algorithm = ThreadAlgorithm::references;
    std::vector<SearchNode> program;
};
[[nodiscard]] Result<ThreadRequest> parse_thread(Scanner& in);

} // namespace lockstep::imap
