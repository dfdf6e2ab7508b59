// Reading and writing of the away reply. What a Set leaves out stays as it is.
#include "protocols/activesync/settings_oof.hpp"

#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "office/away.hpp"

namespace lockstep::activesync {
namespace {

namespace s = wbxml::settings;
using office::Away;
using office::AwayReply;
using office::AwayState;

enum OofStatus : int { kOofOk = 1, kOofProtocol = 2, kOofArguments = 5, kOofConflicting = 6 };

struct OofAudience {
    wbxml::Tag tag;
    AwayReply Away::* reply;
};
constexpr OofAudience kOofAudiences[] = {
    {s::AppliesToInternal, &Away::internal},
    {s::AppliesToExternalKnown, &Away::known},
    {s::AppliesToExternalUnknown, &Away::unknown},
};

/// "Text" or "HTML"; none for anything else.
std::optional<bool> is_html(std::string_view body_type) {
    if (iequals(trim(body_type), "HTML"))
        return true;
    if (iequals(trim(body_type), "TEXT"))
        return false;
    return std::nullopt;
}

int read_oof_message(const wbxml::Node& message, Away& away, std::set<wbxml::Tag>& seen) {
    const OofAudience* audience = nullptr;
    for (const auto& each : kOofAudiences)
        if (message.has(each.tag)) {
            // Who is meant is said once.
            if (audience != nullptr)
                return kOofConflicting;
            audience = &each;
        }
    if (audience == nullptr)
        return kOofProtocol;
    if (!seen.insert(audience->tag).second)
        return kOofConflicting;
    auto& reply = away.*audience->reply;
    if (const auto* enabled = message.find(s::Enabled)) {
        const auto text = trim(enabled->text);
        if (text != "0" && text != "1")
            return kOofArguments;
        reply.enabled = text == "1";
    }
    if (const auto* text = message.find(s::ReplyMessage)) {
        const auto html = is_html(message.text_of(s::BodyType));
        if (!html)
            return kOofArguments;
        reply.html = *html;
        reply.text = replace_all(text->text, "\r\n", "\n");
        if (reply.text.size() > limits::kAwayText)
            return kOofArguments;
    }
    return kOofOk;
}

/// The request over what was set before; the Status in case of an error.
std::expected<Away, int> read_oof(const wbxml::Node& set, Away away) {
    const auto* start = set.find(s::StartTime);
    const auto* end = set.find(s::EndTime);
    if ((start == nullptr) != (end == nullptr))
        return std::unexpected(kOofProtocol);
    if (const auto* state = set.find(s::OofState)) {
        const auto number = parse_int<int>(trim(state->text));
        if (!number || *number < 0 || *number > 2)
            return std::unexpected(kOofArguments);
        away.state = static_cast<AwayState>(*number);
    }
    if (start != nullptr) {
        const auto from = eas::parse_wire_date(trim(start->text));
        const auto until = eas::parse_wire_date(trim(end->text));
        if (!from || !until)
            return std::unexpected(kOofArguments);
        away.from_us = *from * 1'000'000;
        away.until_us = *until * 1'000'000;
    }
    if (away.state == AwayState::timed && away.until_us <= away.from_us)
        return std::unexpected(kOofArguments);
    std::set<wbxml::Tag> seen;
    std::size_t messages = 0;
    for (const auto& message : set.all(s::OofMessage)) {
        if (++messages > std::size(kOofAudiences))
            return std::unexpected(kOofConflicting);
        if (const int status = read_oof_message(message, away, seen); status != kOofOk)
            return std::unexpected(status);
    }
    return away;
}

Task<Result<int>> set_oof(Exchange& exchange, const wbxml::Node& set) {
    std::function<Result<int>(office::Txn&)> work =
        [set, account = exchange.actor.account.id](office::Txn& txn) -> Result<int> {
        const auto away = read_oof(set, office::read_away(txn, account));
        if (!away)
            return away.error();
        const auto written = office::write_away(txn, account, *away);
        return written ? kOofOk : kOofArguments;
    };
    co_return co_await exchange.office().db.write<int>(exchange.actor.account.id, std::move(work));
}

void write_oof(wbxml::Writer& out, const Away& away, bool html) {
    out.open(s::Get);
    out.element(s::OofState, static_cast<int>(away.state));
    if (away.state == AwayState::timed) {
        out.element(s::StartTime, eas::iso_date(away.from_us / 1'000'000));
        out.element(s::EndTime, eas::iso_date(away.until_us / 1'000'000));
    }
    for (const auto& audience : kOofAudiences) {
        const auto& reply = away.*audience.reply;
        out.open(s::OofMessage);
        out.empty(audience.tag);
        out.element(s::Enabled, reply.enabled);
        if (!reply.text.empty()) {
            const auto text = html ? office::html_text(reply) : office::plain_text(reply);
            out.element(s::ReplyMessage, replace_all(text, "\n", "\r\n"));
            out.element(s::BodyType, html ? "HTML" : "Text");
        }
        out.close();
    }
    out.close();
}

} // namespace

Task<Result<>> answer_oof(Exchange& exchange, wbxml::Writer& out, const wbxml::Node& request) {
    const auto* get = request.find(s::Get);
    const auto* set = request.find(s::Set);
    const auto html = get != nullptr ? is_html(get->text_of(s::BodyType)) : std::nullopt;
    int status = kOofOk;
    if ((get == nullptr) == (set == nullptr))
        status = kOofProtocol;
    else if (get != nullptr && !html)
        status = get->has(s::BodyType) ? kOofArguments : kOofProtocol;
    else if (set != nullptr) {
        CO_TRY(status, co_await set_oof(exchange, *set));
    }
    Away away;
    if (status == kOofOk && get != nullptr) {
        std::function<Result<Away>(office::Snapshot&)> work =
            [account = exchange.actor.account.id](office::Snapshot& snapshot) -> Result<Away> {
            return office::read_away(snapshot, account);
        };
        CO_TRY(
            away,
            co_await exchange.office().db.read<Away>(exchange.actor.account.id, std::move(work))
        );
    }
    out.open(s::Oof);
    out.element(s::Status, status);
    if (status == kOofOk && get != nullptr)
        write_oof(out, away, *html);
    out.close();
    co_return Result<>();
}

} // namespace lockstep::activesync
