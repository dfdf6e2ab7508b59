// EmailSubmission/get, changes, query, queryChanges and set.
// Spec: RFC 8621 7. Invariants: what was sent cannot be taken back: undoStatus is "final".
#include <algorithm>

#include "codec/json/date.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/methods_submission.hpp"
#include "protocols/jmap/standard.hpp"
#include "protocols/jmap/submission.hpp"

namespace lockstep::jmap {
namespace {

using Records = std::vector<office::SubmissionRecord>;

const std::set<std::string, std::less<>> kSubmissionProperties{
    "id",     "identityId", "emailId",        "threadId",   "envelope",
    "sendAt", "undoStatus", "deliveryStatus", "dsnBlobIds", "mdnBlobIds"
};

/// Submissions are a person's own: other accounts have none.
Task<std::expected<Records, MethodError>> records_of(Call& call, const office::Owner& owner) {
    if (!owner.own)
        co_return Records();
    auto read = co_await office::submissions(call.office(), call.actor());
    CO_GET(auto all, std::move(read));
    co_return all;
}

bool meets_condition(const json::Object& condition, const json::Object& shown) {
    for (const auto& member : condition) {
        const std::string_view name(member.key().data(), member.key().size());
        if (name == "before" || name == "after") {
            const auto bound = json::parse_utc_date(
                member.value().is_string() ? json::view(member.value().get_string()) : ""
            );
            const auto at = json::parse_utc_date(*json::text_of(shown, "sendAt"));
            if (!bound || (name == "before" ? *at >= *bound : *at < *bound))
                return false;
            continue;
        }
        const auto property = name == "undoStatus" ? "undoStatus" : name.substr(0, name.size() - 1);
        if (name == "undoStatus") {
            if (shown.at("undoStatus") != member.value())
                return false;
        } else if (!member.value().is_array() ||
                   std::ranges::find(member.value().get_array(), *json::find(shown, property)) ==
                       member.value().get_array().end()) {
            return false;
        }
    }
    return true;
}

std::optional<MethodError> check_filter(const json::Object* filter) {
    const std::set<std::string_view> known{"identityIds", "emailIds", "threadIds",
                                           "undoStatus",  "before",   "after"};
    if (filter != nullptr)
        for (const auto& member : *filter)
            if (!known.contains({member.key().data(), member.key().size()}))
                return MethodError{"unsupportedFilter", {}, {}};
    return std::nullopt;
}

/// The Email/set that follows a success (RFC 8621 7.5), and its response.
Task<void> update_mail(
    Call& call, const json::Object& object, const std::map<std::string, std::string>& mails
) {
    json::Object update;
    json::Array destroy;
    const auto mail_of = [&](std::string_view key) {
        const auto found = mails.find(std::string(key));
        return found == mails.end() ? std::string() : found->second;
    };
    if (const auto* wishes = json::find(object, "onSuccessUpdateEmail");
        wishes != nullptr && wishes->is_object())
        for (const auto& member : wishes->get_object())
            if (const auto id = mail_of({member.key().data(), member.key().size()}); !id.empty())
                update[id] = member.value();
    if (const auto* wishes = json::find(object, "onSuccessDestroyEmail");
        wishes != nullptr && wishes->is_array())
        for (const auto& each : wishes->get_array())
            if (const auto id =
                    each.is_string() ? mail_of(json::view(each.get_string())) : std::string();
                !id.empty())
                destroy.emplace_back(id);
    if (update.empty() && destroy.empty())
        co_return;
    const json::Object arguments{
        {"accountId", object.at("accountId")}, {"update", update}, {"destroy", destroy}
    };
    auto done = co_await email_set(call, arguments);
    if (done)
        call.more.push_back({"Email/set", std::move(*done), call.id});
    else
        call.more.push_back({"error", to_json(done.error()), call.id});
}

} // namespace

Task<Outcome> submission_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kSubmissionProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    const auto all = co_await records_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    std::vector<json::Object> shown;
    for (const auto& each : *all)
        shown.push_back(submission_object(each));
    co_return answer_few(*request, account_id(owner->id), submission_state(*all), std::move(shown));
}

