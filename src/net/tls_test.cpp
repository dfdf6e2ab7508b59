#include "net/tls.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/log.hpp"
#include "net/loopback_support.hpp"

namespace lockstep::net {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<X509, decltype(&X509_free)> parse_certificate(const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), -1), &BIO_free);
    return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free};
}

void put_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

} // namespace

TEST(SelfSigned, NamesItsHostsAndAddresses) {
    const std::string names[] = {"mail.example", "*.mail.example", "192.0.2.7", "2001:db8::7"};
    const auto pair = make_self_signed(names, testing::wall_us(), 30);
    ASSERT_TRUE(pair);
    const auto certificate = parse_certificate(pair->certificate);
    ASSERT_TRUE(certificate);
    EXPECT_EQ(X509_check_host(certificate.get(), "mail.example", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_host(certificate.get(), "a.mail.example", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_host(certificate.get(), "other.test", 0, 0, nullptr), 0);
    EXPECT_EQ(X509_check_ip_asc(certificate.get(), "192.0.2.7", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(certificate.get(), "2001:db8::7", 0), 1);
    EXPECT_EQ(X509_cmp_current_time(X509_get0_notBefore(certificate.get())), -1);
    EXPECT_EQ(X509_cmp_current_time(X509_get0_notAfter(certificate.get())), 1);
    EXPECT_EQ(X509_get_version(certificate.get()), X509_VERSION_3);
    EXPECT_EQ(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())), 1);
}

TEST(SelfSigned, RefusesWhatIsNoName) {
    for (const std::string name : {"", "a b", "a\nb", "a,DNS:b", "a/b"})
        EXPECT_EQ(make_self_signed(std::span(&name, 1), 0).error().code, Code::bad_value) << name;
    EXPECT_FALSE(make_self_signed({}, 0));
}

TEST(TlsContext, TakesAPairAndTellsItsFacts) {
    const std::string names[] = {std::string("mail.example")};
    const auto now = testing::wall_us();
    const auto pair = *make_self_signed(names, now, 10);
    const auto context = TlsContext::create(pair.certificate, pair.key);
    ASSERT_TRUE(context) << context.error().text;
    EXPECT_EQ((*context)->fingerprint().size(), 64U);
    EXPECT_EQ((*context)->expires(), now / 1'000'000 + 10 * 86'400);
}

TEST(TlsContext, A9RefusesHalfFilesAndForeignKeys) {
    const auto one = testing::make_pair_for("a.example");
    const auto two = testing::make_pair_for("b.example");
    EXPECT_EQ(TlsContext::create(one.certificate, two.key).error().code, Code::bad_value);
    EXPECT_EQ(TlsContext::create("", one.key).error().code, Code::corrupt);
    EXPECT_EQ(TlsContext::create(one.certificate, "").error().code, Code::corrupt);
    EXPECT_EQ(TlsContext::create("nonsense", "nonsense").error().code, Code::corrupt);
    for (std::size_t cut = 1; cut + 2 < one.certificate.size(); cut += 7)
        EXPECT_EQ(
            TlsContext::create(one.certificate.substr(0, cut), one.key).error().code, Code::corrupt
        ) << cut;
    for (std::size_t cut = 1; cut + 2 < one.key.size(); cut += 7)
        EXPECT_FALSE(TlsContext::create(one.certificate, one.key.substr(0, cut))) << cut;
    const auto half_chain = one.certificate + two.certificate.substr(0, two.certificate.size() / 2);
    EXPECT_EQ(TlsContext::create(half_chain, one.key).error().code, Code::corrupt);
    EXPECT_TRUE(TlsContext::create(one.certificate + two.certificate, one.key));
}

class CertificateFolder : public ::testing::Test {
protected:
    CertificateFolder() { std::filesystem::create_directories(folder); }
    ~CertificateFolder() override {
        log::set_sink({});
        std::filesystem::remove_all(folder);
    }
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / fmt::format("lockstep-cert-{}", ::getpid());
    std::string certificate = (folder / "c.pem").string();
    std::string key = (folder / "k.pem").string();
};

TEST_F(CertificateFolder, A9AMismatchIsKeptOutAndReportedOnceWhenItStays) {
    int alarms = 0;
    log::set_sink([&](std::string_view line) {
        alarms += line.contains("tls.certificate_unusable") ? 1 : 0;
    });
    const auto clock = manual_clock(0);
    const auto first = testing::make_pair_for("a.example");
    const auto second = testing::make_pair_for("b.example");
    put_file(certificate, first.certificate);
    put_file(key, first.key);
    const auto files = CertificateFiles::open(*clock, certificate, key);
    ASSERT_TRUE(files);
    const auto before = (*files)->current();
    clock->advance(5s);
    EXPECT_EQ((*files)->current(), before);
    put_file(certificate, second.certificate);
    clock->advance(1s);
    EXPECT_EQ(alarms, 0) << "the other file may be about to follow";
    clock->advance(10s);
    EXPECT_EQ(alarms, 1);
    EXPECT_EQ((*files)->current(), before);
    put_file(key, second.key + "\n");
    clock->advance(2s);
    EXPECT_NE((*files)->current()->fingerprint(), before->fingerprint());
    EXPECT_EQ(alarms, 1);
    std::filesystem::remove(key);
    clock->advance(10s);
    EXPECT_EQ(alarms, 2);
    EXPECT_TRUE((*files)->current());
}

TEST_F(CertificateFolder, SaysWhichFileIsMissing) {
    const auto clock = manual_clock(0);
    const auto files = CertificateFiles::open(*clock, certificate, key);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().code, Code::not_found);
    EXPECT_TRUE(files.error().text.contains(certificate));
}

} // namespace lockstep::net
