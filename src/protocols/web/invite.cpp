// The page of an invitation.
#include "protocols/web/invite.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace lockstep::web {
namespace {

constexpr std::string_view kInvitePath = "/s/";

std::string html_text(std::string_view text) {
    auto out = replace_all(clean_utf8(text), "&", "&amp;");
    out = replace_all(out, "<", "&lt;");
    return replace_all(out, "\"", "&quot;");
}

net::Response invite_page(unsigned status, std::string_view body) {
    net::Response page(
        status, "text/html; charset=utf-8",
        fmt::format(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width\"><title>Lockstep</title>"
            "<style>body{{font:17px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;"
            "padding:0 1.2rem;color:#181d1a;background:#fff}}button{{font:inherit;font-weight:600;"
            "padding:.8rem 1.4rem;border:0;border-radius:10px;background:#0c6b62;color:#fff}}"
            "dt{{color:#474f4a}}dd{{margin:0 0 .6rem;font-weight:600;word-break:break-all}}</style>"
            "<main>{}</main></html>\n",
            body
        )
    );
    page.headers.set("Cache-Control", "no-store");
    page.headers.set("Referrer-Policy", "no-referrer");
    page.headers.set("X-Content-Type-Options", "nosniff");
    page.headers.set(
        "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; "
                                   "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    return page;
}

net::Response is_over() {
    return invite_page(
        410, "<h1>This link is used up</h1><p>A link is good once, for ten minutes. Make a new one "
             "under Options, Synchronization.</p>"
    );
}

net::Response offer(const directory::Account& account, bool apple) {
    return invite_page(
        200, fmt::format(
                 "<h1>{}</h1><p>for <strong>{}</strong></p><form method=\"post\">"
                 "<button>{}</button></form>",
                 apple ? "Set up this iPhone or iPad" : "Connect this device",
                 html_text(account.address), apple ? "Get the profile" : "Show the settings"
             )
    );
}

} // namespace

bool InviteDoor::serves(std::string_view path) { return path.starts_with(kInvitePath); }

Task<net::Response> InviteDoor::serve(net::Request& request, net::Connection& /*connection*/) {
    const bool posts = request.method == "POST";
    if (!posts && request.method != "GET" && request.method != "HEAD") {
        net::Response refused(405, "text/plain; charset=utf-8", "Only GET and POST.\n");
        refused.headers.set("Allow", "GET, HEAD, POST");
        co_return refused;
    }
    const Secret<std::string> secret(request.path.substr(kInvitePath.size()));
    auto& invites = sessions_.invites();
    const auto invite = posts ? invites.take(secret) : invites.look(secret);
    if (!invite)
        co_return is_over();
    auto account = co_await sessions_.directory().find(invite->account);
    if (!account || !account->enabled)
        co_return is_over();
    if (!posts)
        co_return offer(*account, invite->apple);
    auto host = public_name_();
    if (host.empty())
        host = std::string(trim(request.headers.get("Host")));
    co_return co_await give(std::move(*account), invite->apple, std::move(host));
}

Task<net::Response> InviteDoor::give(directory::Account account, bool apple, std::string host) {
    auto password = co_await sessions_.directory().add_app_password(
        account.id, apple ? "iPhone or iPad" : "Device",
        static_cast<std::int64_t>(directory::Door::activesync)
    );
    if (!password) {
        log::error("web.invite_failed", {{"reason", password.error()}});
        co_return invite_page(503, "<h1>Not now</h1><p>Please make a new link.</p>");
    }
    log::info("web.invite_used", {{"user", account.address}, {"apple", apple}});
    if (!apple)
        co_return invite_page(
            200, fmt::format(
                     "<h1>Connect this device</h1><p>Add an Exchange account with these.</p><dl>"
                     "<dt>Address and user name</dt><dd>{}</dd><dt>Server</dt><dd>{}</dd>"
                     "<dt>Password, shown once</dt><dd>{}</dd></dl>",
                     html_text(account.address), html_text(host), password->reveal()
                 )
        );
    net::Response response(
        200, "application/x-apple-aspen-config",
        apple_profile({account.address, std::move(host), password->reveal()})
    );
    response.headers.set("Content-Disposition", "attachment; filename=\"Lockstep.mobileconfig\"");
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("X-Content-Type-Options", "nosniff");
    co_return response;
}

} // namespace lockstep::web
