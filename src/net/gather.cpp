// Copies small pieces together, passes large ones through.
#include "net/gather.hpp"

namespace lockstep::net {

std::string_view Gather::front() {
    if (!front_.empty())
        return front_;
    copy_.clear();
    while (!pieces_.empty() && copy_.size() < limits::kWriteStep) {
        const auto rest = pieces_.front().substr(offset_);
        const auto taken = rest.substr(0, limits::kWriteStep - copy_.size());
        if (taken.size() == limits::kWriteStep) {
            front_ = taken;
        } else {
            copy_ += taken;
        }
        offset_ += taken.size();
        if (offset_ == pieces_.front().size()) {
            pieces_ = pieces_.subspan(1);
            offset_ = 0;
        }
        if (!front_.empty())
            return front_;
    }
    front_ = copy_;
    return front_;
}

} // namespace lockstep::net
