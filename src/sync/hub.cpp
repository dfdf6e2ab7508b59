// The stripes of the hub.
#include "sync/hub.hpp"

#include <algorithm>

namespace lockstep::sync {

Hub::Watch& Hub::Watch::operator=(Watch&& other) noexcept {
    std::swap(entry_, other.entry_);
    std::swap(hub_, other.hub_);
    return *this;
}

Hub::Watch::~Watch() {
    if (entry_)
        hub_->end(*entry_);
}

Hub::Watch Hub::watch(
    std::vector<model::AccountId> owners, model::AuthorId device,
    std::function<void(const store::Change&)> changed
) {
    Watch watch;
    watch.hub_ = this;
    ++watching_;
    watch.entry_ = std::make_shared<Watch::Entry>();
    watch.entry_->owners = std::move(owners);
    watch.entry_->device = device;
    watch.entry_->changed = std::move(changed);
    for (const auto owner : watch.entry_->owners) {
        auto& stripe = stripe_of(owner);
        const std::lock_guard lock(stripe.mutex);
        stripe.waiting[owner].push_back(watch.entry_);
    }
    return watch;
}

void Hub::end(const Watch::Entry& entry) {
    --watching_;
    for (const auto owner : entry.owners) {
        auto& stripe = stripe_of(owner);
        const std::lock_guard lock(stripe.mutex);
        const auto found = stripe.waiting.find(owner);
        if (found == stripe.waiting.end())
            continue;
        std::erase_if(found->second, [&](const auto& each) { return each.get() == &entry; });
        if (found->second.empty())
            stripe.waiting.erase(found);
    }
}

void Hub::publish(std::span<const store::Change> changes) {
    std::vector<std::shared_ptr<Watch::Entry>> waiting;
    for (const auto& change : changes) {
        if (change.settings) {
            ++ages_[std::hash<model::AccountId>{}(change.account) % ages_.size()];
            continue;
        }
        auto& stripe = stripe_of(change.account);
        waiting.clear();
        {
            const std::lock_guard lock(stripe.mutex);
            const auto found = stripe.waiting.find(change.account);
            if (found != stripe.waiting.end())
                waiting = found->second;
        }
        for (const auto& entry : waiting)
            if (!change.author || change.author != entry->device)
                entry->changed(change);
    }
}

} // namespace lockstep::sync
