// VacationResponse/get and VacationResponse/set: the away reply that ActiveSync knows as Oof.
// Spec: RFC 8621 8. Invariants: one object, "singleton"; its text goes to every audience.
#include "base/crypto.hpp"
#include "codec/json/date.hpp"
#include "office/away.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_submission.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

constexpr const char* kSingleton = "singleton";
const std::set<std::string, std::less<>> kVacationProperties{"id",      "isEnabled", "fromDate",
                                                             "toDate",  "subject",   "textBody",
                                                             "htmlBody"};

json::Value date_or_null(std::int64_t at) {
    return at == 0 ? json::Value(nullptr) : json::Value(json::utc_date(at));
}

json::Object vacation_object(const office::Away& away) {
    const auto& reply = away.unknown.text.empty() ? away.internal : away.unknown;
    const bool timed = away.state == office::AwayState::timed;
    return {
        {"id", kSingleton},
        {"isEnabled", away.state != office::AwayState::off},
        {"fromDate", timed ? date_or_null(away.from_us) : json::Value(nullptr)},
        {"toDate", timed && away.until_us < model::kForever ? date_or_null(away.until_us)
                                                            : json::Value(nullptr)},
        {"subject", away.subject.empty() ? json::Value(nullptr) : json::Value(away.subject)},
        {"textBody",
         reply.text.empty() || reply.html ? json::Value(nullptr) : json::Value(reply.text)},
        {"htmlBody",
         reply.text.empty() || !reply.html ? json::Value(nullptr) : json::Value(reply.text)},
    };
}

std::string state_of(const office::Away& away) {
    return blake2b256(json::write(json::Value(vacation_object(away)))).hex().substr(0, 16);
}

Task<Result<office::Away>> read(Call& call) {
    std::function<Result<office::Away>(store::Snapshot&)> work =
        [account = call.actor().account.id](store::Snapshot& snapshot) -> Result<office::Away> {
        return office::read_away(snapshot, account);
    };
    co_return co_await call.office().db.read<office::Away>(
        call.actor().account.id, std::move(work)
    );
}

/// Text, or null as nothing.
bool take_text(const json::Value& value, std::string& place) {
    if (!value.is_string() && !value.is_null())
        return false;
    place = value.is_string() ? std::string(json::view(value.get_string())) : std::string();
    return true;
}

bool take_date(const json::Value& value, std::optional<std::int64_t>& place) {
    place.reset();
    if (value.is_null())
        return true;
    if (value.is_string())
        place = json::parse_utc_date(json::view(value.get_string()));
    return place.has_value();
}

/// The away state with the members in it; the name of the first that makes no sense.
std::expected<office::Away, std::string> patched(office::Away away, const json::Object& patch) {
    const auto before = vacation_object(away);
    bool enabled = before.at("isEnabled").get_bool();
    std::optional<std::int64_t> from, until;
    take_date(before.at("fromDate"), from);
    take_date(before.at("toDate"), until);
    std::string text, html;
    take_text(before.at("textBody"), text);
    take_text(before.at("htmlBody"), html);
    for (const auto& member : patch) {
        const std::string name(member.key().data(), member.key().size());
        const auto& value = member.value();
        const bool taken = name == "isEnabled"  ? value.is_bool()
                           : name == "fromDate" ? take_date(value, from)
                           : name == "toDate"   ? take_date(value, until)
                           : name == "subject"  ? take_text(value, away.subject)
                           : name == "textBody" ? take_text(value, text)
                           : name == "htmlBody" ? take_text(value, html)
                                                : false;
        if (!taken)
            return std::unexpected(name);
        if (name == "isEnabled")
            enabled = value.get_bool();
    }
    const office::AwayReply reply{true, !html.empty(), html.empty() ? text : html};
    away.internal = away.known = away.unknown = reply;
    away.state = office::AwayState::off;
    if (enabled)
        away.state = from || until ? office::AwayState::timed : office::AwayState::on;
    away.from_us = from.value_or(0);
    away.until_us = until.value_or(model::kForever);
    if (!from && !until)
        away.from_us = away.until_us = 0;
    return away;
}

} // namespace

Task<Outcome> vacation_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    if (!owner->own)
        co_return refuse("accountNotSupportedByMethod");
    Arguments arguments(object);
    auto request = read_get(call, arguments, kVacationProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    auto found = co_await read(call);
    CO_GET(const auto away, std::move(found));
    GetResponse response{account_id(owner->id), state_of(away), {}, {}};
    if (!request->ids || std::ranges::find(*request->ids, kSingleton) != request->ids->end())
        response.list.push_back(pick(vacation_object(away), *request));
    for (const auto& id : request->ids.value_or(std::vector<std::string>()))
        if (id != kSingleton)
            response.not_found.emplace_back(id);
    co_return response.take();
}

Task<Outcome> vacation_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    if (!owner->own)
        co_return refuse("accountNotSupportedByMethod");
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    auto found = co_await read(call);
    CO_GET(auto away, std::move(found));
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = state_of(away);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    for (const auto& [key, ignored] : request->create)
        response.not_created[key] = to_json({"singleton", {}, {}});
    for (const auto& id : request->destroy)
        response.not_destroyed[id] = to_json({"singleton", {}, {}});
    for (const auto& [id, patch] : request->update) {
        if (id != kSingleton) {
            response.not_updated[id] = to_json({"notFound", {}, {}});
            continue;
        }
        auto wanted = patched(away, patch);
        if (!wanted) {
            response.not_updated[id] =
                to_json(invalid_properties(wanted.error(), "makes no sense"));
            continue;
        }
        std::function<Result<bool>(store::Txn&)> work =
            [account = call.actor().account.id, wanted = *wanted](store::Txn& txn) -> Result<bool> {
            CHECK_OK(office::write_away(txn, account, wanted));
            return true;
        };
        const auto done =
            co_await call.office().db.write<bool>(call.actor().account.id, std::move(work));
        if (done) {
            response.updated[id] = nullptr;
            away = std::move(*wanted);
        } else {
            response.not_updated[id] = to_json(set_error(done.error()));
        }
    }
    co_return response.take(state_of(away));
}

} // namespace lockstep::jmap
