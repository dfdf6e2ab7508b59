// Autodiscover's documents: what a phone asks, and the answers in XML (version 1) and JSON (version
// 2). Spec: MS-ASCMD 2.2.1.1, 2.2.3.15, 6.3, 6.4. Hardening X1 (no entities, no DTD, bounded
// depth), W13. Invariants: the reader takes elements, text, the five entities of XML and character
// references, and nothing else. Errors: bad_syntax = not such a document; too_large = beyond
// limits::kDiscoveryBytes.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace lockstep::autodiscover {

struct Query {
    std::string address; ///< as sent, cleaned
    std::string schema;  ///< the response schema that the client wants
};

/// The one response schema that is served.
inline constexpr std::string_view kMobileSync =
    "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";

/// Elements are known by their local names; their prefixes are ignored, since clients differ in
/// them.
[[nodiscard]] Result<Query> parse_query(std::string_view xml);

/// `url` is that of the ActiveSync door.
[[nodiscard]] std::string
found_xml(std::string_view name, std::string_view address, std::string_view url);
/// The answer to a well-formed query that may not be told more. `status` as MS-ASCMD 2.2.3.177.1.
[[nodiscard]] std::string
refused_xml(std::string_view address, int status, std::string_view message);
/// The answer to what is no query (600) or wants another schema (601). `time_of_day` as 12:34:56.
[[nodiscard]] std::string
error_xml(int code, std::string_view message, std::string_view time_of_day);

/// {"Protocol":...,"Url":...}; both are made of harmless characters by the caller.
[[nodiscard]] std::string found_json(std::string_view protocol, std::string_view url);
[[nodiscard]] std::string error_json(std::string_view code, std::string_view message);

} // namespace lockstep::autodiscover
