// The parts of a message as JMAP shows them: the tree, and which parts are text, HTML, attachments.
// Spec: RFC 8621 4.1.4. Invariants: linear in the number of parts; no recursion.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "codec/json/json.hpp"
#include "codec/mime/message.hpp"
#include "model/model.hpp"

namespace lockstep::jmap {

/// Indexes of parts.
struct BodyLists {
    std::vector<std::uint32_t> text, html, attachments;
};
[[nodiscard]] BodyLists body_lists(const mime::Message& message);

/// What each EmailBodyPart shows.
struct PartView {
    const mime::Message& message;
    model::ItemId item;
    model::ChangeSeq content;
    std::set<std::string> properties; ///< of the part
};
/// The default of Email/get's bodyProperties.
[[nodiscard]] const std::set<std::string>& default_part_properties();
/// Whether the name is one, header:... forms included.
[[nodiscard]] bool is_part_property(std::string_view name);

[[nodiscard]] json::Object part_object(const PartView& view, std::uint32_t part);
/// The whole tree below the message itself.
[[nodiscard]] json::Object structure_object(const PartView& view);
/// {value, isEncodingProblem, isTruncated} of a text part, cut at `most` bytes (0: whole).
[[nodiscard]] json::Object
body_value(const mime::Message& message, const mime::Part& part, std::size_t most);

} // namespace lockstep::jmap
