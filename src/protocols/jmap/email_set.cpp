// Email/set, Email/import and Email/copy.
// Spec: RFC 8621 4.6-4.8.
#include "protocols/jmap/email_set.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/json/date.hpp"
#include "protocols/jmap/blobs.hpp"
#include "protocols/jmap/email_build.hpp"
#include "protocols/jmap/email_get.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"

namespace lockstep::jmap {
namespace {

using Keywords = std::set<std::string>;

/// {"$seen": true, ...}
std::expected<Keywords, MethodError> read_keywords(const json::Value& value) {
    Keywords keywords;
    if (!value.is_object())
        return refuse_property("keywords", "is no object");
    for (const auto& member : value.get_object()) {
        const std::string_view name(member.key().data(), member.key().size());
        if (!office::is_keyword(name) || member.value() != json::Value(true))
            return refuse_property("keywords", fmt::format("{} is no keyword that is true", name));
        keywords.insert(lower(name));
    }
    return keywords;
}

std::expected<std::set<model::CollectionId>, MethodError>
read_mailboxes(const Call& call, const json::Value& value) {
    std::set<model::CollectionId> ids;
    if (!value.is_object() || value.get_object().empty())
        return refuse_property("mailboxIds", "names no mailbox");
    for (const auto& member : value.get_object()) {
        const auto id =
            parse_collection_id(call.resolve({member.key().data(), member.key().size()}));
        if (!id || member.value() != json::Value(true))
            return refuse_property("mailboxIds", "holds something that is no mailbox");
        ids.insert(*id);
    }
    if (ids.size() > 1)
        return refuse("tooManyMailboxes", "a mail lies in one mailbox only");
    return ids;
}

std::expected<office::MailEdit, MethodError>
read_edit(const Call& call, model::ItemId id, const json::Object& patch) {
    office::MailEdit edit;
    edit.id = id;
    for (const auto& member : patch) {
        const std::string_view path(member.key().data(), member.key().size());
        const bool on = member.value() == json::Value(true);
        if (path == "keywords") {
            auto keywords = read_keywords(member.value());
            if (!keywords)
                return std::unexpected(std::move(keywords).error());
            edit.keywords = std::move(*keywords);
        } else if (path == "mailboxIds") {
            auto mailboxes = read_mailboxes(call, member.value());
            if (!mailboxes)
                return std::unexpected(std::move(mailboxes).error());
            edit.folders = std::move(*mailboxes);
        } else if (path.starts_with("keywords/")) {
            const auto keyword = lower(json::unescape_step(path.substr(9)));
            if (!office::is_keyword(keyword) || (!on && !member.value().is_null()))
                return refuse_property("keywords", fmt::format("{} is no keyword", keyword));
            edit.marks.emplace_back(keyword, on);
        } else if (path.starts_with("mailboxIds/")) {
            const auto mailbox = parse_collection_id(call.resolve(path.substr(11)));
            if (!mailbox || (!on && !member.value().is_null()))
                return refuse_property("mailboxIds", "names no mailbox");
            edit.places.emplace_back(*mailbox, on);
        } else {
            return refuse_property(path, "cannot be changed");
        }
    }
    if ((edit.keywords && !edit.marks.empty()) || (edit.folders && !edit.places.empty()))
        return refuse("invalidPatch", "a property is patched as a whole and in parts");
    return edit;
}

MethodError edit_error(const Error& error) {
    if (error.code == Code::too_large)
        return {"tooManyMailboxes", error.text, {}};
    if (error.code == Code::bad_value)
        return invalid_properties("mailboxIds", error.text);
    return set_error(error);
}

/// Updates and removals of one request, in one store job.
Task<std::optional<MethodError>> apply_edits(
    Call& call, const office::Owner& owner, const SetRequest& request, SetResponse& response
) {
    std::vector<office::MailEdit> edits;
    std::vector<std::string> ids;
    for (const auto& [id, patch] : request.update) {
        const auto& shown = request.shown.at(id);
        const auto item = parse_item_id(id);
        if (!item) {
            response.not_updated[shown] = to_json({"notFound", {}, {}});
        } else if (request.destroys(id)) {
            response.not_updated[shown] = to_json({"willDestroy", {}, {}});
        } else if (auto edit = read_edit(call, *item, patch); !edit) {
            response.not_updated[shown] = to_json(edit.error());
        } else {
            edits.push_back(std::move(*edit));
            ids.push_back(shown);
        }
    }
    for (const auto& id : request.destroy) {
        const auto item = parse_item_id(id);
        if (!item) {
            response.not_destroyed[request.shown.at(id)] = to_json({"notFound", {}, {}});
            continue;
        }
        office::MailEdit edit;
        edit.id = *item;
        edit.remove = true;
        edits.push_back(std::move(edit));
        ids.push_back(request.shown.at(id));
    }
    if (edits.empty())
        co_return std::nullopt;
    std::vector<bool> removals;
    for (const auto& edit : edits)
        removals.push_back(edit.remove);
    auto results =
        co_await office::edit_mails(call.office(), call.actor(), owner, std::move(edits));
    if (!results)
        co_return method_error(results.error());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto& result = (*results)[i];
        if (result && removals[i])
            response.destroyed.emplace_back(ids[i]);
        else if (result)
            response.updated[ids[i]] = nullptr;
        else
            (removals[i] ? response.not_destroyed : response.not_updated)[ids[i]] =
                to_json(edit_error(result.error()));
    }
    co_return std::nullopt;
}

/// Where a new mail goes, and how it is marked.
std::expected<Filing, MethodError> read_filing(const Call& call, const json::Object& object) {
    Filing filing;
    const auto* mailboxes = json::find(object, "mailboxIds");
    if (mailboxes == nullptr)
        return refuse_property("mailboxIds", "is missing");
    auto folders = read_mailboxes(call, *mailboxes);
    if (!folders)
        return std::unexpected(std::move(folders).error());
    filing.folder = *folders->begin();
    if (const auto* given = json::find(object, "keywords"); given != nullptr && !given->is_null()) {
        auto keywords = read_keywords(*given);
        if (!keywords)
            return std::unexpected(std::move(keywords).error());
        filing.keywords = std::move(*keywords);
    }
    filing.received_us = call.office().clock.now_us();
    if (const auto* at = json::find(object, "receivedAt"); at != nullptr && !at->is_null()) {
        const auto read =
            at->is_string() ? json::parse_utc_date(json::view(at->get_string())) : std::nullopt;
        if (!read)
            return refuse_property("receivedAt", "is no UTCDate");
        filing.received_us = *read;
    }
    return filing;
}

json::Object created_object(const model::Item& item, std::string_view thread) {
    return {
        {"id", item_id(item.id)},
        {"blobId", blob_id({BlobRef::Kind::item, item.id.value, item.content.value, 0})},
        {"threadId", thread},
        {"size", item.size},
    };
}

/// The bytes of every blob that a new mail is made of.
Task<std::expected<std::map<std::string, std::string>, MethodError>>
read_blobs(Call& call, const office::Owner& owner, const std::set<std::string>& ids) {
    std::map<std::string, std::string> blobs;
    json::Array missing;
    std::uint64_t size = 0;
    for (const auto& id : ids) {
        const auto ref = parse_blob_id(call.resolve(id));
        Result<std::string> bytes = fail(Code::not_found, "no such blob");
        if (ref)
            bytes = co_await read_blob(call.office(), call.actor(), owner, *ref);
        if (!bytes) {
            missing.emplace_back(id);
            continue;
        }
        size += bytes->size();
        if (size > limits::kJmapUpload)
            co_return refuse("tooLarge", "the attachments are too large");
        blobs[id] = std::move(*bytes);
    }
    if (!missing.empty()) {
        MethodError error{"blobNotFound", {}, {}};
        error.more["notFound"] = std::move(missing);
        co_return std::unexpected(std::move(error));
    }
    co_return blobs;
}

Task<Outcome> create_one(Call& call, const office::Owner& owner, const json::Object& object) {
    const auto filing = read_filing(call, object);
    if (!filing)
        co_return std::unexpected(filing.error());
    BuildContext context;
    context.now_us = call.office().clock.now_us();
    context.host = call.office().hostname();
    auto blobs = co_await read_blobs(call, owner, blobs_of(object));
    if (!blobs)
        co_return std::unexpected(std::move(blobs).error());
    context.blobs = std::move(*blobs);
    auto message = build_message(object, context);
    if (!message)
        co_return std::unexpected(std::move(message).error());
    co_return co_await file_message(call, owner, *filing, std::move(*message));
}

/// The request with its owner, after the checks that all three methods share.
struct Begun {
    office::Owner owner;
    std::string state;
};
Task<std::expected<Begun, MethodError>>
begin(Call& call, const json::Object& object, const std::optional<std::string>& if_in_state) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    if (owner->best_right() < model::Right::add)
        co_return refuse("accountReadOnly");
    auto found =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(found));
    auto state = office::text_of(shelf.items);
    if (if_in_state && *if_in_state != state)
        co_return refuse("stateMismatch");
    co_return Begun{*owner, std::move(state)};
}