Task<Outcome> submission_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    const auto request = read_changes(object);
    if (!request)
        co_return std::unexpected(request.error());
    const auto all = co_await records_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    // A state is a hash of all that were there: one of those that began the list tells what came.
    json::Array created;
    Records before;
    bool known = request->since == submission_state(before);
    for (const auto& each : *all) {
        if (known)
            created.emplace_back(each.id);
        before.push_back(each);
        if (!known)
            known = request->since == submission_state(before);
    }
    if (!known || (request->most && created.size() > *request->most))
        co_return refuse("cannotCalculateChanges");
    co_return json::Object{
        {"accountId", account_id(owner->id)}, {"oldState", request->since},
        {"newState", submission_state(*all)}, {"hasMoreChanges", false},
        {"created", std::move(created)},      {"updated", json::Array()},
        {"destroyed", json::Array()},
    };
}

Task<Outcome> submission_query(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto page = read_page(arguments);
    const auto* filter = arguments.object("filter");
    const auto* sort = arguments.array("sort");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (auto problem = check_filter(filter))
        co_return std::unexpected(std::move(*problem));
    bool descending = false;
    if (sort != nullptr && !sort->empty()) {
        const auto& first = sort->front();
        const auto property =
            first.is_object() ? json::text_of(first.get_object(), "property") : std::nullopt;
        if (property != "sentAt" && property != "sendAt" && property != "emailId" &&
            property != "threadId")
            co_return refuse("unsupportedSort");
        const auto* ascending = json::find(first.get_object(), "isAscending");
        descending = ascending != nullptr && *ascending == json::Value(false);
    }
    const auto all = co_await records_of(call, *owner);
    if (!all)
        co_return std::unexpected(all.error());
    std::vector<std::string> ids;
    for (const auto& each : *all)
        if (filter == nullptr || meets_condition(*filter, submission_object(each)))
            ids.push_back(each.id);
    if (descending)
        std::ranges::reverse(ids);
    auto out = cut_page(page, ids);
    if (!out)
        co_return out;
    (*out)["accountId"] = account_id(owner->id);
    (*out)["queryState"] = submission_state(*all);
    (*out)["canCalculateChanges"] = false;
    co_return out;
}

Task<Outcome> submission_query_changes(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    co_return refuse("cannotCalculateChanges");
}

Task<Outcome> submission_set(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_set(call, arguments);
    static_cast<void>(arguments.object("onSuccessUpdateEmail"));
    static_cast<void>(arguments.array("onSuccessDestroyEmail"));
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (!owner->own)
        co_return refuse("accountReadOnly");
    const auto before = co_await records_of(call, *owner);
    if (!before)
        co_return std::unexpected(before.error());
    SetResponse response;
    response.account = account_id(owner->id);
    response.old_state = submission_state(*before);
    if (request->if_in_state && *request->if_in_state != response.old_state)
        co_return refuse("stateMismatch");
    std::map<std::string, std::string> mails; // "#key" or id of the submission, to the mail's id
    for (const auto& [key, submission] : request->create) {
        const auto sent = co_await send_submission(call, submission);
        if (!sent) {
            response.not_created[key] = to_json(sent.error());
            continue;
        }
        call.session.created[key] = sent->id;
        mails["#" + key] = mails[sent->id] = item_id(sent->mail);
        auto whole = submission_object(*sent);
        for (const auto* given : {"identityId", "emailId"})
            whole.erase(given);
        response.created[key] = std::move(whole);
    }
    for (const auto& [id, patch] : request->update) {
        const bool there =
            std::ranges::find(*before, id, &office::SubmissionRecord::id) != before->end();
        response.not_updated[request->shown.at(id)] =
            to_json(there ? MethodError{"cannotUnsend", {}, {}} : MethodError{"notFound", {}, {}});
    }
    for (const auto& id : request->destroy) {
        const auto gone = co_await office::forget_submission(call.office(), call.actor(), id);
        if (gone)
            response.destroyed.emplace_back(request->shown.at(id));
        else
            response.not_destroyed[request->shown.at(id)] = to_json(set_error(gone.error()));
    }
    const auto after = co_await records_of(call, *owner);
    if (!after)
        co_return std::unexpected(after.error());
    co_await update_mail(call, object, mails);
    co_return response.take(submission_state(*after));
}

} // namespace lockstep::jmap
