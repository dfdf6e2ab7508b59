// One collection of a Sync request on its way: what was asked, what is known, what came of its
// commands.
#pragma once
#include "office/folders.hpp"
#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"
#include "protocols/activesync/sync_options.hpp"
#include "protocols/activesync/sync_request.hpp"
#include "sync/item_state.hpp"
#include "sync/key_chain.hpp"

namespace lockstep::activesync {

/// What a command of the client led to; kept with the key, so that a repeated command is answered
/// and not applied again.
struct CommandOutcome {
    enum class Kind : std::uint8_t { add, change, remove } kind = Kind::add;
    int status = 1;
    std::string client_id;
    std::string server_id;
    std::string instance_id; ///< 16.x: one occurrence
    bool told = false;       ///< stands in Responses even when it succeeded
    bool refused = false;    ///< answered as done, and undone by the server's changes
    struct File {
        std::string client_id;
        std::string reference;
    };
    std::vector<File> files; ///< attachments that the command added
};
[[nodiscard]] std::string pack(const CommandOutcome& outcome);
[[nodiscard]] CommandOutcome unpack_outcome(std::string_view bytes);

struct CollectionRun {
    CollectionRequest request;
    FolderRef ref;
    office::Reach reach;
    office::Folder folder;
    CollectionOptions options;
    sync::KeyChain chain;
    std::string saved_state; ///< of the chain's newest generation, when it is in the store already
    sync::ItemState state;   ///< from which the answer starts
    std::vector<CommandOutcome> outcomes; ///< in the order of the commands
    std::vector<model::Uid> phantoms; ///< of refused additions; owed from the next answer on, as
                                      ///< the device learns their ids by this one
    struct Send {
        model::Uid draft;
        std::string message;
    };
    std::vector<Send> sends; ///< drafts that are to be sent now (Email2:Send)
    bool meetings = false;   ///< attendees are to be told of what the commands did
    std::vector<model::Uid>
        fetches; ///< items that the client asks for by Fetch; none for unknown ids
    std::vector<std::string> fetch_ids; ///< the ids as they were asked for
    int status = 1;                     ///< other than 1: the collection's answer is only this
    bool fresh_key = false; ///< the chain has a new newest generation, whose key is answered
    bool first = false;     ///< key 0
    bool paused = false;    ///< the device gets nothing new; what it sends is taken
    bool written = false;   ///< the collection's answer is in the document
    bool alone = false;     ///< one item at a time (poison.hpp)
    bool stub = false;      ///< and that one as a stub
    model::Uid set_aside;   ///< it was the first time that this item came so
    std::vector<CollectionRun> others; ///< parts: further folders whose items this one shows
    bool known = false;                ///< of a part: the device was told of it before

    [[nodiscard]] bool has_commands() const {
        return request.commands != nullptr && !request.commands->children.empty();
    }
    [[nodiscard]] bool wants_changes() const {
        return !first && !paused && request.get_changes.value_or(!fetches_only());
    }
    /// Quirk 19: older iOS forgets GetChanges = 0 when all it wants is to fetch.
    [[nodiscard]] bool fetches_only() const {
        return has_commands() &&
               std::ranges::all_of(request.commands->children, [](const auto& each) {
                   return each.tag == wbxml::air_sync::Fetch;
               });
    }
    /// MS-ASCMD 2.2.3.68.2: "incomplete tasks" of a mail folder is a protocol error of its own.
    [[nodiscard]] bool tasks_filter_of_mail() const {
        return options.filter == 8 && folder.collection.item_class == model::ItemClass::mail;
    }
};

/// Applies the client's commands inside a job of the folder's owner; fills outcomes and fetches,
/// and owes to the device what was refused. Each command stands for itself: one that fails leaves
/// the others alone (D8). The results are to be kept with the new key.
[[nodiscard]] std::vector<sync::KeptResult>
apply_commands(office::Txn& txn, Exchange& exchange, CollectionRun& run);

/// Applies one command of the Email class (flags, drafts). Internal to apply_commands.
[[nodiscard]] Result<> change_mail(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    const wbxml::Node& command
);
[[nodiscard]] Result<model::Item> add_draft(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const wbxml::Node& command,
    CommandOutcome& outcome
);
/// Stores, changes and removes an event, and has its attendees told when that is the server's work.
/// `stored`: its bytes before. Internal to apply_commands.
[[nodiscard]] Result<model::Item>
add_event(office::Txn& txn, Exchange& exchange, CollectionRun& run, std::string bytes);
[[nodiscard]] Result<> replace_event(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    std::string_view stored, std::string bytes
);
/// The same when the device does not hold the item: it leaves, and comes back as one that the
/// device added, so that the device is not sent what it has.
[[nodiscard]] Result<model::Item> retake_event(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    std::string_view stored, std::string bytes
);
[[nodiscard]] Result<> remove_event(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, const model::Item& item,
    std::string_view stored
);

/// An Add that was applied before: when it asked to send and the draft is still there, it is sent
/// now.
[[nodiscard]] Result<> resume_send(
    office::Txn& txn, Exchange& exchange, CollectionRun& run, model::Uid uid,
    const wbxml::Node& command
);

/// Sends the drafts that the commands marked: the copy in Sent and the mail itself are one commit,
/// then the draft goes. A repeated request finds the client id and sends nothing again.
[[nodiscard]] Task<Result<>> send_drafts(Exchange& exchange, CollectionRun& run);

} // namespace lockstep::activesync
