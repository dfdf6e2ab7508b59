// The stored form of a digest: a version byte, then numbers and texts in the order of the struct.
// Invariants: a new field changes kDigestVersion; old versions stay readable here as long as rows
// hold them.
#include <array>
#include <utility>

#include "base/pack.hpp"
#include "base/text.hpp"
#include "codec/mime/digest.hpp"

namespace lockstep::mime {

namespace {

constexpr std::uint64_t kDigestVersion = 1;

void pack(Packer& out, const std::vector<Address>& addresses) {
    out.number(addresses.size());
    for (const auto& address : addresses) {
        out.text(address.name);
        out.text(address.local);
        out.text(address.domain);
        out.text(address.group);
    }
}

void pack(Packer& out, const std::vector<std::string>& texts) {
    out.number(texts.size());
    for (const auto& text : texts)
        out.text(text);
}

template <std::size_t N> std::uint64_t bits_of(const std::array<bool, N>& flags) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < N; ++i)
        bits |= (flags[i] ? 1ULL : 0ULL) << i;
    return bits;
}

void pack(Packer& out, const DigestPart& part) {
    out.text(part.path);
    out.text(part.type);
    out.text(part.charset);
    out.number(static_cast<std::uint64_t>(part.encoding));
    out.number(static_cast<std::uint64_t>(part.disposition));
    out.number(part.offset);
    out.number(part.encoded_length);
    out.number(part.decoded_size);
    out.text(part.filename);
    out.text(part.content_id);
    out.text(part.content_location);
    out.number(bits_of(std::array{
        part.flowed, part.del_sp, part.is_body_plain, part.is_body_html, part.is_calendar,
        part.is_message, part.inside_message, part.is_related, part.is_hidden
    }));
}

std::vector<Address> unpack_addresses(Unpacker& in) {
    std::vector<Address> addresses;
    for (auto left = in.count(); left > 0 && in.ok(); --left) {
        Address address;
        address.name = in.text();
        address.local = in.text();
        address.domain = in.text();
        address.group = in.text();
        addresses.push_back(std::move(address));
    }
    return addresses;
}

std::vector<std::string> unpack_texts(Unpacker& in) {
    std::vector<std::string> texts;
    for (auto left = in.count(); left > 0 && in.ok(); --left)
        texts.emplace_back(in.text());
    return texts;
}

/// An enum whose last value is `last`; anything beyond marks the input as corrupt.
template <class Enum> Enum unpack_enum(Unpacker& in, Enum last, bool& valid) {
    const auto value = in.number();
    if (value > static_cast<std::uint64_t>(last)) {
        valid = false;
        return Enum{};
    }
    return static_cast<Enum>(value);
}

DigestPart unpack_part(Unpacker& in, bool& valid) {
    DigestPart part;
    part.path = in.text();
    part.type = in.text();
    part.charset = in.text();
    part.encoding = unpack_enum(in, Encoding::unknown, valid);
    part.disposition = unpack_enum(in, Disposition::attachment, valid);
    part.offset = in.number();
    part.encoded_length = in.number();
    part.decoded_size = in.number();
    part.filename = in.text();
    part.content_id = in.text();
    part.content_location = in.text();
    const auto bits = in.number();
    valid = valid && bits < (1U << 9U);
    std::uint64_t bit = 1;
    for (bool* const flag :
         {&part.flowed, &part.del_sp, &part.is_body_plain, &part.is_body_html, &part.is_calendar,
          &part.is_message, &part.inside_message, &part.is_related, &part.is_hidden}) {
        *flag = (bits & bit) != 0;
        bit <<= 1U;
    }
    return part;
}

} // namespace

std::string encode(const Digest& digest) {
    Packer out;
    out.number(kDigestVersion);
    out.text(digest.subject);
    for (const auto* const list :
         {&digest.from, &digest.sender, &digest.reply_to, &digest.to, &digest.cc, &digest.bcc})
        pack(out, *list);
    out.number(digest.date ? 1 : 0);
    out.integer(digest.date.value_or(0));
    out.text(digest.message_id);
    pack(out, digest.in_reply_to);
    pack(out, digest.references);
    out.integer(digest.importance);
    out.text(digest.thread_topic);
    out.text(digest.thread_index);
    out.text(digest.message_class);
    out.text(digest.calendar_method);
    out.number(bits_of(
        std::array{digest.is_list, digest.is_auto, digest.has_attachments, digest.ambiguous}
    ));
    out.integer(digest.codepage);
    out.number(static_cast<std::uint64_t>(digest.native_body));
    out.number(static_cast<std::uint64_t>(digest.secure));
    out.text(digest.preview);
    out.number(digest.size);
    out.number(digest.parts.size());
    for (const auto& part : digest.parts)
        pack(out, part);
    return out.take();
}

Result<Digest> decode(std::string_view bytes) {
    Unpacker in(bytes);
    if (in.number() != kDigestVersion)
        return fail(Code::corrupt, "a digest of an unknown version");
    Digest digest;
    bool valid = true;
    digest.subject = in.text();
    for (auto* const list :
         {&digest.from, &digest.sender, &digest.reply_to, &digest.to, &digest.cc, &digest.bcc})
        *list = unpack_addresses(in);
    const bool has_date = in.number() == 1;
    const auto date = in.integer();
    if (has_date)
        digest.date = date;
    digest.message_id = in.text();
    digest.in_reply_to = unpack_texts(in);
    digest.references = unpack_texts(in);
    digest.importance = static_cast<int>(in.integer() & 3);
    digest.thread_topic = in.text();
    digest.thread_index = in.text();
    digest.message_class = in.text();
    digest.calendar_method = in.text();
    const auto bits = in.number();
    digest.is_list = (bits & 1U) != 0;
    digest.is_auto = (bits & 2U) != 0;
    digest.has_attachments = (bits & 4U) != 0;
    digest.ambiguous = (bits & 8U) != 0;
    digest.codepage = static_cast<int>(in.integer() & 0xFFFFFF);
    digest.native_body = unpack_enum(in, Native::html, valid);
    digest.secure = unpack_enum(in, Secure::opaque, valid);
    digest.preview = in.text();
    digest.size = in.number();
    for (auto left = in.count(); left > 0 && in.ok() && valid; --left)
        digest.parts.push_back(unpack_part(in, valid));
    for (const auto& part : digest.parts)
        valid =
            valid && part.offset <= digest.size && part.encoded_length <= digest.size - part.offset;
    if (!in.ok() || !valid || !in.at_end())
        return fail(Code::corrupt, "a damaged digest");
    return digest;
}

} // namespace lockstep::mime
