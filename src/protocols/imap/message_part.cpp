// Reads parts of messages by their URLs.
#include "protocols/imap/message_part.hpp"

#include <algorithm>

#include "codec/mime/message.hpp"
#include "office/mail_view.hpp"
#include "office/mailboxes.hpp"

namespace lockstep::imap {
namespace {

Task<Result<office::Folder>> folder_of_url(Session& session, std::string mailbox) {
    if (!mailbox.empty())
        co_return co_await office::open_mailbox(
            session.office(), session.actor(), std::move(mailbox), model::Right::read
        );
    if (session.view() == nullptr)
        co_return fail(Code::not_found, "no mailbox is selected");
    co_return session.view()->folder();
}

} // namespace

Task<Result<std::string>> read_message_url(Session& session, std::string text) {
    CO_TRY(const auto url, parse_message_url(text));
    CO_TRY(const auto folder, co_await folder_of_url(session, url.mailbox));
    if (url.uidvalidity && folder.collection.uidvalidity != *url.uidvalidity)
        co_return fail(Code::not_found, "another uidvalidity");
    office::MailWanted wanted;
    wanted.bytes_most = UINT64_MAX;
    CO_TRY(auto batch, co_await office::read_mails(session.office(), folder, {url.uid}, wanted));
    if (batch.mails.empty())
        co_return fail(Code::not_found, "no such message");
    auto bytes = std::move(batch.mails.front().bytes);
    if (url.section != Section{}) {
        const auto message = mime::parse(bytes);
        const auto part = section_bytes(message, url.section);
        if (!part)
            co_return fail(Code::not_found, "no such part");
        std::string copy(*part);
        bytes = std::move(copy);
    }
    if (url.partial) {
        const auto offset = std::min<std::uint64_t>(url.partial->offset, bytes.size());
        const auto length = url.partial->length == 0 ? std::string::npos : url.partial->length;
        bytes = bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
    }
    co_return bytes;
}

} // namespace lockstep::imap
