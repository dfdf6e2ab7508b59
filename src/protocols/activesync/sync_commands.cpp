// The client's Add, Change, Delete and Fetch.
// Spec: MS-ASCMD 2.2.3.7.2 Add, 2.2.3.24.2 Change, 2.2.3.42.2 Delete, 2.2.3.63.2 Fetch;
// Status 2.2.3.177.17 (6 conversion, 7 conflict, 8 not found, 9 no space). Invariants: a command
// that was seen before is answered from memory (W4).
#include "base/crypto.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/eas/calendar.hpp"
#include "codec/eas/calendar_files.hpp"
#include "codec/eas/contacts.hpp"
#include "codec/eas/notes.hpp"
#include "codec/eas/tasks.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "protocols/activesync/item_writer.hpp"
#include "protocols/activesync/sync_run.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
using model::Item;
using model::ItemClass;
using wbxml::Node;

/// A hash of the command's tree: the same bytes come again when an answer was lost.
std::string fingerprint_of(const Node& command) {
    Hasher hasher;
    std::vector<const Node*> left{&command};
    while (!left.empty()) {
        const auto* node = left.back();
        left.pop_back();
        if (node == nullptr) {
            hasher.update("<");
            continue;
        }
        const char head[] = {
            '>', static_cast<char>(node->tag.page), static_cast<char>(node->tag.token)
        };
        hasher.update({head, sizeof head});
        hasher.update(std::to_string(node->text.size()));
        hasher.update(":");
        hasher.update(node->text);
        left.push_back(nullptr);
        for (auto child = node->children.rbegin(); child != node->children.rend(); ++child)
            left.push_back(&*child);
    }
    return std::string(hasher.finish().raw().substr(0, 16));
}

int status_of(const Error& error) {
    switch (error.code) {
    case Code::not_found:
        return 8;
    case Code::over_quota:
        return 9;
    case Code::unavailable:
    case Code::internal:
    case Code::corrupt:
    case Code::throttled:
    case Code::closed:
    case Code::timeout:
        return 5;
    case Code::conflict:
        return 7;
    case Code::bad_syntax:
    case Code::bad_value:
    case Code::forbidden:
    case Code::exists:
    case Code::stale:
    case Code::too_large:
    case Code::unauthorized:
    case Code::unsupported:
        return 6;
    }
    return 6;
}

/// A device that declared nothing supports all: what it leaves out of a Change is deleted
/// (MS-ASCMD 2.2.3.24.2, 2.2.3.179; up to 14.1). Exceptions stay, and so does what is no property
/// of the class itself (Body).
const std::set<wbxml::Tag>* all_of_class(ItemClass item_class) {
    static const auto page = [](std::uint8_t number, std::initializer_list<wbxml::Tag> kept) {
        std::set<wbxml::Tag> tags;
        for (int token = 5; token < 64; ++token)
            if (const wbxml::Tag tag{number, static_cast<std::uint8_t>(token)}; wbxml::known(tag))
                tags.insert(tag);
        for (const auto tag : kept)
            tags.erase(tag);
        return tags;
    };
    static const auto events = page(wbxml::calendar::kPage, {wbxml::calendar::Exceptions});
    static const auto todos = page(wbxml::tasks::kPage, {});
    if (item_class == ItemClass::event)
        return &events;
    if (item_class == ItemClass::todo)
        return &todos;
    return nullptr; // cards: merge_contact knows; notes: no such rule
}

/// A category that names the note's source is the server's: it is not stored, and taking it away
/// moves nothing.
Result<std::string> merge_note(
    const Exchange& exchange, const std::string& stored, const Node& data, const std::string& label
) {
    const auto context = event_context(exchange);
    const auto* labels = label.empty() ? nullptr : data.find(wbxml::notes::Categories);
    if (labels == nullptr)
        return eas::merge_note(stored, data, exchange.version, context);
    auto rest = data;
    auto& kept = rest.children[static_cast<std::size_t>(labels - data.children.data())].children;
    std::erase_if(kept, [&](const Node& each) { return trim(each.text) == label; });
    return eas::merge_note(stored, rest, exchange.version, context);
}

