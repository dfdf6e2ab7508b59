// SearchSnippet/get: where the words of a filter stand in a mail.
// Spec: RFC 8621 5.
#include "office/search_snippet.hpp"

#include "base/limits.hpp"
#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

json::Value or_null(const std::optional<std::string>& text) {
    return text ? json::Value(*text) : json::Value(nullptr);
}

} // namespace

Task<Outcome> search_snippet_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    const auto* filter = arguments.object("filter");
    const auto ids = arguments.ids("emailIds");
    if (!ids)
        arguments.wrong("emailIds", "is missing");
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (ids->size() > limits::kJmapGet)
        co_return refuse("requestTooLarge");
    office::Condition condition;
    if (filter != nullptr) {
        auto read = read_email_filter(call, *filter);
        if (!read)
            co_return std::unexpected(std::move(read).error());
        condition = std::move(*read);
    }
    json::Array list, not_found;
    for (const auto& id : *ids) {
        const auto mail = parse_item_id(call.resolve(id));
        Result<office::Snippet> snippet = fail(Code::not_found, "no such mail");
        if (mail)
            snippet = co_await office::make_snippet(
                call.office(), call.actor(), *owner, *mail, condition
            );
        if (!snippet && snippet.error().code != Code::not_found)
            co_return std::unexpected(method_error(snippet.error()));
        if (!snippet)
            not_found.emplace_back(id);
        else
            list.push_back(json::Object{
                {"emailId", id},
                {"subject", or_null(snippet->subject)},
                {"preview", or_null(snippet->preview)},
            });
    }
    co_return json::Object{
        {"accountId", account_id(owner->id)},
        {"list", std::move(list)},
        {"notFound", not_found.empty() ? json::Value(nullptr) : json::Value(std::move(not_found))},
    };
}

} // namespace lockstep::jmap
