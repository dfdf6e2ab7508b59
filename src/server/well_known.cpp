// The two files.
#include "server/well_known.hpp"

#include <array>

#include <fmt/format.h>

#include "base/markup.hpp"
#include "base/text.hpp"

namespace lockstep::server {
namespace {

constexpr std::string_view kStsPath = "/.well-known/mta-sts.txt";
constexpr std::array<std::string_view, 2> kAutoconfig = {
    "/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"
};
constexpr int kStsSeconds = 604'800; ///< a week, as RFC 8461 3.2 advises at least

/// RFC 8461 3.2.
std::string sts_policy(std::string_view mode, std::string_view host) {
    return fmt::format(
        "version: STSv1\r\nmode: {}\r\nmx: {}\r\nmax_age: {}\r\n", mode, host, kStsSeconds
    );
}

std::string
mail_server(std::string_view kind, std::string_view tag, std::string_view host, int port) {
    return fmt::format(
        "<{0} type=\"{1}\"><hostname>{2}</hostname><port>{3}</port><socketType>SSL</socketType>"
        "<username>%EMAILADDRESS%</username><authentication>password-cleartext</authentication>"
        "</{0}>\n",
        tag, kind, escape_markup(host), port
    );
}

std::string autoconfig(std::string_view domain, std::string_view host) {
    const auto name = escape_markup(domain);
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n"
        "<emailProvider id=\"{0}\"><domain>{0}</domain><displayName>{0}</displayName>\n{1}{2}"
        "</emailProvider>\n</clientConfig>\n",
        name, mail_server("imap", "incomingServer", host, 993),
        mail_server("smtp", "outgoingServer", host, 465)
    );
}

/// The domain of "autoconfig.example.org", or of a name without such a label.
std::string domain_of_host(std::string_view host, std::string_view label) {
    auto name = lower(host.substr(0, host.find(':')));
    return name.starts_with(label) ? name.substr(label.size()) : name;
}

net::Response not_there() {
    return net::Response(404, "text/plain; charset=utf-8", "There is nothing here.\n");
}

} // namespace

bool is_well_known(std::string_view path) {
    return path == kStsPath || path == kAutoconfig[0] || path == kAutoconfig[1];
}

Task<net::Response> serve_well_known(office::Office& office, Config config, net::Request& request) {
    const bool sts = request.path == kStsPath;
    const auto domain =
        domain_of_host(request.headers.get("Host"), sts ? "mta-sts." : "autoconfig.");
    const auto local = co_await office.directory.is_local_domain(domain);
    if (!local.value_or(false) || (sts && config.smtp.mta_sts == "off"))
        co_return not_there();
    const auto host = office.hostname();
    if (sts)
        co_return net::Response(200, "text/plain", sts_policy(config.smtp.mta_sts, host));
    co_return net::Response(200, "text/xml; charset=utf-8", autoconfig(domain, host));
}

} // namespace lockstep::server
