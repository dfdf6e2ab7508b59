// See calendar_files.hpp.
#include "codec/eas/calendar_files.hpp"

#include <algorithm>
#include <optional>

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace lockstep::eas {

namespace {

/// The part of a hash that makes a path: `name` and the encoded bytes.
std::string path_of(std::string_view name, std::string_view value) {
    Hasher hasher;
    hasher.update(name);
    hasher.update(std::string_view("\0", 1));
    hasher.update(value);
    return "a" + hex(hasher.finish().raw().substr(0, 8));
}

bool is_file(const ical::Property& property) {
    return property.name() == "ATTACH" && iequals(property.parameter("ENCODING"), "BASE64");
}

/// The names that programs in use give a file.
std::string name_of(const ical::Property& property) {
    for (const std::string_view parameter : {"FILENAME", "X-FILENAME", "X-APPLE-FILENAME"})
        if (!property.parameter(parameter).empty())
            return std::string(property.parameter(parameter));
    return {};
}

std::size_t decoded_size(std::string_view value) {
    std::size_t digits = 0;
    for (const char c : value)
        digits += !is_space(c) && c != '=' ? 1 : 0;
    return digits * 3 / 4;
}

/// A parameter's value can hold no control characters, and is no place for folders.
std::string safe_name(std::string_view name) {
    std::string out;
    for (const char c : name)
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\' ? '_' : c;
    const auto text = trim(out);
    return text.empty() ? "attachment" : std::string(text);
}

std::string content_type_of(std::string_view type) {
    const auto text = lower(trim(type));
    const bool fine = text.find('/') != std::string::npos && std::ranges::all_of(text, [](char c) {
                          return (c >= 'a' && c <= 'z') || is_digit(c) || c == '/' || c == '.' ||
                                 c == '+' || c == '-';
                      });
    return fine ? text : std::string("application/octet-stream");
}

} // namespace

std::vector<EventFile> event_files(const ical::Component& event) {
    std::vector<EventFile> files;
    for (const auto& property : event.properties) {
        if (!is_file(property))
            continue;
        const auto name = name_of(property);
        EventFile file;
        file.path = path_of(name, property.value());
        file.name = safe_name(name);
        file.content_type = content_type_of(property.parameter("FMTTYPE"));
        file.size = decoded_size(property.value());
        files.push_back(std::move(file));
    }
    return files;
}

std::string event_file_path(const AttachmentAdd& add) {
    return path_of(safe_name(add.name), base64(add.content));
}

void edit_files(ical::Component& event, const FileChange& change) {
    for (const auto& text : change.remove) {
        const auto reference = parse_file_reference(text);
        const auto found =
            !reference ? event.properties.end()
                       : std::ranges::find_if(event.properties, [&](const ical::Property& each) {
                             return is_file(each) &&
                                    path_of(name_of(each), each.value()) == reference->path;
                         });
        if (found != event.properties.end())
            event.properties.erase(found);
    }
    for (const auto& add : change.add) {
        ical::Property file("ATTACH", base64(add.content));
        file.set_parameter("VALUE", "BINARY");
        file.set_parameter("ENCODING", "BASE64");
        file.set_parameter("FMTTYPE", content_type_of(add.content_type));
        file.set_parameter("FILENAME", safe_name(add.name));
        event.properties.push_back(std::move(file));
    }
}

Result<FileBytes> read_event_file(std::string_view stored, std::string_view path) {
    TRY(const auto calendar, ical::parse(stored));
    for (const auto& event : calendar.children)
        for (const auto& property : event.properties) {
            if (!is_file(property) || path_of(name_of(property), property.value()) != path)
                continue;
            std::string compact;
            for (const char c : property.value())
                if (!is_space(c))
                    compact += c;
            auto bytes = unbase64(compact);
            if (!bytes)
                return fail(Code::not_found, "a file that is not base64");
            return FileBytes{content_type_of(property.parameter("FMTTYPE")), std::move(*bytes)};
        }
    return fail(Code::not_found, "no such file in the event");
}

} // namespace lockstep::eas
