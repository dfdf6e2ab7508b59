// KEY properties in both versions' forms.
#include "codec/vcard/keys.hpp"

#include "base/text.hpp"

namespace lockstep::vcard {
namespace {

/// The base64 text of a KEY that is an X.509 certificate; empty for other keys.
std::string x509_text(const Property& key) {
    if (!key.parameter("ENCODING").empty())
        return key.has_type("PGP") ? std::string() : key.value();
    const auto uri = key.text();
    const auto comma = uri.find(',');
    if (!istarts_with(uri, "data:") || comma == std::string::npos)
        return {};
    const auto head = lower(uri.substr(5, comma - 5));
    const auto type = head.substr(0, head.find(';'));
    if (!head.ends_with(";base64") || type.find("pgp") != std::string::npos)
        return {};
    return uri.substr(comma + 1);
}

} // namespace

std::vector<std::string> certificates_of(const Card& card) {
    std::vector<std::string> all;
    for (const auto& property : card.properties) {
        if (property.name() != "KEY")
            continue;
        auto text = x509_text(property);
        std::erase_if(text, [](char c) { return is_space(c); });
        while (text.size() % 4 != 0 && text.size() % 4 != 1)
            text += '=';
        auto bytes = unbase64(text);
        if (bytes && !bytes->empty())
            all.push_back(*std::move(bytes));
    }
    return all;
}

} // namespace lockstep::vcard
