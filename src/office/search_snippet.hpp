// Snippets: a found mail's subject and the stretch of its text around the first hit, with the hits
// marked. Spec: RFC 8621 5. Invariants: what is returned is HTML with nothing but <mark> in it and
// at most limits::kSnippet bytes; only terms that had to be there are marked, never those of a
// negated condition. Errors: not_found (an item that the actor may not read), bad_value, too_large.
#pragma once
#include <optional>

#include "office/bytes.hpp"
#include "office/search.hpp"

namespace lockstep::office {

struct Snippet {
    std::optional<std::string> subject; ///< none: no hit there
    std::optional<std::string> preview;
};
[[nodiscard]] Task<Result<Snippet>> make_snippet(
    Office& office, const Actor& actor, const Owner& owner, model::ItemId item,
    const Condition& condition
);

/// What is marked in a text.
struct SnippetTerms {
    std::vector<std::string> words;      ///< folded, without marks: beginnings of words
    std::vector<std::string> substrings; ///< folded
};
[[nodiscard]] SnippetTerms snippet_terms(const Condition& condition, SearchField field);
/// The text with its hits marked, cut around the first one; nothing without a hit.
[[nodiscard]] std::optional<std::string>
marked(std::string_view text, const SnippetTerms& terms, std::size_t most);

} // namespace lockstep::office
