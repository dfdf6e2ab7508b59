// :matches.
// Spec: RFC 5228 2.7.1; RFC 5229 3.2 (what a wildcard stood for, as short as can be).
#include "base/text.hpp"
#include "codec/sieve/run.hpp"

namespace lockstep::sieve {
namespace {

struct Piece {
    enum class Kind { literal, one, many } kind = Kind::literal;
    char c = 0;
};

std::vector<Piece> pieces_of(std::string_view pattern) {
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '\\' && at + 1 < pattern.size())
            pieces.push_back({Piece::Kind::literal, pattern[++at]});
        else if (pattern[at] == '*')
            pieces.push_back({Piece::Kind::many});
        else if (pattern[at] == '?')
            pieces.push_back({Piece::Kind::one});
        else
            pieces.push_back({Piece::Kind::literal, pattern[at]});
    }
    return pieces;
}

/// Bytes of the UTF-8 character at the front: ? stands for one of them.
std::size_t character_size(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        ++size;
    return size;
}

} // namespace

bool match_pattern(
    std::string_view pattern, std::string_view text, bool fold, std::vector<std::string>& captured,
    std::size_t& steps
) {
    const auto pieces = pieces_of(pattern);
    struct Taken {
        std::size_t begin, end;
    };
    std::vector<Taken> taken;
    std::size_t at = 0, piece = 0;
    // Where to go on when the rest does not fit: the last * takes one byte more. Earlier ones need
    // not be tried again, as they took as little as they could.
    std::size_t star_piece = 0, star_taken = 0;
    bool has_star = false;
    for (;;) {
        if (steps == 0)
            return false;
        --steps;
        bool fits = false;
        if (piece < pieces.size()) {
            const auto& now = pieces[piece];
            if (now.kind == Piece::Kind::many) {
                has_star = true;
                star_piece = piece++;
                star_taken = taken.size();
                taken.push_back({at, at});
                continue;
            }
            if (at < text.size() && now.kind == Piece::Kind::one) {
                const auto size = character_size(text.substr(at));
                taken.push_back({at, at + size});
                at += size;
                fits = true;
            } else if (at < text.size()) {
                fits = now.c == text[at] || (fold && ascii_lower(now.c) == ascii_lower(text[at]));
                at += fits ? 1 : 0;
            }
            piece += fits ? 1 : 0;
        } else if (at == text.size()) {
            break;
        }
        if (fits)
            continue;
        if (!has_star || taken[star_taken].end >= text.size())
            return false;
        taken.resize(star_taken + 1);
        at = ++taken[star_taken].end;
        piece = star_piece + 1;
    }
    captured.assign(1, std::string(text));
    for (const auto& each : taken)
        captured.emplace_back(text.substr(each.begin, each.end - each.begin));
    return true;
}

} // namespace lockstep::sieve
