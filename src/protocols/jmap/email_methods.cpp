// Email/get, Email/changes and Email/parse.
// Spec: RFC 8621 4.2, 4.3, 4.9.
#include "base/limits.hpp"
#include "office/mail_read.hpp"
#include "protocols/jmap/blobs.hpp"
#include "protocols/jmap/email_get.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

struct EmailGet {
    GetRequest request;
    EmailWishes wishes;
};

std::expected<EmailGet, MethodError> read_email_get(const Call& call, const json::Object& object) {
    Arguments arguments(object);
    auto request = read_get(call, arguments, {});
    if (!request)
        return std::unexpected(std::move(request).error());
    auto wishes = read_wishes(arguments, request->properties, default_email_properties());
    if (auto problem = arguments.problem())
        return std::unexpected(std::move(*problem));
    if (!wishes)
        return std::unexpected(std::move(wishes).error());
    return EmailGet{std::move(*request), std::move(*wishes)};
}

/// Every mail of the account, when the client asked for all of them and they are few enough.
Task<std::expected<std::vector<std::string>, MethodError>>
all_ids(Call& call, const office::Owner& owner) {
    auto found =
        co_await office::all_mail(call.office(), call.actor(), owner, limits::kJmapGet + 1);
    CO_GET(const auto ids, std::move(found));
    if (ids.size() > limits::kJmapGet)
        co_return refuse("requestTooLarge", "the account has more than maxObjectsInGet mails");
    std::vector<std::string> all;
    for (const auto id : ids)
        all.push_back(item_id(id));
    co_return all;
}

} // namespace

Task<Outcome> email_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    auto wanted = read_email_get(call, object);
    if (!wanted)
        co_return std::unexpected(std::move(wanted).error());
    if (!wanted->request.ids) {
        auto all = co_await all_ids(call, *owner);
        if (!all)
            co_return std::unexpected(std::move(all).error());
        wanted->request.ids = std::move(*all);
    }
    auto state =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(state));
    std::vector<model::ItemId> ids;
    for (const auto& id : *wanted->request.ids)
        if (const auto number = parse_item_id(id))
            ids.push_back(*number);
    GetResponse response{account_id(owner->id), office::text_of(shelf.items), {}, {}};
    std::set<std::string> found;
    std::function<void(office::MailRecord)> visit = [&](office::MailRecord record) {
        const StoredEmail email{
            std::move(record.item), std::move(record.digest),
            numbered('t', record.conversation.value), std::move(record.bytes)
        };
        found.insert(item_id(email.item.id));
        response.list.push_back(email_object(email, wanted->wishes));
    };
    auto visited = co_await office::visit_mails(
        call.office(), call.actor(), *owner, std::move(ids), wanted->wishes.needs_bytes(),
        std::move(visit)
    );
    if (!visited)
        co_return std::unexpected(method_error(visited.error()));
    for (const auto& id : *wanted->request.ids)
        if (!found.contains(id))
            response.not_found.emplace_back(id);
    co_return response.take();
}

Task<Outcome> email_changes(Call& call, const json::Object& object) {
    co_return co_await answer_changes(
        call, object, model::ItemClass::mail, 'i', office::item_changes
    );
}

Task<Outcome> email_parse(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto blobs = arguments.ids("blobIds");
    if (!blobs)
        arguments.wrong("blobIds", "is missing");
    std::optional<std::set<std::string>> properties;
    if (const auto names = arguments.texts("properties"))
        properties.emplace(names->begin(), names->end());
    const auto wishes = read_wishes(arguments, properties, default_parse_properties());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!wishes)
        co_return std::unexpected(wishes.error());
    if (blobs->size() > limits::kJmapGet)
        co_return refuse("requestTooLarge");
    json::Object parsed;
    json::Array not_parsable, not_found;
    for (const auto& id : *blobs) {
        const auto ref = parse_blob_id(call.resolve(id));
        Result<std::string> bytes = fail(Code::not_found, "no such blob");
        if (ref)
            bytes = co_await read_blob(call.office(), call.actor(), *owner, *ref);
        if (!bytes) {
            not_found.emplace_back(id);
            continue;
        }
        const auto digest = mime::make_digest(*bytes);
        if (digest.from.empty() && digest.subject.empty() && digest.message_id.empty() &&
            !digest.date) {
            not_parsable.emplace_back(id);
            continue;
        }
        json::Object email;
        for (const auto* name : {"id", "mailboxIds", "keywords", "receivedAt", "threadId"})
            if (wishes->wants(name))
                email[name] = nullptr;
        if (wishes->wants("blobId"))
            email["blobId"] = id;
        if (wishes->wants("size"))
            email["size"] = bytes->size();
        add_message_properties(email, *bytes, digest, {}, {}, *wishes);
        parsed[id] = std::move(email);
    }
    const auto shown = [](auto& members) {
        return members.empty() ? json::Value(nullptr) : json::Value(std::move(members));
    };
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"parsed", shown(parsed)},
        {"notParsable", shown(not_parsable)},
        {"notFound", shown(not_found)},
    };
}

} // namespace lockstep::jmap
