// Mail that waits, the senders whom a person lets in or keeps out, and the settings of an account.
// Spec: docs/jmap-extensions.md (detained, settings).
#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "office/detained.hpp"
#include "office/mail_actions.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_own.hpp"
#include "protocols/jmap/own_kind.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kDetainedProperties{"id", "from", "subject", "receivedAt"};
const std::set<std::string, std::less<>> kSenderProperties{"id", "sender", "mark"};
const std::set<std::string, std::less<>> kSettingsProperties{
    "id", "detain", "detainDays", "imapDeleteRemoves", "language", "timeZone", "name"
};
constexpr const char* kSettingsSingleton = "singleton";

Task<Result<std::vector<json::Object>>> all_detained(Call& call) {
    CO_TRY(
        const auto all,
        co_await office::list_detained(call.office(), call.actor().account.id, limits::kJmapGet)
    );
    std::vector<json::Object> out;
    for (const auto& each : all)
        out.push_back({
            {"id", item_id(each.item)},
            {"from", each.from},
            {"subject", each.subject},
            {"receivedAt", json::utc_date(each.received_us)},
        });
    co_return out;
}

std::optional<office::Release> release_named(std::string_view word) {
    if (word == "allow")
        return office::Release::allow;
    if (word == "allowDomain")
        return office::Release::allow_domain;
    if (word == "block")
        return office::Release::block;
    if (word == "delete")
        return office::Release::remove;
    return std::nullopt;
}

/// A sender as an Id, and back.
std::string sender_id(std::string_view sender) { return "s" + base64url(sender); }

std::string_view mark_text(office::SenderMark mark) {
    switch (mark) {
    case office::SenderMark::allowed:
        return "allow";
    case office::SenderMark::blocked:
        return "block";
    case office::SenderMark::written_to:
        break;
    }
    return "writtenTo";
}

Task<Result<std::vector<json::Object>>> all_senders(Call& call) {
    CO_TRY(const auto all, co_await office::list_senders(call.office(), call.actor().account.id));
    std::vector<json::Object> out;
    for (const auto& each : all)
        out.push_back({
            {"id", sender_id(each.sender)},
            {"sender", each.sender},
            {"mark", std::string(mark_text(each.mark))},
        });
    co_return out;
}

Task<Outcome> put_sender(Call& call, std::string sender, std::string_view mark) {
    if (mark != "allow" && mark != "block")
        co_return refuse_property("mark", "is neither allow nor block");
    std::vector<office::SenderEntry> entries{
        {lower(trim(sender)),
         mark == "allow" ? office::SenderMark::allowed : office::SenderMark::blocked}
    };
    auto id = sender_id(entries.front().sender);
    const auto done =
        co_await office::put_senders(call.office(), call.actor().account.id, std::move(entries));
    if (!done && done.error().code == Code::bad_value)
        co_return refuse_property("sender", done.error().text);
    if (!done)
        co_return std::unexpected(set_error(done.error()));
    co_return json::Object{{"id", std::move(id)}};
}

Task<Outcome> make_sender(Call& call, const json::Object& object) {
    const auto sender = json::text_of(object, "sender");
    if (!sender)
        co_return refuse_property("sender", "is missing");
    const auto mark = json::text_of(object, "mark").value_or("allow");
    co_return co_await put_sender(call, std::string(*sender), mark);
}

Task<Outcome> change_sender(Call& call, const std::string& id, const json::Object& patch) {
    const auto sender = unbase64url(std::string_view(id).substr(1));
    const auto mark = json::text_of(patch, "mark");
    if (!id.starts_with('s') || !sender)
        co_return refuse("notFound");
    if (!mark || patch.size() != 1)
        co_return refuse_property("mark", "is all that can be changed");
    auto done = co_await put_sender(call, *sender, *mark);
    if (!done)
        co_return done;
    co_return json::Object();
}

Task<Outcome> drop_sender(Call& call, const std::string& id) {
    const auto sender = unbase64url(std::string_view(id).substr(1));
    if (!id.starts_with('s') || !sender)
        co_return refuse("notFound");
    const auto done =
        co_await office::remove_sender(call.office(), call.actor().account.id, *sender);
    co_return own_outcome(done);
}

