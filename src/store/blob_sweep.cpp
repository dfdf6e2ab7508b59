// The sweep: removes blob files that nobody references, by generations.
// Invariants: a file goes only when (1) generation g - 1 found it unreferenced, (2) generation g
// does too, (3) it is
//   not pinned, and (4) a second look, taken after new pins have been stopped, still finds no
//   reference. (4) is what makes the race with "commit the row, then drop the pin" harmless. No
//   clock takes part (D9).
// Errors: of the disk, or of `is_referenced`; either ends the sweep and leaves the state as it was.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "store/blob_files.hpp"
#include "store/blob_table.hpp"

namespace lockstep::store {
namespace {

bool is_directory_name(std::string_view name) {
    return name.size() == 2 && std::ranges::all_of(name, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// The hash that a file name stands for, or none when the file is not ours.
std::optional<Hash> blob_named(std::string_view name, std::string_view directory) {
    const auto hash = Hash::from_hex(name);
    // A file in a foreign directory would never be found by its name.
    if (!hash || !directory.ends_with(fmt::format("{}/{}", name.substr(0, 2), name.substr(2, 2))))
        return std::nullopt;
    return *hash;
}

/// The directories `ab/cd` below the top, in order; counts names that do not belong there.
Result<std::vector<std::string>>
inner_directories(FileSystem& disk, const std::string& top, std::uint64_t& foreign) {
    std::vector<std::string> found;
    TRY(auto outer, disk.list(top));
    std::ranges::sort(outer);
    for (const auto& name : outer) {
        if (!is_directory_name(name)) {
            if (name != "tmp")
                ++foreign;
            continue;
        }
        TRY(auto inner, disk.list(top + "/" + name));
        std::ranges::sort(inner);
        for (const auto& below : inner) {
            if (is_directory_name(below)) {
                found.push_back(fmt::format("{}/{}/{}", top, name, below));
            } else {
                ++foreign;
            }
        }
    }
    return found;
}

} // namespace

/// One sweep under way.
struct BlobFiles::Round {
    const std::function<Result<bool>(const Hash&)>& is_referenced;
    const std::unordered_set<Hash>& before; ///< candidates of the previous generation
    std::unordered_set<Hash> candidates{};
    SweepReport report{};
};

Result<> BlobFiles::each(const std::function<Result<>(const Hash&)>& visit) {
    std::uint64_t foreign = 0;
    TRY(const auto directories, inner_directories(disk_, directory_, foreign));
    for (const auto& directory : directories) {
        TRY(const auto names, disk_.list(directory));
        for (const auto& name : names) {
            if (const auto hash = blob_named(name, directory))
                CHECK_OK(visit(*hash));
        }
    }
    return {};
}

Result<SweepReport>
BlobFiles::sweep(SweepState& state, const std::function<Result<bool>(const Hash&)>& is_referenced) {
    CHECK_OK(refuse_when_closed());
    Round round{is_referenced, state.candidates};
    TRY(const auto directories, inner_directories(disk_, directory_, round.report.foreign));
    for (const auto& directory : directories)
        CHECK_OK(sweep_directory(round, directory));
    ++state.generation;
    state.candidates = std::move(round.candidates);
    round.report.generation = state.generation;
    round.report.candidates = state.candidates.size();
    return round.report;
}

Result<> BlobFiles::sweep_directory(Round& round, const std::string& path) {
    TRY(auto names, disk_.list(path));
    std::ranges::sort(names);
    bool removed_some = false;
    for (const auto& name : names) {
        const auto hash = blob_named(name, path);
        if (!hash) {
            ++round.report.foreign;
            continue;
        }
        ++round.report.seen;
        TRY(const bool removed, sweep_blob(round, *hash));
        removed_some = removed_some || removed;
    }
    // Not for safety (a file that comes back is an orphan again), but so that the space is free for
    // good.
    if (removed_some)
        CHECK_OK(sync_directory(path));
    return {};
}

Result<bool> BlobFiles::sweep_blob(Round& round, const Hash& hash) {
    TRY(const bool referenced, round.is_referenced(hash));
    if (referenced)
        return false;
    if (table_->is_busy(hash)) {
        ++round.report.pinned;
        return false;
    }
    if (!round.before.contains(hash)) {
        round.candidates.insert(hash);
        return false;
    }
    if (!table_->begin_removal(hash)) {
        ++round.report.pinned;
        return false;
    }
    // Ends the removal on every way out, an exception of the callback included.
    const std::unique_ptr<BlobTable, std::function<void(BlobTable*)>> removal(
        table_.get(), [&hash](BlobTable* table) { table->end_removal(hash); }
    );
    TRY(const bool referenced_after_all, round.is_referenced(hash));
    if (referenced_after_all)
        return false;
    const auto path = path_of(hash);
    TRY(const auto bytes, disk_.size(path));
    CHECK_OK(noting(disk_.remove(path)));
    ++round.report.removed;
    round.report.bytes += bytes;
    return true;
}

} // namespace lockstep::store
