// A large mailbox made to measure: mails, contacts and events for benchmarks.
// Spec: sizes as in real mailboxes: log-normal, median 23.8 KB, mean 44.6 KB with one mail of 2 MB
// in 250 (5,000 mails are 223 MB).
// Invariants: the same bytes for the same arguments on every machine; item `index` does not depend
// on the others.
#pragma once
#include <cstdint>
#include <string>

namespace lockstep::office {

/// The instant before which corpus items lie when the caller names none: 2026-11-24 12:00 UTC.
inline constexpr std::int64_t kCorpusNow = 1'795'521'600;

struct CorpusItem {
    std::string bytes;
    std::int64_t received = 0; ///< unix seconds, the higher the index the later
};

/// Mail number `index` of the mailbox `seed`: plain and HTML bodies, attachments when it is large.
[[nodiscard]] CorpusItem
corpus_message(std::uint64_t seed, std::uint64_t index, std::int64_t now = kCorpusNow);
/// A vCard; one in four with a photo.
[[nodiscard]] CorpusItem
corpus_contact(std::uint64_t seed, std::uint64_t index, std::int64_t now = kCorpusNow);
/// A VEVENT within a year of now; one in five recurs, one in four has guests.
[[nodiscard]] CorpusItem
corpus_event(std::uint64_t seed, std::uint64_t index, std::int64_t now = kCorpusNow);

} // namespace lockstep::office
