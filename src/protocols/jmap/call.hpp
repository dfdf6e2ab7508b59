// Call: one method call of a request, with what it may look at; and the table of methods.
// Spec: RFC 8620 3.2-3.7. Invariants: a method sees accounts only that the signed-in person may
// see; it answers a value or an error and never throws for what a client can send.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "directory/web_sessions.hpp"
#include "office/folders.hpp"
#include "office/office.hpp"
#include "protocols/jmap/errors.hpp"

namespace lockstep::jmap {

class Door;

/// One call or one response: [name, arguments, client id].
struct Invocation {
    std::string name;
    json::Object arguments;
    std::string id;
};

/// What the calls of one request share.
struct Session {
    Door& door;
    office::Actor actor;
    std::vector<office::Owner> owners;         ///< the actor first
    std::set<std::string, std::less<>> using_; ///< capabilities that the client asked for
    std::map<std::string, std::string, std::less<>> created; ///< creation id to id
    std::string base_url;                                    ///< "https://mail.example.org"
    std::optional<directory::WebSession> web = {}; ///< the browser's session, if it is one
    std::string peer = {};                         ///< the address that asks

    [[nodiscard]] office::Office& office() const;
    [[nodiscard]] const office::Owner* find(std::string_view account) const;
};

struct Call {
    Session& session;
    std::string name;
    std::string id;
    std::vector<Invocation> more; ///< implicit responses behind this call's own

    [[nodiscard]] office::Office& office() const { return session.office(); }
    [[nodiscard]] const office::Actor& actor() const { return session.actor; }
    /// The account of the argument "accountId". Errors as RFC 8620 3.6.2 says: accountNotFound.
    [[nodiscard]] std::expected<office::Owner, MethodError> account(const json::Object& arguments
    ) const;
    /// The id itself, or what the creation id "#k" of this request led to; empty when nothing did.
    [[nodiscard]] std::string resolve(std::string_view id) const;
};

struct Method {
    std::string_view name;
    std::string_view capability; ///< must be in "using"
    Task<Outcome> (*run)(Call& call, const json::Object& arguments);
};
/// Every method, in no order.
[[nodiscard]] std::span<const Method> methods();
[[nodiscard]] const Method* find_method(std::string_view name);

} // namespace lockstep::jmap
