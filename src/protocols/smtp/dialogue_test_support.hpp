// For tests only: a client of few words against the door, over memory.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/io.hpp"
#include "net/line_reader.hpp"
#include "net/memory_stream.hpp"
#include "net/test_support.hpp"
#include "office/delivery_test_support.hpp"
#include "protocols/smtp/door.hpp"

namespace lockstep::smtp::testing {

/// A stream in memory that believes in TLS: the handshake is a wish.
class PretendTls final : public net::Stream {
public:
    explicit PretendTls(std::unique_ptr<net::Stream> stream) : stream_(std::move(stream)) {}
    Task<Result<std::size_t>> read_some(std::span<char> into) override {
        return stream_->read_some(into);
    }
    Task<Result<>> wait_readable() override { return stream_->wait_readable(); }
    Task<Result<>> write(std::span<const std::string_view> pieces) override {
        return stream_->write(pieces);
    }
    Task<Result<>> start_tls(std::shared_ptr<const net::TlsContext>, std::string) override {
        facts_ = net::TlsFacts{"TLSv1.3", "TLS_AES_256_GCM_SHA384", {}, {}};
        on_ = true;
        co_return Result<>();
    }
    Task<void> linger() override { return stream_->linger(); }
    void close() override { stream_->close(); }
    bool is_open() const override { return stream_->is_open(); }
    void deadline_in(std::chrono::nanoseconds from_now) override { stream_->deadline_in(from_now); }
    void no_deadline() override { stream_->no_deadline(); }
    void watch(std::function<void(net::Stir)> stirred) override {
        stream_->watch(std::move(stirred));
    }
    void unwatch() override { stream_->unwatch(); }
    const net::Peer& peer() const override { return stream_->peer(); }
    const net::TlsFacts* tls() const override { return on_ ? &facts_ : nullptr; }

private:
    std::unique_ptr<net::Stream> stream_;
    net::TlsFacts facts_;
    bool on_ = false;
};

/// What is sent at once, and how many replies are waited for then.
struct Step {
    std::string send;
    int replies = 1;
};

class Dialogue {
public:
    Dialogue(Clock& clock, SmtpDoor& door, std::size_t chunk) : door_(door) {
        net::MemoryOptions options;
        options.chunk = chunk;
        options.peer.address = "192.0.2.1";
        auto pair = net::memory_pair(clock, options);
        server_ = std::make_unique<PretendTls>(std::move(pair.server));
        client_ = std::move(pair.client);
        reader_ = std::make_unique<net::LineReader>(*client_);
    }

    /// Starts the server, which has `early` in its buffer then, and reads the greeting.
    Task<void> start(std::string early = {}) {
        if (!early.empty()) {
            const auto written = co_await net::write(*client_, early);
            EXPECT_TRUE(written.has_value());
        }
        co_await net::spawn_beside(door_.serve(std::move(server_)));
        co_await read_reply();
    }
    /// Replies so far: their codes, joined by blanks; "end" when the server closed.
    [[nodiscard]] const std::string& codes() const { return codes_; }
    /// Their whole text.
    [[nodiscard]] const std::string& text() const { return text_; }

    Task<void> take(Step step) {
        // A server that has closed may have said something before: it is read all the same.
        const auto written = co_await net::write(*client_, step.send);
        (void)written;
        for (int i = 0; i < step.replies; ++i)
            co_await read_reply();
    }
    /// Writes without waiting for a reply, but until the server has seen it.
    Task<void> feed(std::string bytes) {
        const auto written = co_await net::write(*client_, bytes);
        (void)written;
        co_await net::testing::settle();
    }
    Task<void> read_reply() {
        for (;;) {
            const auto line = co_await reader_->read_line(4'096);
            if (!line) {
                co_return note("end");
            }
            text_.append(*line).append("\n");
            if (line->size() < 4 || (*line)[3] != '-')
                co_return note(std::string(line->substr(0, 3)));
        }
    }
    void close() { client_->close(); }

private:
    void note(std::string code) { codes_ += (codes_.empty() ? "" : " ") + std::move(code); }

    SmtpDoor& door_;
    std::unique_ptr<net::Stream> server_;
    std::unique_ptr<net::Stream> client_;
    std::unique_ptr<net::LineReader> reader_;
    std::string codes_;
    std::string text_;
};

/// A house with a door.
class SmtpTest : public office::testing::OfficeTest {
protected:
    SmtpOptions options() const {
        SmtpOptions made;
        made.max_size = max_size;
        return made;
    }
    /// The codes of all replies to the steps, greeting included. The client hangs up at the end.
    std::string talk(std::vector<Step> steps, std::size_t chunk = 0) {
        SmtpDoor door(*house->office, [this] { return options(); }, tls);
        Dialogue dialogue(*house->clock, door, chunk);
        auto play = [](Dialogue& with, std::vector<Step> all) -> Task<void> {
            co_await with.start();
            for (auto& step : all)
                co_await with.take(std::move(step));
            with.close();
        };
        run_to_end(play(dialogue, std::move(steps)));
        EXPECT_EQ(door.connections(), 0U);
        text = dialogue.text();
        return dialogue.codes();
    }
    /// As talk(), behind EHLO.
    std::string after_ehlo(std::vector<Step> steps, std::size_t chunk = 0) {
        steps.insert(steps.begin(), Step{"EHLO client.example.net\r\n"});
        const auto codes = talk(std::move(steps), chunk);
        EXPECT_TRUE(codes.starts_with("220 250")) << codes;
        return codes.size() > 8 ? codes.substr(8) : std::string();
    }
    std::size_t count(const directory::Account& account) { return house->inbox(account.id).size(); }

    std::uint64_t max_size = 1U << 20U;
    net::TlsSource tls;
    std::string text; ///< of the last talk
};

} // namespace lockstep::smtp::testing
