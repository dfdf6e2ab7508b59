// KeyChain: which sync keys a device may present, and what each stands for.
// Spec: MS-ASCMD 2.2.3.181 SyncKey; hardening W4, W5. Invariants: numbers are never reused in a
// chain; the base state and at most limits::kSyncSiblings unacknowledged successors are accepted
// until one of these is used, so that late, lost and overlapping answers never force a fresh start;
// results of commands are kept with the key until it is acknowledged.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::sync {

/// What a command led to, kept so that the same command in a repeated request is answered and not
/// applied again.
struct KeptResult {
    std::string fingerprint; ///< of the command's bytes
    std::string result;      ///< packed by the door
};

struct Generation {
    std::uint64_t number = 0;
    std::string state;               ///< packed ItemState or folder state
    std::vector<KeptResult> results; ///< of the request that this generation answered
};

class KeyChain {
public:
    /// A chain for a device that starts with key 0. `salt` is random, so that keys of an earlier
    /// life never match.
    [[nodiscard]] static KeyChain start(std::uint32_t salt);
    [[nodiscard]] static Result<KeyChain> unpack(std::string_view bytes);
    [[nodiscard]] std::string pack() const;

    /// "0" began the chain anew: successors so far are forgotten, numbers go on.
    void restart();
    /// The generation of a key; null when the key is none of ours (any more). The pointer lives
    /// until the next change.
    [[nodiscard]] const Generation* find(std::string_view key) const;
    [[nodiscard]] std::string key_of(const Generation& generation) const;
    /// The newest generation: what a device that got all answers holds.
    [[nodiscard]] const Generation& newest() const;

    /// All generations whose keys are accepted, the base first. Their pointers live until the next
    /// change. Error: corrupt when their numbers contradict the chain's invariants.
    [[nodiscard]] Result<std::vector<const Generation*>> generations() const;

    /// The device used this key: it becomes the base, and the other successors are forgotten.
    void acknowledge(std::string_view key);
    /// Results of commands that came with the base key before: those of all successors.
    [[nodiscard]] const std::string* kept_result(std::string_view fingerprint) const;
    /// Adds a successor of the base; the oldest one goes when there are too many. It inherits the
    /// kept results.
    const Generation& add(std::string state, std::vector<KeptResult> results);

    /// Replaces the state of the newest generation, before its key was told to anybody.
    void revise(std::string state);

    /// The door's sticky options of the collection, packed by it.
    std::string options;

private:
    std::uint32_t salt_ = 0;
    std::uint64_t next_ = 1;
    Generation base_;
    std::vector<Generation> successors_;
};

} // namespace lockstep::sync
