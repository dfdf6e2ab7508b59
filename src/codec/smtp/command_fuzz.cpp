// Any line is parsed or refused; a parsed path survives being written and read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "codec/smtp/command.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    const auto command = lockstep::smtp::parse_command(line);
    if (!command)
        return 0;
    const auto& path = command->path;
    if (path.null() || path.domain.empty())
        return 0;
    const auto again = lockstep::smtp::parse_mailbox(path.text());
    if (!again || *again != path)
        std::abort();
    return 0;
}