/// The object after the client's edit. `stored` is empty for an addition.
Result<std::string> merge(
    const Exchange& exchange, const CollectionRun& run, const std::string& stored, const Node& data
) {
    const auto context = event_context(exchange);
    const auto* supported = run.options.supported ? &*run.options.supported
                                                  : all_of_class(run.folder.collection.item_class);
    switch (run.folder.collection.item_class) {
    case ItemClass::event:
        return eas::merge_event(stored, data, exchange.version, context, supported);
    case ItemClass::todo:
        return eas::merge_task(stored, data, exchange.version, context, supported);
    case ItemClass::note:
        return merge_note(exchange, stored, data, run.options.item.source_label);
    case ItemClass::contact:
        return eas::merge_contact(
            stored, data, exchange.version, supported, {context.new_uid, context.zone, context.now}
        );
    case ItemClass::mail:
        break;
    }
    return fail(Code::unsupported, "mail has no merge");
}

class Commands {
public:
    Commands(office::Txn& txn, Exchange& exchange, CollectionRun& run)
        : txn_(txn), exchange_(exchange), run_(run) {}

    void apply(const Node& command) {
        if (command.tag == as::Fetch) {
            fetch(command);
            return;
        }
        const auto fingerprint = fingerprint_of(command);
        bool keep = true;
        if (const auto* kept = run_.chain.kept_result(fingerprint)) {
            run_.outcomes.push_back(unpack_outcome(*kept));
            if (run_.outcomes.back().refused)
                undo_again(run_.outcomes.back());
        } else {
            CommandOutcome outcome;
            outcome.client_id = command.text_of(as::ClientId);
            outcome.server_id = command.text_of(as::ServerId);
            outcome.instance_id = command.text_of(wbxml::air_sync_base::InstanceId);
            const auto sends = run_.sends.size();
            const auto done = run_one(command, outcome);
            keep = run_.sends.size() == sends;
            if (!done) {
                outcome.status = status_of(done.error());
                log::info(
                    "eas.command_refused", {{"account", exchange_.actor.account.address},
                                            {"status", std::to_string(outcome.status)},
                                            {"reason", done.error().text}}
                );
            }
            outcome.told =
                outcome.told || outcome.kind == CommandOutcome::Kind::add || outcome.status != 1;
            run_.outcomes.push_back(std::move(outcome));
        }
        // A draft that is to be sent now is sent after this commit: a repeated request must come
        // here again and finish it.
        if (keep)
            results_.push_back({fingerprint, pack(run_.outcomes.back())});
    }
    std::vector<sync::KeptResult> take_results() { return std::move(results_); }

private:
    Result<> run_one(const Node& command, CommandOutcome& outcome) {
        if (command.tag == as::Add) {
            outcome.kind = CommandOutcome::Kind::add;
            return add(command, outcome);
        }
        if (command.tag == as::Change) {
            outcome.kind = CommandOutcome::Kind::change;
            return change(command, outcome);
        }
        outcome.kind = CommandOutcome::Kind::remove;
        if (command.tag != as::Delete)
            return fail(Code::bad_syntax, "no command of Sync");
        return remove(outcome);
    }

    Result<> add(const Node& command, CommandOutcome& outcome) {
        const auto* data = command.find(as::ApplicationData);
        if (outcome.client_id.empty() || outcome.client_id.size() > 64 || data == nullptr)
            return fail(Code::bad_value, "Add needs ClientId and ApplicationData");
        const auto owner = run_.ref.owner;
        const auto author = exchange_.actor.author;
        const auto before =
            office::find_client_op(txn_, owner, author, run_.ref.collection, outcome.client_id);
        if (before) {
            outcome.server_id = item_id(run_.ref, *before, exchange_.actor.account.id);
            return run_.folder.collection.item_class == ItemClass::mail
                       ? resume_send(txn_, exchange_, run_, *before, command)
                       : Result<>();
        }
        const auto item = run_.folder.may(model::Right::add)
                              ? add_item(command, *data, outcome)
                              : Result<Item>(fail(Code::forbidden, "this folder is read-only"));
        const bool mail = run_.folder.collection.item_class == ItemClass::mail;
        if (!item && item.error().code == Code::forbidden && !(mail && run_.folder.own))
            return refuse_addition(outcome);
        if (!item)
            return std::unexpected(item.error());
        office::add_client_op(
            txn_, owner, author, run_.ref.collection, outcome.client_id, item->uid,
            exchange_.office().clock.now_us()
        );
        outcome.server_id = item_id(run_.ref, item->uid, exchange_.actor.account.id);
        if (item->item_class == ItemClass::event && exchange_.at_least(wbxml::Version::v16_0)) {
            TRY(const auto files, eas::read_file_change(*data));
            for (const auto& file : files.add)
                outcome.files.push_back(
                    {file.client_id,
                     eas::file_reference(outcome.server_id, eas::event_file_path(file))}
                );
        }
        return {};
    }

