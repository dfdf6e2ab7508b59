// The list against what the device was told.
#include "protocols/activesync/recipient_folder.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "base/crypto.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "office/correspondents.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace ct = wbxml::contacts;

/// What a device holds: the rank of each entry, by the entry's name within the folder.
using Told = std::map<std::string, std::int64_t>;

std::string pack_told(const Told& told) {
    Packer out;
    out.number(told.size());
    for (const auto& [name, rank] : told) {
        out.text(name);
        out.integer(rank);
    }
    return out.take();
}

Told unpack_told(std::string_view bytes) {
    Told told;
    if (bytes.empty())
        return told;
    Unpacker in(bytes);
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        std::string name(in.text());
        told[std::move(name)] = in.integer();
    }
    return told;
}

std::string entry_name(const office::Correspondent& one) {
    return hex(blake2b256(one.address).raw().substr(0, 8));
}

std::string entry_id(std::string_view name) { return fmt::format("{}:{}", kRecipientFolder, name); }

struct Step {
    enum class Kind : std::uint8_t { add, change, remove } kind = Kind::add;
    std::string name;
    office::Correspondent who; ///< of add and change
};

/// From what the device holds to the first `most` of the list.
std::vector<Step>
steps_of(const Told& told, std::vector<office::Correspondent> list, std::size_t most) {
    if (list.size() > most)
        list.resize(most);
    std::vector<Step> steps;
    Told wanted;
    for (auto& one : list) {
        auto name = entry_name(one);
        wanted[name] = one.weight;
        const auto held = told.find(name);
        if (held == told.end())
            steps.push_back({Step::Kind::add, std::move(name), std::move(one)});
        else if (held->second != one.weight)
            steps.push_back({Step::Kind::change, std::move(name), std::move(one)});
    }
    for (const auto& [name, rank] : told)
        if (!wanted.contains(name))
            steps.push_back({Step::Kind::remove, name, {}});
    return steps;
}

void take(Told& told, const Step& step) {
    if (step.kind == Step::Kind::remove)
        told.erase(step.name);
    else
        told[step.name] = step.who.weight;
}

void write_step(wbxml::Writer& out, const Step& step) {
    out.open(
        step.kind == Step::Kind::add      ? as::Add
        : step.kind == Step::Kind::change ? as::Change
                                          : as::Delete
    );
    out.element(as::ServerId, entry_id(step.name));
    if (step.kind != Step::Kind::remove) {
        const auto& name = step.who.name.empty() ? step.who.address : step.who.name;
        out.open(as::ApplicationData);
        out.element(ct::Email1Address, step.who.address);
        out.element(ct::FileAs, name);
        out.element(ct::Alias, step.who.address.substr(0, step.who.address.rfind('@')));
        out.element(ct::WeightedRank, std::max<std::int64_t>(1, step.who.weight));
        out.close();
    }
    out.close();
}

/// MaxItems; none: what is written there is no such number.
std::optional<std::size_t> most_of(const wbxml::Node* options) {
    const auto* node = options != nullptr ? options->find(as::MaxItems) : nullptr;
    if (node == nullptr)
        return office::kCorrespondents;
    const auto number = parse_int<std::size_t>(trim(node->text));
    if (!number || *number == 0)
        return std::nullopt;
    return std::min(*number, office::kCorrespondents);
}

void write_recipients_status(
    wbxml::Writer& out, std::string_view key, int status, const std::vector<Step>& steps = {},
    bool more = false
) {
    out.open(as::Collection);
    out.element(as::SyncKey, key);
    out.element(as::CollectionId, kRecipientFolder);
    out.element(as::Status, status);
    if (more)
        out.empty(as::MoreAvailable);
    if (!steps.empty()) {
        out.open(as::Commands);
        for (const auto& step : steps)
            write_step(out, step);
        out.close();
    }
    out.close();
}

/// The device's chain; a new one when there is none that can be read.
sync::KeyChain recipient_chain(office::Snapshot& snapshot, const Exchange& exchange) {
    const auto packed =
        office::find_told_correspondents(snapshot, exchange.actor.account.id, exchange.device.id);
    auto chain = packed.empty() ? Result<sync::KeyChain>(fail(Code::not_found, "no chain yet"))
                                : sync::KeyChain::unpack(packed);
    if (chain)
        return std::move(*chain);
    std::uint32_t salt = 0;
    const auto bytes = random_bytes(sizeof salt);
    std::memcpy(&salt, bytes.data(), sizeof salt);
    return sync::KeyChain::start(salt);
}

