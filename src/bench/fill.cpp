// First fill of a phone: mail of a real mailbox's sizes, contacts, events.
// The request is the one that the peer was measured with: 14.1, WindowSize 100, FilterType 0,
// HTML bodies cut at 32 KB, one collection a request, no compression.
#include <fmt/format.h>

#include "bench/device.hpp"
#include "bench/meter.hpp"
#include "bench/scenarios.hpp"
#include "bench/server_process.hpp"

namespace lockstep::bench {
namespace {

struct Bar {
    double cpu = 0;  ///< seconds for the whole number
    double wall = 0; ///< 0: none
    std::size_t whole = 0;
    std::string_view peer;
};

Result<> fill_folder(
    const ServerProcess& server, const Person& person, FolderType type, std::string_view what,
    std::size_t count, const Bar& bar
) {
    TRY(auto device, Device::connect(server.https(), person, 1));
    CHECK_OK(device.set_up());
    const SyncWish wish{
        .window = 100, .body_type = type == FolderType::inbox ? 2 : 1, .truncation = 32'768
    };
    const auto requests = device.requests();
    const auto received = device.http().received();
    const Meter meter(server.pid());
    CHECK_OK(device.follow(type, wish));
    TRY(const auto items, device.pull());
    const auto usage = meter.read();
    const auto memory = memory_of(server.pid());
    if (items != count)
        return fail(Code::bad_value, fmt::format("{} {} came, not {}", items, what, count));
    figure(fmt::format(
        "first fill, {} {}: wall {:.2f} s, server CPU {:.3f} s ({:.3f} ms each), {} requests, "
        "{:.1f} MB received, server RSS {:.1f} MB, PSS {:.1f} MB, client CPU {:.2f} s, others "
        "{:.1f} "
        "processors",
        items, what, usage.wall, usage.server, usage.server * 1e3 / static_cast<double>(items),
        device.requests() - requests,
        static_cast<double>(device.http().received() - received) / 1e6,
        static_cast<double>(memory.rss) / 1024, static_cast<double>(memory.pss) / 1024,
        usage.client, usage.others
    ));
    // A part of the work is judged by its part of the bar.
    const auto share = static_cast<double>(count) / static_cast<double>(bar.whole);
    auto text = fmt::format("server CPU at most {:.3f} s", bar.cpu * share);
    if (bar.wall > 0)
        text += fmt::format(", wall at most {:.1f} s", bar.wall * share);
    const bool met =
        usage.server <= bar.cpu * share && (bar.wall == 0 || usage.wall <= bar.wall * share);
    compare(text, met, bar.peer);
    return {};
}

} // namespace

Result<> fill(const Scale& scale) {
    TRY(const auto scratch, Scratch::create());
    std::vector<Person> people;
    {
        TRY(auto data, OfficeData::open(scratch.path()));
        TRY(people, data.add_people("filled", 1));
        TRY(const auto bytes, data.add_corpus(people[0], scale.mails));
        CHECK_OK(data.add_contacts(people[0], scale.objects));
        CHECK_OK(data.add_events(people[0], scale.objects));
        say(fmt::format(
            "{} mails ({:.1f} MB), {} contacts, {} events (one in five recurs); one phone over "
            "TLS, "
            "14.1, WindowSize 100, HTML cut at 32 KB; {}",
            scale.mails, static_cast<double>(bytes) / 1e6, scale.objects, scale.objects, load_text()
        ));
    }
    TRY(auto server, ServerProcess::start(scratch.path()));
    CHECK_OK(fill_folder(
        server, people[0], FolderType::inbox, "mails", scale.mails,
        {28.7 / 20, 10, 5'000, "SOGo 5.8 measured earlier: 28.7 s of CPU, 126 s of wall time"}
    ));
    CHECK_OK(fill_folder(
        server, people[0], FolderType::contacts, "contacts", scale.objects,
        {0.072, 0, 1'000, "SOGo 5.8 measured earlier: 0.72 s of CPU, 0.77 s of wall time"}
    ));
    CHECK_OK(fill_folder(
        server, people[0], FolderType::calendar, "events", scale.objects,
        {0.146, 0, 1'000, "SOGo 5.8 measured earlier: 1.46 s of CPU, 1.57 s of wall time"}
    ));
    return server.stop();
}

} // namespace lockstep::bench
