// Mail in: messages of 4 kB over ten connections, each durable before its 250. Postfix's own load
// generator gives a second figure where it is installed.
#include <cstdlib>

#include <fmt/format.h>
#include <sys/wait.h>

#include "bench/meter.hpp"
#include "bench/office_data.hpp"
#include "bench/scenarios.hpp"
#include "bench/server_process.hpp"
#include "bench/smtp_client.hpp"

namespace lockstep::bench {
namespace {

constexpr std::size_t kConnections = 10;
constexpr std::size_t kBytes = 4'096;
constexpr std::string_view kPeer =
    "Postfix 3.7 measured earlier (queue with fsync, delivery to nowhere): 922/s";

void report(std::string_view what, std::size_t count, const Usage& usage, double p50, double p95) {
    const auto rate = static_cast<double>(count) / usage.wall;
    auto text = fmt::format(
        "SMTP, {} mails of 4 kB, {}: {:.0f}/s, server CPU {:.3f} ms each", count, what, rate,
        usage.server * 1e3 / static_cast<double>(count)
    );
    if (p95 > 0)
        text += fmt::format(", p50 {:.2f} ms, p95 {:.2f} ms", p50, p95);
    figure(fmt::format("{}, others {:.1f} processors", text, usage.others));
    compare("at least 1000/s", rate >= 1'000, kPeer);
}

/// Connection `i` delivers to people[i modulo their number].
Result<> deliver_all(
    const ServerProcess& server, const std::vector<Person>& people, std::string_view what,
    std::size_t count
) {
    std::vector<std::vector<double>> latencies(kConnections);
    const Meter meter(server.pid());
    CHECK_OK(on_threads(kConnections, [&](std::size_t i) -> Result<> {
        const auto& person = people[i % people.size()];
        TRY(auto client, SmtpClient::connect(server.smtp()));
        for (auto number = i; number < count; number += kConnections) {
            const auto message =
                small_message("sender@elsewhere.example", person.address, number, kBytes);
            const auto before = std::chrono::steady_clock::now();
            TRY(const auto done, client.deliver(person.address, message));
            latencies[i].push_back(Seconds(done - before).count() * 1e3);
        }
        return {};
    }));
    const auto usage = meter.read();
    std::vector<double> all;
    for (const auto& part : latencies)
        all.insert(all.end(), part.begin(), part.end());
    report(what, count, usage, quantile(all, 0.5), quantile(all, 0.95));
    return {};
}

Result<> deliver_by_postfix(const ServerProcess& server, const Person& person, std::size_t count) {
    constexpr std::string_view kTool = "/usr/sbin/smtp-source";
    if (!std::filesystem::exists(kTool)) {
        say("smtp-source (package postfix) is not installed: no second figure");
        return {};
    }
    const auto command = fmt::format(
        "{} -d -s {} -l {} -m {} -f sender@elsewhere.example -t {} 127.0.0.1:{}", kTool,
        kConnections, kBytes, count, person.address, server.smtp()
    );
    const Meter meter(server.pid());
    const int status = std::system(command.c_str());
    const auto usage = meter.read();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(Code::bad_value, "smtp-source failed");
    report("smtp-source, 10 sessions to one person", count, usage, 0, 0);
    return {};
}

} // namespace

Result<> smtp(const Scale& scale) {
    TRY(const auto scratch, Scratch::create());
    std::vector<Person> people;
    {
        TRY(auto data, OfficeData::open(scratch.path()));
        TRY(people, data.add_people("recipient", kConnections));
    }
    TRY(auto server, ServerProcess::start(scratch.path()));
    say(fmt::format(
        "{} connections, one command at a time (no pipelining), fsync before each 250; {}",
        kConnections, load_text()
    ));
    CHECK_OK(deliver_all(server, people, "10 connections to 10 people", scale.messages));
    CHECK_OK(deliver_all(server, {people.front()}, "10 connections to one person", scale.messages));
    CHECK_OK(deliver_by_postfix(server, people.front(), scale.messages));
    return server.stop();
}

} // namespace lockstep::bench
