// Lists of parts by the algorithm of RFC 8621 4.1.4, and parts as objects.
#include "protocols/jmap/body_parts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/mime/charset.hpp"
#include "codec/mime/transfer.hpp"
#include "protocols/jmap/header_forms.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

using mime::Message;
using mime::Part;

bool is_multipart(const Part& part) { return part.type == "multipart"; }
bool is_media(const Part& part) {
    return part.type == "image" || part.type == "audio" || part.type == "video";
}

/// One multipart under way, in the words of the RFC's algorithm.
struct PartLevel {
    std::vector<std::uint32_t> parts;
    std::size_t next = 0;
    std::string subtype;
    bool in_alternative = false;
    bool text = true, html = true; ///< whether these lists are open to this level
    std::size_t text_before = 0, html_before = 0;
};

/// Whether a leaf is shown where it stands.
bool is_inline(const Part& part, const PartLevel& level, std::size_t index) {
    if (part.disposition == mime::Disposition::attachment)
        return false;
    if (!part.is("text", "plain") && !part.is("text", "html") && !is_media(part))
        return false;
    return index == 0 ||
           (level.subtype != "related" && (is_media(part) || part.any_name().empty()));
}

void place(
    const Part& part, std::uint32_t id, std::size_t index, PartLevel& level, BodyLists& lists
) {
    if (!is_inline(part, level, index)) {
        lists.attachments.push_back(id);
        return;
    }
    if (level.subtype == "alternative") {
        auto& list = part.is("text", "plain")  ? lists.text
                     : part.is("text", "html") ? lists.html
                                               : lists.attachments;
        list.push_back(id);
        return;
    }
    if (level.in_alternative) {
        if (part.is("text", "plain"))
            level.html = false;
        if (part.is("text", "html"))
            level.text = false;
    }
    if (level.text)
        lists.text.push_back(id);
    if (level.html)
        lists.html.push_back(id);
    if ((!level.text || !level.html) && is_media(part))
        lists.attachments.push_back(id);
}

/// An alternative with one form only stands for both.
void close_level(const PartLevel& level, BodyLists& lists) {
    if (level.subtype != "alternative" || !level.text || !level.html)
        return;
    const bool no_text = lists.text.size() == level.text_before;
    const bool no_html = lists.html.size() == level.html_before;
    if (no_text && !no_html)
        lists.text.insert(
            lists.text.end(), lists.html.begin() + static_cast<std::ptrdiff_t>(level.html_before),
            lists.html.end()
        );
    if (no_html && !no_text)
        lists.html.insert(
            lists.html.end(), lists.text.begin() + static_cast<std::ptrdiff_t>(level.text_before),
            lists.text.end()
        );
}

std::string language_of(const mime::Headers& headers) { return headers.text("Content-Language"); }

json::Value text_or_null(const std::string& text) {
    return text.empty() ? json::Value(nullptr) : json::Value(text);
}

json::Value languages(const mime::Headers& headers) {
    const auto text = language_of(headers);
    if (text.empty())
        return nullptr;
    json::Array list;
    for (const auto each : split(text, ','))
        list.emplace_back(trim(each));
    return list;
}

json::Value charset_of(const Part& part) {
    if (part.type != "text")
        return nullptr;
    return json::Value(part.charset.empty() ? std::string("us-ascii") : part.charset);
}

json::Value disposition_of(const Part& part) {
    switch (part.disposition) {
    case mime::Disposition::inline_:
        return json::Value("inline");
    case mime::Disposition::attachment:
        return json::Value("attachment");
    case mime::Disposition::none:
        break;
    }
    return nullptr;
}

} // namespace

