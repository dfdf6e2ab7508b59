// Meetings in mail (iMIP): what an arriving message says of a meeting, and the message that carries
// an iTIP object out.
// Spec: RFC 6047 2.2 (who is who), 2.4-2.5 (Content-Type), RFC 5546; MS-OXCICAL for Outlook's
// reading. Hardening X4, X7. Invariants: pure. A message from outside is told from one of our own
// people's by the Return-Path field, which delivery writes and submission removes. Internal to
// office/.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "codec/ical/itip.hpp"
#include "codec/mime/digest.hpp"
#include "directory/directory.hpp"

namespace lockstep::office {

/// What a message wants of its recipients' calendars.
struct MeetingMail {
    ical::Method method = ical::Method::request;
    ical::Component calendar;
    std::string from;        ///< lower case; empty: none, or several
    bool inside = false;     ///< sent by one of our own people, who was signed in
    bool distrusted = false; ///< our own check of the sender's domain failed
};
/// Null for any other mail: no method, one that contradicts the object's, more than a limit, or
/// what cannot be read.
[[nodiscard]] std::shared_ptr<const MeetingMail>
read_meeting_mail(std::string_view message, const mime::Digest& digest);
/// The text of the part that carries the invitation; empty when there is none in the limits.
[[nodiscard]] std::string calendar_text(std::string_view message, const mime::Digest& digest);

/// An iTIP object with what its sender adds in words.
struct MeetingLetter {
    ical::ItipMessage message;
    std::string comment; ///< text, or HTML
    bool comment_is_html = false;
};
/// The person in whose name the message goes: the organizer, or the attendee who answers.
[[nodiscard]] std::string author_of(const ical::ItipMessage& message);

struct MeetingMailOptions {
    std::string message_id; ///< without angle brackets
    bool with_file = true;  ///< the object as an attachment, too, for programs outside
    std::int64_t now = 0;   ///< unix seconds
};
/// A whole message from `sender`. To names every recipient of the letter.
[[nodiscard]] std::string compose_meeting_mail(
    const MeetingLetter& letter, const directory::Account& sender, const MeetingMailOptions& options
);

/// Its subject and its words, in the sender's language.
[[nodiscard]] std::string
meeting_subject(const ical::ItipMessage& message, std::string_view language);
[[nodiscard]] std::string
meeting_text(const ical::ItipMessage& message, std::string_view language, std::string_view zone);

} // namespace lockstep::office
