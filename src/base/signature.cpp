// Signatures by OpenSSL.
#include "base/signature.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/text.hpp"

namespace lockstep {
namespace {

constexpr unsigned kRsaBits = 2'048;
constexpr std::size_t kEdBytes = 32;
/// A key longer than any that verifiers accept is not even read: its parsing costs.
constexpr std::size_t kKeyBytes = 4'096;

std::shared_ptr<void> held_key(EVP_PKEY* key) {
    return {key, [](void* each) { EVP_PKEY_free(static_cast<EVP_PKEY*>(each)); }};
}
EVP_PKEY* key_of(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

struct DigestContextEnd {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestContextEnd>;
struct BioEnd {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, BioEnd>;

const EVP_MD* hash_of(KeyKind kind) { return kind == KeyKind::rsa ? EVP_sha256() : nullptr; }

EVP_PKEY* read_key(KeyKind kind, std::string_view bytes) {
    const auto text = as_bytes(bytes);
    if (kind == KeyKind::ed25519 && bytes.size() == kEdBytes)
        return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, text.data(), text.size());
    const auto size = static_cast<long>(text.size());
    const unsigned char* at = text.data();
    if (auto* key = d2i_PUBKEY(nullptr, &at, size))
        return key;
    at = text.data();
    return kind == KeyKind::rsa ? d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size) : nullptr;
}

} // namespace

Result<PublicKey> PublicKey::read(KeyKind kind, std::string_view bytes) {
    PublicKey made;
    made.kind_ = kind;
    if (bytes.size() <= kKeyBytes)
        made.key_ = held_key(read_key(kind, bytes));
    ERR_clear_error();
    const int wanted = kind == KeyKind::rsa ? EVP_PKEY_RSA : EVP_PKEY_ED25519;
    if (!made.key_ || EVP_PKEY_get_base_id(key_of(made.key_)) != wanted)
        return fail(Code::bad_value, "these bytes are no public key");
    made.bits_ = static_cast<std::size_t>(EVP_PKEY_get_bits(key_of(made.key_)));
    return made;
}

bool PublicKey::verify(std::string_view text, std::string_view signature) const {
    const DigestContext context(EVP_MD_CTX_new());
    const bool ready =
        EVP_DigestVerifyInit(context.get(), nullptr, hash_of(kind_), nullptr, key_of(key_)) == 1;
    const auto given = as_bytes(signature);
    const auto signed_text = as_bytes(text);
    const bool good = ready && EVP_DigestVerify(
                                   context.get(), given.data(), given.size(), signed_text.data(),
                                   signed_text.size()
                               ) == 1;
    ERR_clear_error();
    return good;
}

Result<PrivateKey> PrivateKey::make(KeyKind kind) {
    PrivateKey made;
    made.kind_ = kind;
    EVP_PKEY* key = kind == KeyKind::rsa
                        ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kRsaBits})
                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (key == nullptr)
        return fail(Code::internal, "no key could be made");
    made.key_ = held_key(key);
    return made;
}

Result<PrivateKey> PrivateKey::from_pem(const Secret<std::string>& pem) {
    const auto& text = pem.reveal();
    const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    PrivateKey made;
    // No question for a passphrase on a terminal: keys are kept without.
    pem_password_cb* const silent = [](char*, int, int, void*) { return -1; };
    made.key_ = held_key(PEM_read_bio_PrivateKey(bio.get(), nullptr, silent, nullptr));
    ERR_clear_error();
    const int kind = made.key_ ? EVP_PKEY_get_base_id(key_of(made.key_)) : EVP_PKEY_NONE;
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_ED25519)
        return fail(Code::bad_value, "this is no private key of RSA or Ed25519 in PEM");
    made.kind_ = kind == EVP_PKEY_RSA ? KeyKind::rsa : KeyKind::ed25519;
    return made;
}

Secret<std::string> PrivateKey::pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key_of(key_), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    Secret<std::string> text(std::string(data, static_cast<std::size_t>(size)));
    wipe(data, static_cast<std::size_t>(size));
    return text;
}

std::string PrivateKey::public_bytes() const {
    if (kind_ == KeyKind::ed25519) {
        std::string raw(kEdBytes, '\0');
        std::size_t size = raw.size();
        EVP_PKEY_get_raw_public_key(
            key_of(key_), reinterpret_cast<unsigned char*>(raw.data()), &size
        );
        return raw;
    }
    unsigned char* out = nullptr;
    const int size = i2d_PUBKEY(key_of(key_), &out);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> held(
        out, [](unsigned char* each) { OPENSSL_free(each); }
    );
    return size > 0 ? std::string(reinterpret_cast<const char*>(out), std::size_t(size))
                    : std::string();
}

Result<std::string> PrivateKey::sign(std::string_view text) const {
    const DigestContext context(EVP_MD_CTX_new());
    const auto bytes = as_bytes(text);
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, hash_of(kind_), nullptr, key_of(key_)) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes.data(), bytes.size()) != 1)
        return fail(Code::internal, "the key does not sign");
    std::string signature(size, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSign(context.get(), out, &size, bytes.data(), bytes.size()) != 1)
        return fail(Code::internal, "the key does not sign");
    signature.resize(size);
    return signature;
}

} // namespace lockstep