BodyLists body_lists(const Message& message) {
    BodyLists lists;
    std::vector<PartLevel> open;
    PartLevel top;
    top.parts = {0};
    top.subtype = "mixed";
    open.push_back(std::move(top));
    while (!open.empty()) {
        auto& level = open.back();
        if (level.next == level.parts.size()) {
            close_level(level, lists);
            open.pop_back();
            continue;
        }
        const auto index = level.next++;
        const auto id = level.parts[index];
        const auto& part = message.parts[id];
        if (!is_multipart(part) || part.leaf()) {
            place(part, id, index, level, lists);
            continue;
        }
        PartLevel below;
        below.parts = message.children_of(id);
        below.subtype = part.subtype;
        below.in_alternative = level.in_alternative || part.subtype == "alternative";
        below.text = level.text;
        below.html = level.html;
        below.text_before = lists.text.size();
        below.html_before = lists.html.size();
        open.push_back(std::move(below));
    }
    return lists;
}

const std::set<std::string>& default_part_properties() {
    static const std::set<std::string> kDefault{"partId",   "blobId",  "size",        "name",
                                                "type",     "charset", "disposition", "cid",
                                                "language", "location"};
    return kDefault;
}

bool is_part_property(std::string_view name) {
    return default_part_properties().contains(std::string(name)) || name == "headers" ||
           name == "subParts" || parse_header_property(name).has_value();
}

json::Object part_object(const PartView& view, std::uint32_t index) {
    const auto& part = view.message.parts[index];
    const bool multipart = is_multipart(part) && !part.leaf();
    const mime::Headers headers(view.message.header_of(part));
    json::Object out;
    const auto add = [&](const char* name, auto make) {
        if (view.properties.contains(name))
            out[name] = make();
    };
    add("partId",
        [&] { return multipart ? json::Value(nullptr) : json::Value(std::to_string(index)); });
    add("blobId", [&] {
        if (multipart)
            return json::Value(nullptr);
        return json::Value(blob_id({BlobRef::Kind::part, view.item.value, view.content.value, index}
        ));
    });
    add("size", [&] {
        return json::Value(
            multipart ? 0 : mime::decoded_size(part.encoding, view.message.body_of(part))
        );
    });
    add("headers", [&] { return json::Value(header_list(headers)); });
    add("name", [&] { return text_or_null(part.any_name()); });
    add("type", [&] { return json::Value(part.type + "/" + part.subtype); });
    add("charset", [&] { return charset_of(part); });
    add("disposition", [&] { return disposition_of(part); });
    add("cid", [&] { return text_or_null(part.content_id); });
    add("language", [&] { return languages(headers); });
    add("location", [&] { return text_or_null(part.content_location); });
    for (const auto& each : view.properties)
        if (const auto property = parse_header_property(each))
            out[each] = header_value(*property, headers);
    return out;
}

json::Object structure_object(const PartView& view) {
    // Children stand behind their parents: from the back every child is whole before its parent.
    const auto& parts = view.message.parts;
    std::vector<json::Object> made(parts.size());
    std::vector<json::Array> below(parts.size());
    for (auto i = parts.size(); i-- > 0;) {
        if (parts[i].embedded)
            continue; // lies inside a message that is a leaf here
        made[i] = part_object(view, static_cast<std::uint32_t>(i));
        if (is_multipart(parts[i]) && !parts[i].leaf()) {
            std::ranges::reverse(below[i]);
            made[i]["subParts"] = std::move(below[i]);
        }
        if (i > 0)
            below[parts[i].parent].push_back(std::move(made[i]));
    }
    return std::move(made[0]);
}

json::Object body_value(const Message& message, const Part& part, std::size_t most) {
    const auto bytes = message.body_of(part);
    const auto decoded =
        mime::decode_text_body(part.encoding, part.charset, bytes, most == 0 ? mime::kAll : most);
    auto text = replace_all(decoded.text, "\r\n", "\n");
    const bool unknown = !part.charset.empty() && !mime::is_known_charset(part.charset);
    return {
        {"value", std::move(text)},
        {"isEncodingProblem", unknown || part.encoding == mime::Encoding::unknown ||
                                  decoded.text.find("\xEF\xBF\xBD") != std::string::npos},
        {"isTruncated", !decoded.whole},
    };
}

} // namespace lockstep::jmap
