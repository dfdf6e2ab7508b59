// Evaluates search programs.
#include "protocols/imap/search_match.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/message.hpp"
#include "codec/mime/transfer.hpp"
#include "office/keywords.hpp"

namespace lockstep::imap {
namespace {

using SearchKind = SearchNode::Kind;

constexpr std::int64_t kDayUs = std::int64_t{86'400} * 1'000'000;

std::int64_t day_of(std::int64_t us) { return us >= 0 ? us / kDayUs : (us - kDayUs + 1) / kDayUs; }

bool has_flag(const model::Item& item, std::string_view name) {
    if (name == "\\deleted")
        return (item.flags & model::flag::deleted) != 0;
    if (name.starts_with('\\'))
        return office::keywords_of(item.flags, {}).contains("$" + std::string(name.substr(1)));
    return office::keywords_of(item.flags, office::unpack_mail_props(item.props))
        .contains(std::string(name));
}

std::string fold(std::string_view text) { return mime::casemap(text); }

/// Every header field, decoded, one a line; those of the parts too.
std::string decoded_header(std::string_view block) {
    std::string out;
    const mime::Headers headers(block);
    for (const auto& field : headers.fields()) {
        out += field.name;
        out += ": ";
        out += mime::decode_text(field.value);
        out += '\n';
    }
    return out;
}

bool field_holds(std::string_view block, const SearchNode& node) {
    const mime::Headers headers(block);
    return std::ranges::any_of(headers.fields(), [&](const mime::Field& field) {
        return iequals(field.name, node.field) &&
               fold(mime::decode_text(field.value)).contains(node.text);
    });
}

const std::vector<mime::Address>& addresses(const mime::Digest& digest, std::string_view field) {
    if (field == "from")
        return digest.from;
    if (field == "to")
        return digest.to;
    return field == "cc" ? digest.cc : digest.bcc;
}

} // namespace

SearchMatcher::SearchMatcher(std::vector<SearchNode> program, const View& view, std::int64_t now_us)
    : program_(std::move(program)), view_(view), now_us_(now_us) {
    for (auto& node : program_) {
        switch (node.kind) {
        case SearchKind::sequence:
        case SearchKind::uids:
            if (node.set.saved)
                for (const auto uid : view.saved())
                    node.set.ranges.push_back({uid, uid});
            else
                node.set = node.set.resolved(
                    node.kind == SearchKind::uids ? view.largest() : view.count()
                );
            break;
        case SearchKind::address:
        case SearchKind::subject:
        case SearchKind::sent_before:
        case SearchKind::sent_on:
        case SearchKind::sent_since:
            wanted_.digest = true;
            node.text = fold(node.text);
            break;
        case SearchKind::header:
        case SearchKind::body:
        case SearchKind::text:
            wanted_.bytes_most = UINT64_MAX;
            node.text = fold(node.text);
            break;
        default:
            break;
        }
    }
}

bool SearchMatcher::matches(const office::MailRead& mail) {
    std::vector<char> stack;
    Texts texts;
    for (const auto& node : program_) {
        if (node.kind == SearchKind::negate) {
            stack.back() = stack.back() == 0 ? 1 : 0;
        } else if (node.kind == SearchKind::both || node.kind == SearchKind::either) {
            const auto right = stack.back();
            stack.pop_back();
            stack.back() =
                node.kind == SearchKind::both ? stack.back() & right : stack.back() | right;
        } else {
            stack.push_back(holds(node, mail, texts) ? 1 : 0);
        }
    }
    return !stack.empty() && stack.back() != 0;
}

bool SearchMatcher::holds(const SearchNode& node, const office::MailRead& mail, Texts& texts) {
    switch (node.kind) {
    case SearchKind::address:
        return fold(mime::display(addresses(mail.digest, node.field))).contains(node.text);
    case SearchKind::subject:
        return fold(mail.digest.subject).contains(node.text);
    case SearchKind::header:
    case SearchKind::body:
    case SearchKind::text:
        return text_holds(node, mail, texts);
    default:
        return row_holds(node, mail);
    }
}

bool SearchMatcher::row_holds(const SearchNode& node, const office::MailRead& mail) const {
    const auto& item = mail.item;
    const auto uid = static_cast<std::uint32_t>(item.uid.value);
    const auto sent =
        mail.digest.date ? day_of(*mail.digest.date * 1'000'000) : day_of(item.received_us);
    switch (node.kind) {
    case SearchKind::all:
        return true;
    case SearchKind::sequence:
        return node.set.contains(node.set.saved ? uid : view_.number_of(uid));
    case SearchKind::uids:
        return node.set.contains(uid);
    case SearchKind::flag:
        return has_flag(item, node.text);
    case SearchKind::before:
        return day_of(item.received_us) < node.number;
    case SearchKind::on:
        return day_of(item.received_us) == node.number;
    case SearchKind::since:
        return day_of(item.received_us) >= node.number;
    case SearchKind::sent_before:
        return sent < node.number;
    case SearchKind::sent_on:
        return sent == node.number;
    case SearchKind::sent_since:
        return sent >= node.number;
    case SearchKind::larger:
        return item.size > node.number;
    case SearchKind::smaller:
        return item.size < node.number;
    case SearchKind::older:
        return (now_us_ - item.received_us) / 1'000'000 >= node.number;
    case SearchKind::younger:
        return (now_us_ - item.received_us) / 1'000'000 <= node.number;
    case SearchKind::modseq:
        return item.modseq.value >= node.number;
    case SearchKind::email_id:
        return "M" + base64url(item.blob) == node.text;
    default:
        return false;
    }
}

bool SearchMatcher::text_holds(const SearchNode& node, const office::MailRead& mail, Texts& texts) {
    if (node.kind == SearchKind::header)
        return field_holds(mail.bytes, node);
    if (!texts.ready) {
        texts.ready = true;
        const auto message = mime::parse(mail.bytes);
        for (const auto& part : message.parts) {
            texts.header += fold(decoded_header(message.header_of(part)));
            if (part.leaf() && (part.type == "text" || part.type == "message"))
                texts.body +=
                    fold(mime::decode_text_body(part.encoding, part.charset, message.body_of(part))
                             .text) +
                    '\n';
        }
    }
    return texts.body.contains(node.text) ||
           (node.kind == SearchKind::text && texts.header.contains(node.text));
}

} // namespace lockstep::imap
