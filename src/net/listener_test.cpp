#include "net/listener.hpp"

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/connection_count.hpp"
#include "net/line_reader.hpp"
#include "net/listen_address.hpp"
#include "net/loopback_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;
using testing::PlainClient;
using testing::TlsClient;

/// A protocol of lines: STARTTLS, QUIT, and everything else is said back.
Task<void> speak_lines(std::unique_ptr<Stream> stream) {
    LineReader reader(*stream, 5s);
    auto written = co_await write(*stream, "220 hello\r\n");
    while (written) {
        const auto line = co_await reader.read_line(1'000);
        if (!line)
            co_return;
        if (*line == "QUIT")
            break;
        const bool upgrade = *line == "STARTTLS";
        const auto answer = upgrade ? std::string("220 go\r\n") : fmt::format("250 {}\r\n", *line);
        written = co_await write(*stream, answer);
        if (!upgrade || !written)
            continue;
        const auto started = co_await reader.start_tls(testing::make_context(), "");
        if (!started)
            co_return;
    }
    co_await stream->linger();
}

} // namespace

TEST(ListenAddress, UnderstandsWhatIsAnAddressAndNothingElse) {
    for (const char* text :
         {"", "25", "127.0.0.1", "mail.example:25", "127.0.0.1:65536", "127.0.0.1:-1", "[::1]",
          "::1:25", "[::1:25"})
        EXPECT_EQ(listen_on(text).error().code, Code::bad_value) << text;
    for (const char* text : {"127.0.0.1:0", "localhost:0", "*:0"}) {
        const auto fd = listen_on(text);
        ASSERT_TRUE(fd) << text;
        EXPECT_GT(local_port(*fd), 0);
        ::close(*fd);
    }
}

TEST(ListenAddress, SaysThatAPortIsTaken) {
    const auto fd = listen_on("127.0.0.1:0");
    ASSERT_TRUE(fd);
    const auto again = listen_on(fmt::format("127.0.0.1:{}", local_port(*fd)));
    EXPECT_EQ(again.error().code, Code::exists);
    ::close(*fd);
}

TEST(ConnectionCount, H10CapsAddressesAndTheWhole) {
    const auto count = std::make_shared<ConnectionCount>(5, 2);
    const Peer a{"192.0.2.1", 1, false};
    const Peer b{"192.0.2.2", 1, false};
    const Peer local{"127.0.0.1", 1, true};
    auto first = count->admit(a);
    const auto second = count->admit(a);
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(count->admit(a));
    first.reset();
    first = count->admit(a);
    EXPECT_TRUE(first);
    const auto other = count->admit(b);
    const auto near = count->admit(local);
    const auto near_too = count->admit(local);
    EXPECT_TRUE(other && near && near_too);
    EXPECT_FALSE(count->admit(b)) << "the whole is full";
    EXPECT_EQ(count->open(), 5U);
}

TEST(ConnectionCount, H10OneIpv6HostIsASlash64) {
    EXPECT_EQ(cap_key({"2001:db8::1", 1, false}), cap_key({"2001:db8::ffff:2", 9, false}));
    EXPECT_NE(cap_key({"2001:db8::1", 1, false}), cap_key({"2001:db8:0:1::1", 1, false}));
    EXPECT_EQ(cap_key({"::1", 1, true}), "");
}

class LinesOnLoopback : public ::testing::Test {
protected:
    void start(ListenOptions options = {}) {
        options.address = "127.0.0.1:0";
        auto opened = Listener::open(threads, std::move(options), &speak_lines);
        ASSERT_TRUE(opened) << opened.error().text;
        listener = std::move(*opened);
    }
    void TearDown() override {
        if (listener)
            listener->stop();
        EXPECT_TRUE(testing::eventually([&] { return !listener || listener->connections() == 0; }));
        EXPECT_TRUE(testing::eventually([&] { return threads.tasks() == 0; }));
    }
    IoThreads threads{2};
    std::unique_ptr<Listener> listener;
};

TEST_F(LinesOnLoopback, UpgradesToTls) {
    start();
    PlainClient plain(listener->port());
    EXPECT_EQ(plain.receive(), "220 hello\r\n");
    plain.send("a\r\nQUIT\r\n");
    EXPECT_EQ(plain.receive_all(), "250 a\r\n");
}