    Result<Item> add_item(const Node& command, const Node& data, CommandOutcome& outcome) {
        if (run_.folder.collection.item_class == ItemClass::mail)
            return add_draft(txn_, exchange_, run_, command, outcome);
        // An event that is there already (a meeting added from its mail before this folder was
        // synchronized): an edit of it.
        if (run_.folder.collection.item_class == ItemClass::event) {
            const auto uid = eas::client_uid(data);
            auto known =
                uid.empty()
                    ? std::nullopt
                    : office::find_by_uid_text(txn_, run_.ref.owner, run_.ref.collection, uid);
            if (known) {
                TRY(const auto stored, office::object_bytes(txn_, exchange_.office(), *known));
                TRY(auto merged, merge(exchange_, run_, stored, data));
                if (!sync::holds(txn_, run_.state, *known, exchange_.actor.author))
                    return retake_event(txn_, exchange_, run_, *known, stored, std::move(merged));
                CHECK_OK(replace_event(txn_, exchange_, run_, *known, stored, std::move(merged)));
                return std::move(*known);
            }
        }
        TRY(auto bytes, merge(exchange_, run_, "", data));
        if (run_.folder.collection.item_class == ItemClass::event)
            return add_event(txn_, exchange_, run_, std::move(bytes));
        return office::add_object(
            txn_, exchange_.office(), exchange_.actor, run_.folder, std::move(bytes), true
        );
    }

    Result<Item> named_item(std::string_view server_id) {
        const auto ref = parse_item_id(server_id, exchange_.actor.account.id);
        if (!ref || ref->folder != run_.ref)
            return fail(Code::not_found, "no such item in this folder");
        auto item = office::find_item(txn_, run_.ref.owner, run_.ref.collection, ref->uid);
        if (!item)
            return fail(Code::not_found, "no such item in this folder");
        return std::move(*item);
    }

    /// Someone else changed the item since the device was told of it.
    [[nodiscard]] bool conflicts(const Item& item) const {
        const auto last_foreign =
            item.author == exchange_.actor.author ? item.foreign : item.modseq;
        return last_foreign > sync::told(run_.state, item.uid);
    }

    Result<> change(const Node& command, CommandOutcome& outcome) {
        const auto* data = command.find(as::ApplicationData);
        TRY(const auto item, named_item(outcome.server_id));
        if (data == nullptr && !command.has(wbxml::email2::Send))
            return fail(Code::bad_value, "Change needs ApplicationData");
        if (!run_.folder.may(model::Right::edit))
            return refuse(item, outcome);
        if (item.item_class == ItemClass::mail)
            return change_mail(txn_, exchange_, run_, item, command);
        if (data == nullptr)
            return fail(Code::bad_value, "only mail is sent");
        if (conflicts(item) && run_.options.server_wins)
            return fail(Code::conflict, "changed elsewhere meanwhile");
        TRY(const auto stored, office::object_bytes(txn_, exchange_.office(), item));
        auto merged = outcome.instance_id.empty() ? merge(exchange_, run_, stored, *data)
                                                  : eas::merge_instance(
                                                        stored, outcome.instance_id, *data,
                                                        exchange_.version, event_context(exchange_)
                                                    );
        if (!merged)
            return std::unexpected(merged.error());
        // The answer to a Change has no room for the references of new files: the item comes back.
        if (const auto* files = data->find(wbxml::air_sync_base::Attachments);
            files != nullptr && files->has(wbxml::air_sync_base::Add))
            std::ignore = sync::owe(run_.state, item.uid);
        if (item.item_class == ItemClass::event)
            return replace_event(txn_, exchange_, run_, item, stored, std::move(*merged));
        return office::replace_object(
            txn_, exchange_.office(), exchange_.actor, run_.folder, item, std::move(*merged)
        );
    }

