// Sync without changes, and with one changed item, in a small and in a large folder: neither may
// depend on how much the folder holds.
#include <fmt/format.h>

#include "bench/device.hpp"
#include "bench/meter.hpp"
#include "bench/scenarios.hpp"
#include "bench/server_process.hpp"

namespace lockstep::bench {
namespace {

constexpr std::size_t kDevices = 8;

std::vector<double> joined(const std::vector<std::vector<double>>& parts) {
    std::vector<double> all;
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Result<std::vector<Device>> fill_devices(
    const ServerProcess& server, const Person& person, std::size_t count,
    std::vector<std::string>& ids
) {
    std::vector<Device> devices;
    for (std::size_t i = 0; i < kDevices; ++i) {
        TRY(auto device, Device::connect(server.https(), person, i + 1));
        CHECK_OK(device.set_up());
        CHECK_OK(device.follow(FolderType::inbox, {.window = 512}));
        TRY(const auto first, device.sync());
        ids = first.added;
        TRY(const auto rest, device.pull());
        if (first.added.size() + rest != count)
            return fail(Code::bad_value, "the phone got another number of mails");
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<> quiet_round(
    const ServerProcess& server, std::vector<Device>& devices, const Scale& scale, std::size_t count
) {
    std::vector<std::vector<double>> latencies(devices.size());
    const Meter meter(server.pid());
    CHECK_OK(on_threads(devices.size(), [&](std::size_t i) -> Result<> {
        const auto begin = std::chrono::steady_clock::now();
        for (auto before = begin; Seconds(before - begin).count() < scale.seconds;) {
            TRY(const auto answer, devices[i].sync());
            if (!answer.quiet)
                return fail(Code::bad_value, "a quiet folder had something to say");
            const auto after = std::chrono::steady_clock::now();
            latencies[i].push_back(Seconds(after - before).count() * 1e3);
            before = after;
        }
        return {};
    }));
    const auto usage = meter.read();
    const auto all = joined(latencies);
    const auto rate = static_cast<double>(all.size()) / usage.wall;
    const auto each = usage.server * 1e3 / static_cast<double>(all.size());
    figure(fmt::format(
        "unchanged Sync, {} mails in the folder: {:.0f}/s, server CPU {:.4f} ms each, p50 {:.2f} "
        "ms, "
        "p95 {:.2f} ms, {} bytes written, client CPU {:.4f} ms each, others {:.1f} processors",
        count, rate, each, quantile(all, 0.5), quantile(all, 0.95), usage.written,
        usage.client * 1e3 / static_cast<double>(all.size()), usage.others
    ));
    compare(
        "server CPU at most 0.2 ms, 5000/s on two processors", each <= 0.2 && rate >= 5'000,
        "SOGo 5.8 measured earlier: 9.1 ms and 109/s (200 mails), 30 ms (5,000 mails)"
    );
    return {};
}

/// One round of a device that must bring one change; its time in ms is added.
Result<> learn(Device& device, std::vector<double>& latencies) {
    const auto before = std::chrono::steady_clock::now();
    TRY(const auto answer, device.sync());
    latencies.push_back(Seconds(std::chrono::steady_clock::now() - before).count() * 1e3);
    if (answer.changed != 1)
        return fail(Code::bad_value, "a changed mail did not come");
    return {};
}

/// A ninth device marks a mail; each of the eight then learns of it, one after the other or all at
/// once.
Result<> changed_round(
    const ServerProcess& server, std::vector<Device>& devices, Device& editor, const Scale& scale,
    const std::vector<std::string>& ids, std::size_t count, bool at_once
) {
    std::vector<std::vector<double>> latencies(devices.size());
    double cpu = 0;
    double marking = 0;
    for (std::size_t i = 0; i < scale.changes; ++i) {
        const Meter edit(server.pid());
        // The second part goes on where the first one ended: a mark must be another than before.
        const auto turn = at_once ? scale.changes + i : i;
        CHECK_OK(editor.mark(ids[turn % ids.size()], turn / ids.size() % 2 == 0));
        marking += edit.read().server;
        const Meter meter(server.pid());
        if (at_once) {
            CHECK_OK(on_threads(devices.size(), [&](std::size_t each) {
                return learn(devices[each], latencies[each]);
            }));
        } else {
            for (std::size_t each = 0; each < devices.size(); ++each)
                CHECK_OK(learn(devices[each], latencies[each]));
        }
        cpu += meter.read().server;
    }
    const auto all = joined(latencies);
    const auto each = cpu * 1e3 / static_cast<double>(all.size());
    figure(fmt::format(
        "Sync with one changed mail, {} mails in the folder, {}: server CPU {:.4f} ms each, p50 "
        "{:.2f} "
        "ms, p95 {:.2f} ms (the new key is durable before the answer); marking it by Sync {:.4f} "
        "ms",
        count, at_once ? "8 devices at once" : "one device after the other", each,
        quantile(all, 0.5), quantile(all, 0.95), marking * 1e3 / static_cast<double>(scale.changes)
    ));
    compare(
        "server CPU at most 0.2 ms", each <= 0.2, "SOGo 5.8 measured earlier: 52 ms (5,000 mails)"
    );
    return {};
}

} // namespace

Result<> unchanged(const Scale& scale) {
    TRY(const auto scratch, Scratch::create());
    std::vector<Person> people;
    {
        TRY(auto data, OfficeData::open(scratch.path()));
        TRY(people, data.add_people("steady", scale.folders.size()));
        for (std::size_t i = 0; i < people.size(); ++i)
            CHECK_OK(data.add_small_mail(people[i], scale.folders[i]));
    }
    say(fmt::format(
        "{} devices of one person over kept TLS connections, 14.1; {}", kDevices, load_text()
    ));
    TRY(auto server, ServerProcess::start(scratch.path()));
    for (std::size_t i = 0; i < people.size(); ++i) {
        std::vector<std::string> ids;
        TRY(auto devices, fill_devices(server, people[i], scale.folders[i], ids));
        wait_until_idle(server.pid());
        CHECK_OK(quiet_round(server, devices, scale, scale.folders[i]));
        TRY(auto editor, Device::connect(server.https(), people[i], kDevices + 1));
        CHECK_OK(editor.set_up());
        CHECK_OK(editor.follow(FolderType::inbox, {.window = 512}));
        CHECK_OK(editor.pull());
        wait_until_idle(server.pid());
        for (const bool at_once : {false, true})
            CHECK_OK(changed_round(server, devices, editor, scale, ids, scale.folders[i], at_once));
    }
    return server.stop();
}

} // namespace lockstep::bench
