// SimFileSystem's operations, their counting and their failing.
// Invariants: every counted operation runs between begin() and end() under the disk's lock.
// Errors: see sim_file_system.hpp.
#include "store/testing/sim_file_system.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace lockstep::store::testing {
namespace {

class SimOutputFile final : public OutputFile {
public:
    explicit SimOutputFile(SimFile file) : file_(std::move(file)) {}
    Result<> append(std::string_view bytes) override { return file_.append(bytes); }
    Result<> finish() override { return file_.sync(); }

private:
    SimFile file_;
};

std::unexpected<Error> no_power() { return fail(Code::closed, "the power is off"); }

std::unexpected<Error> no_file(const std::string& path) {
    return fail(Code::not_found, "no such file: " + path);
}

} // namespace

Result<> SimFileSystem::powered() const {
    if (off_)
        return no_power();
    return {};
}

Result<> SimFileSystem::alive(std::uint64_t epoch) const {
    if (off_ || epoch != epoch_)
        return no_power();
    return {};
}

Result<> SimFileSystem::begin(std::unique_lock<std::mutex>& lock, Kind kind) {
    if (observer_)
        observer_(operations() + 1);
    lock.lock();
    CHECK_OK(powered());
    ++operations_;
    if (!fault_ || operations_ < fault_at_)
        return {};
    switch (*fault_) {
    case Fault::power_off:
        dying_ = true;
        failed_ = true;
        return {};
    case Fault::no_space:
        if (kind != Kind::makes && kind != Kind::grows)
            return {};
        break;
    case Fault::no_handles:
        if (kind != Kind::makes && kind != Kind::syncs_names)
            return {};
        break;
    case Fault::io_error:
        break;
    }
    failed_ = true;
    const auto fault = *fault_;
    if (!lasting_)
        fault_.reset();
    if (fault == Fault::no_space)
        return fail(Code::unavailable, "no space left on the simulated disk");
    if (fault == Fault::no_handles)
        return fail(Code::unavailable, "too many open files on the simulated disk");
    return fail(Code::corrupt, "input/output error of the simulated disk");
}

Result<> SimFileSystem::end() {
    if (!dying_)
        return {};
    dying_ = false;
    off_ = true;
    return no_power();
}

void SimFileSystem::inject(Fault fault, std::uint64_t at, bool lasting) {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
    fault_at_ = at;
    lasting_ = lasting;
    failed_ = false;
}

void SimFileSystem::clear_fault() {
    const std::lock_guard lock(mutex_);
    fault_.reset();
}

std::uint64_t SimFileSystem::operations() const {
    const std::lock_guard lock(mutex_);
    return operations_;
}

bool SimFileSystem::is_off() const {
    const std::lock_guard lock(mutex_);
    return off_;
}

bool SimFileSystem::has_failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
}

bool SimFileSystem::is_directory(const std::string& path) const {
    if (path == "/" || path == ".")
        return true;
    const auto at = now_.find(path);
    return at != now_.end() && !at->second;
}

void SimFileSystem::change_names(NameChange change) {
    apply(now_, change);
    pending_.push_back(std::move(change));
}

Result<SimFile> SimFileSystem::open(const std::string& path, bool create) {
    {
        const std::lock_guard lock(mutex_);
        CHECK_OK(powered());
        const auto at = now_.find(path);
        if (at != now_.end() && at->second)
            return SimFile(*this, at->second, path, epoch_, false);
        if (at != now_.end() || !create)
            return no_file(path);
    }
    std::unique_lock lock(mutex_, std::defer_lock);
    CHECK_OK(begin(lock, Kind::makes));
    if (!is_directory(parent_of(path)))
        return no_file(parent_of(path));
    const auto inode = std::make_shared<SimInode>();
    change_names({parent_of(path), path, std::nullopt, inode});
    CHECK_OK(end());
    return SimFile(*this, inode, path, epoch_, false);
}

SimFile SimFileSystem::open_anonymous() {
    const std::lock_guard lock(mutex_);
    return {*this, std::make_shared<SimInode>(), "", epoch_, true};
}

Result<std::unique_ptr<OutputFile>> SimFileSystem::create(const std::string& path) {
    TRY(const bool there, exists(path));
    if (there)
        return fail(Code::exists, path + " is there");
    TRY(auto file, open(path, true));
    return std::make_unique<SimOutputFile>(std::move(file));
}

