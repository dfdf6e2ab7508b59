// The whole server on loopback sockets, with foreign clients.
#include "net/http_server.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "net/loopback_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;
using testing::PlainClient;
using testing::TlsClient;

Task<Response> answer_plainly(Request& request, Connection& connection) {
    auto text = fmt::format(
        "{} {} {} {}", request.method, request.path, request.body.size(),
        connection.tls() != nullptr ? connection.tls()->version : "plain"
    );
    if (request.path == "/large")
        text = std::string(3'000'000, 'x');
    Response response(200, "text/plain", std::move(text));
    co_return response;
}

/// Parks until told, then answers.
Task<Response> answer_when_stirred(Request& request, Connection& connection) {
    request.release();
    std::function<void(Promise<Stir>)> start = [&connection](Promise<Stir> promise) {
        connection.watch_close([promise](Stir stir) { promise.set(stir); });
    };
    const auto stir = co_await await_value<Stir>(std::move(start));
    Response response(200, "text/plain", stir == Stir::stopping ? "stopping" : "gone");
    co_return response;
}

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

class HttpOnLoopback : public ::testing::Test {
protected:
    HttpOnLoopback() {
        options.handler = &answer_plainly;
        options.admit = [](const Request&, const Connection&) {
            Admission admission;
            admission.max_body = 10'000'000;
            return admission;
        };
        options.served = [this](const Served&) { ++served; };
    }
    void start() {
        server = std::make_unique<HttpServer>(threads, *clock, options);
        const auto plain_port = server->listen("127.0.0.1:0");
        const auto tls_port = server->listen("localhost:0", [] { return testing::make_context(); });
        ASSERT_TRUE(plain_port && tls_port);
        port = *plain_port;
        secure_port = *tls_port;
    }
    std::unique_ptr<Clock> clock = system_clock();
    IoThreads threads{2};
    HttpOptions options;
    std::atomic<int> served = 0;
    std::unique_ptr<HttpServer> server;
    std::uint16_t port = 0;
    std::uint16_t secure_port = 0;
};

/// Standard output of a command.
std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr)
        return text;
    char piece[4'096];
    for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;)
        text.append(piece, got);
    ::pclose(pipe);
    return text;
}

bool has_program(const std::string& name) { return !output_of("command -v " + name).empty(); }

} // namespace

TEST_F(HttpOnLoopback, AnswersPlainAndTls) {
    start();
    PlainClient plain(port);
    plain.send(kHello);
    EXPECT_TRUE(plain.receive_until("plain").ends_with("GET /hello 0 plain"));
    TlsClient secure(secure_port);
    ASSERT_TRUE(secure.greeted());
    for (int i = 0; i < 3; ++i) {
        secure.send(kHello);
        EXPECT_TRUE(secure.receive_until("TLSv1.3").ends_with("GET /hello 0 TLSv1.3"));
    }
    EXPECT_TRUE(testing::eventually([&] { return served == 4; }));
}

TEST_F(HttpOnLoopback, A8SpeaksTls12AndNothingOlder) {
    start();
    TlsClient old(secure_port, "http/1.1", TLS1_2_VERSION);
    ASSERT_TRUE(old.greeted());
    old.send(kHello);
    EXPECT_TRUE(old.receive_until("TLSv1.2").ends_with("TLSv1.2"));
    EXPECT_TRUE(std::string(SSL_get_cipher_name(old.session())).contains("ECDHE"));
    TlsClient ancient(secure_port, "http/1.1", TLS1_1_VERSION);
    EXPECT_FALSE(ancient.greeted());
}

TEST_F(HttpOnLoopback, A8RefusesAnotherProtocolsAlpn) {
    start();
    EXPECT_FALSE(TlsClient(secure_port, "imap").greeted());
    EXPECT_FALSE(TlsClient(secure_port, "h2").greeted());
    EXPECT_TRUE(TlsClient(secure_port, "").greeted());
}

TEST_F(HttpOnLoopback, CarriesLargeBodiesBothWays) {
    start();
    TlsClient client(secure_port);
    ASSERT_TRUE(client.greeted());
    const std::string body(5'000'000, 'b');
    client.send(
        fmt::format("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", body.size())
    );
    client.send(body);
    EXPECT_TRUE(client.receive_until("TLSv1.3").contains("POST /p 5000000"));
    client.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const auto answer = client.receive_all();
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 3'000'000U);
}

