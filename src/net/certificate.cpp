// Makes a self-signed certificate: what a new server speaks TLS with until it has a real one.
#include "net/certificate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/text.hpp"
#include "net/tls_session.hpp"

namespace lockstep::net {
namespace {

constexpr std::size_t kNameBytes = 253;
constexpr std::size_t kCommonNameBytes = 64;
constexpr int kSerialBits = 127;

using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;
using PrivateKeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;
using MemoryBioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using NumberPtr = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

bool add_name(GENERAL_NAMES* names, const std::string& text) {
    std::unique_ptr<GENERAL_NAME, decltype(&GENERAL_NAME_free)> name(
        GENERAL_NAME_new(), &GENERAL_NAME_free
    );
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(text.c_str());
    if (address != nullptr) {
        GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address);
    } else {
        ASN1_IA5STRING* host = ASN1_IA5STRING_new();
        if (host == nullptr ||
            ASN1_STRING_set(host, text.data(), static_cast<int>(text.size())) != 1)
            return false;
        GENERAL_NAME_set0_value(name.get(), GEN_DNS, host);
    }
    if (sk_GENERAL_NAME_push(names, name.get()) <= 0)
        return false;
    static_cast<void>(name.release());
    return true;
}

bool add_extension(X509* certificate, int id, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool set_serial(X509* certificate) {
    const NumberPtr number(BN_new(), &BN_free);
    return number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool fill_in(X509* certificate, std::span<const std::string> names, std::int64_t now_us, int days) {
    constexpr std::int64_t kHour = 3'600;
    constexpr std::int64_t kDay = 24 * kHour;
    const std::int64_t now = now_us / 1'000'000;
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto common = names.front().substr(0, kCommonNameBytes);
    const NamesPtr alternatives(GENERAL_NAMES_new(), &GENERAL_NAMES_free);
    for (const auto& name : names)
        if (!add_name(alternatives.get(), name))
            return false;
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), now - kHour) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), now + days * kDay) != nullptr &&
           X509_NAME_add_entry_by_txt(
               subject, "CN", MBSTRING_ASC, as_bytes(common).data(),
               static_cast<int>(common.size()), -1, 0
           ) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 &&
           X509_add1_ext_i2d(certificate, NID_subject_alt_name, alternatives.get(), 0, 0) == 1 &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth");
}

std::string text_of_bio(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

bool is_name(const std::string& name) {
    if (name.empty() || name.size() > kNameBytes)
        return false;
    return std::ranges::all_of(name, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' ||
               c == '.' || c == ':' || c == '*';
    });
}

} // namespace

Result<KeyPair>
make_self_signed(std::span<const std::string> names, std::int64_t now_us, int days) {
    if (names.empty() || !std::ranges::all_of(names, is_name))
        return fail(Code::bad_value, "a certificate needs host names or IP addresses");
    const PrivateKeyPtr key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const CertificatePtr certificate(X509_new(), &X509_free);
    if (!key || !certificate || !fill_in(certificate.get(), names, now_us, days) ||
        X509_set_pubkey(certificate.get(), key.get()) != 1 ||
        X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        return fail(Code::internal, "cannot make a certificate: " + openssl_errors());
    const MemoryBioPtr certificate_text(BIO_new(BIO_s_mem()), &BIO_free);
    const MemoryBioPtr key_text(BIO_new(BIO_s_mem()), &BIO_free);
    if (PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
        PEM_write_bio_PrivateKey(
            key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr
        ) != 1)
        return fail(Code::internal, "cannot write a certificate: " + openssl_errors());
    return KeyPair{text_of_bio(certificate_text.get()), text_of_bio(key_text.get())};
}

} // namespace lockstep::net
