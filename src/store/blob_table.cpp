// BlobTable and Pin: the meeting point of writers, linkers and the sweep.
// Invariants: see blob_table.hpp. An entry exists only while somebody is busy with the blob.
#include "store/blob_table.hpp"

#include <utility>

#include "base/ensure.hpp"

namespace lockstep::store {

Pin::Pin(Pin&& other) noexcept
    : table_(std::move(other.table_)), hash_(other.hash_), size_(other.size_) {}

Pin& Pin::operator=(Pin&& other) noexcept {
    if (this != &other) {
        if (table_)
            table_->release(hash_);
        table_ = std::move(other.table_);
        hash_ = other.hash_;
        size_ = other.size_;
    }
    return *this;
}

Pin::~Pin() {
    if (table_)
        table_->release(hash_);
}

BlobTable::Turn::~Turn() {
    if (table_ != nullptr)
        table_->end_turn(hash_);
}

Pin BlobTable::Turn::succeed(std::uint64_t size) {
    auto& table = *std::exchange(table_, nullptr);
    const std::lock_guard lock(table.mutex_);
    auto& entry = table.entries_.at(hash_);
    entry.writing = false;
    entry.durable_size = size;
    // The turn's pin becomes the caller's.
    table.changed_.notify_all();
    return {table.shared_from_this(), hash_, size};
}

std::variant<Pin, BlobTable::Turn> BlobTable::enter(const Hash& hash) {
    std::unique_lock lock(mutex_);
    for (;;) {
        auto& entry = entries_[hash];
        if (!entry.writing && !entry.dying) {
            ++entry.pins;
            if (entry.durable_size)
                return Pin(shared_from_this(), hash, *entry.durable_size);
            entry.writing = true;
            return Turn(*this, hash);
        }
        changed_.wait(lock);
    }
}

bool BlobTable::begin_removal(const Hash& hash) {
    const std::lock_guard lock(mutex_);
    auto& entry = entries_[hash];
    if (entry.pins > 0)
        return false;
    ENSURE(!entry.writing && !entry.dying);
    entry.dying = true;
    return true;
}

void BlobTable::end_removal(const Hash& hash) {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(hash);
    ENSURE(entry != entries_.end() && entry->second.dying);
    entry->second.dying = false;
    forget_if_idle(entry);
    changed_.notify_all();
}

bool BlobTable::is_busy(const Hash& hash) {
    const std::lock_guard lock(mutex_);
    return entries_.contains(hash);
}

void BlobTable::release(const Hash& hash) {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(hash);
    ENSURE(entry != entries_.end() && entry->second.pins > 0);
    --entry->second.pins;
    forget_if_idle(entry);
}

void BlobTable::end_turn(const Hash& hash) {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(hash);
    ENSURE(entry != entries_.end() && entry->second.writing);
    entry->second.writing = false;
    --entry->second.pins;
    forget_if_idle(entry);
    changed_.notify_all();
}

void BlobTable::forget_if_idle(std::unordered_map<Hash, Entry>::iterator entry) {
    if (entry->second.pins == 0 && !entry->second.writing && !entry->second.dying)
        entries_.erase(entry);
}

bool BlobTable::knows(Known what, const Hash& hash) {
    const std::size_t outer = hash.bytes[0];
    const std::size_t inner = outer << 8U | hash.bytes[1];
    const std::lock_guard lock(mutex_);
    switch (what) {
    case Known::outer:
        return outer_.test(outer);
    case Known::inner:
        return inner_.test(inner);
    case Known::content:
        return content_.test(inner);
    }
    return false;
}

void BlobTable::learn(Known what, const Hash& hash) {
    const std::size_t outer = hash.bytes[0];
    const std::size_t inner = outer << 8U | hash.bytes[1];
    const std::lock_guard lock(mutex_);
    switch (what) {
    case Known::outer:
        outer_.set(outer);
        return;
    case Known::inner:
        inner_.set(inner);
        return;
    case Known::content:
        content_.set(inner);
        return;
    }
}

} // namespace lockstep::store
