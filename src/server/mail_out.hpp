// MailOut: the resolver and the queue of a running server, and who judges its mail from outside, by
// its configuration.
// Invariants: nothing leaves before start(), nothing begins after stop().
#pragma once
#include <functional>
#include <memory>

#include "mailflow/queue.hpp"
#include "mailflow/screen.hpp"
#include "server/config.hpp"

namespace lockstep::server {

class MailOut {
public:
    /// All must outlive the object. `config` may be called from any thread.
    MailOut(office::Office& office, net::IoThreads& threads, std::function<Config()> config)
        : office_(office), threads_(threads), config_(std::move(config)) {}

    /// The resolver; call once, before the others. Errors: bad_value (a key of dns), unavailable.
    [[nodiscard]] Result<> open();
    /// The judge of mail from outside, for the SMTP door. Works as long as the object lives.
    [[nodiscard]] office::Judge judge();
    [[nodiscard]] Result<> start();
    void stop();
    /// Takes over what may change while the server runs.
    void follow(const Config& config);
    [[nodiscard]] std::size_t connections() const { return queue_ ? queue_->connections() : 0; }

    /// Records as text: "10 mx.example.org" of MX, "0 1 443 host" of SRV. After open().
    [[nodiscard]] Task<Result<std::vector<std::string>>>
    look_up(std::string name, std::string type);

private:
    [[nodiscard]] mailflow::QueueOptions options() const;
    [[nodiscard]] mailflow::ScreenOptions screen_options() const;

    office::Office& office_;
    net::IoThreads& threads_;
    const std::function<Config()> config_;
    std::unique_ptr<mailflow::Resolver> resolver_;
    std::unique_ptr<mailflow::Queue> queue_;
};

} // namespace lockstep::server
