// The table.
#include "protocols/smtp/commands.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace lockstep::smtp {
namespace {

constexpr unsigned in(std::initializer_list<Phase> phases) {
    unsigned bits = 0;
    for (const auto phase : phases)
        bits |= static_cast<unsigned>(phase);
    return bits;
}

using enum Phase;
constexpr unsigned kAny = in({fresh, ready, Phase::mail, Phase::rcpt, chunks});
constexpr bool kEndsGroup = true;
constexpr bool kMayGoOn = false;

// BDAT is legal anywhere for the table: where it is not, its bytes must be read all the same.
constexpr std::array<CommandEntry, 15> kEntries{{
    {Verb::ehlo, &ehlo, kAny, kEndsGroup},
    {Verb::helo, &helo, kAny, kEndsGroup},
    {Verb::lhlo, &lhlo, kAny, kEndsGroup},
    {Verb::starttls, &starttls, in({ready, Phase::mail, Phase::rcpt}), kEndsGroup},
    {Verb::auth, &auth, in({ready}), kEndsGroup},
    {Verb::mail, &smtp::mail, in({ready}), kMayGoOn},
    {Verb::rcpt, &smtp::rcpt, in({Phase::mail, Phase::rcpt}), kMayGoOn},
    {Verb::data, &data, in({Phase::rcpt}), kEndsGroup},
    {Verb::bdat, &bdat, kAny, kMayGoOn},
    {Verb::rset, &rset, kAny, kMayGoOn},
    {Verb::noop, &noop, kAny, kEndsGroup},
    {Verb::vrfy, &vrfy, kAny, kEndsGroup},
    {Verb::expn, &vrfy, kAny, kEndsGroup},
    {Verb::help, &help, kAny, kEndsGroup},
    {Verb::quit, &quit, kAny, kMayGoOn},
}};

} // namespace

const CommandEntry* find_entry(Verb verb) {
    const auto* const found = std::ranges::find(kEntries, verb, &CommandEntry::verb);
    return found == kEntries.end() ? nullptr : found;
}

ReplyText out_of_order(Phase phase, Verb verb) {
    if (phase == Phase::fresh)
        return {503, "5.5.1", "say EHLO first"};
    if (verb == Verb::mail)
        return {503, "5.5.1", "there is a transaction already"};
    if (phase == Phase::mail && verb == Verb::data)
        return {503, "5.5.1", "no valid recipients"};
    return {503, "5.5.1", "a command out of order"};
}

Moment moment_of(std::string_view line) {
    const auto word = line.substr(0, line.find(' '));
    if (iequals(word, "MAIL"))
        return Moment::sender;
    if (iequals(word, "RCPT"))
        return Moment::recipient;
    return iequals(word, "DATA") || iequals(word, "BDAT") ? Moment::content : Moment::command;
}

bool line_is_bdat(std::string_view line) { return iequals(line.substr(0, line.find(' ')), "BDAT"); }

} // namespace lockstep::smtp
