// Any bytes are some message: ranges lie within their parents, a cut message parses, and the header
// agrees with Headers.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/mime/compose.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/message.hpp"

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

void check_tree(const lockstep::mime::Message& message) {
    require(!message.parts.empty() && message.parts.size() <= lockstep::limits::kMimeParts);
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
        const auto& part = message.parts[i];
        require(part.header.end() <= part.body.offset && part.body.end() <= message.bytes.size());
        require(part.depth < lockstep::limits::kMimeDepth);
        require(
            lockstep::is_utf8(part.filename) && lockstep::is_utf8(part.name) &&
            lockstep::is_utf8(part.type)
        );
        require(!message.path_of(static_cast<std::uint32_t>(i)).empty());
        if (i == 0)
            continue;
        require(part.parent < i);
        const auto& parent = message.parts[part.parent];
        require(part.header.offset >= parent.body.offset && part.body.end() <= parent.body.end());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto message = lockstep::mime::parse(bytes);
    check_tree(message);
    require(message.parts.front().body.offset == lockstep::mime::header_length(bytes));
    if (size > 0)
        check_tree(lockstep::mime::parse(bytes.substr(0, (data[size - 1] * size) >> 8U)));
    // An edit that changes nothing keeps the body where it is.
    require(lockstep::mime::HeaderEdit(bytes).body_offset() == message.parts.front().body.offset);
    return 0;
}
