// Filters and sort orders of Email/query, as conditions of the office's search.
// Spec: RFC 8621 4.4.1, 4.4.2. Errors: invalidArguments, unsupportedFilter, unsupportedSort.
#pragma once
#include <expected>
#include <vector>

#include "office/search.hpp"
#include "protocols/jmap/arguments.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

[[nodiscard]] std::expected<office::Condition, MethodError>
read_email_filter(const Call& call, const json::Object& filter);
[[nodiscard]] std::expected<std::vector<office::SortKey>, MethodError>
read_email_sort(Arguments& arguments);

} // namespace lockstep::jmap
