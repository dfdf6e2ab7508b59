// Numbers of messages.
#include "protocols/imap/view.hpp"

#include <algorithm>

namespace lockstep::imap {

std::uint32_t View::number_of(std::uint32_t uid) const {
    const auto found = std::ranges::lower_bound(uids_, uid);
    if (found == uids_.end() || *found != uid)
        return 0;
    return static_cast<std::uint32_t>(found - uids_.begin()) + 1;
}

Result<std::vector<std::uint32_t>> View::find(const SequenceSet& set, bool by_uid) const {
    std::vector<std::uint32_t> found;
    if (set.saved) {
        std::ranges::set_intersection(saved_, uids_, std::back_inserter(found));
        return found;
    }
    const auto resolved = set.resolved(by_uid ? largest() : count());
    for (const auto& [low, high] : resolved.ranges) {
        if (!by_uid) {
            if (low == 0 || low > count())
                return fail(Code::bad_syntax, "a message number beyond the last one");
            found.insert(
                found.end(), uids_.begin() + low - 1, uids_.begin() + std::min(high, count())
            );
            continue;
        }
        const auto first = std::ranges::lower_bound(uids_, low);
        const auto last = std::ranges::upper_bound(uids_, high);
        if (first < last)
            found.insert(found.end(), first, last);
    }
    return found;
}

void View::note_gone(const std::vector<std::uint32_t>& uids) {
    for (const auto uid : uids)
        if (number_of(uid) != 0)
            gone_.push_back(uid);
    std::ranges::sort(gone_);
    const auto repeated = std::ranges::unique(gone_);
    gone_.erase(repeated.begin(), repeated.end());
}

void View::note_present(const std::vector<std::uint32_t>& uids) {
    gone_.clear();
    std::ranges::set_difference(uids_, uids, std::back_inserter(gone_));
}

View::Gone View::forget_gone() {
    Gone out;
    std::uint32_t given_up = 0;
    for (const auto uid : gone_)
        out.numbers.push_back(number_of(uid) - given_up++);
    std::vector<std::uint32_t> left;
    left.reserve(uids_.size() - gone_.size());
    std::ranges::set_difference(uids_, gone_, std::back_inserter(left));
    uids_ = std::move(left);
    out.uids = std::exchange(gone_, {});
    return out;
}

bool View::was_told(std::uint32_t uid, model::ChangeSeq modseq) const {
    const auto found = told_.find(uid);
    return found != told_.end() && found->second == modseq.value;
}

} // namespace lockstep::imap
