// SimFile: random access to one simulated file.
// Invariants: a change is visible at once and stands in `pending` until a sync carries it to
// `durable`. Errors: see sim_file_system.hpp.
#include <algorithm>
#include <utility>

#include "store/testing/sim_file_system.hpp"

namespace lockstep::store::testing {
namespace {

void apply_change(std::string& content, const SimInode::Change& change) {
    if (change.truncates) {
        content.resize(change.offset, '\0');
        return;
    }
    if (content.size() < change.offset + change.bytes.size())
        content.resize(change.offset + change.bytes.size(), '\0');
    content.replace(change.offset, change.bytes.size(), change.bytes);
}

} // namespace

Result<std::size_t> SimFile::read(std::uint64_t offset, std::span<char> out) {
    const std::lock_guard lock(disk_->mutex_);
    CHECK_OK(disk_->alive(epoch_));
    const auto& content = inode_->now;
    if (offset >= content.size())
        return std::size_t{0};
    const auto count = std::min<std::size_t>(out.size(), content.size() - offset);
    std::copy_n(content.data() + offset, count, out.data());
    return count;
}

Result<> SimFile::write(std::uint64_t offset, std::string_view bytes) {
    SimInode::Change change{offset, std::string(bytes), false};
    if (anonymous_) {
        const std::lock_guard lock(disk_->mutex_);
        apply_change(inode_->now, change);
        return {};
    }
    bool grows = false;
    {
        const std::lock_guard lock(disk_->mutex_);
        CHECK_OK(disk_->alive(epoch_));
        grows = offset + bytes.size() > inode_->now.size();
    }
    std::unique_lock lock(disk_->mutex_, std::defer_lock);
    using Kind = SimFileSystem::Kind;
    CHECK_OK(disk_->begin(lock, grows ? Kind::grows : Kind::other));
    apply_change(inode_->now, change);
    inode_->pending.push_back(std::move(change));
    return disk_->end();
}

Result<> SimFile::append(std::string_view bytes) {
    TRY(const auto end, size());
    return write(end, bytes);
}

Result<> SimFile::truncate(std::uint64_t size) {
    SimInode::Change change{size, {}, true};
    std::unique_lock lock(disk_->mutex_, std::defer_lock);
    if (anonymous_) {
        lock.lock();
        apply_change(inode_->now, change);
        return {};
    }
    {
        const std::lock_guard check(disk_->mutex_);
        CHECK_OK(disk_->alive(epoch_));
    }
    CHECK_OK(disk_->begin(lock, SimFileSystem::Kind::other));
    apply_change(inode_->now, change);
    inode_->pending.push_back(std::move(change));
    return disk_->end();
}

Result<> SimFile::sync() {
    if (anonymous_)
        return {};
    {
        const std::lock_guard lock(disk_->mutex_);
        CHECK_OK(disk_->alive(epoch_));
    }
    std::unique_lock lock(disk_->mutex_, std::defer_lock);
    if (auto begun = disk_->begin(lock, SimFileSystem::Kind::other); !begun) {
        // The kernel marks the pages clean although they never reached the disk: what was pending
        // stays visible and is lost at the next crash, whatever is synced later.
        if (begun.error().code == Code::corrupt)
            inode_->pending.clear();
        return begun;
    }
    CHECK_OK(disk_->end());
    for (const auto& change : inode_->pending)
        apply_change(inode_->durable, change);
    inode_->pending.clear();
    return {};
}

Result<std::uint64_t> SimFile::size() {
    const std::lock_guard lock(disk_->mutex_);
    if (!anonymous_)
        CHECK_OK(disk_->alive(epoch_));
    return inode_->now.size();
}

} // namespace lockstep::store::testing
