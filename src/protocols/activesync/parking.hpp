// Parking: a waiting request (Ping, Sync with Wait) until something happens. No thread, no polling.
// Invariants: the watch begins before the caller looks for changes, so none is missed; a device's
// own change never wakes it.
#pragma once
#include <set>

#include "protocols/activesync/exchange.hpp"
#include "protocols/activesync/ids.hpp"

namespace lockstep::activesync {

enum class Woken {
    changed,   ///< one of the folders changed
    hierarchy, ///< a folder was made, renamed or removed
    timeout,
    slid,       ///< the device's window moved on to another day
    gone,       ///< the client went away or spoke
    superseded, ///< a newer request of the device took over
    stopping,   ///< the server shuts down
};

class Parking {
public:
    Parking(Exchange& exchange, std::set<FolderRef> folders);
    ~Parking();
    Parking(const Parking&) = delete;
    Parking& operator=(const Parking&) = delete;
    /// Waits until the steady time `until`. What happened since the last call (or the beginning)
    /// counts.
    [[nodiscard]] Task<Woken> wait(SteadyTime until);
    /// What is waited for; lives as long as this object.
    [[nodiscard]] const std::set<FolderRef>& folders() const;

private:
    struct State;
    Exchange& exchange_;
    std::shared_ptr<State> state_;
    sync::Hub::Watch watch_;
    std::uint64_t number_ = 0;
};

} // namespace lockstep::activesync
