// Challenges.
#include "office/challenge.hpp"

#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "codec/proof/dmarc.hpp"
#include "office/detained.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

const std::string kChallengeName = "challenge";
constexpr std::int64_t kOnceDays = 3'650;

} // namespace

Task<Result<bool>> challenges(Office& office, model::AccountId account) {
    std::function<Result<bool>(store::Snapshot&)> work = [account](store::Snapshot& snapshot
                                                         ) -> Result<bool> {
        return store::find_setting(snapshot, account, {}, kChallengeName).has_value();
    };
    auto found = co_await office.db.read<bool>(account, std::move(work));
    co_return found;
}

Task<Result<>> set_challenges(Office& office, model::AccountId account, bool on) {
    std::function<Result<bool>(store::Txn&)> work = [account, on](store::Txn& txn) -> Result<bool> {
        if (on)
            store::put_setting(txn, account, {}, kChallengeName, "on");
        else
            store::drop_setting(txn, account, {}, kChallengeName);
        return true;
    };
    const auto done = co_await office.db.write<bool>(account, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

bool passes_dmarc(const Letter& letter, std::string_view hostname) {
    const mime::Headers headers(letter.header);
    for (const auto& field : headers.fields())
        if (iequals(field.name, "Authentication-Results") &&
            proof::server_of_results(field.value) == lower(hostname))
            return field.value.contains("dmarc=pass");
    return false;
}

void challenge_sender(
    store::Txn& txn, Office& office, const Addressee& addressee, const Letter& letter
) {
    const auto& account = addressee.account;
    if (!passes_dmarc(letter, office.hostname()) ||
        !store::find_setting(txn, account.id, {}, kChallengeName))
        return;
    AutoReply reply;
    reply.subject = "Your message waits: " + letter.digest.subject;
    reply.text = "Your message to " + account.address +
                 " has arrived. It is the first one from you, so it waits until its reader lets "
                 "it in.\r\nThere is nothing that you need to do. If it is never let in, it is "
                 "deleted after " +
                 std::to_string(detain_settings(txn, account.id).days) + " days.\r\n";
    reply.cause = "challenge";
    reply.days = kOnceDays;
    reply.named = addressee.named;
    reply_automatically(txn, office, addressee, letter, reply);
}

} // namespace lockstep::office
