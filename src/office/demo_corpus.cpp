// A large mailbox made to measure.
// Spec: demo_corpus.hpp.
#include "office/demo_corpus.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include <fmt/format.h>

#include "office/demo_files.hpp"
#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

/// SplitMix64: the same sequence everywhere, unlike the distributions of the standard library.
class CorpusDice {
public:
    CorpusDice(std::uint64_t seed, std::uint64_t index, std::uint64_t kind)
        : state_(seed * 0x9E3779B97F4A7C15ULL ^ index * 0xD1342543DE82EF95ULL ^ kind << 56U) {}
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        auto value = state_;
        value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9ULL;
        value = (value ^ value >> 27U) * 0x94D049BB133111EBULL;
        return value ^ value >> 31U;
    }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    /// In (0, 1).
    double fraction() { return (static_cast<double>(next() >> 11U) + 0.5) / 9007199254740992.0; }
    double normal() {
        return std::sqrt(-2 * std::log(fraction())) * std::cos(2 * std::numbers::pi * fraction());
    }
    template <std::size_t N> std::string_view pick(const std::array<std::string_view, N>& words) {
        return words[below(N)];
    }

private:
    std::uint64_t state_;
};

constexpr std::array<std::string_view, 24> kGiven = {
    "Anna", "Ben",   "Clara", "David", "Emil", "Fatima", "Greta", "Hugo",
    "Ines", "Jonas", "Katja", "Lars",  "Maja", "Nils",   "Olga",  "Paul",
    "Rosa", "Samir", "Tilda", "Uwe",   "Vera", "Wanja",  "Yuki",  "Zo\xC3\xAB"
};
constexpr std::array<std::string_view, 20> kFamily = {
    "Berg",
    "Carter",
    "Neumann",
    "Okafor",
    "S\xC3\xB8rensen",
    "Haddad",
    "Lindqvist",
    "Tanaka",
    "Raman",
    "Petrova",
    "M\xC3\xBCller",
    "Nowak",
    "Rossi",
    "Garc\xC3\xAD"
    "a",
    "Dubois",
    "Silva",
    "Kowalska",
    "Jansen",
    "Murphy",
    "Novak"
};
constexpr std::array<std::string_view, 48> kWords = {
    "the",     "lamp",    "order",    "please",   "light",   "with",    "window",  "project",
    "about",   "meeting", "Friday",   "table",    "price",   "sample",  "and",     "we",
    "could",   "offer",   "delivery", "question", "answer",  "for",     "brass",   "shade",
    "evening", "colour",  "workshop", "number",   "invoice", "because", "from",    "would",
    "library", "quarter", "plan",     "is",       "ready",   "today",   "morning", "list",
    "next",    "sketch",  "of",       "a",        "to",      "in",      "nine",    "stand"
};

std::string corpus_words(CorpusDice& dice, std::size_t bytes) {
    std::string out;
    out.reserve(bytes + 16);
    std::size_t column = 0;
    while (out.size() < bytes) {
        const auto word = dice.pick(kWords);
        if (column + word.size() > 70) {
            out += '\n';
            column = 0;
        } else if (!out.empty()) {
            out += ' ';
        }
        out += word;
        column += word.size() + 1;
    }
    return out;
}

/// Paragraphs, tables and styles, as mail programs write them.
std::string corpus_html(CorpusDice& dice, std::size_t bytes) {
    std::string out = "<html><head><style>p{margin:0 0 1em}td{padding:4px}</style></head><body>\n";
    while (out.size() < bytes) {
        const auto words = corpus_words(dice, 120 + dice.below(400));
        if (dice.below(5) == 0)
            out += fmt::format(
                "<table><tr><td style=\"color:#{:06x}\">{}</td><td><b>{}</b></td></tr></table>\n",
                dice.below(0xFFFFFF), words, dice.below(10'000)
            );
        else
            out += fmt::format("<p style=\"font-family:Arial;font-size:11pt\">{}</p>\n", words);
    }
    return out + "</body></html>\n";
}

std::string corpus_noise(CorpusDice& dice, std::size_t bytes) {
    std::string out;
    out.reserve(bytes + 8);
    while (out.size() < bytes)
        for (auto [value, i] = std::pair(dice.next(), 0); i < 8; ++i, value >>= 8U)
            out += static_cast<char>(value & 0xFFU);
    return out;
}

struct CorpusPerson {
    std::string name, address;
};

CorpusPerson corpus_person(CorpusDice& dice) {
    const auto given = dice.pick(kGiven), family = dice.pick(kFamily);
    return {
        fmt::format("{} {}", given, family), fmt::format("person{}@example.com", dice.below(400))
    };
}

std::size_t corpus_size(CorpusDice& dice, std::uint64_t index) {
    // Chosen so that the whole, large ones included, has the median and the mean of the header.
    constexpr double kMedian = 24'150, kSigma = 0.95;
    constexpr std::uint64_t kLargeEvery = 250;
    constexpr std::size_t kLarge = 2'000'000, kSmallest = 2'000, kLargest = 1'500'000;
    const double size = kMedian * std::exp(kSigma * dice.normal());
    if (index % kLargeEvery == kLargeEvery - 1)
        return kLarge;
    return std::clamp(static_cast<std::size_t>(size), kSmallest, kLargest);
}

} // namespace