Task<Outcome> finish(Call& call, const office::Owner& owner, SetResponse response) {
    auto found = co_await office::shelf(call.office(), call.actor(), owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(found));
    co_return response.take(office::text_of(shelf.items));
}

} // namespace

Task<Outcome>
file_message(Call& call, const office::Owner& owner, const Filing& filing, std::string message) {
    office::NewMail mail;
    mail.message = std::move(message);
    mail.marks = office::with_keywords({}, filing.keywords);
    mail.received_us = filing.received_us;
    auto filed = co_await office::file_mail(
        call.office(), call.actor(), owner.id, filing.folder, std::move(mail)
    );
    if (!filed && filed.error().code == Code::not_found)
        co_return refuse_property("mailboxIds", "there is no such mailbox");
    if (!filed)
        co_return std::unexpected(set_error(filed.error()));
    co_return created_object(filed->item, numbered('t', filed->conversation.value));
}

Task<Outcome> email_set(Call& call, const json::Object& object) {
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    const auto begun = co_await begin(call, object, request->if_in_state);
    if (!begun)
        co_return std::unexpected(begun.error());
    SetResponse response;
    response.account = account_id(begun->owner.id);
    response.old_state = begun->state;
    for (const auto& [key, email] : request->create) {
        auto made = co_await create_one(call, begun->owner, email);
        if (made) {
            call.session.created[key] = *json::text_of(*made, "id");
            response.created[key] = std::move(*made);
        } else {
            response.not_created[key] = to_json(made.error());
        }
    }
    auto failed = co_await apply_edits(call, begun->owner, *request, response);
    if (failed)
        co_return std::unexpected(std::move(*failed));
    co_return co_await finish(call, begun->owner, std::move(response));
}

