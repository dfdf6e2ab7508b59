// Blob/get, Blob/upload, Blob/lookup and Blob/copy.
// Spec: RFC 9404 4; RFC 8620 6.3.
#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "office/mail_read.hpp"
#include "protocols/jmap/blobs.hpp"
#include "protocols/jmap/methods_core.hpp"
#include "protocols/jmap/standard.hpp"
#include "protocols/jmap/type_names.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kBlobProperties{
    "id",   "data",       "data:asText",    "data:asBase64",
    "size", "digest:sha", "digest:sha-256", "digest:sha-512"
};

struct Slice {
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> length;
    [[nodiscard]] std::string_view of(std::string_view bytes) const {
        if (offset >= bytes.size())
            return {};
        return bytes.substr(
            static_cast<std::size_t>(offset), static_cast<std::size_t>(std::min<std::uint64_t>(
                                                  length.value_or(bytes.size()), bytes.size()
                                              ))
        );
    }
    /// Whether the blob ends before the slice does.
    [[nodiscard]] bool beyond(std::size_t size) const {
        return offset > size || (length && offset + *length > size);
    }
};

json::Object blob_object(
    std::string_view id, std::string_view bytes, const Slice& slice, const GetRequest& request
) {
    const auto part = slice.of(bytes);
    json::Object out{{"id", id}};
    const bool text = is_utf8(part) && part.find('\0') == std::string_view::npos;
    const bool any = !request.properties || request.wants("data");
    if (request.wants("size"))
        out["size"] = bytes.size();
    if (slice.beyond(bytes.size()))
        out["isTruncated"] = true;
    if (any && text)
        out["data:asText"] = part;
    if ((any && !text) || (request.properties && request.wants("data:asBase64")))
        out["data:asBase64"] = base64(part);
    if (any && !text)
        out["isEncodingProblem"] = true;
    if (request.properties && request.wants("data:asText")) {
        out["data:asText"] = text ? json::Value(part) : json::Value(nullptr);
        if (!text)
            out["isEncodingProblem"] = true;
    }
    for (const auto& [name, algorithm] :
         {std::pair{"digest:sha", ShaKind::sha1}, std::pair{"digest:sha-256", ShaKind::sha256},
          std::pair{"digest:sha-512", ShaKind::sha512}})
        if (request.properties && request.wants(name))
            out[name] = base64(sha(algorithm, part));
    return out;
}

/// The bytes of one DataSourceObject; SetErrors.
Task<std::expected<std::string, MethodError>>
source_bytes(Call& call, const office::Owner& owner, const json::Value& value) {
    if (!value.is_object())
        co_return std::unexpected(invalid_properties("data", "holds something that is no source"));
    const auto& object = value.get_object();
    if (const auto text = json::text_of(object, "data:asText"))
        co_return std::string(*text);
    if (const auto encoded = json::text_of(object, "data:asBase64")) {
        auto bytes = unbase64(*encoded);
        if (!bytes)
            co_return std::unexpected(invalid_properties("data", "is no base64"));
        co_return std::move(*bytes);
    }
    const auto id = json::text_of(object, "blobId");
    const auto ref = id ? parse_blob_id(call.resolve(*id)) : std::nullopt;
    if (!id)
        co_return std::unexpected(invalid_properties("data", "a source has no data"));
    Result<std::string> bytes = fail(Code::not_found, "no such blob");
    if (ref)
        bytes = co_await read_blob(call.office(), call.actor(), owner, *ref);
    if (!bytes) {
        MethodError error{"blobNotFound", {}, {}};
        error.more["notFound"] = json::Array{json::Value(*id)};
        co_return std::unexpected(std::move(error));
    }
    Slice slice;
    const auto* offset = json::find(object, "offset");
    const auto* length = json::find(object, "length");
    const auto number = [](const json::Value* given) {
        return given == nullptr || given->is_null() ? std::optional<std::int64_t>(0)
                                                    : json::integer_of(*given);
    };
    if (number(offset).value_or(-1) < 0 || number(length).value_or(-1) < 0)
        co_return std::unexpected(invalid_properties("data", "a range is no range"));
    slice.offset = static_cast<std::uint64_t>(*number(offset));
    if (length != nullptr && !length->is_null())
        slice.length = static_cast<std::uint64_t>(*number(length));
    if (slice.beyond(bytes->size()))
        co_return std::unexpected(invalid_properties("data", "a range ends behind the blob"));
    co_return std::string(slice.of(*bytes));
}

Task<Outcome> upload_one(Call& call, const office::Owner& owner, const json::Object& object) {
    const auto* sources = json::find(object, "data");
    if (sources == nullptr || !sources->is_array())
        co_return std::unexpected(invalid_properties("data", "is no list"));
    if (sources->get_array().size() > limits::kJmapSources)
        co_return refuse("tooLarge", "more sources than maxDataSources");
    const auto spool = std::make_shared<office::Spool>(call.office());
    for (const auto& each : sources->get_array()) {
        auto bytes = co_await source_bytes(call, owner, each);
        if (!bytes)
            co_return std::unexpected(std::move(bytes).error());
        if (spool->size() + bytes->size() > limits::kJmapUpload)
            co_return refuse("tooLarge");
        const auto taken = spool->append(*bytes);
        if (!taken)
            co_return std::unexpected(set_error(taken.error()));
    }
    const std::string type(json::text_of(object, "type").value_or("application/octet-stream"));
    const auto kept = co_await office::keep_upload(call.office(), owner, spool, type);
    if (!kept)
        co_return std::unexpected(set_error(kept.error()));
    co_return json::Object{
        {"id", blob_id({BlobRef::Kind::upload, kept->id, 0, 0})},
        {"type", kept->type},
        {"size", kept->size},
    };
}

