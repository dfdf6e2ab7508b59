// The event source: tells which states changed, as soon as a commit changed them.
// Spec: RFC 8620 7.1 (StateChange), 7.3; WHATWG HTML 9.2 (the format).
// Invariants: a listener is a parked coroutine: no thread, no polling. The watch begins before the
// first states are read, so no change falls between.
#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "base/waiter.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/states.hpp"
#include "sync/hub.hpp"

namespace lockstep::jmap {
namespace {

struct Wishes {
    std::set<std::string, std::less<>> types; ///< empty: every type
    bool close_after_state = false;
    std::chrono::seconds ping{0}; ///< zero: none
    std::string last_id;
};

enum class Woken { changed, ping, ended };

/// One name=value of a query; empty when it is not there.
std::string parameter(std::string_view query, std::string_view name) {
    for (const auto each : split(query, '&')) {
        const auto equals = each.find('=');
        if (each.substr(0, equals) == name && equals != std::string_view::npos)
            return percent_decode(each.substr(equals + 1), true).value_or(std::string());
    }
    return {};
}

class EventBody : public net::BodySource {
public:
    EventBody(net::Connection& connection, std::unique_ptr<Session> session, Wishes wishes)
        : connection_(connection), session_(std::move(session)), wishes_(std::move(wishes)),
          busy_(session_->door, Door::Work::listener, session_->actor.account.id),
          wake_(std::make_shared<Waiter<Woken>>()) {
        std::vector<model::AccountId> owners;
        for (const auto& owner : session_->owners)
            owners.push_back(owner.id);
        watch_ = session_->office().hub.watch(std::move(owners), {}, [wake = wake_](const auto&) {
            wake->fire(Woken::changed);
        });
    }

    [[nodiscard]] bool granted() const { return static_cast<bool>(busy_); }
    Task<Result<std::string>> next() override;

private:
    Task<Woken> wait();
    Task<Result<std::string>> news();

    net::Connection& connection_;
    std::unique_ptr<Session> session_;
    const Wishes wishes_;
    const Busy busy_;
    std::shared_ptr<Waiter<Woken>> wake_;
    sync::Hub::Watch watch_;
    std::map<std::string, States> told_; ///< by account; empty before the first look
    bool begun_ = false;
    bool done_ = false;
};

Task<Woken> EventBody::wait() {
    auto& clock = session_->office().clock;
    const auto wake = wake_;
    TimerId timer = 0;
    if (wishes_.ping.count() > 0)
        timer = clock.call_after(wishes_.ping, [wake] { wake->fire(Woken::ping); });
    connection_.watch_close([wake](net::Stir) { wake->fire(Woken::ended, true); });
    co_await park(wake->start());
    connection_.unwatch();
    if (timer != 0)
        clock.cancel(timer);
    co_return wake->take();
}

/// The event of what changed since the last one; empty when nothing did that is asked for.
Task<Result<std::string>> EventBody::news() {
    json::Object changed;
    std::string id;
    const bool first = !begun_;
    begun_ = true;
    for (const auto& owner : session_->owners) {
        auto states = co_await type_states(session_->office(), session_->actor, owner);
        if (!states)
            continue; // an owner that went away has no states
        const auto account = account_id(owner.id);
        auto& told = told_[account];
        json::Object types;
        for (const auto& [type, state] : *states) {
            id += state;
            if (!wishes_.types.empty() && !wishes_.types.contains(type))
                continue;
            if (told[type] != state)
                types[type] = state;
        }
        told = std::move(*states);
        if (!types.empty())
            changed[account] = std::move(types);
    }
    const auto event_id = blake2b256(id).hex().substr(0, 16);
    // A client that was here before hears at once what it missed.
    if ((first && (wishes_.last_id.empty() || wishes_.last_id == event_id)) || changed.empty())
        co_return std::string();
    const json::Object event{{"@type", "StateChange"}, {"changed", std::move(changed)}};
    co_return fmt::format(
        "event: state\nid: {}\ndata: {}\n\n", event_id, json::write(json::Value(event))
    );
}

Task<Result<std::string>> EventBody::next() {
    if (done_)
        co_return std::string();
    if (!begun_) {
        CO_TRY(auto missed, co_await news());
        done_ = wishes_.close_after_state && !missed.empty();
        // A comment makes proxies and clients see that the stream stands.
        co_return ": in step\n\n" + missed;
    }
    for (;;) {
        const auto woken = co_await wait();
        if (woken == Woken::ended)
            co_return std::string();
        if (woken == Woken::ping)
            co_return fmt::format(
                "event: ping\ndata: {{\"interval\":{}}}\n\n", wishes_.ping.count()
            );
        CO_TRY(auto event, co_await news());
        if (event.empty())
            continue;
        done_ = wishes_.close_after_state;
        co_return event;
    }
}

} // namespace

Task<net::Response> serve_events(
    const net::Request& request, net::Connection& connection, std::unique_ptr<Session> session
) {
    Wishes wishes;
    const auto types = parameter(request.query, "types");
    if (!types.empty() && types != "*")
        for (const auto type : split(types, ','))
            wishes.types.emplace(trim(type));
    wishes.close_after_state = parameter(request.query, "closeafter") == "state";
    if (const auto ping = parse_int(parameter(request.query, "ping")); ping && *ping > 0)
        wishes.ping = std::clamp<std::chrono::seconds>(
            std::chrono::seconds(std::min<std::int64_t>(*ping, 86'400)), std::chrono::seconds(1),
            limits::kJmapPing
        );
    wishes.last_id = std::string(request.headers.get("Last-Event-ID"));
    auto body = std::make_unique<EventBody>(connection, std::move(session), std::move(wishes));
    if (!body->granted()) {
        net::Response busy(429, "text/plain; charset=utf-8", "Too many listeners.\n");
        busy.headers.set("Retry-After", "60");
        co_return busy;
    }
    net::Response response(200);
    response.headers.set("Content-Type", "text/event-stream");
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Accel-Buffering", "no");
    response.source = std::move(body);
    co_return response;
}

} // namespace lockstep::jmap
