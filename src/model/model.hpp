// The office's nouns: accounts, collections, items, changes, and what a device may hold of them.
// Spec: docs/store.md. Invariants: values only; no behaviour that touches a store or a socket.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"

namespace lockstep::model {

using DomainId = Id<struct DomainTag>;
using AccountId =
    Id<struct AccountTag>; ///< person, group, resource, shared or global owner of collections
using CollectionId = Id<struct CollectionTag>; ///< unique within its account, never reused
using ItemId = Id<struct ItemTag>;             ///< unique within its account, survives moves
using Uid = Id<struct UidTag>; ///< unique within its collection, never reused: an item moved back
                               ///< gets a new one
using ChangeSeq = Id<struct ChangeSeqTag>; ///< one counter per account: order of commits
using AuthorId = Id<struct AuthorTag>;     ///< the device that made a change; none for mail in, the
                                           ///< CLI, the server itself

enum class AccountKind : std::uint8_t {
    person = 1,
    group = 2,
    resource = 3,
    shared = 4,
    global = 5
};

/// What a collection holds; the stored form of its items follows from it.
enum class ItemClass : std::uint8_t {
    mail = 1,    ///< message/rfc822
    event = 2,   ///< text/calendar, VEVENT with its overrides
    contact = 3, ///< text/vcard
    todo = 4,    ///< text/calendar, VTODO
    note = 5,    ///< text/calendar, VJOURNAL
};

/// What a collection is for. At most one collection of an account has a given role (none excepted).
enum class Role : std::uint8_t {
    none = 0,
    inbox = 1,
    drafts = 2,
    sent = 3,
    trash = 4,
    junk = 5,
    archive = 6,
    detained = 7,
    outbox = 8,
    calendar = 10,
    contacts = 11,
    todos = 12,
    notes = 13,
};

/// Bits of Item::flags.
namespace flag {
inline constexpr std::int64_t seen = 1;
inline constexpr std::int64_t answered = 2;
inline constexpr std::int64_t forwarded = 4;
inline constexpr std::int64_t flagged = 8;
inline constexpr std::int64_t draft = 16;
inline constexpr std::int64_t deleted = 32;
} // namespace flag

inline constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::min();

/// The stretch of time in which an item lies, UTC microseconds, both ends included. Whether a
/// device holds an item is decided by it: mail has its time of arrival twice, an event its first
/// start and last end, an open to-do and whatever has no date [kEver, kForever].
struct Window {
    std::int64_t low = kEver;
    std::int64_t high = kForever;
    friend bool operator==(const Window&, const Window&) = default;
};

struct Collection {
    AccountId owner;
    CollectionId id;
    CollectionId parent; ///< none: top level
    ItemClass item_class = ItemClass::mail;
    Role role = Role::none;
    std::string name;
    std::int64_t uidvalidity = 0;
    Uid uidnext;
    ChangeSeq created;
    ChangeSeq modseq;  ///< last change of the collection itself (name, parent)
    ChangeSeq highest; ///< last change of any item in it
    AuthorId author;   ///< the device that made or last changed the collection itself
    std::int64_t total = 0;
    std::int64_t unseen = 0;
};

struct Item {
    AccountId owner;
    CollectionId collection;
    Uid uid;
    ItemId id;
    ItemClass item_class = ItemClass::mail;
    ChangeSeq modseq;  ///< last change of any kind
    ChangeSeq placed;  ///< when it came into this collection
    ChangeSeq content; ///< last change of the stored body
    ChangeSeq foreign; ///< last change by anyone but `author`
    /// Last change of each part of flags and props (mail): doors tell only the parts that changed.
    ChangeSeq seen_seq;      ///< flag::seen
    ChangeSeq follow_up_seq; ///< the follow-up, with flag::flagged
    ChangeSeq labels_seq;    ///< the categories
    ChangeSeq verb_seq;      ///< everything else: answered, forwarded, the last verb
    AuthorId author;         ///< who made the last change
    AuthorId creator;        ///< the device that added it to this collection and therefore holds it
    Window window;
    std::int64_t flags = 0;
    std::int64_t received_us = 0;
    std::int64_t size = 0;
    std::string blob;     ///< 32-byte hash of the stored form
    std::string uid_text; ///< UID of the iCalendar or vCard object, Message-ID of a mail
    std::string props;    ///< what flags cannot say: categories, follow-up, verbs (office/mail.hpp)
};

/// A right on a collection or account; each includes those before it.
enum class Right : std::uint8_t {
    none = 0,
    free_busy = 1, ///< sees when the owner is busy, and nothing else
    read = 2,
    add = 3,
    edit = 4,
    own = 5,     ///< renames, removes and shares it
    delegate = 6 ///< and acts for the owner: mail in the owner's name, answers to invitations
};

} // namespace lockstep::model
