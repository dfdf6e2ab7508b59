// The states of several sources as bytes.
#include "sync/source_states.hpp"

#include "base/pack.hpp"

namespace lockstep::sync {
namespace {

/// No single state begins so: its first number is an epoch, which is never negative.
constexpr std::string_view kSourcesMark = "sources:";

} // namespace

std::string pack(const std::vector<SourceState>& sources) {
    if (sources.size() == 1)
        return pack(sources.front().state);
    Packer out;
    out.number(sources.size());
    for (const auto& each : sources) {
        out.integer(each.owner.value);
        out.integer(each.collection.value);
        out.text(pack(each.state));
    }
    return std::string(kSourcesMark) + out.take();
}

Result<std::vector<SourceState>>
unpack_sources(std::string_view bytes, model::AccountId owner, model::CollectionId collection) {
    std::vector<SourceState> sources;
    if (!bytes.starts_with(kSourcesMark)) {
        TRY(auto state, unpack_item_state(bytes));
        sources.push_back({owner, collection, std::move(state)});
        return sources;
    }
    Unpacker in(bytes.substr(kSourcesMark.size()));
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        SourceState source;
        source.owner = model::AccountId{in.integer()};
        source.collection = model::CollectionId{in.integer()};
        TRY(source.state, unpack_item_state(in.text()));
        sources.push_back(std::move(source));
    }
    if (!in.ok() || !in.at_end() || sources.empty())
        return fail(Code::corrupt, "unreadable states of sources");
    return sources;
}

} // namespace lockstep::sync
