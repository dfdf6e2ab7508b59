// From a blob id to its bytes.
#include "protocols/jmap/blobs.hpp"

#include "base/limits.hpp"
#include "codec/jscalendar/jscalendar.hpp"
#include "codec/jscontact/jscontact.hpp"
#include "codec/mime/message.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::jmap {
namespace {

std::string_view type_of(model::ItemClass item_class) {
    switch (item_class) {
    case model::ItemClass::mail:
        return "message/rfc822";
    case model::ItemClass::contact:
        return "text/vcard";
    case model::ItemClass::event:
    case model::ItemClass::todo:
    case model::ItemClass::note:
        break;
    }
    return "text/calendar";
}

/// Cuts a part out of a whole message and undoes its transfer encoding.
Result<FoundBlob> part_of(std::string message, std::uint32_t index, office::Span span) {
    const auto tree = mime::parse(message);
    if (index >= tree.parts.size())
        return fail(Code::not_found, "no such part");
    const auto& part = tree.parts[index];
    FoundBlob found;
    span.type = part.type + "/" + part.subtype;
    span.offset = part.body.offset;
    span.length = part.body.length;
    if (part.encoding != mime::Encoding::identity)
        found.decoded = mime::decode_body(tree, part);
    found.span = std::move(span);
    return found;
}

} // namespace

Task<Result<FoundBlob>> find_blob(
    office::Office& office, const office::Actor& actor, const office::Owner& owner, BlobRef ref
) {
    FoundBlob found;
    if (ref.kind == BlobRef::Kind::upload) {
        CO_TRY(found.span, co_await office::find_upload(office, owner, ref.number));
        co_return found;
    }
    CO_TRY(
        const auto item,
        co_await office::find_readable(office, actor, owner, model::ItemId{ref.number})
    );
    if (item.content.value != ref.content)
        co_return fail(Code::not_found, "the bytes were replaced since");
    found.span = {
        item.blob, 0, static_cast<std::uint64_t>(item.size), std::string(type_of(item.item_class))
    };
    if (ref.kind == BlobRef::Kind::item)
        co_return found;
    auto read = co_await office::read_span(office, owner, found.span, 0, found.span.length);
    CO_TRY(auto message, std::move(read));
    if (item.item_class == model::ItemClass::contact) {
        CO_TRY(auto media, jscontact::media_of(message, ref.part));
        found.span.type = std::move(media.type);
        found.decoded = std::move(media.bytes);
        co_return found;
    }
    if (item.item_class != model::ItemClass::mail) {
        CO_TRY(auto file, jscalendar::file_of(message, ref.part));
        found.span.type = std::move(file.type);
        found.decoded = std::move(file.bytes);
        co_return found;
    }
    co_return part_of(std::move(message), ref.part, std::move(found.span));
}

Task<Result<std::string>> read_blob(
    office::Office& office, const office::Actor& actor, const office::Owner& owner, BlobRef ref
) {
    CO_TRY(auto found, co_await find_blob(office, actor, owner, ref));
    if (found.decoded)
        co_return std::move(*found.decoded);
    if (found.span.length > limits::kJmapUpload)
        co_return fail(Code::too_large, "the blob is too large");
    co_return co_await office::read_span(office, owner, found.span, 0, found.span.length);
}

} // namespace lockstep::jmap
