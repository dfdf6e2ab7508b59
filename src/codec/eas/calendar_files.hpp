// Attachments of events: kept inside the calendar object, named by what they hold.
// Spec: MS-ASAIRS 2.2.2.7 Attachment, 2.2.2.2 Add, 2.2.2.22 Delete, 2.2.2.24 FileReference (events:
// 16.0 and later); RFC 5545 3.8.1.1 ATTACH; RFC 8607 FILENAME. Links (ATTACH with a URI) are no
// files and stay untouched. Invariants: a path stays the same while the file does, whatever comes
// and goes beside it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/eas/email.hpp"
#include "codec/ical/component.hpp"

namespace lockstep::eas {

/// A file inside an event, without its bytes.
struct EventFile {
    std::string path; ///< second half of its file reference
    std::string name, content_type;
    std::size_t size = 0; ///< bytes
    friend bool operator==(const EventFile&, const EventFile&) = default;
};
[[nodiscard]] std::vector<EventFile> event_files(const ical::Component& event);

/// What a client does to the files of one event or occurrence.
struct FileChange {
    std::vector<AttachmentAdd> add;
    std::vector<std::string> remove; ///< file references
    [[nodiscard]] bool empty() const { return add.empty() && remove.empty(); }
};
/// Errors: bad_value, too_large (more than 500).
[[nodiscard]] Result<FileChange> read_file_change(const wbxml::Node& application_data);
/// Removes, then adds. A reference to a file that is not there is passed over: it may have gone
/// with an earlier request.
void edit_files(ical::Component& event, const FileChange& change);
/// The path that an added file will have.
[[nodiscard]] std::string event_file_path(const AttachmentAdd& add);

struct FileBytes {
    std::string content_type, bytes;
};
/// The file of that path in any occurrence of the stored object. Errors: not_found, bad_syntax.
[[nodiscard]] Result<FileBytes> read_event_file(std::string_view stored, std::string_view path);

} // namespace lockstep::eas
