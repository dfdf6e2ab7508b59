// An item state as bytes.
#include "base/pack.hpp"
#include "sync/item_state.hpp"

namespace lockstep::sync {

std::string pack(const ItemState& state) {
    Packer out;
    out.integer(state.epoch);
    for (const auto value :
         {state.since.value, state.target.value, state.front.value, state.gone.seq.value,
          state.gone.uid.value, state.low_edge.at, state.low_edge.uid, state.own_edge.at,
          state.own_edge.uid, state.born.value, state.high_edge.at, state.high_edge.uid})
        out.integer(value);
    out.number(state.owed.size());
    for (const auto uid : state.owed)
        out.integer(uid.value);
    return out.take();
}

Result<ItemState> unpack_item_state(std::string_view bytes) {
    Unpacker in(bytes);
    ItemState state;
    state.epoch = in.integer();
    state.since.value = in.integer();
    state.target.value = in.integer();
    state.front.value = in.integer();
    state.gone.seq.value = in.integer();
    state.gone.uid.value = in.integer();
    state.low_edge.at = in.integer();
    state.low_edge.uid = in.integer();
    state.own_edge.at = in.integer();
    state.own_edge.uid = in.integer();
    state.born.value = in.integer();
    state.high_edge.at = in.integer();
    state.high_edge.uid = in.integer();
    const auto owed = in.count();
    for (std::size_t i = 0; i < owed; ++i)
        state.owed.push_back(model::Uid{in.integer()});
    if (!in.ok() || !in.at_end())
        return fail(Code::corrupt, "unreadable sync state");
    return state;
}

} // namespace lockstep::sync
