// Away replies as settings of the account.
#include "office/away.hpp"

#include "base/limits.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "codec/mime/html.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr std::uint64_t kAwayForm = 1;
const std::string kAwayName = "away";

void pack_reply(Packer& out, const AwayReply& reply) {
    out.number(reply.enabled ? 1 : 0);
    out.number(reply.html ? 1 : 0);
    out.text(reply.text);
}

AwayReply unpack_reply(Unpacker& in) {
    AwayReply reply;
    reply.enabled = in.number() != 0;
    reply.html = in.number() != 0;
    reply.text = in.text();
    return reply;
}

} // namespace

Away read_away(store::Snapshot& snapshot, model::AccountId account) {
    const auto kept = store::find_setting(snapshot, account, {}, kAwayName);
    if (!kept)
        return {};
    Unpacker in(*kept);
    Away away;
    const auto form = in.number();
    const auto state = in.number();
    away.from_us = in.integer();
    away.until_us = in.integer();
    away.generation = in.integer();
    away.internal = unpack_reply(in);
    away.known = unpack_reply(in);
    away.unknown = unpack_reply(in);
    if (!in.at_end())
        away.subject = in.text();
    if (form != kAwayForm || state > 2 || !in.ok())
        return {};
    away.state = static_cast<AwayState>(state);
    return away;
}

Result<> write_away(store::Txn& txn, model::AccountId account, Away away) {
    for (const auto* reply : {&away.internal, &away.known, &away.unknown})
        if (reply->text.size() > limits::kAwayText)
            return fail(Code::bad_value, "the away reply is too long");
    if (away.state != AwayState::timed)
        away.from_us = away.until_us = 0;
    else if (away.until_us <= away.from_us)
        return fail(Code::bad_value, "the absence ends before it begins");
    const auto before = read_away(txn, account);
    away.generation = before.generation;
    if (away == before)
        return {};
    away.generation += 1;
    Packer out;
    out.number(kAwayForm);
    out.number(static_cast<std::uint64_t>(away.state));
    out.integer(away.from_us);
    out.integer(away.until_us);
    out.integer(away.generation);
    pack_reply(out, away.internal);
    pack_reply(out, away.known);
    pack_reply(out, away.unknown);
    out.text(away.subject);
    store::put_setting(txn, account, {}, kAwayName, out.take());
    return {};
}

bool is_away(const Away& away, std::int64_t now_us) {
    switch (away.state) {
    case AwayState::off:
        return false;
    case AwayState::on:
        return true;
    case AwayState::timed:
        return now_us >= away.from_us && now_us < away.until_us;
    }
    return false;
}

std::string plain_text(const AwayReply& reply) {
    if (!reply.html)
        return reply.text;
    const auto text = replace_all(mime::html_to_text(reply.text, limits::kAwayText), "\r\n", "\n");
    return std::string(trim(text));
}

std::string html_text(const AwayReply& reply) {
    return reply.html ? reply.text : mime::text_to_html(reply.text);
}

} // namespace lockstep::office