Result<std::string>
SimFileSystem::read(const std::string& path, std::uint64_t offset, std::size_t length) {
    const std::lock_guard lock(mutex_);
    CHECK_OK(powered());
    const auto at = now_.find(path);
    if (at == now_.end() || !at->second)
        return no_file(path);
    const auto& content = at->second->now;
    if (offset >= content.size())
        return std::string();
    return content.substr(offset, length);
}

Result<std::uint64_t> SimFileSystem::size(const std::string& path) {
    const std::lock_guard lock(mutex_);
    CHECK_OK(powered());
    const auto at = now_.find(path);
    if (at == now_.end() || !at->second)
        return no_file(path);
    return at->second->now.size();
}

Result<> SimFileSystem::rename(const std::string& from, const std::string& to) {
    std::unique_lock lock(mutex_, std::defer_lock);
    CHECK_OK(begin(lock, Kind::other));
    const auto at = now_.find(from);
    if (at == now_.end() || !at->second)
        return no_file(from);
    if (!is_directory(parent_of(to)))
        return no_file(parent_of(to));
    change_names({parent_of(to), to, from, at->second});
    return end();
}

Result<> SimFileSystem::remove(const std::string& path) {
    std::unique_lock lock(mutex_, std::defer_lock);
    CHECK_OK(begin(lock, Kind::other));
    const auto at = now_.find(path);
    if (at == now_.end() || !at->second)
        return no_file(path);
    change_names({parent_of(path), std::nullopt, path, nullptr});
    return end();
}

Result<std::vector<std::string>> SimFileSystem::list(const std::string& directory) {
    const std::lock_guard lock(mutex_);
    CHECK_OK(powered());
    if (!is_directory(directory))
        return no_file(directory);
    const auto prefix = directory + "/";
    std::vector<std::string> names;
    for (auto at = now_.lower_bound(prefix); at != now_.end() && at->first.starts_with(prefix);
         ++at) {
        auto name = at->first.substr(prefix.size());
        if (!name.contains('/'))
            names.push_back(std::move(name));
    }
    return names;
}

Result<> SimFileSystem::make_directory(const std::string& path) {
    std::unique_lock lock(mutex_, std::defer_lock);
    CHECK_OK(begin(lock, Kind::makes));
    if (!is_directory(parent_of(path)))
        return no_file(parent_of(path));
    if (!is_directory(path)) {
        if (now_.contains(path))
            return fail(Code::exists, path + " is a file");
        change_names({parent_of(path), path, std::nullopt, nullptr});
    }
    return end();
}

Result<> SimFileSystem::sync_directory(const std::string& path) {
    std::unique_lock lock(mutex_, std::defer_lock);
    CHECK_OK(begin(lock, Kind::syncs_names));
    if (!is_directory(path))
        return no_file(path);
    // When the power goes off here, the sync has not happened; that it had is what Forget::nothing
    // shows.
    CHECK_OK(end());
    for (const auto& change : pending_) {
        if (change.directory == path)
            apply(durable_, change);
    }
    std::erase_if(pending_, [&](const NameChange& change) { return change.directory == path; });
    return {};
}

Result<bool> SimFileSystem::exists(const std::string& path) {
    const std::lock_guard lock(mutex_);
    CHECK_OK(powered());
    return is_directory(path) || now_.contains(path);
}

Result<> SimFileSystem::flip_bit(const std::string& path, std::uint64_t offset, unsigned bit) {
    const std::lock_guard lock(mutex_);
    const auto at = now_.find(path);
    if (at == now_.end() || !at->second)
        return no_file(path);
    if (offset >= at->second->now.size() || bit > 7)
        return fail(Code::bad_value, "no such bit");
    for (auto* content : {&at->second->now, &at->second->durable}) {
        if (offset >= content->size())
            continue;
        auto& byte = (*content)[offset];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << bit));
    }
    return {};
}

std::string describe(SimFileSystem& disk, const std::string& directory) {
    std::string text;
    std::vector<std::string> open{directory};
    while (!open.empty()) {
        const auto at = std::move(open.back());
        open.pop_back();
        if (const auto names = disk.list(at)) {
            for (const auto& name : *names)
                open.push_back(at + "/" + name);
        } else if (const auto size = disk.size(at)) {
            text += fmt::format("{} ({} bytes)\n", at, *size);
        }
    }
    return text;
}

} // namespace lockstep::store::testing
