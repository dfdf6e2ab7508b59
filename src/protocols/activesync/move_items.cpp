// MoveItems: items into other folders, own ones and those of others.
// Spec: MS-ASCMD 2.2.1.12; Status 2.2.3.177.10 (1 bad source, 2 bad destination, 3 success, 4 same
// folder, 5 failure). Invariants: a repeated move, its answer lost, is answered with the same
// DstMsgId (W4).
#include "base/limits_activesync.hpp"
#include "office/folders.hpp"
#include "office/mail.hpp"
#include "office/transfer.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/ids.hpp"

namespace lockstep::activesync {
namespace {

namespace mv = wbxml::move;

struct Moved {
    std::string source;
    int status = 5;
    std::string target;
};

/// The client's name of a move, under which its result is kept.
std::string move_name(const Moved& moved, const FolderRef& target, model::AccountId self) {
    return "move:" + moved.source + ">" + folder_id(target, self);
}

/// A move within one account, inside a job of the owner's file.
Result<Moved> move_one(
    office::Txn& txn, Exchange& exchange, const office::Folder& from, const office::Folder& to,
    const ItemRef& ref, Moved moved
) {
    const auto self = exchange.actor.account.id;
    const auto owner = ref.folder.owner;
    const FolderRef target{to.collection.owner, to.collection.id};
    const auto name = move_name(moved, target, self);
    const auto item = office::find_item(txn, owner, ref.folder.collection, ref.uid);
    if (!item) {
        const auto before =
            office::find_client_op(txn, owner, exchange.actor.author, to.collection.id, name);
        moved.status = before ? 3 : 1;
        if (before)
            moved.target = item_id(target, *before, self);
        return moved;
    }
    const auto placed = office::move_mail(txn, exchange.actor, from, *item, to);
    if (!placed) {
        moved.status = placed.error().code == Code::bad_value ? 2 : 5;
        return moved;
    }
    office::add_client_op(
        txn, owner, exchange.actor.author, to.collection.id, name, placed->uid,
        exchange.office().clock.now_us()
    );
    moved.status = 3;
    moved.target = item_id(target, placed->uid, self);
    return moved;
}

Task<Result<Moved>> move_across(
    Exchange& exchange, const office::Folder& from, const office::Folder& to, const ItemRef& ref,
    Moved moved
) {
    const auto self = exchange.actor.account.id;
    const FolderRef target{to.collection.owner, to.collection.id};
    office::Transfer transfer{from, ref.uid, to, move_name(moved, target, self)};
    const auto placed =
        co_await office::transfer_item(exchange.office(), exchange.actor, std::move(transfer));
    if (!placed && placed.error().code == Code::unavailable)
        co_return std::unexpected(placed.error());
    if (placed)
        moved.target = item_id(target, *placed, self);
    moved.status = placed                                   ? 3
                   : placed.error().code == Code::not_found ? 1
                   : placed.error().code == Code::bad_value ? 2
                                                            : 5;
    co_return moved;
}

Task<Result<Moved>> move(Exchange& exchange, const wbxml::Node& request) {
    const auto self = exchange.actor.account.id;
    Moved moved;
    moved.source = request.text_of(mv::SrcMsgId);
    const auto ref = parse_item_id(moved.source, self);
    const auto source = parse_folder_id(request.text_of(mv::SrcFldId), self);
    const auto target = parse_folder_id(request.text_of(mv::DstFldId), self);
    moved.status = 1;
    if (!ref || !source || ref->folder != *source)
        co_return moved;
    const auto from = co_await office::open_folder(
        exchange.office(), exchange.actor, source->owner, source->collection, model::Right::read
    );
    if (!from)
        co_return moved;
    moved.status = 2;
    // MS-ASCMD 2.2.3.177.10: an item goes to one place only.
    if (std::ranges::distance(request.all(mv::DstFldId)) > 1)
        moved.status = 5;
    if (!target || moved.status == 5)
        co_return moved;
    const auto to = co_await office::open_folder(
        exchange.office(), exchange.actor, target->owner, target->collection, model::Right::read
    );
    if (!to)
        co_return moved;
    moved.status = 4;
    if (*source == *target)
        co_return moved;
    if (source->owner != target->owner)
        co_return co_await move_across(exchange, *from, *to, *ref, std::move(moved));
    std::function<Result<Moved>(office::Txn&)> work = [&](office::Txn& txn) {
        return move_one(txn, exchange, *from, *to, *ref, moved);
    };
    co_return co_await exchange.office().db.write<Moved>(source->owner, std::move(work));
}

} // namespace

Task<Result<Reply>> move_items(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    const auto& command = *find_command("MoveItems");
    if (root.children.empty() || root.children.size() > limits::kMoves)
        co_return reply_status(command, exchange.version, Common::invalid_xml, 400);
    std::vector<Moved> all;
    for (const auto& request : root.all(mv::Move)) {
        const auto source = request.text_of(mv::SrcMsgId);
        // No answer could name it.
        if (source.empty() || source.size() > 64)
            co_return reply_status(command, exchange.version, Common::invalid_xml, 400);
        CO_TRY(auto moved, co_await move(exchange, request));
        all.push_back(std::move(moved));
    }
    wbxml::Writer out(exchange.version);
    out.open(mv::MoveItems);
    for (const auto& each : all) {
        out.open(mv::Response);
        out.element(mv::SrcMsgId, each.source);
        out.element(mv::Status, each.status);
        if (each.status == 3)
            out.element(mv::DstMsgId, each.target);
        out.close();
    }
    out.close();
    co_return reply_of(out);
}

} // namespace lockstep::activesync
