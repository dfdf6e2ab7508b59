// What a command led to, as bytes that are kept with the sync key.
#include "base/pack.hpp"
#include "protocols/activesync/sync_run.hpp"

namespace lockstep::activesync {

std::string pack(const CommandOutcome& outcome) {
    Packer out;
    out.number(static_cast<std::uint64_t>(outcome.kind));
    out.integer(outcome.status);
    out.text(outcome.client_id);
    out.text(outcome.server_id);
    out.text(outcome.instance_id);
    out.number(outcome.told ? 1 : 0);
    out.number(outcome.refused ? 1 : 0);
    out.number(outcome.files.size());
    for (const auto& file : outcome.files) {
        out.text(file.client_id);
        out.text(file.reference);
    }
    return out.take();
}

CommandOutcome unpack_outcome(std::string_view bytes) {
    Unpacker in(bytes);
    CommandOutcome outcome;
    outcome.kind = static_cast<CommandOutcome::Kind>(in.number());
    outcome.status = static_cast<int>(in.integer());
    outcome.client_id = in.text();
    outcome.server_id = in.text();
    outcome.instance_id = in.text();
    outcome.told = in.number() != 0;
    outcome.refused = in.number() != 0;
    const auto files = in.count();
    for (std::size_t i = 0; i < files && in.ok(); ++i) {
        outcome.files.emplace_back();
        outcome.files.back().client_id = in.text();
        outcome.files.back().reference = in.text();
    }
    return outcome;
}

} // namespace lockstep::activesync
