// Mail that waits for other servers: list, show, retry, hold, release, drop.
#include <fmt/format.h>

#include "base/text.hpp"
#include "office/outgoing.hpp"
#include "protocols/admin/commands.hpp"
#include "protocols/admin/values.hpp"

namespace lockstep::admin {
namespace {

constexpr std::size_t kShownMessages = 10'000;

struct QueuePlace {
    model::AccountId account;
    std::int64_t id = 0;
};

/// "account-message", as listed.
std::string place_text(const store::QueuedMessage& message) {
    return fmt::format("{}-{:x}", message.account.value, message.id);
}

Result<QueuePlace> place_of(std::string_view text) {
    const auto dash = text.find('-');
    const auto account = parse_int(text.substr(0, dash));
    QueuePlace place;
    if (account && dash != std::string_view::npos) {
        const auto digits = text.substr(dash + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), place.id, 16);
        if (error == std::errc{} && end == digits.data() + digits.size() && !digits.empty()) {
            place.account = model::AccountId{*account};
            return place;
        }
    }
    return fail(Code::bad_value, fmt::format("'{}' is no message of the queue", text));
}

Result<office::Office*> office_of(const Lent& lent) {
    if (lent.office == nullptr)
        return fail(Code::unsupported, "the queue is not offered here");
    return lent.office;
}

std::string next_text(const store::QueuedMessage& message, const store::QueuedRecipient& rcpt) {
    return message.held ? "held" : time_text(rcpt.next_us);
}

} // namespace

Task<Result<Answer>> Commands::queue_list(const Request&) {
    CO_TRY(auto* const office, office_of(lent_));
    CO_TRY(const auto all, co_await office::list_outgoing(*office, kShownMessages));
    Answer answer{"", {"message", "sender", "recipient", "size", "since", "tries", "next"}, {}};
    for (const auto& entry : all)
        for (const auto& rcpt : entry.recipients)
            answer.rows.push_back(
                {place_text(entry.message), entry.message.sender, rcpt.address, entry.message.size,
                 time_text(entry.message.created_us), rcpt.attempts, next_text(entry.message, rcpt)}
            );
    co_return answer;
}

Task<Result<Answer>> Commands::queue_show(const Request& request) {
    CO_TRY(auto* const office, office_of(lent_));
    CO_TRY(const auto place, place_of(request.arg("message")));
    CO_TRY(const auto entry, co_await office::find_outgoing(*office, place.account, place.id));
    Answer answer{"", {"recipient", "tries", "next", "answer"}, {}};
    for (const auto& rcpt : entry.recipients)
        answer.rows.push_back(
            {rcpt.address, rcpt.attempts, next_text(entry.message, rcpt), rcpt.reply}
        );
    answer.text = fmt::format(
        "From <{}>, {} bytes, since {}.", entry.message.sender, entry.message.size,
        time_text(entry.message.created_us)
    );
    co_return answer;
}

Task<Result<Answer>> Commands::queue_retry(const Request& request) {
    CO_TRY(auto* const office, office_of(lent_));
    CO_TRY(const auto place, place_of(request.arg("message")));
    CO_CHECK_OK(co_await office::retry_outgoing(*office, place.account, place.id));
    co_return Answer{"The message is tried again now, unless it is held.", {}, {}};
}

Task<Result<Answer>> Commands::queue_hold(const Request& request) {
    CO_TRY(auto* const office, office_of(lent_));
    CO_TRY(const auto place, place_of(request.arg("message")));
    CO_CHECK_OK(co_await office::hold_outgoing(*office, place.account, place.id, true));
    co_return Answer{"The message waits until it is released.", {}, {}};
}

Task<Result<Answer>> Commands::queue_release(const Request& request) {
    CO_TRY(auto* const office, office_of(lent_));
    CO_TRY(const auto place, place_of(request.arg("message")));
    CO_CHECK_OK(co_await office::hold_outgoing(*office, place.account, place.id, false));
    co_return Answer{"The message goes on.", {}, {}};
}

Task<Result<Answer>> Commands::queue_drop(const Request& request) {
    CO_TRY(auto* const office, office_of(lent_));
    CO_TRY(const auto place, place_of(request.arg("message")));
    const bool silent = request.arg("silent") == "true";
    CO_CHECK_OK(co_await office::drop_outgoing(*office, place.account, place.id, silent));
    co_return Answer{
        silent ? "The message is gone." : "The message is gone; its sender was told.", {}, {}
    };
}

} // namespace lockstep::admin
