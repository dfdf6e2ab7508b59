// From the HTTP request to its part of the door: sign-in, path, limits.
#include "protocols/jmap/door.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "net/basic_auth.hpp"
#include "net/session_cookie.hpp"
#include "office/bytes.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/request.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::string_view kWellKnown = "/.well-known/jmap";
constexpr std::string_view kSession = "/jmap/session";
constexpr std::string_view kApi = "/jmap/api";
constexpr std::string_view kUpload = "/jmap/upload/";
constexpr std::string_view kDownload = "/jmap/download/";
constexpr std::string_view kEvents = "/jmap/eventsource";

/// What is asked after without its query, and without a slash at the end.
std::string_view bare(std::string_view path) {
    return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

net::Response wrong_method(std::string_view allowed) {
    auto response = plain(405, fmt::format("Only {} is understood here.\n", allowed));
    response.headers.set("Allow", std::string(allowed));
    return response;
}

net::Response refused(const Error& error) {
    switch (error.code) {
    case Code::forbidden:
        return plain(403, "The web and JMAP are switched off for this account.\n");
    case Code::throttled: {
        auto response = plain(429, "Too many failed sign-ins. Try again later.\n");
        response.headers.set("Retry-After", "60");
        return response;
    }
    case Code::unauthorized:
    case Code::not_found:
    case Code::bad_value:
        return net::ask_for_basic();
    case Code::bad_syntax:
    case Code::exists:
    case Code::conflict:
    case Code::stale:
    case Code::too_large:
    case Code::over_quota:
    case Code::unavailable:
    case Code::closed:
    case Code::timeout:
    case Code::unsupported:
    case Code::corrupt:
    case Code::internal:
        break;
    }
    auto response = plain(503, "Not available right now.\n");
    response.headers.set("Retry-After", "30");
    return response;
}

/// "https://host": by which the client reached us, so that the URLs of the session lead back here.
std::string base_url(
    const net::Request& request, const net::Connection& connection, const DoorOptions& options
) {
    std::string host = options.public_name;
    if (host.empty())
        host = std::string(trim(request.headers.get("Host")));
    return fmt::format("{}://{}", connection.tls() != nullptr ? "https" : "http", host);
}

/// Who asks, by credentials in the request or by the browser's session.
struct Asker {
    directory::Account account;
    std::optional<directory::WebSession> web;
};

Task<Result<Asker>> by_password(
    directory::WebSessions& sessions, const net::Request& request, const net::Connection& connection
) {
    auto credentials = net::parse_basic(request.headers.get("Authorization"));
    if (!credentials)
        co_return std::unexpected(credentials.error());
    const auto login = credentials->name;
    auto account =
        co_await sessions.basic(login, std::move(credentials->password), connection.peer().address);
    if (!account) {
        log::warn(
            "auth.failed", {{"proto", "jmap"},
                            {"user", login},
                            {"rip", connection.peer().address},
                            {"reason", name_of(account.error().code)}}
        );
        co_return std::unexpected(std::move(account).error());
    }
    co_return Asker{std::move(*account), std::nullopt};
}

Task<Result<Asker>> by_session(
    directory::WebSessions& sessions, const net::Request& request, const net::Connection& connection
) {
    // Browsers send the cookie by themselves: a page of another site must not act with it (H6).
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && !net::is_same_origin(request))
        co_return fail(Code::unauthorized, "the request comes from another site");
    CO_TRY(
        auto known, co_await sessions.resume(
                        net::read_session_cookie(request, connection), connection.peer().address
                    )
    );
    co_return Asker{std::move(known.account), std::move(known.session)};
}

Task<Result<Asker>> signed_in(
    directory::WebSessions& sessions, const net::Request& request, const net::Connection& connection
) {
    if (request.headers.has("Authorization"))
        return by_password(sessions, request, connection);
    return by_session(sessions, request, connection);
}

net::Response json_response(unsigned status, const json::Object& object) {
    net::Response response(status, "application/json", json::write(json::Value(object)));
    response.headers.set("Cache-Control", "no-cache, no-store, must-revalidate");
    return response;
}

} // namespace

