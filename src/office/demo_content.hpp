// A small office one could believe in: people, mail, appointments, contacts, to-dos and notes for
// trying Lockstep out and for pictures of it.
// Spec: none; the items are RFC 5322, RFC 5545 and RFC 6350 like any others.
// Invariants: pure: the same content for the same `now`; no item is received after now; every
// domain is reserved for documentation (RFC 2606).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"

namespace lockstep::office {

/// The domain all of it lives in.
inline constexpr std::string_view kDemoDomain = "example.org";
inline constexpr std::string_view kDemoCompany = "Northlight Lamps";

struct DemoPerson {
    std::string local;    ///< the part before @example.org
    std::string name;     ///< full name
    std::string language; ///< "en", "de"
    std::string zone;     ///< IANA
    std::string title;    ///< what they do
};

struct DemoItem {
    model::ItemClass item_class = model::ItemClass::mail;
    std::string bytes; ///< the item in its internet form
    std::string
        folder; ///< the collection's name ("INBOX", "Sent Messages", "Projects/Aurora"); empty for
                ///< the only collection of its class in a group or in the global account
    std::int64_t received = 0; ///< unix seconds: arrival of a mail, last change of anything else
    bool read = true;
    bool flagged = false;
    bool answered = false;
    bool draft = false;
};

/// The people, the first of them the one to look at.
[[nodiscard]] const std::vector<DemoPerson>& demo_people();
/// Everything in one person's account, in the order of arrival. Empty for a name that is none of
/// demo_people().
[[nodiscard]] std::vector<DemoItem> demo_items_of(std::string_view local, std::int64_t now);

/// Names of the groups, and the members' local parts. Each has a calendar.
struct DemoGroup {
    std::string local;
    std::string name;
    std::vector<std::string> members;
};
[[nodiscard]] const std::vector<DemoGroup>& demo_groups();
/// The appointments of a group.
[[nodiscard]] std::vector<DemoItem> demo_items_of_group(std::string_view local, std::int64_t now);

/// What everybody shares: the address book "Company", the to-do list and the notepad of the domain.
[[nodiscard]] std::vector<DemoItem> demo_items_of_global(std::int64_t now);

} // namespace lockstep::office
