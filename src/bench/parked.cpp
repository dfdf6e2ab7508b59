// What a waiting phone costs: memory of the server for each parked Ping, and CPU while nothing
// happens. The clients live in this process, the server in its own.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "bench/device.hpp"
#include "bench/meter.hpp"
#include "bench/scenarios.hpp"
#include "bench/server_process.hpp"

namespace lockstep::bench {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kDevicesEach = 10; ///< of one person
constexpr std::size_t kWarmUp = 200;     ///< devices after which the counting begins
constexpr std::size_t kSpare = 200;      ///< descriptors for everything else

using Devices = std::vector<std::optional<Device>>;

Result<> park_device(
    const ServerProcess& server, const Person& person, std::size_t number,
    std::optional<Device>& out
) {
    TRY(auto device, Device::connect(server.https(), person, number));
    CHECK_OK(device.set_up());
    CHECK_OK(device.follow(FolderType::inbox, {}));
    CHECK_OK(device.begin_ping());
    out.emplace(std::move(device));
    return {};
}

/// Devices [from, to) come and wait.
Result<> park_devices(
    const ServerProcess& server, const std::vector<Person>& people, Devices& devices,
    std::size_t from, std::size_t to
) {
    CHECK_OK(on_threads(kThreads, [&](std::size_t thread) -> Result<> {
        for (auto i = from + thread; i < to; i += kThreads)
            CHECK_OK(park_device(server, people[i / kDevicesEach], i, devices[i]));
        return {};
    }));
    // The last requests are on their way: a parked Ping gives no sign.
    std::this_thread::sleep_for(std::chrono::seconds(1));
    return {};
}

} // namespace

Result<> parked(const Scale& scale) {
    const auto limit = allow_many_descriptors();
    const auto count = std::min(scale.parked, limit > kSpare ? limit - kSpare : 0);
    if (count <= kWarmUp)
        return fail(Code::unavailable, "the descriptor limit is too low to park anybody");
    TRY(const auto scratch, Scratch::create());
    std::vector<Person> people;
    {
        TRY(auto data, OfficeData::open(scratch.path()));
        TRY(people, data.add_people("parked", (count + kDevicesEach - 1) / kDevicesEach));
    }
    say(fmt::format(
        "{} devices ({} wanted, descriptor limit {}) of {} people, TLS 1.3, Ping of the Inbox for "
        "59 "
        "minutes; {}",
        count, scale.parked, limit, people.size(), load_text()
    ));
    TRY(auto server, ServerProcess::start(scratch.path()));
    Devices devices(count);
    CHECK_OK(park_devices(server, people, devices, 0, kWarmUp));
    const auto before = memory_of(server.pid());
    const Meter opening(server.pid());
    CHECK_OK(park_devices(server, people, devices, kWarmUp, count));
    const auto usage = opening.read();
    const auto after = memory_of(server.pid());
    const auto number = static_cast<double>(count - kWarmUp);
    const auto each = static_cast<double>(after.rss - before.rss) / number;
    figure(fmt::format(
        "{} parked Pings: {:.1f} KiB of server memory each (RSS {:.0f} MB, PSS {:.0f} MB in all); "
        "connecting, Provision, FolderSync, Sync and Ping: {:.1f} ms of server CPU a device",
        count, each, static_cast<double>(after.rss) / 1024, static_cast<double>(after.pss) / 1024,
        usage.server * 1e3 / number
    ));
    compare(
        "at most 24 KiB each", each <= 24,
        "SOGo 5.8 measured earlier: 12 to 19 MB and a process each"
    );
    std::this_thread::sleep_for(Seconds(scale.settle_seconds));
    const Meter idle(server.pid());
    std::this_thread::sleep_for(Seconds(scale.idle_seconds));
    const auto rest = idle.read();
    figure(fmt::format(
        "{} parked Pings, nothing happens for {:.0f} s: {:.4f} s of server CPU, others {:.1f} "
        "processors",
        count, rest.wall, rest.server, rest.others
    ));
    compare(
        "no CPU (less than 1 ms a second)", rest.server < rest.wall / 1'000,
        "SOGo 5.8 measured earlier: 6 s in 60 s (400 parked)"
    );
    return server.stop();
}

} // namespace lockstep::bench
