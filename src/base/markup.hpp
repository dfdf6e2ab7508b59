// Text inside HTML and XML documents.
#pragma once
#include <string>
#include <string_view>

namespace lockstep {

/// `&`, `<`, `>` and `"` as entities: fit for element content and quoted attributes alike.
[[nodiscard]] std::string escape_markup(std::string_view text);

} // namespace lockstep