bool Door::serves(std::string_view path) {
    return bare(path) == kWellKnown || path.starts_with("/jmap/");
}

net::Admission Door::admit(const net::Request& request) {
    net::Admission admission;
    // Without credentials nothing is read.
    if (!request.headers.has("Authorization") && !request.headers.has("Cookie"))
        return admission;
    if (bare(request.path) == kApi)
        admission.max_body = limits::kJmapRequest;
    if (!request.path.starts_with(kUpload))
        return admission;
    admission.max_body = limits::kJmapUpload;
    const auto spool = std::make_shared<office::Spool>(office_);
    admission.sink = [spool](std::string_view piece) { return spool->append(piece); };
    admission.context = spool;
    return admission;
}

bool Door::begin(Work work, model::AccountId account) {
    const std::size_t most = work == Work::request  ? limits::kJmapRequests
                             : work == Work::upload ? limits::kJmapUploads
                                                    : limits::kJmapListeners;
    return busy_.with([&](auto& busy) {
        auto& count = busy[{work, account}];
        if (count >= most)
            return false;
        ++count;
        return true;
    });
}

void Door::end(Work work, model::AccountId account) {
    busy_.with([&](auto& busy) {
        const auto found = busy.find({work, account});
        if (found != busy.end() && --found->second == 0)
            busy.erase(found);
    });
}

Task<net::Response> Door::serve(net::Request& request, net::Connection& connection) {
    auto asker = co_await signed_in(sessions_, request, connection);
    if (!asker) {
        auto response = refused(asker.error());
        // Our own page asks for the password itself.
        if (response.status == 401 && net::is_own_client(request))
            co_return plain(401, "Please sign in.\n");
        co_return response;
    }
    std::unique_ptr<Session> session(new Session{
        *this,
        {std::move(asker->account), {}},
        {},
        {},
        {},
        base_url(request, connection, options_()),
        std::move(asker->web),
        connection.peer().address
    });
    auto owners = co_await office::owners(office_, session->actor);
    if (!owners)
        co_return refused(owners.error());
    session->owners = std::move(*owners);
    co_return co_await serve_signed_in(request, connection, std::move(session));
}

Task<net::Response> Door::serve_signed_in(
    net::Request& request, net::Connection& connection, std::unique_ptr<Session> session
) {
    const auto path = bare(request.path);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (path == kWellKnown || path == kSession) {
        if (!reads)
            co_return wrong_method("GET");
        co_return json_response(200, session_object(*session));
    }
    if (path == kApi) {
        if (request.method != "POST")
            co_return wrong_method("POST");
        co_return co_await serve_api(request, *session);
    }
    if (request.path.starts_with(kUpload)) {
        if (request.method != "POST")
            co_return wrong_method("POST");
        co_return co_await serve_upload(request, *session, path.substr(kUpload.size()));
    }
    if (request.path.starts_with(kDownload)) {
        if (!reads)
            co_return wrong_method("GET");
        co_return co_await serve_download(
            request, *session, std::string_view(request.path).substr(kDownload.size())
        );
    }
    if (path == kEvents) {
        if (request.method != "GET")
            co_return wrong_method("GET");
        co_return co_await serve_events(request, connection, std::move(session));
    }
    co_return plain(404, "There is nothing here.\n");
}

office::Office& Session::office() const { return door.office(); }

const office::Owner* Session::find(std::string_view account) const {
    const auto id = parse_account_id(account);
    const auto found = id ? std::ranges::find(owners, *id, &office::Owner::id) : owners.end();
    return found == owners.end() ? nullptr : &*found;
}

std::expected<office::Owner, MethodError> Call::account(const json::Object& arguments) const {
    const auto wanted = json::text_of(arguments, "accountId");
    if (!wanted)
        return refuse("invalidArguments", "accountId is missing");
    const auto* owner = session.find(*wanted);
    if (owner == nullptr)
        return refuse("accountNotFound");
    return *owner;
}

std::string Call::resolve(std::string_view text) const {
    if (!text.starts_with('#'))
        return std::string(text);
    const auto found = session.created.find(text.substr(1));
    return found == session.created.end() ? std::string() : found->second;
}

} // namespace lockstep::jmap
