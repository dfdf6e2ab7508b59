// Writes the answers.
#include <fmt/format.h>

#include "base/markup.hpp"
#include "base/text.hpp"
#include "codec/autodiscover/discovery.hpp"

namespace lockstep::autodiscover {

namespace {

constexpr std::string_view kFrame =
    "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";

std::string xml_text(std::string_view text) {
    const auto out = escape_markup(clean_utf8(text));
    // The two characters that XML 1.0 does not have.
    return replace_all(
        replace_all(out, "\xEF\xBF\xBE", "\xEF\xBF\xBD"), "\xEF\xBF\xBF", "\xEF\xBF\xBD"
    );
}

std::string framed(std::string_view inside) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover "
        "xmlns=\"{}\">{}</Autodiscover>\n",
        kFrame, inside
    );
}

std::string mobile_sync(std::string_view user, std::string_view action) {
    return framed(fmt::format(
        "<Response "
        "xmlns=\"{}\"><Culture>en:us</Culture><User>{}</User><Action>{}</Action></Response>",
        kMobileSync, user, action
    ));
}

} // namespace

std::string found_xml(std::string_view name, std::string_view address, std::string_view url) {
    const auto link = xml_text(url);
    return mobile_sync(
        fmt::format(
            "<DisplayName>{}</DisplayName><EMailAddress>{}</EMailAddress>", xml_text(name),
            xml_text(address)
        ),
        fmt::format(
            "<Settings><Server><Type>MobileSync</Type><Url>{}</Url><Name>{}</Name></Server></"
            "Settings>",
            link, link
        )
    );
}

std::string refused_xml(std::string_view address, int status, std::string_view message) {
    return mobile_sync(
        fmt::format("<EMailAddress>{}</EMailAddress>", xml_text(address)),
        fmt::format(
            "<Error><Status>{}</Status><Message>{}</Message></Error>", status, xml_text(message)
        )
    );
}

std::string error_xml(int code, std::string_view message, std::string_view time_of_day) {
    return framed(fmt::format(
        "<Response><Error Time=\"{}\" "
        "Id=\"1\"><ErrorCode>{}</ErrorCode><Message>{}</Message><DebugData/></Error></Response>",
        xml_text(time_of_day), code, xml_text(message)
    ));
}

std::string found_json(std::string_view protocol, std::string_view url) {
    return fmt::format("{{\"Protocol\":\"{}\",\"Url\":\"{}\"}}", protocol, url);
}

std::string error_json(std::string_view code, std::string_view message) {
    return fmt::format("{{\"ErrorCode\":\"{}\",\"ErrorMessage\":\"{}\"}}", code, message);
}

} // namespace lockstep::autodiscover
