// Serves the files of the web client from memory.
#include "protocols/web/files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace lockstep::web {
namespace {

constexpr std::string_view kPage = "/index.html";
constexpr std::string_view kAssets = "/assets/";
/// No script and no style but ours, and nothing is sent anywhere else. Computed positions are set
/// through the object model, which the policy allows.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src blob:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types dompurify lockstep";
constexpr const char* kNotBuilt =
    "<!doctype html><meta charset=\"utf-8\"><title>Lockstep</title><p>This server was built "
    "without "
    "its web client. Mail programs and phones work all the same.</p>\n";

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view type_of(std::string_view path) {
    const auto found = std::ranges::find_if(kTypes, [path](const auto& each) {
        return path.ends_with(each.first);
    });
    return found == kTypes.end() ? std::string_view("application/octet-stream") : found->second;
}

const File* find_file(std::span<const File> files, std::string_view path) {
    const auto found = std::ranges::find(files, path, &File::path);
    return found == files.end() ? nullptr : &*found;
}

/// Whether the field lists the coding and does not refuse it.
bool accepts(std::string_view field, std::string_view coding) {
    for (const auto each : split(field, ',')) {
        const auto semicolon = each.find(';');
        if (!iequals(trim(each.substr(0, semicolon)), coding))
            continue;
        const auto weight = semicolon == std::string_view::npos ? std::string_view()
                                                                : trim(each.substr(semicolon + 1));
        return weight != "q=0" && weight != "q=0.0" && weight != "q=0.00" && weight != "q=0.000";
    }
    return false;
}

bool has_etag(std::string_view field, std::string_view etag) {
    return std::ranges::any_of(split(field, ','), [etag](std::string_view each) {
        auto one = trim(each);
        if (one.starts_with("W/"))
            one.remove_prefix(2);
        return one == etag || one == "*";
    });
}

void secure(net::Response& response) {
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Referrer-Policy", "no-referrer");
    response.headers.set("Cross-Origin-Opener-Policy", "same-origin");
    response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
    response.headers.set("Content-Security-Policy", kPolicy);
}

/// A screen of the client, asked for by a browser that goes there: its last step names no file.
bool is_screen(const net::Request& request) {
    const std::string_view path = request.path;
    return path == "/" ||
           (path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos &&
            ifind(request.headers.get("Accept"), "text/html") != std::string_view::npos);
}

} // namespace

bool is_client_path(const net::Request& request) {
    constexpr std::array<std::string_view, 5> kForeign{
        "/jmap", "/session", "/.well-known/", "/s/", "/autodiscover"
    };
    return request.path.starts_with('/') &&
           std::ranges::none_of(kForeign, [&](std::string_view each) {
               return istarts_with(request.path, each);
           });
}

net::Response serve_file(const net::Request& request, std::span<const File> files) {
    if (request.method != "GET" && request.method != "HEAD") {
        net::Response refused(405, "text/plain; charset=utf-8", "Only GET is understood here.\n");
        refused.headers.set("Allow", "GET, HEAD");
        return refused;
    }
    const bool screen = is_screen(request);
    if (screen && files.empty()) {
        net::Response page(request.path == "/" ? 200 : 404, "text/html; charset=utf-8", kNotBuilt);
        secure(page);
        return page;
    }
    const std::string_view path = screen ? kPage : std::string_view(request.path);
    const auto* plain = find_file(files, path);
    if (plain == nullptr || path.ends_with(".gz") || path.ends_with(".br"))
        return net::Response(404, "text/plain; charset=utf-8", "There is nothing here.\n");
    net::Response response;
    secure(response);
    response.headers.set("Content-Type", std::string(type_of(path)));
    response.headers.set("ETag", std::string(plain->etag));
    response.headers.set("Vary", "Accept-Encoding");
    response.headers.set(
        "Cache-Control",
        path.starts_with(kAssets) ? "public, max-age=31536000, immutable" : "no-cache"
    );
    if (has_etag(request.headers.get("If-None-Match"), plain->etag)) {
        response.status = 304;
        return response;
    }
    const auto* sent = plain;
    const auto accepted = request.headers.get("Accept-Encoding");
    for (const auto& [coding, ending] :
         {std::pair<const char*, const char*>{"br", ".br"}, {"gzip", ".gz"}}) {
        const auto* packed = find_file(files, std::string(path) + ending);
        if (packed == nullptr || !accepts(accepted, coding))
            continue;
        sent = packed;
        response.headers.set("Content-Encoding", coding);
        break;
    }
    response.body.emplace_back(sent->bytes);
    return response;
}

} // namespace lockstep::web
