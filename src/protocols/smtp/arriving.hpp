// The content of a message as it arrives: for delivery (port 25) in pieces to the disk, for
// submission in memory, since it is checked and completed as a whole.
// Invariants: nothing is kept unless accept() succeeds.
// Errors: those of office::Incoming and office::submit.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "office/delivery.hpp"
#include "office/submission.hpp"

namespace lockstep::smtp {

class Session;

class Arriving {
public:
    /// `session` has the envelope and must outlive the object.
    explicit Arriving(Session& session);
    void append(std::string_view piece);
    [[nodiscard]] bool full() const { return incoming_ && incoming_->full(); }
    [[nodiscard]] Task<Result<>> spill() { return incoming_->spill(); }
    /// Call once, after the last piece.
    [[nodiscard]] Task<Result<>> accept();
    [[nodiscard]] std::uint64_t size() const {
        return incoming_ ? incoming_->size() : text_.size();
    }
    [[nodiscard]] const std::string& id() const { return incoming_ ? incoming_->id() : id_; }

private:
    [[nodiscard]] Task<Result<>> submit();

    Session& session_;
    std::unique_ptr<office::Incoming> incoming_; ///< null: a submission
    std::string text_;
    std::string id_;
};

} // namespace lockstep::smtp
