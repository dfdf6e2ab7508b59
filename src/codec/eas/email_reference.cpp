// File references and attachments; see email.hpp.
// Invariants: a reference only names; whether its bearer may read the item is checked where it is
// used (hardening W12).
#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::eas {

namespace {

constexpr std::size_t kReferenceBytes = 512;

bool is_plain_reference(char c) {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
           c == '.' || c == '_';
}

std::string encoded_reference(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain_reference(c)) {
            out += c;
        } else {
            out += '%';
            out += upper(hex(std::string_view(&c, 1)));
        }
    }
    return out;
}

bool is_part_path(std::string_view path) {
    if (path.empty())
        return false;
    // Files of events are named by a hash (calendar_files.hpp).
    if (path.front() == 'a')
        return path.size() == 17 && unhex(path.substr(1)).has_value();
    for (const auto number : split(path, '.')) {
        const auto value = number.size() <= 5 ? parse_int<int>(number) : std::nullopt;
        if (!value || *value < 1)
            return false;
    }
    return true;
}

std::string_view extension_of(std::string_view type) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kKnown{{
        {"image/jpeg", ".jpg"},
        {"image/png", ".png"},
        {"image/gif", ".gif"},
        {"image/heic", ".heic"},
        {"application/pdf", ".pdf"},
        {"text/plain", ".txt"},
        {"text/html", ".html"},
        {"text/calendar", ".ics"},
        {"text/vcard", ".vcf"},
        {"text/x-vcard", ".vcf"},
        {"message/rfc822", ".eml"},
        {"message/global", ".eml"},
        {"application/pkcs7-mime", ".p7m"},
        {"application/zip", ".zip"},
    }};
    for (const auto& [name, extension] : kKnown)
        if (name == type)
            return extension;
    return ".bin";
}

} // namespace

std::string file_reference(std::string_view server_id, std::string_view path) {
    return encoded_reference(server_id) + "%3A" + std::string(path);
}

Result<FileReference> parse_file_reference(std::string_view text) {
    if (text.size() > kReferenceBytes)
        return fail(Code::bad_value, "file reference too long");
    auto decoded = percent_decode(text);
    if (!decoded)
        return fail(Code::bad_value, "ill-formed file reference");
    const auto colon = decoded->rfind(':');
    if (colon == std::string::npos || colon == 0)
        return fail(Code::bad_value, "ill-formed file reference");
    FileReference out{decoded->substr(0, colon), decoded->substr(colon + 1)};
    if (!is_part_path(out.path) || !is_utf8(out.server_id))
        return fail(Code::bad_value, "ill-formed file reference");
    return out;
}

const mime::DigestPart* find_part(const mime::Digest& digest, std::string_view path) {
    const auto found = std::ranges::find(digest.parts, path, &mime::DigestPart::path);
    return found == digest.parts.end() || found->inside_message ? nullptr : &*found;
}

std::string attachment_name(const mime::DigestPart& part) {
    std::string name;
    for (const char c : part.filename) {
        const bool bad = static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\';
        name += bad ? '_' : c;
    }
    const auto trimmed = std::string(trim(name));
    if (!trimmed.empty() && trimmed != "." && trimmed != "..") {
        const bool message = part.is_message && !lower(trimmed).ends_with(".eml");
        return message ? trimmed + ".eml" : trimmed;
    }
    return (part.is_message ? "message" : "attachment") + std::string(extension_of(part.type));
}

Result<std::string> read_attachment(const MailView& view, const mime::DigestPart& part) {
    TRY(auto bytes, view.read(part.offset, part.encoded_length));
    if (part.encoding == mime::Encoding::identity || part.encoding == mime::Encoding::unknown)
        return bytes;
    return mime::decode_transfer(part.encoding, bytes);
}

} // namespace lockstep::eas
