// FolderCreate, FolderUpdate, FolderDelete: the hierarchy, changed by a device.
// Spec: MS-ASCMD 2.2.1.3, 2.2.1.4, 2.2.1.7; Status 2.2.3.177.3 (create), .4 (delete), .6 (update):
// 1 success, 2 name taken, 3 special folder, 4 no such folder, 5 no such parent, 6 server error, 9
// wrong key, 10 malformed. Invariants: the same key chain as FolderSync; a repeated request, its
// answer lost, does nothing again and gets the same ServerId (W4).
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/recipient_folder.hpp"

namespace lockstep::activesync {
namespace {

namespace fh = wbxml::folder_hierarchy;
using model::CollectionId;

struct Edited {
    int status = 1;
    std::string id; ///< FolderCreate's new folder
};

/// What the request asks, as one text: a repeated request is known by it.
std::string edit_fingerprint(const wbxml::Node& root) {
    std::string text(wbxml::name_of(root.tag));
    for (const auto tag : {fh::ServerId, fh::ParentId, fh::DisplayName, fh::Type}) {
        text += '\0';
        text += root.text_of(tag);
    }
    return std::string(blake2b256(text).raw().substr(0, 16));
}

int edit_status(const Error& error, bool parent_missing) {
    if (error.code == Code::exists)
        return 2;
    if (error.code == Code::forbidden)
        return 3;
    if (error.code == Code::not_found)
        return parent_missing ? 5 : 4;
    if (error.code == Code::bad_value || error.code == Code::conflict)
        return 10;
    return 6;
}

/// The own folder of an id; none for those of others, which no device may change.
std::optional<CollectionId> own_folder(const Exchange& exchange, std::string_view id) {
    const auto ref = parse_folder_id(id, exchange.actor.account.id);
    if (!ref || ref->owner != exchange.actor.account.id)
        return std::nullopt;
    return ref->collection;
}

Task<bool> is_there(Exchange& exchange, CollectionId id) {
    const auto folder = co_await office::open_folder(
        exchange.office(), exchange.actor, exchange.actor.account.id, id, model::Right::read
    );
    co_return folder.has_value();
}

Task<Edited> create(Exchange& exchange, const wbxml::Node& root) {
    const auto type = parse_int<int>(trim(root.text_of(fh::Type)));
    const auto item_class = type ? class_of_type(*type) : std::nullopt;
    const auto parent_id = trim(root.text_of(fh::ParentId));
    const auto name = root.text_of(fh::DisplayName);
    if (!item_class || parent_id.empty() || trim(name).empty())
        co_return Edited{10, {}};
    CollectionId parent;
    if (is_recipient_folder(exchange, parent_id))
        co_return Edited{3, {}};
    if (parent_id != "0") {
        const auto own = own_folder(exchange, parent_id);
        const bool there = own && co_await is_there(exchange, *own);
        if (!there)
            co_return Edited{5, {}};
        parent = *own;
    }
    const auto made = co_await office::create_folder(
        exchange.office(), exchange.actor, parent, *item_class, std::string(name)
    );
    if (!made)
        co_return Edited{edit_status(made.error(), true), {}};
    co_return Edited{1, folder_id({made->owner, made->id}, exchange.actor.account.id)};
}

Task<Edited> update(Exchange& exchange, const wbxml::Node& root) {
    const auto parent_id = trim(root.text_of(fh::ParentId));
    const auto name = root.text_of(fh::DisplayName);
    if (root.text_of(fh::ServerId).empty() || parent_id.empty() || trim(name).empty() ||
        root.has(fh::Status))
        co_return Edited{10, {}};
    if (is_recipient_folder(exchange, root.text_of(fh::ServerId)) ||
        is_recipient_folder(exchange, parent_id))
        co_return Edited{3, {}};
    const auto id = own_folder(exchange, root.text_of(fh::ServerId));
    const bool there = id && co_await is_there(exchange, *id);
    if (!id && parse_folder_id(root.text_of(fh::ServerId), exchange.actor.account.id))
        co_return Edited{2, {}}; // one of somebody else's, which keep their names
    if (!there)
        co_return Edited{4, {}};
    CollectionId parent;
    if (parent_id != "0") {
        const auto own = own_folder(exchange, parent_id);
        const bool parent_there = own && co_await is_there(exchange, *own);
        if (!parent_there)
            co_return Edited{5, {}};
        parent = *own;
    }
    const auto done = co_await office::rename_folder(
        exchange.office(), exchange.actor, *id, parent, std::string(name)
    );
    // Here 2 also says that a special folder keeps its name; 3 is for the recipient cache only.
    if (!done && done.error().code == Code::forbidden)
        co_return Edited{2, {}};
    co_return Edited{done ? 1 : edit_status(done.error(), true), {}};
}

Task<Edited> remove(Exchange& exchange, const wbxml::Node& root) {
    if (root.text_of(fh::ServerId).empty())
        co_return Edited{10, {}};
    if (is_recipient_folder(exchange, root.text_of(fh::ServerId)))
        co_return Edited{3, {}};
    const auto id = own_folder(exchange, root.text_of(fh::ServerId));
    if (!id)
        co_return Edited{
            parse_folder_id(root.text_of(fh::ServerId), exchange.actor.account.id) ? 3 : 4, {}
        };
    const auto done = co_await office::remove_folder(exchange.office(), exchange.actor, *id);
    co_return Edited{done ? 1 : edit_status(done.error(), false), {}};
}

Result<Reply>
edit_answer(const Exchange& exchange, wbxml::Tag root, const Edited& edited, std::string_view key) {
    wbxml::Writer out(exchange.version);
    out.open(root);
    out.element(fh::Status, edited.status);
    if (edited.status == 1) {
        out.element(fh::SyncKey, key);
        if (!edited.id.empty())
            out.element(fh::ServerId, edited.id);
    }
    out.close();
    return reply_of(out);
}

/// The state after the edit: everything told when nothing of others is pending, else as it was (own
/// edits are skipped by their author).
Task<Result<std::string>> state_after(Exchange& exchange, const FolderState& before) {
    CO_TRY(const auto changes, co_await folder_changes(exchange, before));
    co_return pack(changes.changes.empty() ? changes.after : before);
}

Task<Result<Reply>> edit(Exchange& exchange, Task<Edited> (*act)(Exchange&, const wbxml::Node&)) {
    const auto root = std::move(*exchange.root);
    const auto key = std::string(trim(root.text_of(fh::SyncKey)));
    if (key.empty())
        co_return edit_answer(exchange, root.tag, {10, {}}, {});
    const auto turn = co_await Session::take_turn(exchange.session);
    const FolderRef hierarchy{exchange.actor.account.id, {}};
    CO_TRY(auto chain, co_await load_chain(exchange, hierarchy));
    const auto* generation = key == "0" ? nullptr : chain.find(key);
    if (generation == nullptr)
        co_return edit_answer(exchange, root.tag, {9, {}}, {});
    const auto before = unpack_folder_state(generation->state);
    if (!before)
        co_return edit_answer(exchange, root.tag, {9, {}}, {});
    // First of all: what the device did with an older key is no answer to what it does now.
    chain.acknowledge(key);
    const auto fingerprint = edit_fingerprint(root);
    Edited edited;
    if (const auto* kept = chain.kept_result(fingerprint)) {
        edited.id = *kept;
    } else {
        edited = co_await act(exchange, root);
    }
    if (edited.status != 1)
        co_return edit_answer(exchange, root.tag, edited, {});
    CO_TRY(auto state, co_await state_after(exchange, *before));
    const auto fresh = chain.key_of(chain.add(std::move(state), {{fingerprint, edited.id}}));
    CO_CHECK_OK(co_await save_chain(exchange, hierarchy, chain));
    co_return edit_answer(exchange, root.tag, edited, fresh);
}

} // namespace

Task<Result<Reply>> folder_create(Exchange& exchange) { return edit(exchange, create); }
Task<Result<Reply>> folder_update(Exchange& exchange) { return edit(exchange, update); }
Task<Result<Reply>> folder_delete(Exchange& exchange) { return edit(exchange, remove); }

} // namespace lockstep::activesync
