// Reading of stored bytes in a job.
#include "office/jobs.hpp"

namespace lockstep::office {

Result<std::string> read_bytes(
    Snapshot& snapshot, Office& office, const model::Item& item, std::uint64_t offset,
    std::uint64_t length
) {
    return store::read_blob(snapshot, office.files, item.owner, item.blob, offset, length);
}

} // namespace lockstep::office
