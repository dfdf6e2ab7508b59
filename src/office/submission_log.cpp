// Records as packed settings.
#include "office/submission_log.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr const char* kSubmissionScope = "submissions";
constexpr std::size_t kSubmissions = 500; ///< records kept of one account

std::string pack(const SubmissionRecord& record) {
    Packer out;
    out.number(1); // version
    out.integer(record.mail.value);
    out.integer(record.conversation);
    out.text(record.identity);
    out.text(record.from);
    out.number(record.to.size());
    for (const auto& each : record.to)
        out.text(each);
    out.integer(record.sent_us);
    return base64(out.take());
}

std::optional<SubmissionRecord> unpack_record(const std::string& id, std::string_view text) {
    const auto bytes = unbase64(text);
    if (!bytes)
        return std::nullopt;
    Unpacker in(*bytes);
    if (in.number() != 1)
        return std::nullopt;
    SubmissionRecord record;
    record.id = id;
    record.mail = model::ItemId{in.integer()};
    record.conversation = in.integer();
    record.identity = in.text();
    record.from = in.text();
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i)
        record.to.emplace_back(in.text());
    record.sent_us = in.integer();
    return in.ok() ? std::optional(std::move(record)) : std::nullopt;
}

} // namespace

Task<Result<SubmissionRecord>>
log_submission(Office& office, const Actor& actor, SubmissionRecord record) {
    record.sent_us = office.clock.now_us();
    std::function<Result<SubmissionRecord>(store::Txn&)> work =
        [account = actor.account.id, record](store::Txn& txn) -> Result<SubmissionRecord> {
        auto made = record;
        const auto all = store::list_settings(txn, account, kSubmissionScope);
        for (std::size_t i = 0; i + kSubmissions <= all.size(); ++i)
            store::drop_setting(txn, account, kSubmissionScope, all[i].first);
        // Two of one microsecond are told apart.
        auto number = made.sent_us;
        made.id = fmt::format("s{:018}", number);
        while (store::find_setting(txn, account, kSubmissionScope, made.id))
            made.id = fmt::format("s{:018}", ++number);
        store::put_setting(txn, account, kSubmissionScope, made.id, pack(made));
        return made;
    };
    co_return co_await office.db.write<SubmissionRecord>(actor.account.id, std::move(work));
}

Task<Result<std::vector<SubmissionRecord>>> submissions(Office& office, const Actor& actor) {
    using All = std::vector<SubmissionRecord>;
    std::function<Result<All>(store::Snapshot&)> work =
        [account = actor.account.id](store::Snapshot& snapshot) -> Result<All> {
        All all;
        for (const auto& [id, text] : store::list_settings(snapshot, account, kSubmissionScope))
            if (auto record = unpack_record(id, text))
                all.push_back(std::move(*record));
        return all;
    };
    co_return co_await office.db.read<All>(actor.account.id, std::move(work));
}

Task<Result<>> forget_submission(Office& office, const Actor& actor, std::string id) {
    std::function<Result<bool>(store::Txn&)> work = [account = actor.account.id,
                                                     id](store::Txn& txn) -> Result<bool> {
        if (!store::find_setting(txn, account, kSubmissionScope, id))
            return fail(Code::not_found, "no such submission");
        store::drop_setting(txn, account, kSubmissionScope, id);
        return true;
    };
    const auto done = co_await office.db.write<bool>(actor.account.id, std::move(work));
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<>();
}

} // namespace lockstep::office
