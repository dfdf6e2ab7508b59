// SHA by OpenSSL.
#include "base/digest.hpp"

#include <openssl/evp.h>

#include "base/ensure.hpp"

namespace lockstep {

std::string sha(ShaKind kind, std::string_view bytes) {
    const auto* algorithm = kind == ShaKind::sha1     ? EVP_sha1()
                            : kind == ShaKind::sha256 ? EVP_sha256()
                                                      : EVP_sha512();
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    const int done = EVP_Digest(
        bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, algorithm,
        nullptr
    );
    ENSURE(done == 1);
    out.resize(size);
    return out;
}

} // namespace lockstep