json::Value shown(json::Object object) {
    return object.empty() ? json::Value(nullptr) : json::Value(std::move(object));
}

} // namespace

Task<std::vector<std::pair<std::string, std::string>>>
users_of(Call& call, const office::Owner& owner, model::ItemId id) {
    std::vector<std::pair<std::string, std::string>> users;
    std::function<void(office::MailRecord)> visit = [&users](office::MailRecord record) {
        users.emplace_back("Email", item_id(record.item.id));
        users.emplace_back("Mailbox", collection_id(record.item.collection));
        users.emplace_back("Thread", numbered('t', record.conversation.value));
    };
    const auto visited = co_await office::visit_mails(
        call.office(), call.actor(), owner, {id}, false, std::move(visit)
    );
    if (!visited)
        users.clear();
    if (!users.empty())
        co_return users;
    const auto item = co_await office::find_readable(call.office(), call.actor(), owner, id);
    if (!item)
        co_return users;
    const auto [folder, object] = type_names(item->item_class);
    users.emplace_back(object, item_id(item->id));
    users.emplace_back(folder, collection_id(item->collection));
    co_return users;
}

Task<Outcome> blob_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kBlobProperties);
    Slice slice;
    slice.offset = arguments.count("offset").value_or(0);
    slice.length = arguments.count("length");
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request->ids)
        co_return refuse("requestTooLarge", "blobs are asked for by id");
    json::Array list, not_found;
    for (const auto& id : *request->ids) {
        const auto ref = parse_blob_id(id);
        Result<std::string> bytes = fail(Code::not_found, "no such blob");
        if (ref)
            bytes = co_await read_blob(call.office(), call.actor(), *owner, *ref);
        if (bytes)
            list.push_back(blob_object(id, *bytes, slice, *request));
        else
            not_found.emplace_back(id);
    }
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"list", std::move(list)},
        {"notFound", std::move(not_found)},
    };
}

Task<Outcome> blob_upload(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto* create = arguments.object("create");
    if (create == nullptr)
        arguments.wrong("create", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (create->size() > limits::kJmapSet)
        co_return refuse("requestTooLarge");
    json::Object created, not_created;
    for (const auto& member : *create) {
        const std::string key(member.key().data(), member.key().size());
        auto made = member.value().is_object()
                        ? co_await upload_one(call, *owner, member.value().get_object())
                        : Outcome(refuse("invalidProperties"));
        if (made) {
            call.session.created[key] = *json::text_of(*made, "id");
            created[key] = std::move(*made);
        } else {
            not_created[key] = to_json(made.error());
        }
    }
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"created", shown(std::move(created))},
        {"notCreated", shown(std::move(not_created))},
    };
}

Task<Outcome> blob_lookup(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto types = arguments.texts("typeNames");
    const auto ids = arguments.ids("ids");
    if (!types || !ids)
        arguments.wrong(types ? "ids" : "typeNames", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    for (const auto& type : *types)
        if (type != "Mailbox" && type != "Email" && type != "Thread")
            co_return refuse("unknownDataType", type);
    json::Array list, not_found;
    for (const auto& given : *ids) {
        const auto id = call.resolve(given);
        const auto ref = parse_blob_id(id);
        Result<FoundBlob> blob = fail(Code::not_found, "no such blob");
        if (ref)
            blob = co_await find_blob(call.office(), call.actor(), *owner, *ref);
        if (!blob) {
            not_found.emplace_back(given);
            continue;
        }
        json::Object matched;
        for (const auto& type : *types)
            matched[type] = json::Array();
        if (ref->kind != BlobRef::Kind::upload) {
            const auto used = co_await users_of(call, *owner, model::ItemId{ref->number});
            for (const auto& [type, user] : used)
                if (matched.contains(type))
                    matched[type].get_array().emplace_back(user);
        }
        list.push_back(json::Object{{"id", given}, {"matchedIds", std::move(matched)}});
    }
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"list", std::move(list)},
        {"notFound", std::move(not_found)},
    };
}

Task<Outcome> blob_copy(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto from_id = arguments.text("fromAccountId");
    const auto ids = arguments.ids("blobIds");
    if (!from_id || !ids)
        arguments.wrong(ids ? "fromAccountId" : "blobIds", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    const auto* from = call.session.find(*from_id);
    if (from == nullptr)
        co_return refuse("fromAccountNotFound");
    json::Object copied, not_copied;
    for (const auto& id : *ids) {
        const auto ref = parse_blob_id(call.resolve(id));
        Result<std::string> bytes = fail(Code::not_found, "no such blob");
        if (ref)
            bytes = co_await read_blob(call.office(), call.actor(), *from, *ref);
        if (!bytes) {
            not_copied[id] = to_json({"blobNotFound", {}, {}});
            continue;
        }
        const auto spool = std::make_shared<office::Spool>(call.office());
        auto done = spool->append(*bytes);
        Result<store::Upload> kept = fail(Code::unavailable, "not kept");
        if (done)
            kept = co_await office::keep_upload(
                call.office(), *owner, spool, "application/octet-stream"
            );
        if (kept)
            copied[id] = blob_id({BlobRef::Kind::upload, kept->id, 0, 0});
        else
            not_copied[id] = to_json(set_error(kept.error()));
    }
    co_return json::Object{
        {"fromAccountId", *from_id},
        {"accountId", account_id(owner->id)},
        {"copied", shown(std::move(copied))},
        {"notCopied", shown(std::move(not_copied))},
    };
}

} // namespace lockstep::jmap
