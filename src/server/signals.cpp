// Waits for signals with sigwait().
#include "server/signals.hpp"

#include <pthread.h>

namespace lockstep::server {

Signals::Signals() {
    ::sigemptyset(&waited_);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        ::sigaddset(&waited_, number);
    ::pthread_sigmask(SIG_BLOCK, &waited_, &before_);
    // A peer that goes away is an error of write(), never the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

Signal Signals::wait() {
    int number = 0;
    while (::sigwait(&waited_, &number) != 0) {
    }
    return number == SIGHUP ? Signal::reload : Signal::stop;
}

} // namespace lockstep::server
