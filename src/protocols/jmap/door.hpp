// The JMAP door: the session, the API, blobs up and down, and the event source.
// Spec: RFC 8620 2 (session), 3 (API), 6 (blobs), 7.3 (event source).
// Errors: HTTP 401, 403, 404, 405, 413, 429, 503, and problem details for whole requests.
// Invariants: every URL it tells is absolute; who is signed in is decided for each request.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/locked.hpp"
#include "directory/web_sessions.hpp"
#include "net/http.hpp"
#include "office/office.hpp"
#include "protocols/jmap/call.hpp"

namespace lockstep::jmap {

struct DoorOptions {
    std::string public_name; ///< host that clients reach us by; empty: the request's Host
};

/// A command of administration, and its answer as an object of "text", "columns" and "rows".
struct AdminCommand {
    std::vector<std::string> words;
    std::map<std::string, std::string, std::less<>> arguments;
};
using Administrate = std::function<Task<Result<json::Object>>(AdminCommand)>;

class Door {
public:
    /// `options` is asked for each request; the others must outlive this.
    Door(
        office::Office& office, directory::WebSessions& sessions,
        std::function<DoorOptions()> options
    )
        : office_(office), sessions_(sessions), options_(std::move(options)) {}

    /// Whether this door answers requests to the path.
    [[nodiscard]] static bool serves(std::string_view path);
    /// What may become of a request's body: uploads go to a spool as they come.
    [[nodiscard]] net::Admission admit(const net::Request& request);
    /// Answers a request; both arguments must live until the task ends.
    [[nodiscard]] Task<net::Response> serve(net::Request& request, net::Connection& connection);

    [[nodiscard]] office::Office& office() { return office_; }
    [[nodiscard]] directory::WebSessions& sessions() { return sessions_; }

    /// What commands of administrators do; set once, before use.
    void on_administration(Administrate administrate) { administrate_ = std::move(administrate); }
    [[nodiscard]] Task<Result<json::Object>> administrate(AdminCommand command) {
        return administrate_(std::move(command));
    }

    /// Counts what an account does at once; false: as many as the limit are under way already.
    enum class Work { request, upload, listener };
    [[nodiscard]] bool begin(Work work, model::AccountId account);
    void end(Work work, model::AccountId account);

private:
    Task<net::Response> serve_signed_in(
        net::Request& request, net::Connection& connection, std::unique_ptr<Session> session
    );
    office::Office& office_;
    directory::WebSessions& sessions_;
    const std::function<DoorOptions()> options_;
    Administrate administrate_;
    LockGuarded<std::map<std::pair<Work, model::AccountId>, std::size_t>> busy_;
};

/// Ends what begin() began.
class Busy {
public:
    Busy(Door& door, Door::Work work, model::AccountId account)
        : door_(door), work_(work), account_(account), granted_(door.begin(work, account)) {}
    ~Busy() {
        if (granted_)
            door_.end(work_, account_);
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    [[nodiscard]] explicit operator bool() const { return granted_; }

private:
    Door& door_;
    const Door::Work work_;
    const model::AccountId account_;
    const bool granted_;
};

/// The session object (RFC 8620 2), and the state that names its content.
[[nodiscard]] json::Object session_object(const Session& session);
/// One account of it.
[[nodiscard]] json::Object account_object(const Session& session, const office::Owner& owner);
[[nodiscard]] std::string session_state(const Session& session);

/// The API (RFC 8620 3): every call in turn, then one response.
[[nodiscard]] Task<net::Response> serve_api(net::Request& request, Session& session);
/// /jmap/upload/ACCOUNT/ and /jmap/download/ACCOUNT/BLOB/NAME?type= (RFC 8620 6.1, 6.2).
[[nodiscard]] Task<net::Response>
serve_upload(net::Request& request, Session& session, std::string_view account);
[[nodiscard]] Task<net::Response>
serve_download(const net::Request& request, Session& session, std::string_view rest);
/// /jmap/eventsource/?types=&closeafter=&ping= (RFC 8620 7.3). Takes the session along: the
/// answer's body outlives the request.
[[nodiscard]] Task<net::Response> serve_events(
    const net::Request& request, net::Connection& connection, std::unique_ptr<Session> session
);

} // namespace lockstep::jmap
