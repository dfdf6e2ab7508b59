// ItemOperations: items and attachments by name, and the emptying of folders.
// Spec: MS-ASCMD 2.2.1.10; Status 2.2.3.177.8 (1 success, 2 protocol error, 3 server error, 6 not
// found or no access, 8 byte range invalid, 9 store unsupported, 15 attachment invalid, 17 partial
// success, 155 MoveAlways is missing, 156 the target holds no mail of the person). Quirks: iOS
// fetches by LongId without CollectionId (2); Range and Total only when they were asked for (3).
#include "base/limits_activesync.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar_files.hpp"
#include "codec/eas/email.hpp"
#include "office/conversation_moves.hpp"
#include "office/folders.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/item_writer.hpp"
#include "protocols/activesync/mail_view.hpp"
#include "protocols/activesync/one_folder.hpp"
#include "protocols/activesync/sync_options.hpp"

namespace lockstep::activesync {
namespace {

namespace io = wbxml::item_operations;
namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;
using model::Right;

/// An inclusive byte range; none when the client asked for none.
struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

std::expected<std::optional<ByteRange>, int> read_range(const wbxml::Node* options) {
    const auto* node = options != nullptr ? options->find(io::Range) : nullptr;
    if (node == nullptr)
        return std::nullopt;
    const auto text = trim(node->text);
    const auto dash = text.find('-');
    if (dash == std::string_view::npos)
        return std::unexpected(8);
    const auto first = parse_int<std::uint64_t>(text.substr(0, dash));
    const auto last = parse_int<std::uint64_t>(text.substr(dash + 1));
    if (!first || !last || *last < *first)
        return std::unexpected(8);
    return ByteRange{*first, *last};
}

struct Fetch {
    const wbxml::Node* request = nullptr;
    std::string server_id;
    std::string file_reference;
    std::string long_id;
};

void fetch_head(wbxml::Writer& out, const Fetch& fetch, int status) {
    out.open(io::Fetch);
    out.element(io::Status, status);
    if (!fetch.long_id.empty()) {
        out.element(wbxml::search::LongId, fetch.long_id);
    } else if (!fetch.server_id.empty()) {
        const auto folder = fetch.request->text_of(as::CollectionId);
        if (!folder.empty())
            out.element(as::CollectionId, folder);
        out.element(as::ServerId, fetch.server_id);
    }
    if (!fetch.file_reference.empty())
        out.element(base::FileReference, fetch.file_reference);
}

/// Reads the attachment of a mail through its digest: only its own bytes are read.
Result<std::pair<std::string, std::string>> read_file(
    office::Snapshot& snapshot, Exchange& exchange, const ItemRef& ref, const std::string& path
) {
    const auto item = office::find_item(snapshot, ref.folder.owner, ref.folder.collection, ref.uid);
    if (item && item->item_class == model::ItemClass::event) {
        TRY(const auto stored, office::object_bytes(snapshot, exchange.office(), *item));
        TRY(auto file, eas::read_event_file(stored, path));
        return std::pair(std::move(file.content_type), std::move(file.bytes));
    }
    if (!item || item->item_class != model::ItemClass::mail)
        return fail(Code::not_found, "no such mail");
    TRY(const auto digest, mime::decode(office::find_digest(snapshot, item->owner, item->id)));
    const auto* part = eas::find_part(digest, path);
    if (part == nullptr)
        return fail(Code::not_found, "no such attachment");
    eas::MailView view{
        .digest = digest, .flags = {}, .size = static_cast<std::uint64_t>(item->size), .read = {}
    };
    view.read = [&](std::uint64_t offset, std::uint64_t length) {
        return office::read_bytes(snapshot, exchange.office(), *item, offset, length);
    };
    TRY(auto bytes, eas::read_attachment(view, *part));
    return std::pair(part->type, std::move(bytes));
}

Task<Result<std::pair<std::string, std::string>>>
load_file(Exchange& exchange, const std::string& reference) {
    CO_TRY(const auto parsed, eas::parse_file_reference(reference));
    const auto ref = parse_item_id(parsed.server_id, exchange.actor.account.id);
    if (!ref)
        co_return fail(Code::not_found, "no such attachment");
    CO_CHECK_OK(co_await office::open_folder(
        exchange.office(), exchange.actor, ref->folder.owner, ref->folder.collection, Right::read
    ));
    using File = std::pair<std::string, std::string>;
    std::function<Result<File>(office::Snapshot&)> work = [&](office::Snapshot& snapshot) {
        return read_file(snapshot, exchange, *ref, parsed.path);
    };
    co_return co_await exchange.office().db.read<File>(ref->folder.owner, std::move(work));
}

Task<Result<>> fetch_file(
    Exchange& exchange, wbxml::Writer& out, const Fetch& fetch, std::vector<std::string>& parts
) {
    const auto range = read_range(fetch.request->find(io::Options));
    auto file = co_await load_file(exchange, fetch.file_reference);
    int status = 1;
    if (!range)
        status = range.error();
    else if (!file)
        status = 15;
    else if (*range && (*range)->first >= file->second.size())
        status = 8;
    if (!file && file.error().code == Code::unavailable)
        co_return std::unexpected(file.error());
    fetch_head(out, fetch, status);
    if (status == 1) {
        auto [type, bytes] = std::move(*file);
        const auto total = bytes.size();
        out.open(io::Properties);
        if (*range) {
            const auto last = std::min<std::uint64_t>((*range)->last, total - 1);
            bytes = bytes.substr((*range)->first, last - (*range)->first + 1);
            out.element(io::Range, fmt::format("{}-{}", (*range)->first, last));
            out.element(io::Total, total);
        }
        out.element(base::ContentType, type);
        if (exchange.multipart) {
            parts.push_back(std::move(bytes));
            out.element(io::Part, parts.size());
        } else {
            out.element(io::Data, base64(bytes));
        }
        out.close();
    }
    out.close();
    co_return Result<>();
}

/// Only the properties that a Schema names (MS-ASCMD 2.2.3.158): picked from the whole item, so
/// that each has the form that it has everywhere.
void write_schema(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const model::Item& item, eas::ItemOptions options, const wbxml::Node& schema
) {
    options.without_body = !schema.has(base::Body) && !schema.has(base::BodyPart) &&
                           !schema.has(wbxml::contacts::Picture);
    wbxml::Writer whole(exchange.version);
    whole.open(io::Properties);
    write_item(whole, snapshot, exchange, item, options);
    whole.close();
    const auto bytes = whole.finish();
    const auto root = bytes ? wbxml::parse(*bytes) : Result<wbxml::Node>(wbxml::Node{});
    if (!root)
        return;
    for (const auto& property : root->children)
        if (schema.has(property.tag))
            wbxml::write(out, property);
}

Task<Result<>> fetch_item(
    Exchange& exchange, wbxml::Writer& out, const Fetch& fetch, std::vector<std::string>& parts
) {
    const auto self = exchange.actor.account.id;
    const auto ref = parse_item_id(fetch.long_id.empty() ? fetch.server_id : fetch.long_id, self);
    const auto named_folder = fetch.request->text_of(as::CollectionId);
    const auto* request = fetch.request->find(io::Options);
    auto options = request != nullptr ? read_options(*request, std::nullopt) : CollectionOptions{};
    options.item.version = exchange.version;
    if (exchange.multipart)
        options.item.parts = &parts;
    const auto named = parse_folder_id(named_folder, self);
    bool folder_fits = ref && named_folder.empty();
    if (ref && named) {
        CO_TRY(folder_fits, co_await shows_items_of(exchange, *named, ref->folder));
    }
    auto folder = Result<office::Folder>(fail(Code::not_found, "no such item"));
    if (folder_fits)
        folder = co_await office::open_folder(
            exchange.office(), exchange.actor, ref->folder.owner, ref->folder.collection,
            Right::read
        );
    if (!folder && folder.error().code == Code::unavailable)
        co_return std::unexpected(folder.error());
    if (!folder || !options.valid || !options.part_type_known) {
        fetch_head(out, fetch, !folder ? 6 : !options.valid ? 2 : 164);
        out.close();
        co_return Result<>();
    }
    std::function<Result<bool>(office::Snapshot&)> work = [&](office::Snapshot& snapshot
                                                          ) -> Result<bool> {
        const auto item =
            office::find_item(snapshot, ref->folder.owner, ref->folder.collection, ref->uid);
        fetch_head(out, fetch, item ? 1 : 6);
        if (item) {
            out.element(as::Class, class_name(item->item_class));
            out.open(io::Properties);
            const auto* schema = request != nullptr ? request->find(io::Schema) : nullptr;
            if (schema == nullptr || schema->children.empty())
                write_item(out, snapshot, exchange, *item, options.item);
            else
                write_schema(out, snapshot, exchange, *item, options.item, *schema);
            out.close();
        }
        out.close();
        return true;
    };
    CO_CHECK_OK(co_await exchange.office().db.read<bool>(ref->folder.owner, std::move(work)));
    co_return Result<>();
}

/// MS-ASCMD 2.2.3.125.3: each operation has its own options.
bool options_fit(const wbxml::Node& operation, std::initializer_list<wbxml::Tag> foreign) {
    const auto* options = operation.find(io::Options);
    return options == nullptr ||
           std::ranges::none_of(foreign, [&](wbxml::Tag tag) { return options->has(tag); });
}

Task<Result<>> fetch_one(
    Exchange& exchange, wbxml::Writer& out, const wbxml::Node& request,
    std::vector<std::string>& parts
) {
    Fetch fetch;
    fetch.request = &request;
    fetch.server_id = request.text_of(as::ServerId);
    fetch.file_reference = request.text_of(base::FileReference);
    fetch.long_id = request.text_of(wbxml::search::LongId);
    const auto store_name = trim(request.text_of(io::Store));
    int refused = 0;
    if (store_name.empty() || std::ranges::distance(request.all(base::FileReference)) > 1 ||
        !options_fit(request, {io::MoveAlways, io::DeleteSubFolders}))
        refused = 2;
    else if (!iequals(store_name, "Mailbox"))
        refused = 9;
    else if (fetch.server_id.empty() && fetch.file_reference.empty() && fetch.long_id.empty())
        refused = 2;
    if (refused != 0) {
        fetch_head(out, fetch, refused);
        out.close();
        co_return Result<>();
    }
    if (!fetch.file_reference.empty())
        co_return co_await fetch_file(exchange, out, fetch, parts);
    co_return co_await fetch_item(exchange, out, fetch, parts);
}

/// Removes what lies in a mail folder, and its folders when asked to.
Task<Result<int>> empty_folder(Exchange& exchange, const wbxml::Node& request) {
    if (request.text_of(as::CollectionId).empty() ||
        !options_fit(request, {io::MoveAlways, io::Range, io::Schema}))
        co_return 2;
    const auto ref = parse_folder_id(request.text_of(as::CollectionId), exchange.actor.account.id);
    if (!ref)
        co_return 6;
    const auto folder = co_await office::open_folder(
        exchange.office(), exchange.actor, ref->owner, ref->collection, Right::edit
    );
    if (!folder && folder.error().code == Code::unavailable)
        co_return std::unexpected(folder.error());
    if (!folder)
        co_return 6;
    // Not in the device's name: it is told of everything that goes.
    const office::Actor server{exchange.actor.account, {}};
    bool partly = false;
    const auto* options = request.find(io::Options);
    if (options != nullptr && options->has(io::DeleteSubFolders)) {
        CO_TRY(const auto all, co_await office::all_folders(exchange.office(), ref->owner));
        for (const auto& each : all)
            if (each.parent == ref->collection && folder->own) {
                const auto done =
                    co_await office::remove_folder(exchange.office(), server, each.id);
                if (!done && done.error().code != Code::forbidden)
                    co_return std::unexpected(done.error());
                partly = partly || !done;
            }
    }
    for (;;) {
        std::function<Result<std::size_t>(office::Txn&)> work = [&](office::Txn& txn
                                                                ) -> Result<std::size_t> {
            const auto items = office::changed_items(
                txn, ref->owner, ref->collection, {}, {office::kLastUid}, 500
            );
            for (const auto& item : items)
                CHECK_OK(office::remove_mail(txn, server, *folder, item, true));
            return items.size();
        };
        CO_TRY(
            const auto removed,
            co_await exchange.office().db.write<std::size_t>(ref->owner, std::move(work))
        );
        if (removed < 500)
            co_return partly ? 17 : 1;
    }
}

/// All mails of a conversation go to a folder, and those to come (MS-ASCMD 2.2.3.117.1).
Task<Result<int>> move_one_conversation(Exchange& exchange, const wbxml::Node& request) {
    const auto* options = request.find(io::Options);
    if (options == nullptr || !options->has(io::MoveAlways))
        co_return 155;
    if (!options_fit(request, {io::DeleteSubFolders, io::Range, io::Schema}) ||
        request.text_of(io::DstFldId).empty())
        co_return 2;
    const auto conversation = request.text_of(io::ConversationId);
    const auto target = parse_folder_id(request.text_of(io::DstFldId), exchange.actor.account.id);
    if (conversation.size() != 16)
        co_return conversation.empty() ? 2 : 6;
    if (!target)
        co_return 6;
    auto folder = co_await office::open_folder(
        exchange.office(), exchange.actor, target->owner, target->collection, Right::add
    );
    if (!folder && folder.error().code == Code::unavailable)
        co_return std::unexpected(folder.error());
    if (!folder)
        co_return 6;
    if (!folder->own || folder->collection.item_class != model::ItemClass::mail)
        co_return 156;
    const auto moved = co_await office::move_conversation(
        exchange.office(), exchange.actor, std::string(conversation), std::move(*folder)
    );
    if (!moved && moved.error().code == Code::unavailable)
        co_return std::unexpected(moved.error());
    co_return moved ? 1 : moved.error().code == Code::not_found ? 6 : 3;
}

bool has_an_operation(const wbxml::Node& root) {
    return root.has(io::Move) || root.has(io::EmptyFolderContents) || root.has(io::Fetch);
}

/// Longer than an id may be (64 characters, a LongId 256; MS-ASCMD 6.16): such a one cannot
/// even be repeated in an answer.
bool has_overlong_ids(const wbxml::Node& root) {
    return std::ranges::any_of(root.children, [](const wbxml::Node& operation) {
        return operation.text_of(as::CollectionId).size() > 64 ||
               operation.text_of(as::ServerId).size() > 64 ||
               operation.text_of(wbxml::search::LongId).size() > 256;
    });
}

Result<Reply> refused_operations(const Exchange& exchange) {
    wbxml::Writer out(exchange.version);
    out.open(io::ItemOperations);
    out.element(io::Status, 2);
    out.close();
    return reply_of(out);
}

} // namespace

Task<Result<Reply>> item_operations(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    exchange.root.reset();
    if (!has_an_operation(root) || root.children.size() > limits::kOperations ||
        has_overlong_ids(root))
        co_return refused_operations(exchange);
    wbxml::Writer out(exchange.version);
    std::vector<std::string> parts;
    out.open(io::ItemOperations);
    out.element(io::Status, 1);
    out.open(io::Response);
    // The schema wants Move, EmptyFolderContents and Fetch in this order.
    for (const auto& operation : root.all(io::Move)) {
        CO_TRY(const int status, co_await move_one_conversation(exchange, operation));
        out.open(io::Move);
        out.element(io::Status, status);
        out.opaque(io::ConversationId, operation.text_of(io::ConversationId));
        out.close();
    }
    for (const auto& operation : root.all(io::EmptyFolderContents)) {
        CO_TRY(const int status, co_await empty_folder(exchange, operation));
        out.open(io::EmptyFolderContents);
        out.element(io::Status, status);
        out.element(as::CollectionId, operation.text_of(as::CollectionId));
        out.close();
    }
    for (const auto& operation : root.all(io::Fetch))
        CO_CHECK_OK(co_await fetch_one(exchange, out, operation, parts));
    out.close();
    out.close();
    CO_TRY(auto reply, reply_of(out));
    reply.parts = std::move(parts);
    co_return reply;
}

Task<Result<Reply>> get_attachment(Exchange& exchange) {
    if (exchange.at_least(wbxml::Version::v14_0))
        co_return fail(Code::unsupported, "GetAttachment ended with 12.1");
    auto file = co_await load_file(exchange, exchange.query->attachment_name);
    if (!file && file.error().code == Code::unavailable)
        co_return std::unexpected(file.error());
    Reply reply;
    if (!file) {
        reply.http = 400;
        co_return reply;
    }
    reply.content_type = file->first;
    reply.raw = std::move(file->second);
    co_return reply;
}

} // namespace lockstep::activesync
