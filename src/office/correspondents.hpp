// Whom a person writes to: a short list, the heaviest first, from what was really sent.
// Invariants: one small value per account, never longer than kCorrespondents; a recipient weighs as
// often as it was written to, halved for each month since the last time.
#pragma once
#include <string>
#include <vector>

#include "codec/mime/digest.hpp"
#include "office/jobs.hpp"

namespace lockstep::office {

inline constexpr std::size_t kCorrespondents = 100; ///< people of one list; MS-ASCMD 2.2.3.103.2

struct Correspondent {
    std::string address;     ///< lower case
    std::string name;        ///< may be empty
    std::int64_t weight = 0; ///< 256 for each mail, at the time of `last_us`
    std::int64_t last_us = 0;
};

/// By weight now, the heaviest first.
[[nodiscard]] std::vector<Correspondent>
correspondents(Snapshot& snapshot, model::AccountId account, std::int64_t now_us);

/// Notes that a mail went to `addresses`, by the names that its To and Cc have for them.
void note_correspondents(
    Txn& txn, model::AccountId account, const std::vector<std::string>& addresses,
    const mime::Digest& digest, std::int64_t now_us
);

/// What a device was told of the list, packed by its door; empty: nothing yet. It goes with the
/// device's other settings.
[[nodiscard]] std::string
find_told_correspondents(Snapshot& snapshot, model::AccountId account, const std::string& device);
void put_told_correspondents(
    Txn& txn, model::AccountId account, const std::string& device, std::string_view packed
);

} // namespace lockstep::office
