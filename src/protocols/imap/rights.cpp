// Steps and letters.
#include "protocols/imap/rights.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace lockstep::imap {
namespace {

using model::Right;

/// What each step adds.
constexpr std::array<std::pair<Right, std::string_view>, 5> kSteps{{
    {Right::read, "lr"},
    {Right::add, "i"},
    {Right::edit, "swte"},
    {Right::own, "kxa"},
    {Right::delegate, "p"},
}};

Result<std::set<char>> letter_set(std::string_view letters) {
    std::set<char> out;
    for (const char c : letters) {
        if (c == 'c')
            out.insert({'k', 'x'});
        else if (c == 'd')
            out.insert({'t', 'e', 'x'});
        else if (std::string_view("lrswipkxtea").contains(c))
            out.insert(c);
        else
            return fail(Code::bad_syntax, "a letter that is no right");
    }
    return out;
}

Right step_of(const std::set<char>& letters) {
    auto right = Right::none;
    for (const auto& [step, added] : kSteps) {
        if (!std::ranges::all_of(added, [&](char c) { return letters.contains(c); }))
            break;
        right = step;
    }
    return right;
}

} // namespace

std::string letters_of(Right right) {
    std::string out;
    for (const auto& [step, added] : kSteps)
        if (right >= step)
            out += added;
    return out;
}

Result<Right> right_of(std::string_view letters) {
    TRY(const auto all, letter_set(letters));
    return step_of(all);
}

Result<Right> changed_right(Right before, std::string_view modification) {
    const char sign = modification.empty() ? '\0' : modification.front();
    if (sign != '+' && sign != '-')
        return right_of(modification);
    TRY(const auto changed, letter_set(modification.substr(1)));
    TRY(auto letters, letter_set(letters_of(before)));
    for (const char c : changed) {
        if (sign == '+')
            letters.insert(c);
        else
            letters.erase(c);
    }
    return step_of(letters);
}

} // namespace lockstep::imap
