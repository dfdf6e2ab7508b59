// One message after the other.
#include "protocols/imap/message_writer.hpp"

#include <algorithm>
#include <memory>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/imap/date.hpp"
#include "codec/imap/writer.hpp"
#include "codec/mime/header.hpp"
#include "protocols/imap/commands.hpp"

namespace lockstep::imap {
namespace {

using Kind = FetchItem::Kind;

bool is_whole(const FetchItem& item) {
    if (item.kind == Kind::rfc822)
        return true;
    return item.kind == Kind::section && item.section == Section{};
}

std::string_view cut(std::string_view bytes, const std::optional<FetchItem::Partial>& partial) {
    if (!partial)
        return bytes;
    if (partial->offset >= bytes.size())
        return {};
    return bytes.substr(
        static_cast<std::size_t>(partial->offset),
        static_cast<std::size_t>(std::min<std::uint64_t>(partial->length, bytes.size()))
    );
}

class MessageWriter {
public:
    MessageWriter(Session& session, const office::MailRead& mail)
        : session_(session), out_(session.out()), mail_(mail) {}

    Task<Result<>> write(const FetchRequest& request, bool flags_changed) {
        const auto uid = static_cast<std::uint32_t>(mail_.item.uid.value);
        const auto number = session_.view()->number_of(uid);
        if (number == 0)
            co_return Result<>();
        if (!mail_.item.props.empty() && (flags_changed || request.has(Kind::flags)))
            session_.tell_keywords(flags_text(mail_.item.flags, mail_.item.props));
        out_ += "* " + std::to_string(number) + " FETCH (";
        bool first = true;
        for (const auto& item : request.items) {
            if (!std::exchange(first, false))
                out_ += ' ';
            if (is_whole(item) && mail_.bytes.empty() && mail_.item.size > 0) {
                const auto streamed = co_await stream(item);
                CO_CHECK_OK(streamed);
                continue;
            }
            CO_CHECK_OK(put(item));
        }
        if (flags_changed) {
            if (!request.has(Kind::flags))
                out_ += " FLAGS " + flags_text(mail_.item.flags, mail_.item.props);
            if (!request.has(Kind::uid))
                out_ += " UID " + std::to_string(uid);
            if (session_.enabled.condstore && !request.has(Kind::modseq))
                out_ += " MODSEQ (" + std::to_string(mail_.item.modseq.value) + ")";
            session_.view()->told(uid, mail_.item.modseq);
        }
        out_ += ")\r\n";
        co_return Result<>();
    }

private:
    const mime::Message& message() {
        if (!message_)
            message_ = std::make_unique<mime::Message>(mime::parse(mail_.bytes));
        return *message_;
    }

    void put_label(std::string_view name, const FetchItem& item) {
        (out_ += name) += '[';
        put_section(out_, item.section);
        out_ += ']';
        if (item.partial)
            out_ += "<" + std::to_string(item.partial->offset) + ">";
        out_ += ' ';
    }

    void put_bytes(std::string_view bytes) {
        // Strings that are short and plain could be quoted; literals are what every client reads.
        put_literal(out_, bytes);
    }

    Result<> put_sections(const FetchItem& item) {
        if (item.kind == Kind::section) {
            put_label("BODY", item);
            if (item.section == Section{}) {
                put_plain(cut(mail_.bytes, item.partial));
                return {};
            }
            const auto bytes = section_bytes(message(), item.section);
            if (bytes)
                put_plain(cut(*bytes, item.partial));
            else
                out_ += "NIL";
            return {};
        }
        TRY(const auto bytes, binary_bytes(message(), item.section));
        if (item.kind == Kind::binary_size) {
            put_label("BINARY.SIZE", item);
            out_ += std::to_string(bytes ? bytes->size() : 0);
            return {};
        }
        put_label("BINARY", item);
        if (bytes)
            put_bytes(cut(*bytes, item.partial));
        else
            out_ += "NIL";
        return {};
    }

    /// An ordinary literal, in which there is no place for NUL (RFC 9051 4.3): a blank takes it.
    void put_plain(std::string_view bytes) {
        out_ += "{" + std::to_string(bytes.size()) + "}\r\n";
        const auto at = out_.size();
        out_ += bytes;
        if (bytes.contains('\0'))
            std::replace(out_.begin() + static_cast<std::ptrdiff_t>(at), out_.end(), '\0', ' ');
    }

