// shareWith: what an owner lets others do with a folder.
// Spec: RFC 9670 4. Invariants: the office decides; a right that the words cannot say exactly is
// given as the next smaller one.
#include "protocols/jmap/folder_kind.hpp"
#include "protocols/jmap/ids.hpp"

namespace lockstep::jmap {
namespace {

std::string principal_of(model::AccountId account) { return numbered('p', account.value); }

MethodError share_error(const Error& error) {
    if (error.code == Code::not_found || error.code == Code::bad_value)
        return invalid_properties("shareWith", "names somebody who cannot be shared with");
    return set_error(error);
}

} // namespace

Task<Result<json::Value>> share_with(
    Call& call, const office::Owner& owner, model::CollectionId folder,
    json::Object (*rights)(model::Right right, bool fixed)
) {
    if (owner.right_on(folder) < model::Right::own)
        co_return json::Value(nullptr);
    CO_TRY(
        const auto grants,
        co_await office::list_grants(call.office(), call.actor(), owner.id, folder)
    );
    json::Object out;
    for (const auto& grant : grants)
        out[principal_of(grant.grantee.id)] = rights(grant.right, false);
    co_return out.empty() ? json::Value(nullptr) : json::Value(std::move(out));
}

Task<std::optional<MethodError>> set_share_with(
    Call& call, const office::Owner& owner, model::CollectionId folder, const json::Object& patch,
    json::Object (*rights)(model::Right right, bool fixed),
    model::Right (*right_of)(const json::Object& rights)
) {
    json::Object mine;
    for (const auto& member : patch)
        if (member.key() == "shareWith" || member.key().starts_with("shareWith/"))
            mine[member.key()] = member.value();
    if (mine.empty())
        co_return std::nullopt;
    if (owner.right_on(folder) < model::Right::own)
        co_return MethodError{"forbidden", "the folder is not yours to share", {}};
    const auto before = co_await share_with(call, owner, folder, rights);
    if (!before)
        co_return share_error(before.error());
    const json::Object base{{"shareWith", before->is_null() ? json::Value(json::Object()) : *before}
    };
    const auto after = apply_patch(base, mine);
    if (!after)
        co_return after.error();
    const auto* wanted = json::find(*after, "shareWith");
    const json::Object nobody;
    if (wanted != nullptr && !wanted->is_object())
        co_return invalid_properties("shareWith", "is no map of rights");
    const auto& now = wanted != nullptr ? wanted->get_object() : nobody;
    const auto& was = base.at("shareWith").get_object();
    for (const auto& member : now) {
        const auto who = number_of('p', {member.key().data(), member.key().size()});
        if (!who || !member.value().is_object() || *who == owner.id.value)
            co_return invalid_properties("shareWith", "names nobody, or no rights");
        if (const auto* old = was.if_contains(member.key()); old && *old == member.value())
            continue;
        const auto right = right_of(member.value().get_object());
        const auto done = co_await office::grant(
            call.office(), call.actor(), owner.id, folder, model::AccountId{*who}, right
        );
        if (!done)
            co_return share_error(done.error());
    }
    for (const auto& member : was) {
        const auto who = number_of('p', {member.key().data(), member.key().size()});
        if (now.contains(member.key()) || !who)
            continue;
        const auto done = co_await office::revoke(
            call.office(), call.actor(), owner.id, folder, model::AccountId{*who}
        );
        if (!done && done.error().code != Code::not_found)
            co_return share_error(done.error());
    }
    co_return std::nullopt;
}

} // namespace lockstep::jmap
