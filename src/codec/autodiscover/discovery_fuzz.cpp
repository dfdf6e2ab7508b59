// A query that was read, written into a request and read again, must be the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "codec/autodiscover/discovery.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const auto query = autodiscover::parse_query({reinterpret_cast<const char*>(data), size});
    if (!query)
        return 0;
    if (!is_utf8(query->address))
        std::abort();
    const auto escape = [](std::string_view text) {
        return replace_all(replace_all(text, "&", "&amp;"), "<", "&lt;");
    };
    const auto again = autodiscover::parse_query(
        "<Autodiscover><Request><EMailAddress>" + escape(query->address) +
        "</EMailAddress><AcceptableResponseSchema>" + escape(query->schema) +
        "</AcceptableResponseSchema></Request></Autodiscover>"
    );
    if (again && (again->address != query->address || again->schema != query->schema))
        std::abort();
    return 0;
}
