// Delivery or submission of what has arrived.
#include "protocols/smtp/arriving.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "protocols/smtp/session.hpp"

namespace lockstep::smtp {
namespace {

std::int64_t notify_bits(const Notify& wanted) {
    using namespace store::notify;
    return (wanted.never ? never : 0) | (wanted.success ? success : 0) |
           (wanted.failure ? failure : 0) | (wanted.delay ? delay : 0);
}

office::ReportWish wish_of(const RcptParameters& parameters) {
    office::ReportWish wish;
    wish.notify = notify_bits(parameters.notify);
    if (!parameters.orcpt_type.empty())
        wish.orcpt = parameters.orcpt_type + ";" + parameters.orcpt;
    return wish;
}

} // namespace

Arriving::Arriving(Session& session) : session_(session) {
    if (session.signed_in())
        id_ = hex(random_bytes(8));
    else
        incoming_ = std::make_unique<office::Incoming>(
            session.office(), session.envelope(),
            session.options().lmtp ? office::Judge() : session.sessions().judge()
        );
}

void Arriving::append(std::string_view piece) {
    if (incoming_)
        incoming_->append(piece);
    else
        text_.append(piece);
}

Task<Result<>> Arriving::accept() {
    if (!incoming_) {
        auto done = co_await submit();
        co_return done;
    }
    auto done = co_await incoming_->deliver();
    co_return done;
}

Task<Result<>> Arriving::submit() {
    const auto& transaction = session_.transaction();
    office::Submission submission;
    submission.mime = std::move(text_);
    submission.reverse_path = transaction.from.text();
    submission.envid = transaction.mail.envid;
    submission.return_headers = transaction.mail.ret == DsnReturn::headers;
    submission.not_before_us = transaction.not_before_us;
    for (const auto& each : transaction.submitted) {
        submission.envelope_recipients.push_back(each.path.text());
        submission.wishes.push_back(wish_of(each.parameters));
    }
    const office::Actor actor{*session_.signed_in(), {}};
    auto done = co_await office::submit(session_.office(), actor, std::move(submission));
    co_return done;
}

} // namespace lockstep::smtp
