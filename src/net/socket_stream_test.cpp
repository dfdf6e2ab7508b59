#include "net/socket_stream.hpp"

#include <gtest/gtest.h>

#include "base/locked.hpp"
#include "net/line_reader.hpp"
#include "net/listener.hpp"
#include "net/loopback_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;
using testing::PlainClient;
using testing::TlsClient;

/// What the serving coroutine saw, for the test's thread.
struct Seen {
    std::atomic<int> count = 0;
    LockGuarded<std::string> text;
    void say(std::string_view what) {
        text.with([&](std::string& all) { all += what; });
        ++count;
    }
    std::string all() {
        return text.with([](const std::string& said) { return said; });
    }
};

/// One TLS and one plain listener that serve the same way.
class SocketStreams : public ::testing::Test {
protected:
    void start(Listener::Serve serve) {
        ListenOptions options;
        options.address = "127.0.0.1:0";
        plain = std::move(*Listener::open(threads, options, serve));
        options.tls = [] { return testing::make_context(); };
        secure = std::move(*Listener::open(threads, options, serve));
    }
    void TearDown() override {
        EXPECT_TRUE(testing::eventually([&] { return threads.tasks() == 0; }));
    }
    std::shared_ptr<Seen> seen = std::make_shared<Seen>();
    IoThreads threads{1};
    std::unique_ptr<Listener> plain;
    std::unique_ptr<Listener> secure;
};

Task<void> watch_after_one_byte(std::shared_ptr<Seen> seen, std::unique_ptr<Stream> stream) {
    char byte = 0;
    const auto got = co_await stream->read_some(std::span(&byte, 1));
    if (!got)
        co_return;
    seen->say("byte ");
    std::function<void(Promise<Stir>)> start = [&stream](Promise<Stir> promise) {
        stream->watch([promise](Stir stir) { promise.set(stir); });
    };
    const auto stir = co_await await_value<Stir>(std::move(start));
    seen->say(stir == Stir::spoke ? "spoke " : "closed ");
}

Task<void> count_lines(std::shared_ptr<Seen> seen, std::unique_ptr<Stream> stream) {
    LineReader reader(*stream, 5s);
    for (;;) {
        const auto line = co_await reader.read_line(1'000);
        seen->say(line ? *line : name_of(line.error().code));
        if (!line)
            co_return;
    }
}

Task<void> read_with_deadline(std::shared_ptr<Seen> seen, std::unique_ptr<Stream> stream) {
    char byte = 0;
    stream->deadline_in(50ms);
    const auto first = co_await stream->read_some(std::span(&byte, 1));
    seen->say(first ? "?" : name_of(first.error().code));
    stream->deadline_in(5s);
    const auto second = co_await stream->read_some(std::span(&byte, 1));
    seen->say(second ? " byte" : name_of(second.error().code));
}

Task<void> write_a_lot(std::shared_ptr<Seen> seen, std::unique_ptr<Stream> stream) {
    const std::string large(1'000'000, 'x');
    const std::array<std::string_view, 3> pieces{"head", large, "tail"};
    for (int i = 0; i < 8; ++i) {
        const auto written = co_await stream->write(pieces);
        if (written)
            continue;
        seen->say(name_of(written.error().code));
        co_return;
    }
    seen->say("written");
    co_await stream->linger();
}

} // namespace

TEST_F(SocketStreams, AWatchHearsBytesThatTlsDecryptedAlready) {
    start([this](std::unique_ptr<Stream> stream) {
        return watch_after_one_byte(seen, std::move(stream));
    });
    TlsClient client(secure->port(), "");
    client.send("two bytes and more in one record");
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 2; }));
    EXPECT_EQ(seen->all(), "byte spoke ");
}

TEST_F(SocketStreams, AWatchHearsLaterBytesAndTheEnd) {
    start([this](std::unique_ptr<Stream> stream) {
        return watch_after_one_byte(seen, std::move(stream));
    });
    {
        PlainClient client(plain->port());
        client.send("a");
        EXPECT_TRUE(testing::eventually([&] { return seen->count == 1; }));
        client.send("b");
        EXPECT_TRUE(testing::eventually([&] { return seen->count == 2; }));
    }
    {
        TlsClient client(secure->port(), "");
        client.send("a");
        EXPECT_TRUE(testing::eventually([&] { return seen->count == 3; }));
    }
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 4; }));
    EXPECT_EQ(seen->all(), "byte spoke byte closed ");
}

TEST_F(SocketStreams, S5ACutInTheMiddleOfALineDeliversNoLine) {
    start([this](std::unique_ptr<Stream> stream) { return count_lines(seen, std::move(stream)); });
    {
        TlsClient client(secure->port(), "");
        client.send("whole\r\nhalf a li");
        EXPECT_TRUE(testing::eventually([&] { return seen->count == 1; }));
        // A plain byte where a TLS record should begin.
        client.plain().send("plaintext\r\n");
    }
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 2; }));
    {
        TlsClient client(secure->port(), "");
        client.send("more");
        // No close_notify: the socket just ends.
        client.plain().close();
    }
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 3; }));
    EXPECT_EQ(seen->all(), "wholeclosedclosed");
}

TEST_F(SocketStreams, ADeadlineEndsAReadButNotTheStream) {
    start([this](std::unique_ptr<Stream> stream) {
        return read_with_deadline(seen, std::move(stream));
    });
    TlsClient client(secure->port(), "");
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 1; }));
    client.send("a");
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 2; }));
    EXPECT_EQ(seen->all(), "timeout byte");
}

TEST_F(SocketStreams, ASlowReaderGetsEverything) {
    start([this](std::unique_ptr<Stream> stream) { return write_a_lot(seen, std::move(stream)); });
    PlainClient open(plain->port());
    TlsClient client(secure->port(), "");
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(seen->count, 0) << "the writers wait for their readers";
    EXPECT_EQ(open.receive_all().size(), 8'000'064U);
    EXPECT_EQ(client.receive_all().size(), 8'000'064U);
}

TEST_F(SocketStreams, AVanishedReaderEndsAWrite) {
    start([this](std::unique_ptr<Stream> stream) { return write_a_lot(seen, std::move(stream)); });
    {
        PlainClient open(plain->port());
        TlsClient client(secure->port(), "");
        open.receive();
        client.receive();
    }
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 2; }));
    EXPECT_EQ(seen->all(), "closedclosed");
}

TEST_F(SocketStreams, H10AReaderThatStopsReadingIsGivenUp) {
    int ends[2] = {};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    threads.post(0, [this, end = ends[0]] {
        threads.spawn(0, write_a_lot(seen, adopt_socket(threads.context(0), end, nullptr, 100ms)));
    });
    EXPECT_TRUE(testing::eventually([&] { return seen->count == 1; }));
    EXPECT_EQ(seen->all(), "timeout");
    ::close(ends[1]);
}

TEST_F(SocketStreams, ABusyPeerDoesNotKeepTheThreadToItself) {
    // The echo of one client must come while another floods the only thread.
    start([this](std::unique_ptr<Stream> stream) { return count_lines(seen, std::move(stream)); });
    PlainClient flood(plain->port());
    std::atomic<bool> over = false;
    std::thread flooding([&] {
        std::string lines;
        for (int i = 0; i < 4'000; ++i)
            lines += "\r\n";
        while (!over && flood.send(lines)) {
        }
    });
    PlainClient other(plain->port());
    other.send("other\r\n");
    EXPECT_TRUE(testing::eventually([&] { return seen->all().contains("other"); }));
    over = true;
    flooding.join();
}

} // namespace lockstep::net