Task<Outcome> email_import(Call& call, const json::Object& object) {
    Arguments arguments(object);
    const auto if_in_state = arguments.text("ifInState");
    const auto* emails = arguments.object("emails");
    if (emails == nullptr)
        arguments.wrong("emails", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (emails->size() > limits::kJmapSet)
        co_return refuse("requestTooLarge");
    const auto begun = co_await begin(call, object, if_in_state);
    if (!begun)
        co_return std::unexpected(begun.error());
    SetResponse response;
    response.account = account_id(begun->owner.id);
    response.old_state = begun->state;
    for (const auto& member : *emails) {
        const std::string key(member.key().data(), member.key().size());
        auto made = co_await import_one(call, begun->owner, member.value());
        if (made) {
            call.session.created[key] = *json::text_of(*made, "id");
            response.created[key] = std::move(*made);
        } else {
            response.not_created[key] = to_json(made.error());
        }
    }
    auto whole = co_await finish(call, begun->owner, std::move(response));
    if (whole)
        for (const auto* name : {"updated", "destroyed", "notUpdated", "notDestroyed"})
            whole->erase(name);
    co_return whole;
}

Task<Outcome> import_one(Call& call, const office::Owner& owner, const json::Value& value) {
    if (!value.is_object())
        co_return refuse_property("blobId", "is missing");
    const auto& object = value.get_object();
    const auto filing = read_filing(call, object);
    if (!filing)
        co_return std::unexpected(filing.error());
    const auto blob = json::text_of(object, "blobId");
    if (!blob)
        co_return refuse_property("blobId", "is missing");
    auto bytes = co_await read_blobs(call, owner, {std::string(*blob)});
    if (!bytes)
        co_return std::unexpected(std::move(bytes).error());
    auto& message = bytes->begin()->second;
    const auto digest = mime::make_digest(message);
    if (digest.from.empty() && digest.subject.empty() && digest.message_id.empty() && !digest.date)
        co_return refuse("invalidEmail", "the blob is no message");
    co_return co_await file_message(call, owner, *filing, std::move(message));
}

} // namespace lockstep::jmap
