// The parts of FileSystem that are the same on every disk.
// Invariants: make_directories syncs the parent of each directory it makes before it goes deeper.
#include "base/file_system.hpp"

namespace lockstep {

std::string parent_of(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos)
        return ".";
    return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

Result<> FileSystem::write_file(const std::string& path, std::span<const std::string_view> pieces) {
    TRY(auto file, create(path));
    auto written = [&]() -> Result<> {
        for (const auto piece : pieces)
            CHECK_OK(file->append(piece));
        return file->finish();
    }();
    if (!written) {
        file.reset();
        // The first error is the one that counts; a file that stays is found by its owner's next
        // start.
        (void)remove(path);
    }
    return written;
}

Result<> FileSystem::make_directories(const std::string& path) {
    std::vector<std::string> missing;
    std::string there = path;
    for (;; there = parent_of(there)) {
        TRY(const bool exists_already, exists(there));
        if (exists_already)
            break;
        missing.push_back(there);
        if (there == parent_of(there) || there == ".")
            break;
    }
    // The deepest one that exists may have been made by a process that died before its sync. One
    // whose parent we may not open was made by somebody else, long ago.
    auto settled = sync_directory(parent_of(there));
    if (!settled && settled.error().code != Code::unavailable)
        return settled;
    while (!missing.empty()) {
        CHECK_OK(make_directory(missing.back()));
        CHECK_OK(sync_directory(parent_of(missing.back())));
        missing.pop_back();
    }
    return {};
}

} // namespace lockstep