    void put_row(const FetchItem& item) {
        const auto& row = mail_.item;
        switch (item.kind) {
        case Kind::flags:
            out_ += "FLAGS " + flags_text(row.flags, row.props);
            break;
        case Kind::uid:
            out_ += "UID " + std::to_string(row.uid.value);
            break;
        case Kind::internal_date:
            out_ += "INTERNALDATE \"" + format_date_time(row.received_us / 1'000'000) + "\"";
            break;
        case Kind::size:
            out_ += "RFC822.SIZE " + std::to_string(row.size);
            break;
        case Kind::modseq:
            out_ += "MODSEQ (" + std::to_string(row.modseq.value) + ")";
            break;
        case Kind::email_id:
            // The same for every copy of the same bytes (RFC 8474 5.1).
            out_ += "EMAILID (M" + base64url(row.blob) + ")";
            break;
        case Kind::thread_id:
            out_ += "THREADID ";
            out_ += mail_.conversation
                        ? "(" + object_id('T', row.owner, mail_.conversation.value) + ")"
                        : "NIL";
            break;
        case Kind::save_date:
            out_ += "SAVEDATE NIL";
            break;
        default:
            break;
        }
    }

    Result<> put(const FetchItem& item) {
        switch (item.kind) {
        case Kind::envelope:
            out_ += "ENVELOPE " + mail_.description.envelope;
            return {};
        case Kind::body:
            out_ += "BODY " + mail_.description.body;
            return {};
        case Kind::structure:
            out_ += "BODYSTRUCTURE " + mail_.description.structure;
            return {};
        case Kind::section:
        case Kind::binary:
        case Kind::binary_size:
            return put_sections(item);
        case Kind::rfc822:
            out_ += "RFC822 ";
            put_plain(mail_.bytes);
            return {};
        case Kind::rfc822_header:
            out_ += "RFC822.HEADER ";
            put_plain(std::string_view(mail_.bytes).substr(0, mime::header_length(mail_.bytes)));
            return {};
        case Kind::rfc822_text:
            out_ += "RFC822.TEXT ";
            put_plain(std::string_view(mail_.bytes).substr(mime::header_length(mail_.bytes)));
            return {};
        case Kind::preview:
            out_ += "PREVIEW ";
            put_preview();
            return {};
        default:
            put_row(item);
            return {};
        }
    }

    /// RFC 8970: UTF-8 in a quoted string where the client knows it, else a literal.
    void put_preview() {
        std::string text;
        for (const char c : mail_.digest.preview)
            text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        put_string(out_, text, session_.utf8());
    }

    /// A whole message that is not held in memory, piece by piece.
    Task<Result<>> stream(const FetchItem& item) {
        const auto size = static_cast<std::uint64_t>(mail_.item.size);
        std::uint64_t at = item.partial ? std::min(item.partial->offset, size) : 0;
        const auto end = item.partial ? at + std::min(item.partial->length, size - at) : size;
        if (item.kind == Kind::rfc822)
            out_ += "RFC822 ";
        else
            put_label("BODY", item);
        out_ += "{" + std::to_string(end - at) + "}\r\n";
        while (at < end) {
            const auto step = std::min<std::uint64_t>(end - at, limits::kBlobChunk);
            auto piece = co_await office::read_mail_bytes(session_.office(), mail_.item, at, step);
            // The literal's size is said: what cannot be kept ends the connection.
            if (!piece || piece->size() != step) {
                session_.stream().close();
                co_return fail(Code::closed, "a message could not be read to its end");
            }
            std::ranges::replace(*piece, '\0', ' ');
            out_ += *piece;
            at += step;
            const auto flushed = co_await session_.flush();
            CO_CHECK_OK(flushed);
        }
        co_return Result<>();
    }

    Session& session_;
    std::string& out_;
    const office::MailRead& mail_;
    std::unique_ptr<mime::Message> message_;
};

} // namespace

bool reads_whole_only(const FetchRequest& request) {
    return std::ranges::none_of(request.items, [](const FetchItem& item) {
        const bool reads = item.kind == Kind::section || item.kind == Kind::binary ||
                           item.kind == Kind::binary_size || item.kind == Kind::rfc822 ||
                           item.kind == Kind::rfc822_header || item.kind == Kind::rfc822_text;
        return reads && !is_whole(item);
    });
}

Task<Result<>> write_message(
    Session& session, const FetchRequest& request, const office::MailRead& mail, bool flags_changed
) {
    MessageWriter writer(session, mail);
    co_return co_await writer.write(request, flags_changed);
}

} // namespace lockstep::imap