Task<Result<std::vector<json::Object>>> all_settings(Call& call) {
    const auto& account = call.actor().account;
    CO_TRY(const auto detain, co_await office::detain_settings(call.office(), account.id));
    CO_TRY(const auto removes, co_await office::expunges_at_once(call.office(), account.id));
    std::vector<json::Object> out;
    out.push_back({
        {"id", kSettingsSingleton},
        {"detain", std::string(office::name_of(detain.detain))},
        {"detainDays", detain.days},
        {"imapDeleteRemoves", removes},
        {"language", account.language},
        {"timeZone", account.zone},
        {"name", account.name},
    });
    co_return out;
}

Task<Outcome> change_settings(Call& call, const std::string& id, const json::Object& patch) {
    if (id != kSettingsSingleton)
        co_return refuse("notFound");
    const auto account = call.actor().account.id;
    auto held = co_await office::detain_settings(call.office(), account);
    if (!held)
        co_return std::unexpected(set_error(held.error()));
    std::optional<bool> removes;
    bool detains = false;
    for (const auto& member : patch) {
        const std::string name(member.key().data(), member.key().size());
        const auto& value = member.value();
        const auto word =
            value.is_string() ? office::detain_named(json::view(value.get_string())) : std::nullopt;
        const auto number = json::integer_of(value);
        if (name == "detain" && word)
            held->detain = *word;
        else if (name == "detainDays" && number && *number >= 1 && *number <= 365)
            held->days = *number;
        else if (name == "imapDeleteRemoves" && value.is_bool())
            removes = value.get_bool();
        else
            co_return refuse_property(name, "cannot be changed so");
        detains = detains || name.starts_with("detain");
    }
    if (detains) {
        const auto done = co_await office::set_detain_settings(call.office(), account, *held);
        if (!done)
            co_return std::unexpected(set_error(done.error()));
    }
    if (!removes)
        co_return json::Object();
    const auto done = co_await office::set_expunges_at_once(call.office(), account, *removes);
    co_return own_outcome(done);
}

const OwnKind kDetainedKind{kDetainedProperties, all_detained};
const OwnKind kSenders{kSenderProperties, all_senders, make_sender, change_sender, drop_sender};
const OwnKind kSettings{kSettingsProperties, all_settings, nullptr, change_settings};

} // namespace

Task<Outcome> detained_get(Call& call, const json::Object& object) {
    return get_own(call, object, kDetainedKind);
}
Task<Outcome> sender_rule_get(Call& call, const json::Object& object) {
    return get_own(call, object, kSenders);
}
Task<Outcome> sender_rule_set(Call& call, const json::Object& object) {
    return set_own(call, object, kSenders);
}
Task<Outcome> account_settings_get(Call& call, const json::Object& object) {
    return get_own(call, object, kSettings);
}
Task<Outcome> account_settings_set(Call& call, const json::Object& object) {
    return set_own(call, object, kSettings);
}

/// {"accountId", "ids", "action": allow, allowDomain, block or delete}.
Task<Outcome> detained_release(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    if (!owner->own)
        co_return refuse("accountNotSupportedByMethod");
    Arguments arguments(object);
    const auto ids = arguments.ids("ids");
    const auto action = release_named(arguments.text("action").value_or(""));
    if (!ids || !action)
        arguments.wrong(ids ? "action" : "ids", "makes no sense");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (ids->size() > limits::kJmapSet)
        co_return refuse("requestTooLarge");
    json::Array released;
    json::Object not_released;
    for (const auto& id : *ids) {
        const auto item = parse_item_id(id);
        const auto done = item ? co_await office::release_detained(
                                     call.office(), call.actor().account.id, *item, *action
                                 )
                               : fail(Code::not_found, "no such mail");
        if (done)
            released.emplace_back(id);
        else
            not_released[id] = to_json(set_error(done.error()));
    }
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"released", std::move(released)},
        {"notReleased", std::move(not_released)},
    };
}

} // namespace lockstep::jmap