CorpusItem corpus_message(std::uint64_t seed, std::uint64_t index, std::int64_t now) {
    CorpusDice dice(seed, index, 1);
    const auto size = corpus_size(dice, index);
    const auto from = corpus_person(dice), to = corpus_person(dice);
    DemoMail mail;
    mail.from = fmt::format("{} <{}>", from.name, from.address);
    mail.to = {fmt::format("{} <{}>", to.name, to.address)};
    const bool answer = dice.below(3) == 0;
    mail.subject = corpus_words(dice, 20 + dice.below(30));
    std::ranges::replace(mail.subject, '\n', ' ');
    if (answer)
        mail.subject.insert(0, "Re: ");
    // A mail every 100 minutes, the newest at the highest index of a mailbox of 5,000.
    const auto age = 6'000 * (5'000 - static_cast<std::int64_t>(index % 5'000));
    mail.date = now - age;
    mail.id = fmt::format("m{}.{}@example.com", index, seed);
    if (answer)
        mail.references = {fmt::format("m{}.{}@example.com", index - index % 5, seed)};
    const bool attached = size > 60'000 || dice.below(6) == 0;
    const std::size_t html = attached ? std::min<std::size_t>(size / 3, 30'000) : size * 4 / 5;
    mail.text = corpus_words(dice, html / 5);
    mail.html = corpus_html(dice, html * 24 / 25);
    const std::size_t rest = size - std::min(size, html + html / 5 + 1'100);
    if (attached && rest > 500)
        mail.files = {
            {fmt::format("document-{}.pdf", index), "application/pdf",
             corpus_noise(dice, rest * 57 / 78), ""}
        };
    return {demo_message(mail), mail.date};
}

CorpusItem corpus_contact(std::uint64_t seed, std::uint64_t index, std::int64_t now) {
    CorpusDice dice(seed, index, 2);
    DemoCard card;
    card.uid = fmt::format("c{}-{}@example.com", index, seed);
    card.given = dice.pick(kGiven);
    card.family = dice.pick(kFamily);
    if (dice.below(3) != 0) {
        card.company = fmt::format("{} & {}", dice.pick(kFamily), dice.pick(kFamily));
        card.title = dice.pick(kWords);
        card.work = fmt::format("+49 30 555{:05}", dice.below(100'000));
    }
    card.email = fmt::format("person{}@example.com", index);
    card.cell = fmt::format("+49 170 555{:05}", dice.below(100'000));
    card.street = fmt::format("{}strasse {}", dice.pick(kFamily), 1 + dice.below(200));
    card.city = "Berlin";
    card.code = fmt::format("{}", 10'100 + dice.below(4'000));
    card.note = dice.below(4) == 0 ? corpus_words(dice, 300) : std::string();
    if (dice.below(4) == 0)
        card.portrait = static_cast<int>(dice.below(8));
    return {demo_card(card), now - 3'600 * static_cast<std::int64_t>(1 + index % 8'000)};
}

CorpusItem corpus_event(std::uint64_t seed, std::uint64_t index, std::int64_t now) {
    static constexpr std::array<std::string_view, 6> rules = {
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2",
        "FREQ=DAILY;COUNT=20",
        "FREQ=MONTHLY;BYMONTHDAY=10",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=YEARLY"
    };
    CorpusDice dice(seed, index, 3);
    const DemoClock clock(now);
    DemoEvent event;
    event.uid = fmt::format("e{}-{}@example.com", index, seed);
    event.summary = corpus_words(dice, 12 + dice.below(24));
    std::ranges::replace(event.summary, '\n', ' ');
    event.location =
        dice.below(2) == 0 ? "Room " + std::to_string(1 + dice.below(9)) : std::string();
    event.description = dice.below(3) == 0 ? corpus_words(dice, 400) : std::string();
    event.day = static_cast<int>(dice.below(730)) - 365;
    event.hour = 8 + static_cast<int>(dice.below(10));
    event.minutes = 30 * (1 + static_cast<int>(dice.below(4)));
    event.all_day = dice.below(10) == 0 ? 1 : 0;
    if (index % 5 == 0)
        event.rule = dice.pick(rules);
    if (dice.below(4) == 0) {
        event.organizer = "anna";
        event.guests = {
            {"anna"}, {corpus_person(dice).address, "NEEDS-ACTION"}, {corpus_person(dice).address}
        };
    }
    event.alarm = dice.below(2) == 0 ? 15 : -1;
    return {demo_event(event, clock), now - 600 * static_cast<std::int64_t>(1 + index % 50'000)};
}

} // namespace lockstep::office