    Result<> remove(CommandOutcome& outcome) {
        auto item = named_item(outcome.server_id);
        if (!item) {
            // Gone already by the device's own hand: the answer to the first request was lost.
            const auto ref = parse_item_id(outcome.server_id, exchange_.actor.account.id);
            const auto stone =
                ref && ref->folder == run_.ref
                    ? office::find_tombstone(txn_, run_.ref.owner, run_.ref.collection, ref->uid)
                    : std::nullopt;
            if (stone && stone->author == exchange_.actor.author)
                return {};
            return std::unexpected(item.error());
        }
        if (!run_.folder.may(model::Right::edit))
            return refuse(*item, outcome);
        if (item->item_class == ItemClass::event)
            return remove_from_calendar(*item, outcome.instance_id);
        if (item->item_class == ItemClass::mail)
            return office::remove_mail(
                txn_, exchange_.actor, run_.folder, *item, !run_.request.deletes_as_moves
            );
        return office::remove_object(txn_, exchange_.actor, run_.folder, *item);
    }

    /// An event, or one occurrence of it.
    Result<> remove_from_calendar(const Item& item, const std::string& instance) {
        TRY(const auto stored, office::object_bytes(txn_, exchange_.office(), item));
        std::string rest;
        if (!instance.empty()) {
            TRY(rest, eas::delete_instance(stored, instance, event_context(exchange_)));
        }
        return rest.empty() ? remove_event(txn_, exchange_, run_, item, stored)
                            : replace_event(txn_, exchange_, run_, item, stored, std::move(rest));
    }

    /// A read-only folder: phones know no such thing, so the edit is taken and undone by the
    /// server's copy.
    Result<> refuse(const Item& item, CommandOutcome& outcome) {
        if (!sync::owe(run_.state, item.uid, outcome.kind == CommandOutcome::Kind::remove))
            return fail(Code::forbidden, "this folder is read-only");
        outcome.refused = true;
        return {};
    }

    /// The same for an addition: it gets an id, by which the device is told to remove it.
    Result<> refuse_addition(CommandOutcome& outcome) {
        if (run_.state.owed.size() + run_.phantoms.size() >= sync::kMaxOwed)
            return fail(Code::forbidden, "this folder is read-only");
        run_.phantoms.push_back(
            sync::phantom_of(std::to_string(exchange_.actor.author.value) + ":" + outcome.client_id)
        );
        outcome.server_id = item_id(run_.ref, run_.phantoms.back(), exchange_.actor.account.id);
        outcome.refused = true;
        return {};
    }

    /// The answer to a refused command was lost, and with it what undid the command.
    void undo_again(const CommandOutcome& outcome) {
        const auto ref = parse_item_id(outcome.server_id, exchange_.actor.account.id);
        if (!ref)
            return;
        if (outcome.kind == CommandOutcome::Kind::add)
            run_.phantoms.push_back(ref->uid);
        else
            // As many as fitted the first time, from the same state.
            std::ignore =
                sync::owe(run_.state, ref->uid, outcome.kind == CommandOutcome::Kind::remove);
    }

    void fetch(const Node& command) {
        run_.fetch_ids.emplace_back(command.text_of(as::ServerId));
        const auto item = named_item(run_.fetch_ids.back());
        run_.fetches.push_back(item ? item->uid : model::Uid{});
    }

    office::Txn& txn_;
    Exchange& exchange_;
    CollectionRun& run_;
    std::vector<sync::KeptResult> results_;
};

} // namespace

std::vector<sync::KeptResult>
apply_commands(office::Txn& txn, Exchange& exchange, CollectionRun& run) {
    run.outcomes.clear();
    run.phantoms.clear();
    run.fetches.clear();
    run.fetch_ids.clear();
    Commands commands(txn, exchange, run);
    for (const auto& command : run.request.commands->children)
        commands.apply(command);
    return commands.take_results();
}

} // namespace lockstep::activesync