TEST_F(LinesOnLoopback, S3CommandsSentWithStarttlsAreNeverRun) {
    start();
    PlainClient client(listener->port());
    EXPECT_EQ(client.receive(), "220 hello\r\n");
    client.send("STARTTLS\r\nNOOP\r\n");
    EXPECT_EQ(client.receive_all(), "220 go\r\n");
}

TEST_F(LinesOnLoopback, S3CommandsSentAfterStarttlsButBeforeTheHandshakeAreNeverRun) {
    start();
    PlainClient client(listener->port());
    EXPECT_EQ(client.receive(), "220 hello\r\n");
    client.send("STARTTLS\r\n");
    EXPECT_EQ(client.receive(), "220 go\r\n");
    client.send("NOOP\r\n");
    EXPECT_FALSE(client.receive_all().contains("250"));
}

TEST_F(LinesOnLoopback, H10CapsConnections) {
    ListenOptions options;
    options.connections = 2;
    start(std::move(options));
    PlainClient first(listener->port());
    PlainClient second(listener->port());
    EXPECT_EQ(first.receive(), "220 hello\r\n");
    EXPECT_EQ(second.receive(), "220 hello\r\n");
    PlainClient third(listener->port());
    EXPECT_EQ(third.receive(), "");
    first.close();
    EXPECT_TRUE(testing::eventually([&] { return listener->connections() == 1; }));
    PlainClient fourth(listener->port());
    EXPECT_EQ(fourth.receive(), "220 hello\r\n");
}

TEST_F(LinesOnLoopback, H10SurvivesRunningOutOfDescriptors) {
    std::atomic<int> warnings = 0;
    log::set_sink([&](std::string_view line) {
        warnings += line.contains("net.accept_failed") ? 1 : 0;
    });
    // What the line needs is made before: the sanitizer looks at a type with a descriptor of its
    // own when it first meets it.
    log::warn("net.rehearsed", {{"port", 1}, {"reason", "none"}});
    start();
    PlainClient before(listener->port());
    EXPECT_EQ(before.receive(), "220 hello\r\n");
    // A client's socket exists before the limit falls, so that only accept() fails.
    const int waiting = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
    const rlimit tight{static_cast<rlim_t>(waiting + 1), usual.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(waiting, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    char byte = 0;
    EXPECT_EQ(::recv(waiting, &byte, 1, 0), 0) << "told by a close instead of hanging";
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
    ::close(waiting);
    PlainClient after(listener->port());
    EXPECT_EQ(after.receive(), "220 hello\r\n");
    log::set_sink({});
    EXPECT_GE(warnings, 1);
}

TEST_F(LinesOnLoopback, WithoutACertificateTlsConnectionsAreClosed) {
    ListenOptions options;
    options.tls = [] { return std::shared_ptr<const TlsContext>(); };
    log::set_sink([](std::string_view) {});
    start(std::move(options));
    EXPECT_FALSE(TlsClient(listener->port(), "").greeted());
    EXPECT_TRUE(testing::eventually([&] { return listener->connections() == 0; }));
    log::set_sink({});
}

TEST_F(LinesOnLoopback, AStoppedListenerRefusesAndLeavesTheRestAlone) {
    start();
    PlainClient client(listener->port());
    EXPECT_EQ(client.receive(), "220 hello\r\n");
    listener->stop();
    EXPECT_FALSE(PlainClient(listener->port()).connected());
    client.send("still here\r\n");
    EXPECT_EQ(client.receive(), "250 still here\r\n");
}

TEST(IoThreads, RunsTasksAndOutlivesTheirExceptions) {
    std::string logged;
    std::atomic<int> ran = 0;
    log::set_sink([&](std::string_view line) { logged += line; });
    {
        IoThreads threads(3);
        EXPECT_EQ(threads.size(), 3U);
        for (std::size_t i = 0; i < 30; ++i) {
            auto body = [](std::atomic<int>& count, bool throws) -> Task<void> {
                ++count;
                if (throws)
                    throw std::runtime_error("broken task");
                co_return;
            };
            threads.spawn(i, body(ran, i == 7));
        }
        threads.post(1, [&] { ++ran; });
        EXPECT_TRUE(testing::eventually([&] { return ran == 31 && threads.tasks() == 0; }));
        threads.stop();
    }
    log::set_sink({});
    EXPECT_TRUE(logged.contains("broken task"));
}

} // namespace lockstep::net
