// Email items on the wire: a stored message, through its digest, as the children of
// ApplicationData; and back. Spec: MS-ASEMAIL 2.2.2; MS-ASAIRS 2.2.2.7-2.2.2.12, 2.2.2.32;
// MS-ASCMD 2.2.3.11 ApplicationData, MIMESupport, MIMETruncation. Errors: those of MailView::read
// are handed on; bad_value for what a client may not send. Invariants: only the byte ranges that
// are shown are read; what a protocol version does not know is never written.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/options.hpp"
#include "codec/mime/digest.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {

/// A follow-up flag (MS-ASEMAIL 2.2.2.34). Times are unix seconds; "local" ones carry wall-clock
/// digits as if UTC.
struct MailFlag {
    int status = 0; ///< 0 cleared, 1 complete, 2 active
    std::string type;
    std::string subject;
    std::optional<std::int64_t> start_utc, start_local, due_utc, due_local;
    std::optional<std::int64_t> completed;      ///< Email:CompleteTime
    std::optional<std::int64_t> date_completed; ///< Tasks:DateCompleted
    std::optional<bool> reminder_set;
    std::optional<std::int64_t> reminder;
    std::optional<std::int64_t> ordinal;
    std::string sub_ordinal;
    friend bool operator==(const MailFlag&, const MailFlag&) = default;
};

/// What changes about a mail after delivery.
struct MailFlags {
    bool read = false;
    bool draft = false;
    std::optional<MailFlag> flag; ///< absent = not flagged
    std::vector<std::string> categories;
    int last_verb = 0;                          ///< 0 none, 1 reply, 2 reply to all, 3 forward
    std::optional<std::int64_t> last_verb_time; ///< unix seconds
};

/// A mail to be shown. References must stay alive during the call only.
struct MailView {
    const mime::Digest& digest;
    MailFlags flags;
    std::int64_t received_us =
        0;                  ///< unix microseconds; 0 = unknown: the Date field is shown instead
    std::uint64_t size = 0; ///< bytes of the stored message
    std::string server_id;  ///< the item's ServerId: the first half of its file references
    std::string conversation_id;    ///< 16 bytes, opaque to us
    std::string conversation_index; ///< MS-ASCON 2.2.2.4: 5 bytes of time, then 5 for each reply
    bool received_as_bcc = false;   ///< delivered, but named in neither To nor Cc
    std::string zone = "UTC"; ///< IANA zone of the reader: dates and floating times of invitations
    /// The event with this UID in the reader's calendars, as it is stored; nothing when there is
    /// none. May be empty: then nothing is known of any.
    std::function<std::optional<std::string>(const std::string& uid)> find_event;
    /// Bytes of the stored message. The range lies within it.
    std::function<Result<std::string>(std::uint64_t offset, std::uint64_t length)> read;
};

/// Writes every child of ApplicationData (or Properties). Errors: those of view.read.
[[nodiscard]] Result<>
write_email(wbxml::Writer& out, const MailView& view, const ItemOptions& options);
/// Which parts of a mail's flags changed.
struct ChangedFlags {
    bool read = true;
    bool flag = true;
    bool categories = true;
    bool verb = true;
};
/// Only what a flag change touches, each part only when it changed (MS-ASEMAIL 3.2.5.4.1).
void write_email_flags(wbxml::Writer& out, const MailFlags& flags, ChangedFlags changed = {});

/// Body and BodyPart (or the 2.5 elements) alone, for Search, Find and ItemOperations.
[[nodiscard]] Result<>
write_email_body(wbxml::Writer& out, const MailView& view, const ItemOptions& options);

/// MeetingRequest for an invitation in the mail (MS-ASEMAIL 2.2.2.48); nothing for other mail, or
/// when its calendar part cannot be read as one. Errors: those of view.read.
[[nodiscard]] Result<> write_meeting_request(wbxml::Writer& out, const MailView& view);

// File references ------------------------------------------------------------------------------

struct FileReference {
    std::string server_id;
    std::string path; ///< "1.2", the path of a DigestPart
    friend bool operator==(const FileReference&, const FileReference&) = default;
};

/// `server_id:path`, percent-encoded so that it survives queries and the 2.5 GetAttachment
/// parameter.
[[nodiscard]] std::string file_reference(std::string_view server_id, std::string_view path);
/// Error: bad_value.
[[nodiscard]] Result<FileReference> parse_file_reference(std::string_view text);
/// The part a path names; nullptr when there is none or it may not be fetched.
[[nodiscard]] const mime::DigestPart* find_part(const mime::Digest& digest, std::string_view path);
/// The name under which an attachment is listed: the sender's, or one made from its type. Control
/// characters and path separators are replaced (hardening M5, M6).
[[nodiscard]] std::string attachment_name(const mime::DigestPart& part);
/// Decoded content of an attachment, whole. An embedded message comes as its bytes.
[[nodiscard]] Result<std::string>
read_attachment(const MailView& view, const mime::DigestPart& part);

// What a client sends ----------------------------------------------------------------------------

/// An attachment that a client adds to a draft (MS-ASAIRS 2.2.2.2).
struct AttachmentAdd {
    std::string client_id, name, content_type, content_id, content_location;
    std::string content; ///< bytes
    bool is_inline = false;
    int method = 1; ///< 5: an embedded message
};

/// A Change or Add of an Email item. What is absent stays as it is.
struct EmailChange {
    std::optional<bool> read;
    std::optional<MailFlag> flag; ///< status 0 = flag cleared
    std::optional<std::vector<std::string>> categories;
    // Drafts, 16.0 and later.
    std::optional<std::string> to, cc, bcc, reply_to, subject;
    std::optional<int> importance;
    std::optional<int> body_type; ///< 1, 2 or 4
    std::optional<std::string> body;
    std::vector<AttachmentAdd> add;
    std::vector<std::string> remove; ///< file references
    bool send = false;               ///< Email2:Send: send it now

    /// Something that only a draft may change.
    [[nodiscard]] bool edits_draft() const {
        return to || cc || bcc || reply_to || subject || importance || body || !add.empty() ||
               !remove.empty() || send;
    }
};

/// Errors: bad_value (an element that clients may not write, such as ConversationId; a date or
/// number that is none).
[[nodiscard]] Result<EmailChange> parse_email_change(const wbxml::Node& application_data);

/// Who writes a draft.
struct DraftContext {
    std::string from;       ///< the From field's value, RFC 5322
    std::string message_id; ///< without angle brackets, for a draft that has none yet
    std::int64_t now = 0;   ///< unix seconds
};

/// The draft as RFC 822 bytes. `original` is empty for an Add; otherwise what the change leaves
/// alone is taken from it, attachments byte for byte. A type 4 body is the whole new message (iOS,
/// Nine): its fields count unless the change has them too. Errors: bad_value (a reference to
/// another mail's attachment, MIME that is empty).
[[nodiscard]] Result<std::string> compose_draft(
    const EmailChange& change, std::string_view original, std::string_view server_id,
    const DraftContext& context
);

} // namespace lockstep::eas
