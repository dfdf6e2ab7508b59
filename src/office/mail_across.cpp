// Copies bytes and marks; ids are the other account's own.
#include "office/mail_across.hpp"

#include "base/limits_imap.hpp"
#include "office/mail_view.hpp"

namespace lockstep::office {
namespace {

/// A mail made ready for the other account.
Task<Result<PreparedMail>> prepare_copy(Office& office, const MailRead& mail) {
    const auto spool = std::make_shared<Spool>(office);
    CO_CHECK_OK(spool->append(mail.bytes));
    CO_TRY(auto copy, co_await prepare_mail(office, spool));
    copy.keywords = keywords_of(mail.item.flags, unpack_mail_props(mail.item.props));
    copy.deleted = (mail.item.flags & model::flag::deleted) != 0;
    copy.received_us = mail.item.received_us;
    co_return copy;
}

} // namespace

Task<Result<Copied>> copy_across(
    Office& office, const Actor& actor, const Folder& from, std::vector<std::uint32_t> uids,
    const Folder& to, std::shared_ptr<RecentCopies> recent
) {
    if (uids.size() > limits::kImapAppends)
        co_return fail(Code::too_large, "too many mails at once for another account");
    Copied copied;
    std::vector<PreparedMail> copies;
    MailWanted wanted;
    wanted.bytes_most = UINT64_MAX;
    while (!uids.empty()) {
        CO_TRY(const auto batch, co_await read_mails(office, from, uids, wanted));
        for (const auto& mail : batch.mails) {
            CO_TRY(auto copy, co_await prepare_copy(office, mail));
            copies.push_back(std::move(copy));
            copied.from.push_back(static_cast<std::uint32_t>(mail.item.uid.value));
        }
        uids.erase(uids.begin(), uids.begin() + static_cast<std::ptrdiff_t>(batch.consumed));
    }
    if (copies.empty())
        co_return copied;
    CO_TRY(copied.to, co_await append_mails(office, actor, to, std::move(copies), recent));
    co_return copied;
}

} // namespace lockstep::office