TEST_F(HttpOnLoopback, ServesCurl) {
    if (!has_program("curl"))
        GTEST_SKIP() << "no curl";
    start();
    const auto file =
        std::filesystem::temp_directory_path() / fmt::format("lockstep-net-{}", ::getpid());
    std::ofstream(file) << std::string(200'000, 'c');
    const auto url = fmt::format("https://127.0.0.1:{}", secure_port);
    EXPECT_EQ(
        output_of("curl -sk " + url + "/a " + url + "/b"), "GET /a 0 TLSv1.3GET /b 0 TLSv1.3"
    );
    EXPECT_EQ(
        output_of("curl -sk -T " + file.string() + " " + url + "/put"), "PUT /put 200000 TLSv1.3"
    );
    EXPECT_EQ(
        output_of(
            "curl -sk -H 'Transfer-Encoding: chunked' -d @" + file.string() + " " + url + "/chunked"
        ),
        "POST /chunked 200000 TLSv1.3"
    );
    EXPECT_TRUE(output_of("curl -skI " + url + "/head").starts_with("HTTP/1.1 200 OK\r\n"));
    std::filesystem::remove(file);
}

TEST_F(HttpOnLoopback, ServesOpensslsClient) {
    if (!has_program("openssl"))
        GTEST_SKIP() << "no openssl";
    start();
    const auto said = output_of(fmt::format(
        "printf 'GET /x HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | "
        "openssl s_client -connect 127.0.0.1:{} -alpn http/1.1 -ign_eof 2>/dev/null",
        secure_port
    ));
    EXPECT_TRUE(said.contains("ALPN protocol: http/1.1")) << said;
    EXPECT_TRUE(said.contains("GET /x 0 TLSv1.3")) << said;
}

TEST_F(HttpOnLoopback, ARefusalReachesAClientThatIsStillSending) {
    start();
    PlainClient client(port);
    client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n" + std::string(100'000, 'a')
    );
    EXPECT_TRUE(client.receive_all().starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpOnLoopback, H10ASlowHeadIsEndedInRealTime) {
    options.header_time = 200ms;
    start();
    PlainClient silent(port);
    PlainClient slow(port);
    slow.send("GET / HT");
    EXPECT_TRUE(slow.receive_all().starts_with("HTTP/1.1 408 "));
    EXPECT_EQ(silent.receive_all(), "");
    EXPECT_TRUE(testing::eventually([&] { return server->connections() == 0; }));
}

TEST_F(HttpOnLoopback, AVanishedPeerEndsAParkedHandler) {
    options.handler = &answer_when_stirred;
    start();
    {
        PlainClient plain(port);
        TlsClient secure(secure_port);
        plain.send(kHello);
        secure.send(kHello);
        EXPECT_TRUE(testing::eventually([&] { return server->connections() == 2; }));
        std::this_thread::sleep_for(50ms);
        EXPECT_EQ(served, 0);
    }
    EXPECT_TRUE(testing::eventually([&] { return served == 2 && server->connections() == 0; }));
}

TEST_F(HttpOnLoopback, R15StopsInAnOrderlyWay) {
    options.handler = &answer_when_stirred;
    start();
    PlainClient idle(port);
    PlainClient half(port);
    half.send("GET /");
    PlainClient greeting(secure_port);
    TlsClient parked(secure_port);
    parked.send(kHello);
    ASSERT_TRUE(testing::eventually([&] { return server->connections() == 4; }));
    std::this_thread::sleep_for(50ms);
    const auto began = std::chrono::steady_clock::now();
    std::thread stopping([&] { EXPECT_TRUE(server->stop(5s)); });
    EXPECT_TRUE(parked.receive_all().ends_with("\r\n\r\nstopping"));
    EXPECT_EQ(idle.receive_all(), "");
    EXPECT_EQ(greeting.receive_all(), "");
    EXPECT_EQ(half.receive_all(), "");
    stopping.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    EXPECT_EQ(server->connections(), 0U);
    EXPECT_FALSE(PlainClient(port).connected());
    EXPECT_TRUE(testing::eventually([&] { return threads.tasks() == 0; }));
}

TEST_F(HttpOnLoopback, A9TheCertificateIsSwappedUnder100LiveConnections) {
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("lockstep-tls-{}", ::getpid());
    std::filesystem::create_directories(folder);
    const auto certificate = (folder / "certificate.pem").string();
    const auto key = (folder / "key.pem").string();
    const auto put = [](const std::string& path, const std::string& text) {
        std::ofstream(path + ".new") << text;
        std::filesystem::rename(path + ".new", path);
    };
    const auto first = testing::make_pair_for("old.example");
    const auto second = testing::make_pair_for("new.example");
    put(certificate, first.certificate);
    put(key, first.key);
    auto files = CertificateFiles::open(*clock, certificate, key);
    ASSERT_TRUE(files);
    HttpServer https(threads, *clock, options);
    const auto listening = https.listen("127.0.0.1:0", (*files)->source());
    ASSERT_TRUE(listening);
    const auto old_print = (*files)->current()->fingerprint();
    std::vector<std::unique_ptr<TlsClient>> clients;
    for (int i = 0; i < 100; ++i) {
        clients.push_back(std::make_unique<TlsClient>(*listening));
        ASSERT_TRUE(clients.back()->greeted());
        ASSERT_EQ(clients.back()->fingerprint(), old_print);
    }
    put(certificate, second.certificate);
    EXPECT_FALSE((*files)->reload_if_changed());
    EXPECT_EQ(TlsClient(*listening).fingerprint(), old_print);
    put(key, second.key);
    (*files)->reload_if_changed();
    const auto new_print = (*files)->current()->fingerprint();
    EXPECT_NE(new_print, old_print);
    EXPECT_EQ(TlsClient(*listening).fingerprint(), new_print);
    for (const auto& client : clients) {
        ASSERT_TRUE(client->send(kHello));
        ASSERT_TRUE(client->receive_until("TLSv1.3").ends_with("TLSv1.3"));
    }
    https.stop();
    std::filesystem::remove_all(folder);
}

} // namespace lockstep::net
