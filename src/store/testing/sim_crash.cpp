// What a crash leaves of a SimFileSystem: the choice, by seed, of the unsynced changes that
// survive. Invariants: what was synced always survives; a name whose directory is lost is lost with
// it; a rename survives
//   wholly or not at all.
#include <algorithm>
#include <unordered_map>

#include <fmt/core.h>

#include "store/testing/sim_file_system.hpp"

namespace lockstep::store::testing {
namespace {

constexpr std::uint64_t kSector = 512;

bool coin(std::mt19937_64& random) { return (random() & 1U) != 0; }

void write_at(std::string& content, std::uint64_t offset, std::string_view bytes) {
    if (bytes.empty())
        return;
    if (content.size() < offset + bytes.size())
        content.resize(offset + bytes.size(), '\0');
    content.replace(offset, bytes.size(), bytes);
}

void apply_whole(std::string& content, const SimInode::Change& change) {
    if (change.truncates) {
        content.resize(change.offset, '\0');
    } else {
        write_at(content, change.offset, change.bytes);
    }
}

void apply_torn(std::string& content, const SimInode::Change& change, std::mt19937_64& random) {
    if (change.truncates) {
        if (coin(random))
            content.resize(change.offset, '\0');
        return;
    }
    const std::string_view bytes = change.bytes;
    for (std::uint64_t done = 0; done < bytes.size();) {
        const auto in_sector = (change.offset + done) % kSector;
        const auto count = std::min<std::uint64_t>(kSector - in_sector, bytes.size() - done);
        if (coin(random))
            write_at(content, change.offset + done, bytes.substr(done, count));
        done += count;
    }
}

std::string content_after(const SimInode& inode, Forget forget, std::mt19937_64& random) {
    auto content = inode.durable;
    switch (forget) {
    case Forget::everything:
        break;
    case Forget::nothing:
        content = inode.now;
        break;
    case Forget::after_prefix: {
        if (inode.pending.empty())
            break;
        const auto kept = random() % (inode.pending.size() + 1);
        for (std::size_t i = 0; i < kept; ++i)
            apply_whole(content, inode.pending[i]);
        if (kept == inode.pending.size())
            break;
        auto cut = inode.pending[kept];
        if (cut.truncates)
            break;
        cut.bytes.resize(random() % (cut.bytes.size() + 1));
        apply_whole(content, cut);
        break;
    }
    case Forget::torn:
        for (const auto& change : inode.pending)
            apply_torn(content, change, random);
        break;
    }
    return content;
}

/// Copies of inodes for another disk; two names of one file stay names of one file.
class Copies {
public:
    template <class Fill>
    std::shared_ptr<SimInode> of(const std::shared_ptr<SimInode>& inode, const Fill& fill) {
        if (!inode)
            return nullptr;
        auto& copy = copies_[inode.get()];
        if (!copy) {
            copy = std::make_shared<SimInode>();
            fill(*inode, *copy);
        }
        return copy;
    }

private:
    std::unordered_map<const SimInode*, std::shared_ptr<SimInode>> copies_;
};

} // namespace

std::string_view name_of(Forget forget) {
    switch (forget) {
    case Forget::everything:
        return "everything";
    case Forget::nothing:
        return "nothing";
    case Forget::after_prefix:
        return "after_prefix";
    case Forget::torn:
        return "torn";
    }
    return "";
}

void SimFileSystem::apply(Names& names, const NameChange& change) {
    if (change.unset) {
        const auto at = names.find(*change.unset);
        // A removal names no inode and always takes effect; a rename takes away only its own file's
        // old name.
        if (at != names.end() && (!change.set || at->second == change.inode))
            names.erase(at);
    }
    if (change.set)
        names[*change.set] = change.inode;
}

SimFileSystem::Names SimFileSystem::names_after(Forget forget, std::mt19937_64& random) const {
    auto names = durable_;
    const auto prefix = random() % (pending_.size() + 1);
    for (std::size_t i = 0; i < pending_.size(); ++i) {
        const bool kept = forget == Forget::nothing ||
                          (forget == Forget::after_prefix && i < prefix) ||
                          (forget == Forget::torn && coin(random));
        if (kept)
            apply(names, pending_[i]);
    }
    // In the map's order a directory comes before what is in it, so one pass finds all orphans.
    for (auto at = names.begin(); at != names.end();) {
        const auto parent = parent_of(at->first);
        const auto above = names.find(parent);
        const bool reachable =
            parent == "/" || parent == "." || (above != names.end() && !above->second);
        at = reachable ? std::next(at) : names.erase(at);
    }
    return names;
}

void SimFileSystem::leave(Forget forget, std::uint64_t seed, SimFileSystem& target) const {
    std::mt19937_64 random(seed);
    Copies copies;
    if (forget == Forget::nothing) {
        const auto whole = [](const SimInode& from, SimInode& to) { to = from; };
        Names now;
        Names durable;
        std::vector<NameChange> pending;
        for (const auto& [name, inode] : now_)
            now[name] = copies.of(inode, whole);
        for (const auto& [name, inode] : durable_)
            durable[name] = copies.of(inode, whole);
        for (auto change : pending_) {
            change.inode = copies.of(change.inode, whole);
            pending.push_back(std::move(change));
        }
        target.now_ = std::move(now);
        target.durable_ = std::move(durable);
        target.pending_ = std::move(pending);
        return;
    }
    const auto survives = [&](const SimInode& from, SimInode& to) {
        to.durable = content_after(from, forget, random);
        to.now = to.durable;
    };
    Names left;
    for (const auto& [name, inode] : names_after(forget, random))
        left[name] = copies.of(inode, survives);
    target.durable_ = left;
    target.now_ = std::move(left);
    target.pending_.clear();
}

std::unique_ptr<SimFileSystem> SimFileSystem::image(Forget forget, std::uint64_t seed) const {
    const std::lock_guard lock(mutex_);
    auto copy = std::make_unique<SimFileSystem>();
    leave(forget, seed, *copy);
    return copy;
}

void SimFileSystem::reboot(Forget forget, std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    leave(forget, seed, *this);
    ++epoch_;
    off_ = false;
    dying_ = false;
    fault_.reset();
}

} // namespace lockstep::store::testing
