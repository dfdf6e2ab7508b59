// Detained: mail of senders whom a person does not know waits in a folder of its own, until the
// person lets it in or its time is over.
// Spec: a sender is known when on the person's list, in one of the person's address books, written
// to before, or of this office. Hardening S9 (nobody outside is told), S11 (one parser of From).
// Invariants: each decision is taken inside the commit that it concerns; moving a mail from the
// folder to the Inbox, through any door, puts its sender on the list. An entry of the list is a
// lower-case address, or "@domain". Errors: bad_value (no address), not_found, too_large
// (limits::kSenderEntries), unavailable.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/mime/digest.hpp"
#include "office/office.hpp"
#include "office/screening.hpp"

namespace lockstep::office {

enum class Detain {
    nothing,  ///< nothing waits; what looks like spam goes to Junk
    spam,     ///< what looks like spam waits
    strangers ///< what is not from a known sender waits
};
[[nodiscard]] std::string_view name_of(Detain detain);
[[nodiscard]] std::optional<Detain> detain_named(std::string_view name);

struct DetainSettings {
    Detain detain = Detain::nothing;
    std::int64_t days = 10; ///< after which what waits is deleted
};
[[nodiscard]] DetainSettings detain_settings(store::Snapshot& snapshot, model::AccountId account);
[[nodiscard]] Task<Result<DetainSettings>>
detain_settings(Office& office, model::AccountId account);
[[nodiscard]] Task<Result<>>
set_detain_settings(Office& office, model::AccountId account, DetainSettings settings);

enum class SenderMark {
    allowed = 1,
    blocked = 2,
    written_to = 3, ///< known, since the person wrote there
};
struct SenderEntry {
    std::string sender; ///< an address, or "@domain"
    SenderMark mark = SenderMark::allowed;
};
[[nodiscard]] Task<Result<std::vector<SenderEntry>>>
list_senders(Office& office, model::AccountId account);
[[nodiscard]] Task<Result<>>
put_senders(Office& office, model::AccountId account, std::vector<SenderEntry> entries);
[[nodiscard]] Task<Result<>>
remove_sender(Office& office, model::AccountId account, std::string sender);

// Inside a job of the account's file:

/// The folder for an arriving mail: Inbox, Junk (blocked) or [Detained]. `inside`: it was sent by
/// one of our own people; `introduced`: its author is in a global address book.
[[nodiscard]] model::Role role_of_arrival(
    store::Snapshot& snapshot, Office& office, model::AccountId account, const mime::Digest& digest,
    bool inside, Judged judged, bool introduced
);
/// Whether an address book of a global account that the person sees has the author. Looked up only
/// where it can matter: for people whose strangers wait. Errors: unavailable.
[[nodiscard]] Task<Result<bool>>
is_introduced(Office& office, model::AccountId account, const mime::Digest& digest);
/// Whether the person knows the address: it is on the list of senders, or in an address book.
[[nodiscard]] bool knows_sender(
    store::Snapshot& snapshot, Office& office, model::AccountId account, const std::string& address
);
/// To be called after a mail was moved or copied from one folder to another.
void learn_from_move(
    store::Txn& txn, const model::Collection& from, const model::Collection& to,
    const model::Item& item
);
/// Whoever is written to is known from then on.
void note_written_to(
    store::Txn& txn, model::AccountId account, const std::vector<std::string>& addresses
);

// What may be done with the mails that wait:

struct DetainedMail {
    model::ItemId item;
    std::string from;
    std::string subject;
    std::int64_t received_us = 0;
};
/// Newest first, at most `limit`.
[[nodiscard]] Task<Result<std::vector<DetainedMail>>>
list_detained(Office& office, model::AccountId account, std::size_t limit);
enum class Release {
    allow,        ///< to the Inbox; the sender is known from now on
    allow_domain, ///< the same, with everybody of the sender's domain
    block,        ///< deleted; what comes later goes to Junk
    remove        ///< deleted
};
[[nodiscard]] Task<Result<>>
release_detained(Office& office, model::AccountId account, model::ItemId item, Release release);
/// Deletes what has waited too long, in all accounts. Returns how many.
[[nodiscard]] Task<Result<std::size_t>> expire_detained(Office& office);

} // namespace lockstep::office
