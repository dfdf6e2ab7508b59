// Thread/get and Thread/changes.
// Spec: RFC 8621 3. Invariants: a thread's id is that of its oldest mail, for the life of the
// thread.
#include <algorithm>

#include "base/limits.hpp"
#include "office/threads.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/methods_mail.hpp"
#include "protocols/jmap/standard.hpp"

namespace lockstep::jmap {
namespace {

const std::set<std::string, std::less<>> kThreadProperties{"id", "emailIds"};

} // namespace

Task<Outcome> thread_get(Call& call, const json::Object& object) {
    const auto owner = call.account(object);
    if (!owner)
        co_return std::unexpected(owner.error());
    Arguments arguments(object);
    auto request = read_get(call, arguments, kThreadProperties);
    if (!request)
        co_return std::unexpected(std::move(request).error());
    if (auto problem = arguments.problem())
        co_return std::unexpected(std::move(*problem));
    if (!request->ids)
        co_return refuse("requestTooLarge", "threads are asked for by id");
    std::vector<office::ConversationId> wanted;
    for (const auto& id : *request->ids)
        if (const auto number = number_of('t', id))
            wanted.emplace_back(*number);
    auto begun =
        co_await office::shelf(call.office(), call.actor(), *owner, model::ItemClass::mail);
    CO_GET(const auto shelf, std::move(begun));
    auto read =
        co_await office::read_threads(call.office(), call.actor(), *owner, std::move(wanted));
    CO_GET(const auto threads, std::move(read));
    GetResponse response{account_id(owner->id), office::text_of(shelf.items), {}, {}};
    for (const auto& id : *request->ids) {
        const auto number = number_of('t', id);
        const auto found = number ? threads.find(office::ConversationId{*number}) : threads.end();
        if (found == threads.end()) {
            response.not_found.emplace_back(id);
            continue;
        }
        json::Array mails;
        for (const auto mail : found->second)
            mails.emplace_back(item_id(mail));
        response.list.push_back(pick({{"id", id}, {"emailIds", std::move(mails)}}, *request));
    }
    co_return response.take();
}

Task<Outcome> thread_changes(Call& call, const json::Object& object) {
    co_return co_await answer_changes(
        call, object, model::ItemClass::mail, 't', office::thread_changes
    );
}

} // namespace lockstep::jmap
