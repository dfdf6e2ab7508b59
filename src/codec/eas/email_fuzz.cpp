// A client's bytes as a change of a draft: refused, or a draft that is a message; any stored
// message can be shown.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "codec/eas/email.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto node = wbxml::parse(bytes)) {
        if (const auto change = eas::parse_email_change(*node)) {
            const auto draft = eas::compose_draft(
                *change, {}, "1:1", {.from = "a@b.example", .message_id = "m@b.example", .now = 0}
            );
            if (draft && mime::make_digest(*draft).from.empty() && change->body_type != 4)
                std::abort();
        }
    }
    const auto digest = mime::make_digest(bytes);
    eas::MailView view{.digest = digest};
    view.read = [bytes](std::uint64_t offset, std::uint64_t length) -> Result<std::string> {
        if (offset > bytes.size() || length > bytes.size() - offset)
            std::abort();
        return std::string(bytes.substr(offset, length));
    };
    for (const auto version :
         {wbxml::Version::v2_5, wbxml::Version::v12_1, wbxml::Version::v16_1}) {
        eas::ItemOptions options;
        options.version = version;
        options.body_preferences = {
            {.type = 1 + static_cast<int>(size % 4),
             .truncation_size = 100,
             .all_or_none = size % 3 == 0,
             .preview = 50}
        };
        options.mime_support = static_cast<int>(size % 3);
        wbxml::Writer out(version);
        out.open(wbxml::air_sync::ApplicationData);
        if (!eas::write_email(out, view, options))
            std::abort();
        out.close();
        if (!out.finish())
            std::abort();
    }
    return 0;
}
