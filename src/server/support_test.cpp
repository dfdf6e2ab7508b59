// The server's parts that no door has: the lock, the pages, the metrics, the certificate.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "base/log.hpp"
#include "server/certificates.hpp"
#include "server/data_lock.hpp"
#include "server/metrics.hpp"
#include "server/pages.hpp"

namespace lockstep::server {

namespace {

class ServerParts : public testing::Test {
protected:
    ServerParts() {
        log::set_level(log::Level::off);
        std::string name = testing::TempDir() + "server_XXXXXX";
        data_ = ::mkdtemp(name.data());
        sources_.metrics = &metrics_;
        sources_.workers = &workers_;
        sources_.ready = [this] { return ready_; };
        sources_.acme_webroot = [this] { return data_.string(); };
    }
    ~ServerParts() override {
        std::filesystem::remove_all(data_);
        log::set_level(log::Level::info);
    }
    std::pair<unsigned, std::string> get(std::string path, std::string method = "GET") {
        net::Request request;
        request.method = std::move(method);
        request.path = std::move(path);
        auto response = block_answer(request);
        std::string text;
        for (const auto& piece : response.body)
            text += piece;
        return {response.status, text};
    }
    net::Response block_answer(const net::Request& request) {
        return block_on(serve_page(sources_, request));
    }

    std::filesystem::path data_;
    Metrics metrics_;
    Workers workers_{1};
    bool ready_ = true;
    PageSources sources_;
};

} // namespace

TEST_F(ServerParts, OneProcessHoldsTheDataDirectory) {
    {
        const auto first = DataLock::take(data_ / "new" / "folder");
        ASSERT_TRUE(first) << first.error().text;
        const auto second = DataLock::take(data_ / "new" / "folder");
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Code::conflict);
        struct stat status{};
        ASSERT_EQ(::stat((data_ / "new" / "folder").c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0700U);
    }
    EXPECT_TRUE(DataLock::take(data_ / "new" / "folder"));
}

TEST_F(ServerParts, HealthIsNotReadiness) {
    EXPECT_EQ(get("/healthz").first, 200U);
    EXPECT_EQ(get("/readyz").first, 200U);
    ready_ = false;
    EXPECT_EQ(get("/healthz").first, 200U);
    EXPECT_EQ(get("/readyz").first, 503U);
    EXPECT_EQ(get("/healthz", "POST").first, 405U);
}

TEST_F(ServerParts, ChallengesAreServedFromTheirFolderOnly) {
    std::filesystem::create_directories(data_ / ".well-known/acme-challenge");
    std::ofstream(data_ / ".well-known/acme-challenge/token-1_A") << "token.key";
    std::ofstream(data_ / "secret") << "x";
    EXPECT_EQ(
        get("/.well-known/acme-challenge/token-1_A"),
        (std::pair<unsigned, std::string>(200U, "token.key"))
    );
    for (const auto* name : {"absent", "", "../../secret", "..%2f..%2fsecret", "a/b", ".", "a.b"}) {
        EXPECT_EQ(get(std::string("/.well-known/acme-challenge/") + name).first, 404U) << name;
    }
    sources_.acme_webroot = [] { return std::string(); };
    EXPECT_EQ(get("/.well-known/acme-challenge/token-1_A").first, 404U);
}

TEST_F(ServerParts, MetricsAreGroupedByFamilyAndBounded) {
    net::Served served;
    served.path = "/Microsoft-Server-ActiveSync";
    served.status = 200;
    served.bytes_in = 10;
    metrics_.served(served);
    metrics_.served(served);
    for (int n = 0; n < 100; ++n) {
        served.path = "/scan" + std::to_string(n);
        served.status = 404;
        metrics_.served(served);
    }
    metrics_.gauge("lockstep_connections", "door=\"smtp\"", [] { return 3.0; });
    const auto page = get("/metrics").second;
    EXPECT_NE(page.find("# TYPE lockstep_http_requests_total counter\n"), std::string::npos);
    EXPECT_NE(
        page.find("lockstep_http_requests_total{door=\"activesync\",status=\"2xx\"} 2\n"),
        std::string::npos
    ) << page;
    EXPECT_NE(
        page.find("lockstep_http_requests_total{door=\"other\",status=\"4xx\"} 100\n"),
        std::string::npos
    );
    EXPECT_NE(
        page.find("lockstep_http_received_bytes_total{door=\"activesync\"} 20\n"), std::string::npos
    );
    EXPECT_NE(page.find("lockstep_connections{door=\"smtp\"} 3\n"), std::string::npos);
    EXPECT_EQ(page.find("scan"), std::string::npos);
}

TEST_F(ServerParts, ProcessGaugesReadTheProcess) {
    add_process_gauges(metrics_, 1'764'000'000);
    const auto page = metrics_.text();
    EXPECT_NE(page.find("process_start_time_seconds 1764000000\n"), std::string::npos) << page;
    EXPECT_EQ(page.find("process_resident_memory_bytes 0\n"), std::string::npos);
}

TEST_F(ServerParts, ACertificateIsMadeOnceAndABadPairKeepsTheOldOne) {
    const auto clock = manual_clock(1'764'000'000'000'000);
    Config config;
    std::string fingerprint;
    {
        const auto made = Certificates::open(*clock, data_, config);
        ASSERT_TRUE(made) << made.error().text;
        fingerprint = (*made)->source()()->fingerprint();
        struct stat status{};
        ASSERT_EQ(::stat((data_ / "tls/key.pem").c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777U, 0600U);
    }
    const auto again = Certificates::open(*clock, data_, config);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)->source()()->fingerprint(), fingerprint);
    config.tls.certificate = (data_ / "absent.pem").string();
    config.tls.key = (data_ / "absent.key").string();
    (*again)->follow(config);
    EXPECT_EQ((*again)->source()()->fingerprint(), fingerprint);
    const std::vector<std::string> names = {"mail.example.org"};
    const auto pair = net::make_self_signed(names, clock->now_us());
    ASSERT_TRUE(pair);
    std::ofstream(config.tls.certificate) << pair->certificate;
    std::ofstream(config.tls.key) << pair->key;
    (*again)->follow(config);
    EXPECT_NE((*again)->source()()->fingerprint(), fingerprint);
}

} // namespace lockstep::server
