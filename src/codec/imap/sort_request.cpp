// Parses SORT and THREAD.
#include "codec/imap/sort_request.hpp"

#include <array>
#include <utility>

#include "base/limits_imap.hpp"
#include "base/text.hpp"

namespace lockstep::imap {
namespace {

using By = SortCriterion::By;

constexpr std::array<std::pair<std::string_view, By>, 9> kCriteria{{
    {"ARRIVAL", By::arrival},
    {"CC", By::cc},
    {"DATE", By::date},
    {"FROM", By::from},
    {"SIZE", By::size},
    {"SUBJECT", By::subject},
    {"TO", By::to},
    {"DISPLAYFROM", By::display_from},
    {"DISPLAYTO", By::display_to},
}};

Result<SortCriterion> parse_criterion(Scanner& in) {
    SortCriterion criterion;
    if (in.skip_word("REVERSE")) {
        criterion.reverse = true;
        CHECK_OK(in.space());
    }
    const auto name = in.word();
    for (const auto& [known, by] : kCriteria)
        if (iequals(known, name)) {
            criterion.by = by;
            return criterion;
        }
    return fail(Code::bad_syntax, "an unknown key of SORT");
}

} // namespace

Result<SortRequest> parse_sort(Scanner& in) {
    SortRequest request;
    CHECK_OK(parse_result_options(in, request.result));
    CHECK_OK(in.expect('('));
    do {
        if (request.criteria.size() >= limits::kImapSortKeys)
            return fail(Code::too_large, "too many keys of SORT");
        TRY(const auto criterion, parse_criterion(in));
        request.criteria.push_back(criterion);
    } while (in.skip(' '));
    CHECK_OK(in.expect(')'));
    CHECK_OK(in.space());
    TRY(request.program, parse_charset_program(in));
    return request;
}

Result<ThreadRequest> parse_thread(Scanner& in) {
    ThreadRequest request;
    TRY(const auto name, in.atom());
    if (iequals(name, "ORDEREDSUBJECT"))
        request.algorithm = ThreadAlgorithm::ordered_subject;
    else if (iequals(name, "REFS"))
        request.algorithm = ThreadAlgorithm::refs;
    else if (!iequals(name, "REFERENCES"))
        return fail(Code::bad_syntax, "an unknown algorithm of THREAD");
    CHECK_OK(in.space());
    TRY(request.program, parse_charset_program(in));
    return request;
}

} // namespace lockstep::imap
