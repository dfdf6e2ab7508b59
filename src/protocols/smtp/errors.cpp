// Code -> reply, exhaustively: a new code breaks the build here.
#include "protocols/smtp/errors.hpp"

namespace lockstep::smtp {
namespace {

/// One reply for each moment, in the order of the enumeration.
struct Replies {
    ReplyText command, sender, recipient, content;
    explicit Replies(ReplyText all) : command(all), sender(all), recipient(all), content(all) {}
    Replies(ReplyText c, ReplyText s, ReplyText r, ReplyText d)
        : command(c), sender(s), recipient(r), content(d) {}
};

constexpr ReplyText kLater{451, "4.3.0", "temporary failure: please try again later"};
constexpr ReplyText kNobody{550, "5.1.1", "no such mailbox here"};
constexpr ReplyText kFull{452, "4.2.2", "the mailbox is full"};
constexpr ReplyText kTooLarge{552, "5.3.4", "the message is larger than is accepted"};
constexpr ReplyText kNoResources{452, "4.3.1", "not enough storage: please try again later"};
constexpr ReplyText kTimeout{421, "4.4.2", "timeout, closing"};
constexpr ReplyText kParameter{555, "5.5.4", "a parameter that is not offered"};

Replies replies_to(Code code) {
    switch (code) {
    case Code::bad_syntax:
        return {
            {501, "5.5.4", "syntax error in the arguments"},
            {501, "5.1.7", "syntax error in the sender's address or parameters"},
            {501, "5.1.3", "syntax error in the recipient's address or parameters"},
            {554, "5.5.2", "a bare CR or LF: lines end with CRLF, closing"}
        };
    case Code::bad_value:
        return {
            {501, "5.5.4", "an argument is not acceptable"},
            {550, "5.1.7", "not an address"},
            kNobody,
            {554, "5.6.0", "the message is not acceptable"}
        };
    case Code::not_found:
        // A recipient that was accepted and is gone: at its next try the sender is told at RCPT.
        return {kLater, kLater, kNobody, kLater};
    case Code::forbidden:
        return {
            {550, "5.7.1", "not permitted"},
            {550, "5.7.1", "not permitted"},
            {550, "5.7.1", "mail for other servers is not relayed"},
            {554, "5.4.6", "the message passed too many servers: a loop"}
        };
    case Code::exists:
    case Code::conflict:
    case Code::stale:
    case Code::corrupt:
    case Code::internal:
        return Replies(kLater);
    case Code::too_large:
        return {
            {500, "5.5.2", "the line is too long"},
            kTooLarge,
            {552, "5.2.2", "the message does not fit into the mailbox"},
            kTooLarge
        };
    case Code::over_quota:
        return Replies(kFull);
    case Code::unauthorized:
        return {
            {530, "5.7.0", "not permitted without signing in"},
            {530, "5.7.0", "not permitted without signing in"},
            {530, "5.7.0", "not permitted without signing in"},
            {550, "5.7.26", "the author's domain asks us to refuse what it did not sign (DMARC)"}
        };
    case Code::throttled:
        return Replies({450, "4.7.0", "too much at once: please try again later"});
    case Code::unavailable:
        return {kLater, kNoResources, kLater, kNoResources};
    case Code::closed:
    case Code::timeout:
        return Replies(kTimeout);
    case Code::unsupported:
        return {
            {500, "5.5.2", "unknown command"},
            kParameter,
            kParameter,
            {554, "5.6.1", "not accepted here"}
        };
    }
    return Replies(kLater);
}

} // namespace

ReplyText reply_to(Code code, Moment moment) {
    const auto replies = replies_to(code);
    switch (moment) {
    case Moment::command:
        return replies.command;
    case Moment::sender:
        return replies.sender;
    case Moment::recipient:
        return replies.recipient;
    case Moment::content:
        return replies.content;
    }
    return replies.command;
}

ReplyText submission_reply(Code code) {
    switch (code) {
    case Code::forbidden:
        return {550, "5.7.1", "the From field is not an address of yours"};
    case Code::bad_syntax:
    case Code::bad_value:
        return {554, "5.6.0", "the message is not acceptable"};
    case Code::not_found:
        return {550, "5.1.1", "a recipient is no mailbox here"};
    case Code::throttled:
        return {450, "4.7.1", "you have sent enough for this hour: please try again later"};
    default:
        return reply_to(code, Moment::content);
    }
}

} // namespace lockstep::smtp
