// Whatever is accepted must survive being written and read again, unchanged.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/admin/message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep::admin;
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    if (const auto request = decode_request(line)) {
        const auto again = decode_request(encode(*request));
        if (!again || again->command != request->command || again->args != request->args)
            std::abort();
    }
    if (const auto answer = decode_answer(line)) {
        const auto again = decode_answer(encode(answer));
        if (!again || again->rows != answer->rows || again->columns != answer->columns ||
            again->text != answer->text || again->wrong != answer->wrong)
            std::abort();
        if (to_table(*answer).find('\x1b') != std::string::npos)
            std::abort();
    }
    return 0;
}
