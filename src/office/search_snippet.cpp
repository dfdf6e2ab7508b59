// Finding hits in the folded text, and marking them in the one that people wrote.
#include "office/search_snippet.hpp"

#include <algorithm>

#include "base/limits_search.hpp"
#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/search_text.hpp"
#include "office/search_match.hpp"
#include "office/search_text.hpp"

namespace lockstep::office {
namespace {

using Stretch = std::pair<std::size_t, std::size_t>; ///< bytes of the text, the end excluded

constexpr std::size_t kBefore = 60;          ///< bytes shown in front of the first hit
constexpr std::size_t kLooked = 256U << 10U; ///< bytes of a text that are looked through
constexpr std::size_t kMarked = 100;         ///< hits of one text
constexpr std::string_view kOpen = "<mark>";
constexpr std::string_view kClose = "</mark>";

std::string with_single_blanks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const char blank = is_space(c) ? ' ' : c;
        if (blank != ' ' || (!out.empty() && out.back() != ' '))
            out += blank;
    }
    return out;
}

/// One character as HTML.
std::string escaped(std::string_view character) {
    if (character == "<")
        return "&lt;";
    if (character == ">")
        return "&gt;";
    if (character == "&")
        return "&amp;";
    if (character == "\"")
        return "&quot;";
    return std::string(character);
}

/// Hits in order, merged where they overlap.
std::vector<Stretch> stretches_of(std::string_view text, const SnippetTerms& terms) {
    const auto mapped = mime::casemap_with_origins(text);
    std::vector<Stretch> hits;
    const auto look = [&](const std::string& term, bool word) {
        for (auto at = mapped.text.find(term); at != std::string::npos && hits.size() < kMarked;
             at = mapped.text.find(term, at + term.size())) {
            const auto here = std::string_view(mapped.text).substr(at ? at - 1 : 0);
            if (word && at > 0 && !has_word(here, term))
                continue;
            const auto end = at + term.size();
            hits.emplace_back(
                mapped.origins[at], end < mapped.origins.size() ? mapped.origins[end] : text.size()
            );
        }
    };
    for (const auto& term : terms.words)
        look(term, true);
    for (const auto& term : terms.substrings)
        if (!term.empty())
            look(term, false);
    std::ranges::sort(hits);
    std::vector<Stretch> merged;
    for (const auto& hit : hits) {
        if (hit.first >= hit.second)
            continue;
        if (!merged.empty() && hit.first <= merged.back().second)
            merged.back().second = std::max(merged.back().second, hit.second);
        else
            merged.push_back(hit);
    }
    return merged;
}

void collect(const Condition& condition, SearchField field, SnippetTerms& out) {
    if (condition.kind == Condition::Kind::none)
        return;
    const bool here = condition.field == SearchField::any || condition.field == field;
    if (here && condition.kind == Condition::Kind::words)
        for (auto& word : query_words(condition.text).words)
            out.words.push_back(std::move(word));
    if (here && condition.kind == Condition::Kind::substring)
        out.substrings.push_back(mime::casemap(condition.text));
    for (const auto& child : condition.children)
        collect(child, field, out);
}

} // namespace

SnippetTerms snippet_terms(const Condition& condition, SearchField field) {
    SnippetTerms terms;
    collect(condition, field, terms);
    return terms;
}

std::optional<std::string>
marked(std::string_view whole, const SnippetTerms& terms, std::size_t most) {
    const auto text = with_single_blanks(whole);
    const auto hits = stretches_of(text, terms);
    if (hits.empty())
        return std::nullopt;
    auto at =
        text.size() <= most / 2 ? 0 : hits.front().first - std::min(kBefore, hits.front().first);
    if (at > 0) // at the beginning of a word
        if (const auto blank = text.find(' ', at); blank < hits.front().first)
            at = blank + 1;
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
        --at;
    std::string out;
    auto hit = hits.begin();
    while (at < text.size()) {
        const bool inside = hit != hits.end() && at >= hit->first;
        const auto end = inside ? hit->second : hit != hits.end() ? hit->first : text.size();
        const auto room = out.size() + (inside ? kOpen.size() + kClose.size() : 0);
        std::string piece;
        auto next = at;
        while (next < end) {
            auto after = next + 1;
            while (after < text.size() && (static_cast<unsigned char>(text[after]) & 0xC0U) == 0x80U
            )
                ++after;
            const auto shown = escaped(std::string_view(text).substr(next, after - next));
            if (room + piece.size() + shown.size() > most)
                break;
            piece += shown;
            next = after;
        }
        if (!piece.empty())
            out += inside ? std::string(kOpen) + piece + std::string(kClose) : piece;
        if (next < end)
            break;
        at = next;
        hit += inside ? 1 : 0;
    }
    return out;
}

Task<Result<Snippet>> make_snippet(
    Office& office, const Actor& actor, const Owner& owner, model::ItemId item,
    const Condition& condition
) {
    CO_CHECK_OK(check_condition(condition));
    const auto in_subject = snippet_terms(condition, SearchField::subject);
    const auto in_body = snippet_terms(condition, SearchField::body);
    CO_TRY(const auto found, co_await find_readable(office, actor, owner, item));
    std::function<Result<Snippet>(store::Snapshot&)> work =
        [&office, found, in_subject, in_body](store::Snapshot& snapshot) -> Result<Snippet> {
        Snippet out;
        if (const auto digest = mime::decode(store::find_digest(snapshot, found.owner, found.id)))
            out.subject = marked(digest->subject, in_subject, limits::kSnippet);
        TRY(const auto bytes,
            store::read_blob(
                snapshot, office.files, found.owner, found.blob, 0, limits::kSearchBytes
            ));
        out.preview = marked(mime::plain_text(bytes, kLooked), in_body, limits::kSnippet);
        return out;
    };
    co_return co_await office.db.read<Snippet>(found.owner, std::move(work));
}

} // namespace lockstep::office
