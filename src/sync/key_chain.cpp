// Packing and bookkeeping of sync keys.
#include "sync/key_chain.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/ensure.hpp"
#include "base/limits.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"

namespace lockstep::sync {
namespace {

void pack_generation(Packer& out, const Generation& generation) {
    out.number(generation.number);
    out.text(generation.state);
    out.number(generation.results.size());
    for (const auto& kept : generation.results) {
        out.text(kept.fingerprint);
        out.text(kept.result);
    }
}

Generation unpack_generation(Unpacker& in) {
    Generation generation;
    generation.number = in.number();
    generation.state = in.text();
    const auto results = in.count();
    for (std::size_t i = 0; i < results && in.ok(); ++i) {
        KeptResult kept;
        kept.fingerprint = in.text();
        kept.result = in.text();
        generation.results.push_back(std::move(kept));
    }
    return generation;
}

} // namespace

KeyChain KeyChain::start(std::uint32_t salt) {
    KeyChain chain;
    chain.salt_ = salt;
    return chain;
}

std::string KeyChain::pack() const {
    Packer out;
    out.number(salt_);
    out.number(next_);
    out.text(options);
    pack_generation(out, base_);
    out.number(successors_.size());
    for (const auto& each : successors_)
        pack_generation(out, each);
    return out.take();
}

Result<KeyChain> KeyChain::unpack(std::string_view bytes) {
    Unpacker in(bytes);
    KeyChain chain;
    chain.salt_ = static_cast<std::uint32_t>(in.number());
    chain.next_ = in.number();
    chain.options = in.text();
    chain.base_ = unpack_generation(in);
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i)
        chain.successors_.push_back(unpack_generation(in));
    if (!in.ok() || !in.at_end())
        return fail(Code::corrupt, "unreadable key chain");
    return chain;
}

void KeyChain::restart() {
    // A second key 0 while the first one's answer is on its way: both first keys stay good until
    // one is used.
    if (base_.number == 0)
        return;
    base_ = Generation{};
    successors_.clear();
}

const Generation* KeyChain::find(std::string_view key) const {
    if (key == "0")
        return base_.number == 0 ? &base_ : nullptr;
    const auto matches = [&](const Generation& each) {
        return each.number != 0 && key == key_of(each);
    };
    if (matches(base_))
        return &base_;
    const auto found = std::ranges::find_if(successors_, matches);
    return found == successors_.end() ? nullptr : &*found;
}

std::string KeyChain::key_of(const Generation& generation) const {
    return fmt::format("{:08x}-{}", salt_, generation.number);
}

const Generation& KeyChain::newest() const {
    return successors_.empty() ? base_ : successors_.back();
}

Result<std::vector<const Generation*>> KeyChain::generations() const {
    std::vector<const Generation*> all{&base_};
    if (successors_.size() > limits::kSyncSiblings)
        return fail(Code::corrupt, "more sync keys than are ever kept");
    for (const auto& each : successors_) {
        if (each.number <= all.back()->number)
            return fail(Code::corrupt, "sync keys out of order");
        all.push_back(&each);
    }
    if (all.back()->number >= next_)
        return fail(Code::corrupt, "a sync key that would be given out again");
    return all;
}

void KeyChain::acknowledge(std::string_view key) {
    const auto found = std::ranges::find_if(successors_, [&](const Generation& each) {
        return key == key_of(each);
    });
    if (found == successors_.end())
        return;
    base_ = std::move(*found);
    base_.results.clear();
    successors_.clear();
}

const std::string* KeyChain::kept_result(std::string_view fingerprint) const {
    for (const auto& each : successors_)
        for (const auto& kept : each.results)
            if (kept.fingerprint == fingerprint)
                return &kept.result;
    return nullptr;
}

const Generation& KeyChain::add(std::string state, std::vector<KeptResult> results) {
    if (!successors_.empty()) {
        for (const auto& kept : successors_.back().results) {
            const bool again = std::ranges::any_of(results, [&](const KeptResult& each) {
                return each.fingerprint == kept.fingerprint;
            });
            if (!again)
                results.push_back(kept);
        }
    }
    if (successors_.size() >= limits::kSyncSiblings)
        successors_.erase(successors_.begin());
    successors_.push_back({next_++, std::move(state), std::move(results)});
    return successors_.back();
}

void KeyChain::revise(std::string state) {
    ENSURE(!successors_.empty());
    successors_.back().state = std::move(state);
}

} // namespace lockstep::sync
