// How long a phone waits for a mail that has arrived: from SMTP's 250 to the answer of its parked
// Ping, and to the mail in its hand by the Sync that follows, while many others are parked.
#include <future>
#include <optional>
#include <random>

#include <fmt/format.h>

#include "bench/device.hpp"
#include "bench/meter.hpp"
#include "bench/scenarios.hpp"
#include "bench/server_process.hpp"
#include "bench/smtp_client.hpp"

namespace lockstep::bench {
namespace {

constexpr std::size_t kOpeners = 4;

struct Latencies {
    std::vector<double> ping; ///< ms
    std::vector<double> hand;
};

/// When the Ping was answered, and when the mail was there.
struct Arrival {
    Instant ping;
    Instant hand;
};

Result<Arrival> await_mail(Device& device) {
    Arrival arrival;
    TRY(const auto status, device.end_ping());
    arrival.ping = std::chrono::steady_clock::now();
    if (status != 2)
        return fail(Code::bad_value, fmt::format("Ping gave status {}", status));
    TRY(const auto answer, device.sync());
    arrival.hand = std::chrono::steady_clock::now();
    if (answer.added.size() != 1)
        return fail(Code::bad_value, "the mail did not come");
    return arrival;
}

Result<> push_one(
    SmtpClient& sender, const Person& person, Device& device, std::uint64_t number,
    Latencies& latencies
) {
    const auto message = small_message("sender@elsewhere.example", person.address, number, 4'096);
    // The phone looks by itself: its answer may come before the sender has read the 250.
    auto phone = std::async(std::launch::async, [&device] { return await_mail(device); });
    const auto sent = sender.deliver(person.address, message);
    const auto arrival = phone.get();
    if (!sent)
        return std::unexpected(sent.error());
    if (!arrival)
        return std::unexpected(arrival.error());
    latencies.ping.push_back(std::max(0.0, Seconds(arrival->ping - *sent).count() * 1e3));
    latencies.hand.push_back(std::max(0.0, Seconds(arrival->hand - *sent).count() * 1e3));
    return device.begin_ping();
}

} // namespace

Result<> push(const Scale& scale) {
    allow_many_descriptors();
    TRY(const auto scratch, Scratch::create());
    std::vector<Person> people;
    {
        TRY(auto data, OfficeData::open(scratch.path()));
        TRY(people, data.add_people("waiting", scale.waiting));
    }
    TRY(auto server, ServerProcess::start(scratch.path()));
    std::vector<std::optional<Device>> devices(scale.waiting);
    CHECK_OK(on_threads(kOpeners, [&](std::size_t thread) -> Result<> {
        for (auto i = thread; i < devices.size(); i += kOpeners) {
            TRY(auto device, Device::connect(server.https(), people[i], 1));
            CHECK_OK(device.set_up());
            CHECK_OK(device.follow(
                FolderType::inbox, {.window = 100, .body_type = 2, .truncation = 32'768}
            ));
            CHECK_OK(device.sync());
            CHECK_OK(device.begin_ping());
            devices[i].emplace(std::move(device));
        }
        return {};
    }));
    TRY(auto sender, SmtpClient::connect(server.smtp()));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    say(fmt::format(
        "{} people with one parked phone each; {} mails of 4 kB to one of them at a time; {}",
        scale.waiting, scale.pushes, load_text()
    ));
    // The order is the same in every run.
    std::mt19937 random(7);
    Latencies latencies;
    const Meter meter(server.pid());
    for (std::size_t i = 0; i < scale.pushes; ++i) {
        const auto at = random() % devices.size();
        CHECK_OK(push_one(sender, people[at], *devices[at], i, latencies));
    }
    const auto usage = meter.read();
    const auto ping95 = quantile(latencies.ping, 0.95);
    const auto hand95 = quantile(latencies.hand, 0.95);
    figure(fmt::format(
        "push with {} parked: 250 to Ping answer p50 {:.2f} ms, p95 {:.2f} ms; 250 to mail in hand "
        "p50 "
        "{:.2f} ms, p95 {:.2f} ms; server CPU {:.2f} ms a mail (delivery, Ping, Sync, Ping), "
        "others "
        "{:.1f} processors",
        scale.waiting, quantile(latencies.ping, 0.5), ping95, quantile(latencies.hand, 0.5), hand95,
        usage.server * 1e3 / static_cast<double>(scale.pushes), usage.others
    ));
    compare(
        "p95 at most 20 ms to the Ping answer, 50 ms to the mail in hand",
        ping95 <= 20 && hand95 <= 50, "SOGo 5.8 measured earlier: 4.2 s and 4.4 s at the median"
    );
    return server.stop();
}

} // namespace lockstep::bench
