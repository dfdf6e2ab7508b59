// GetItemEstimate: how many changes wait for the device.
// Spec: MS-ASCMD 2.2.1.9; Status 2.2.3.177.7 (1 success, 2 invalid collection, 3 state not primed,
// 4 invalid key, 103 and 110 options).
#include "base/limits_activesync.hpp"
#include "base/text.hpp"
#include "protocols/activesync/commands.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/folder_state.hpp"
#include "protocols/activesync/recipient_folder.hpp"
#include "protocols/activesync/sync_merged.hpp"
#include "protocols/activesync/sync_options.hpp"

namespace lockstep::activesync {
namespace {

namespace gie = wbxml::get_item_estimate;
namespace as = wbxml::air_sync;

struct Estimate {
    std::string collection;
    std::string_view item_class;
    int status = 1;
    std::size_t count = 0;
};

/// 12.1 and older write FilterType and SyncKey beside the collection's id, later versions Options.
CollectionOptions options_of(const wbxml::Node& collection, const sync::KeyChain& chain) {
    auto kept = unpack_options(chain.options);
    bool valid = true;
    if (const auto* options = find_options(collection, valid)) {
        kept = read_options(*options, kept.supported);
        kept.valid = kept.valid && valid;
        return kept;
    }
    if (collection.has(as::FilterType)) {
        const auto value = parse_int<int>(trim(collection.text_of(as::FilterType)));
        kept.valid = value && *value >= 0 && *value <= 8;
        if (kept.valid)
            kept.filter = *value;
    }
    return kept;
}

/// What is wrong with the options (MS-ASCMD 2.2.3.36.1, 2.2.3.68.1, 2.2.3.103.1); 1: nothing.
int refused_options(
    const Exchange& exchange, const wbxml::Node& collection, const CollectionOptions& options,
    model::ItemClass item_class
) {
    bool valid = true;
    const auto* node = find_options(collection, valid);
    if (node != nullptr && node->has(as::MaxItems))
        return 2;
    const bool modern = exchange.at_least(wbxml::Version::v14_0);
    if (!options.valid ||
        (collection.has(as::ConversationMode) && item_class != model::ItemClass::mail))
        return modern ? 103 : 2;
    if (!filter_fits(options.filter, item_class))
        return modern ? 110 : 2;
    return 1;
}

/// What waits in the folder and in its other sources. Error: stale.
Task<Result<std::size_t>> count_changes(Exchange& exchange, const CollectionRun& run) {
    std::vector<const CollectionRun*> parts{&run};
    for (const auto& each : run.others)
        parts.push_back(&each);
    const auto wanted = window_of(exchange, run.options.filter, run.folder.collection.item_class);
    std::size_t all = 0;
    for (const auto* part : parts) {
        std::function<Result<std::size_t>(office::Snapshot&)> work =
            [&exchange, part, wanted](office::Snapshot& snapshot) {
                return sync::estimate(
                    snapshot, part->ref.owner, part->ref.collection, part->state, wanted,
                    exchange.actor.author
                );
            };
        CO_TRY(
            const auto count,
            co_await exchange.office().db.read<std::size_t>(part->ref.owner, std::move(work))
        );
        all += count;
    }
    co_return all;
}

Task<Result<Estimate>> estimate_of(Exchange& exchange, const wbxml::Node& collection) {
    Estimate result;
    result.collection = collection.text_of(gie::CollectionId);
    if (result.collection.empty() && !exchange.at_least(wbxml::Version::v12_1)) {
        CO_TRY(
            result.collection, co_await folder_of_class(exchange, collection.text_of(gie::Class))
        );
    }
    const auto key = trim(collection.text_of(as::SyncKey));
    if (is_recipient_folder(exchange, result.collection)) {
        CO_TRY(
            const auto found,
            co_await estimate_recipients(exchange, key, collection.find(as::Options))
        );
        result.status = found.status;
        result.count = found.count;
        co_return result;
    }
    const auto ref = parse_folder_id(result.collection, exchange.actor.account.id);
    result.status = 2;
    if (!ref)
        co_return result;
    const auto folder = co_await open_shown(exchange, *ref);
    if (!folder &&
        (folder.error().code == Code::not_found || folder.error().code == Code::forbidden))
        co_return result;
    if (!folder)
        co_return std::unexpected(folder.error());
    const auto item_class = folder->collection.item_class;
    result.item_class = class_name(item_class);
    CO_TRY(const auto chain, co_await load_chain(exchange, *ref));
    result.status = key == "0" ? 3 : 4;
    const auto* generation = chain.find(key);
    if (key.empty() || key == "0" || generation == nullptr)
        co_return result;
    CollectionRun run;
    run.ref = *ref;
    run.folder = *folder;
    CO_CHECK_OK(co_await find_parts(exchange, run));
    if (!take_states(run, generation->state))
        co_return result;
    const auto options = options_of(collection, chain);
    result.status = refused_options(exchange, collection, options, item_class);
    if (result.status != 1)
        co_return result;
    run.options = options;
    CO_CHECK_OK(co_await start_parts(exchange, run));
    const auto count = co_await count_changes(exchange, run);
    if (!count && count.error().code != Code::stale)
        co_return std::unexpected(count.error());
    result.status = count ? 1 : 4;
    result.count = count.value_or(0);
    co_return result;
}

} // namespace

Task<Result<Reply>> get_item_estimate(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    const auto* collections = root.find(gie::Collections);
    if (collections == nullptr || collections->children.empty() ||
        collections->children.size() > limits::kEstimates)
        co_return reply_status(
            *find_command("GetItemEstimate"), exchange.version, Common::invalid_xml, 400
        );
    std::vector<Estimate> estimates;
    for (const auto& collection : collections->all(gie::Collection)) {
        CO_TRY(auto estimate, co_await estimate_of(exchange, collection));
        estimates.push_back(std::move(estimate));
    }
    wbxml::Writer out(exchange.version);
    out.open(gie::GetItemEstimate);
    for (const auto& each : estimates) {
        out.open(gie::Response);
        out.element(gie::Status, each.status);
        if (!each.collection.empty() && each.collection.size() <= 64) {
            out.open(gie::Collection);
            if (!exchange.at_least(wbxml::Version::v12_0) && !each.item_class.empty())
                out.element(gie::Class, each.item_class);
            out.element(gie::CollectionId, each.collection);
            if (each.status == 1)
                out.element(gie::Estimate, each.count);
            out.close();
        }
        out.close();
    }
    out.close();
    co_return reply_of(out);
}

} // namespace lockstep::activesync
