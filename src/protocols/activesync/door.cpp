// From the HTTP request to the command and back: sign-in, query, version, device, policy, dispatch.
#include "protocols/activesync/door.hpp"

#include <map>

#include "base/log.hpp"
#include "base/text.hpp"
#include "directory/closed.hpp"
#include "net/basic_auth.hpp"
#include "protocols/activesync/admission.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/packing.hpp"

namespace lockstep::activesync {
namespace {

using directory::Account;
using wbxml::Version;

net::Response plain(unsigned status, std::string text) {
    return net::Response(status, "text/plain; charset=utf-8", std::move(text));
}

net::Response refused(const Error& error) {
    switch (error.code) {
    case Code::forbidden:
        return plain(403, "ActiveSync is switched off for this account.\n");
    case Code::throttled: {
        auto response = plain(503, "Too many failed sign-ins. Try again later.\n");
        response.headers.add("Retry-After", "60");
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
    response.headers.add("Retry-After", "30");
    return response;
}

void add_protocol_headers(net::Response& response, Version version) {
    response.headers.add("MS-Server-ActiveSync", std::string(wbxml::text_of(version)));
}

net::Response options_response() {
    net::Response response(200);
    response.headers.add("MS-Server-ActiveSync", "16.1");
    response.headers.add("MS-ASProtocolVersions", std::string(kVersions));
    response.headers.add("MS-ASProtocolCommands", command_list());
    response.headers.add("Allow", "OPTIONS,POST");
    response.headers.add("Public", "OPTIONS,POST");
    return response;
}

/// MS-ASWBXML documents in front, then the parts: count, then (offset, length) of each
/// (MS-ASCMD 2.2.1.10.1).
std::string multipart_body(const Reply& reply) {
    const auto count = reply.parts.size() + 1;
    std::string out;
    const auto put = [&out](std::size_t value) {
        for (unsigned shift = 0; shift < 32; shift += 8)
            out += static_cast<char>((value >> shift) & 0xFF);
    };
    put(count);
    auto offset = 4 + count * 8;
    const auto place = [&](std::size_t length) {
        put(offset);
        put(length);
        offset += length;
    };
    place(reply.wbxml.size());
    for (const auto& part : reply.parts)
        place(part.size());
    out += reply.wbxml;
    for (const auto& part : reply.parts)
        out += part;
    return out;
}

net::Response to_response(Reply reply, Version version) {
    net::Response response(reply.http);
    add_protocol_headers(response, version);
    for (const auto& [name, value] : reply.headers.all())
        response.headers.add(name, value);
    if (reply.raw) {
        response.headers.add("Content-Type", reply.content_type);
        response.body.push_back(std::move(*reply.raw));
    } else if (!reply.parts.empty()) {
        response.headers.add("Content-Type", "application/vnd.ms-sync.multipart");
        response.body.push_back(multipart_body(reply));
    } else if (!reply.wbxml.empty()) {
        response.headers.add("Content-Type", "application/vnd.ms-sync.wbxml");
        response.body.push_back(std::move(reply.wbxml));
    }
    return response;
}

std::optional<Version> version_of(const net::Request& request, const eas::Query& query) {
    if (query.version)
        return query.version;
    return wbxml::parse_version(trim(request.headers.get("MS-ASProtocolVersion")));
}

/// Who the request is from. A refusal of real credentials is logged.
Task<Result<Account>>
signed_in(office::Office& office, const net::Request& request, const net::Connection& connection) {
    auto credentials = net::parse_basic(request.headers.get("Authorization"));
    if (!credentials)
        co_return std::unexpected(credentials.error());
    auto [login, password] = std::move(*credentials);
    auto account = co_await office.directory.sign_in(
        login, password, directory::closed_too(directory::Door::activesync),
        connection.peer().address
    );
    if (!account)
        log::warn(
            "auth.failed", {{"proto", "activesync"},
                            {"user", login},
                            {"rip", connection.peer().address},
                            {"reason", name_of(account.error().code)}}
        );
    co_return account;
}

/// Up to 12.1 mail is sent as a bare message, and never as WBXML; nothing else comes without it.
bool takes_bare(const CommandEntry& command, Version version) {
    const bool mail = command.root.page == wbxml::compose_mail::kPage;
    return (mail && version < Version::v14_0) || command.root == wbxml::Tag{};
}

enum class BodyType { none, wbxml, other };

BodyType body_type(std::string_view content_type) {
    const auto type = lower(trim(content_type.substr(0, content_type.find(';'))));
    if (type.empty())
        return BodyType::none;
    const bool wbxml = type == "application/vnd.ms-sync.wbxml" || type == "application/vnd.ms-sync";
    return wbxml ? BodyType::wbxml : BodyType::other;
}

/// Reads the body of a command that may run; otherwise the answer that says why it may not.
std::optional<Reply>
prepare(const Door& door, const CommandEntry& command, BodyType type, Exchange& exchange) {
    const auto refusal = [&](Common status) {
        return reply_status(command, exchange.version, status, 400);
    };
    if (const auto reason = barred(door, command, exchange))
        return reply_status(command, exchange.version, *reason, http_of(*reason));
    Reply bad;
    bad.http = 400;
    // iPhones were seen sending Find at 14.0.
    const bool known = command.root == wbxml::Tag{} || command.root == wbxml::find::Find ||
                       takes_bare(command, exchange.version) ||
                       wbxml::sendable(command.root, exchange.version);
    if (!known)
        return refusal(Common::version_not_supported);
    if (exchange.body.empty())
        return command.may_be_empty ? std::nullopt : std::optional(std::move(bad));
    if (takes_bare(command, exchange.version)) {
        // MS-ASCMD 2.2.2 (101) has the mail of 12.1 in WBXML for an example.
        if (type == BodyType::wbxml && command.root != wbxml::Tag{})
            return bad;
        return std::nullopt;
    }
    // Phones that send no type at all mean WBXML too.
    if (type == BodyType::other)
        return refusal(Common::invalid_content);
    auto root = wbxml::parse(exchange.body);
    if (!root)
        return bad;
    if (root->tag != command.root)
        return refusal(Common::invalid_xml);
    exchange.root = std::move(*root);
    exchange.body = std::string();
    return std::nullopt;
}

/// What the command answered; an error becomes its status.
Reply reply_to(const CommandEntry& command, const Exchange& exchange, Result<Reply> reply) {
    if (reply)
        return std::move(*reply);
    log::warn(
        "eas.failed", {{"command", command.name},
                       {"account", exchange.actor.account.address},
                       {"code", name_of(reply.error().code)},
                       {"reason", reply.error().text}}
    );
    return reply_to_error(command, exchange.version, reply.error());
}

/// A command that may run with all that it needs, or the answer that is known already.
struct Admitted {
    explicit Admitted(net::Response response)
        : refusal(std::make_unique<net::Response>(std::move(response))) {}
    Admitted(const CommandEntry& entry, std::unique_ptr<Exchange> admitted)
        : command(&entry), exchange(std::move(admitted)) {}
    std::unique_ptr<net::Response> refusal; ///< on the heap: the frame of serve() outlives it
    const CommandEntry* command = nullptr;
    std::unique_ptr<Exchange> exchange;
};

/// What the command works on; the device is seen now.
std::unique_ptr<Exchange> make_exchange(
    Door& door, net::Request& request, net::Connection& connection, Account account, Known known,
    eas::Query query, Version version
) {
    const auto& clock = door.office().clock;
    auto session = door.sessions().find(account.id, known.device.id);
    session->memory.with([&](Session::Memory& memory) {
        memory.seen = clock.steady();
        memory.seen_us = clock.now_us();
        memory.seen_unwritten = true;
    });
    const auto author = known.device.author;
    std::unique_ptr<Exchange> exchange(new Exchange{
        door,
        connection,
        {std::move(account), author},
        std::move(known.device),
        std::move(known.policy),
        known.term,
        known.policy_mark,
        std::move(session),
        std::make_unique<eas::Query>(std::move(query)),
        version,
        {},
        {},
        false
    });
    exchange->multipart = exchange->query->accept_multi_part ||
                          trim(request.headers.get("MS-ASAcceptMultiPart")) == "T";
    if (!exchange->query->policy_key)
        exchange->query->policy_key =
            parse_int<std::uint32_t>(trim(request.headers.get("X-MS-PolicyKey")));
    exchange->body = std::move(request.body);
    return exchange;
}

/// Takes everything that counts out of the request. A coroutine of its own, since a parked request
/// pays for all that its callers still hold.
Task<Admitted> admit(Door& door, net::Request& request, net::Connection& connection) {
    auto account = co_await signed_in(door.office(), request, connection);
    if (!account)
        co_return Admitted(refused(account.error()));
    const auto closed = closed_for(*account);
    if (closed) {
        const bool wiped = co_await must_hear_of_wipe(door, *account, request.query);
        if (!wiped)
            co_return Admitted(refused(*closed));
    }
    if (request.method == "OPTIONS")
        co_return Admitted(options_response());
    if (request.method != "POST")
        co_return Admitted(plain(501, "Only OPTIONS and POST are understood here.\n"));
    if (!unpack_body(request))
        co_return Admitted(plain(400, "The body is not packed as it says.\n"));
    auto query = eas::parse_query(request.query);
    if (!query)
        co_return Admitted(plain(
            query.error().code == Code::unsupported ? 501 : 400,
            "The query is not that of an ActiveSync request.\n"
        ));
    const auto* command = find_command(query->command);
    if (command == nullptr)
        co_return Admitted(plain(501, "This command is not offered.\n"));
    const auto version = version_of(request, *query);
    if (!version || kVersions.find(wbxml::text_of(*version)) == std::string_view::npos)
        co_return Admitted(plain(400, "The protocol version is missing or not offered.\n"));
    if (query->device_id.empty() || !query->has_device_type)
        co_return Admitted(to_response(
            reply_status(
                *command, *version,
                query->device_id.empty() ? Common::device_id_missing : Common::device_type_missing,
                400
            ),
            *version
        ));
    auto known = co_await register_device(
        door, *account, *query, *version,
        std::string(request.headers.get("User-Agent").substr(0, 255))
    );
    if (!known && known.error().code == Code::too_large)
        co_return Admitted(
            to_response(reply_status(*command, *version, Common::max_devices, 403), *version)
        );
    if (!known)
        co_return Admitted(refused(known.error()));
    // The order was called back a moment ago.
    if (closed && !office::wipe_is_due(known->device))
        co_return Admitted(refused(*closed));

    auto exchange = make_exchange(
        door, request, connection, std::move(*account), std::move(*known), std::move(*query),
        *version
    );
    if (const auto left = spend(*exchange, exchange->body.size())) {
        auto response = plain(503, "Too many requests of this device. Try again later.\n");
        response.headers.add("Retry-After", std::to_string(left->count()));
        co_return Admitted(std::move(response));
    }
    auto refusal =
        prepare(door, *command, body_type(request.headers.get("Content-Type")), *exchange);
    if (refusal)
        co_return Admitted(to_response(std::move(*refusal), *version));
    request.release();
    co_return Admitted(*command, std::move(exchange));
}

} // namespace

Result<Reply> reply_of(wbxml::Writer& writer) {
    TRY(auto bytes, writer.finish());
    Reply reply;
    reply.wbxml = std::move(bytes);
    return reply;
}

Task<net::Response> Door::serve(net::Request& request, net::Connection& connection) {
    const bool packed = takes_packed(request); // nothing of the request is left behind admit()
    auto admitted = co_await admit(*this, request, connection);
    if (admitted.refusal)
        co_return std::move(*admitted.refusal);
    auto& exchange = *admitted.exchange;
    auto reply = co_await admitted.command->run(exchange);
    auto answer = reply_to(*admitted.command, exchange, std::move(reply));
    exchange.session->memory.with([&answer](Session::Memory& memory) {
        memory.budget.bytes += static_cast<std::int64_t>(answer.wbxml.size());
    });
    auto response = to_response(std::move(answer), exchange.version);
    if (packed)
        pack_body(response);
    co_return response;
}

Task<void> Door::flush_seen() {
    // One commit for all devices of a file.
    std::map<int, std::vector<Sessions::Seen>> files;
    for (auto& seen : sessions_.take_seen())
        files[office_.db.plane_of(seen.account).index].push_back(std::move(seen));
    for (auto& [file, there] : files) {
        const auto home = there.front().account;
        std::function<Result<bool>(office::Txn&)> work = [all = std::move(there)](office::Txn& txn
                                                         ) -> Result<bool> {
            for (const auto& seen : all) {
                auto device = office::find_device(txn, seen.account, seen.device);
                if (!device)
                    continue; // forgotten meanwhile
                device->seen_us = seen.at_us;
                office::put_device(txn, seen.account, *device);
            }
            return true;
        };
        const auto written = co_await office_.db.write<bool>(home, std::move(work));
        if (!written)
            log::warn("eas.seen_unwritten", {{"reason", written.error().text}});
    }
    sessions_.prune(office_.clock.steady());
}

} // namespace lockstep::activesync