/// What a device is told now, and what its chain is then.
struct Turn {
    int status = 1;
    std::string key;
    std::vector<Step> steps;
    bool more = false;
    std::string chain;   ///< packed, to be kept
    bool silent = false; ///< nothing to say
};

Turn turn_of(
    office::Snapshot& snapshot, const Exchange& exchange, const CollectionRequest& request,
    std::size_t most, std::size_t window
) {
    Turn turn;
    auto chain = recipient_chain(snapshot, exchange);
    const bool first = request.key == "0";
    if (first)
        chain.restart();
    const auto* generation = chain.find(request.key);
    if (generation == nullptr) {
        turn.status = 3;
        turn.key = "0";
        return turn;
    }
    auto told = unpack_told(generation->state);
    const auto account = exchange.actor.account.id;
    if (!first && request.get_changes.value_or(true) && !exchange.device.paused)
        turn.steps = steps_of(
            told, office::correspondents(snapshot, account, exchange.office().clock.now_us()), most
        );
    if (turn.steps.empty() && !first) {
        turn.silent = true;
        return turn;
    }
    turn.more = turn.steps.size() > window;
    if (turn.more)
        turn.steps.resize(window);
    for (const auto& step : turn.steps)
        take(told, step);
    if (!first)
        chain.acknowledge(request.key);
    turn.key = chain.key_of(chain.add(pack_told(told), {}));
    turn.chain = chain.pack();
    return turn;
}

} // namespace

FolderChange recipient_folder(const Exchange& exchange) {
    FolderChange change;
    change.id = kRecipientFolder;
    change.parent = "0";
    change.name = exchange.actor.account.language.starts_with("de") ? "Empfänger" : "Recipients";
    change.type = 19;
    return change;
}

Task<Result<>> sync_recipients(
    Exchange& exchange, const CollectionRequest& request, wbxml::Writer& out, Budget& budget
) {
    const auto most = most_of(request.options);
    if (!most || request.conversation_mode) {
        write_recipients_status(out, request.key, 4);
        co_return Result<>();
    }
    const auto window =
        std::min(request.window_size.value_or(limits::kEasWindowDefault), budget.items);
    const auto account = exchange.actor.account.id;
    // The requests of a device take turns: what was read still holds when it is written.
    std::function<Result<Turn>(office::Snapshot&)> look = [&](office::Snapshot& snapshot
                                                          ) -> Result<Turn> {
        return turn_of(snapshot, exchange, request, *most, window);
    };
    CO_TRY(const auto turn, co_await exchange.office().db.read<Turn>(account, std::move(look)));
    if (turn.silent)
        co_return Result<>();
    if (!turn.chain.empty()) {
        std::function<Result<bool>(office::Txn&)> keep = [account, device = exchange.device.id,
                                                          chain = turn.chain](office::Txn& txn
                                                         ) -> Result<bool> {
            office::put_told_correspondents(txn, account, device, chain);
            return true;
        };
        CO_CHECK_OK(co_await exchange.office().db.write<bool>(account, std::move(keep)));
    }
    write_recipients_status(out, turn.key, turn.status, turn.steps, turn.more);
    budget.items -= std::min(budget.items, turn.steps.size());
    co_return Result<>();
}

Task<Result<RecipientEstimate>>
estimate_recipients(Exchange& exchange, std::string_view key, const wbxml::Node* options) {
    const auto most = most_of(options);
    RecipientEstimate estimate;
    if (key.empty() || key == "0" || !most) {
        estimate.status = !most ? 103 : key == "0" ? 3 : 4;
        co_return estimate;
    }
    std::function<Result<RecipientEstimate>(office::Snapshot&)> work =
        [&](office::Snapshot& snapshot) -> Result<RecipientEstimate> {
        const auto chain = recipient_chain(snapshot, exchange);
        const auto* generation = chain.find(key);
        if (generation == nullptr)
            return RecipientEstimate{4, 0};
        auto list = office::correspondents(
            snapshot, exchange.actor.account.id, exchange.office().clock.now_us()
        );
        return RecipientEstimate{
            1, steps_of(unpack_told(generation->state), std::move(list), *most).size()
        };
    };
    co_return co_await exchange.office().db.read<RecipientEstimate>(
        exchange.actor.account.id, std::move(work)
    );
}

} // namespace lockstep::activesync
