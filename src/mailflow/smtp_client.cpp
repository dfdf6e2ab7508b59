// The dialogue of a client.
#include "mailflow/smtp_client.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/limits_mail.hpp"
#include "base/text.hpp"
#include "codec/smtp/command.hpp"
#include "codec/smtp/dots.hpp"
#include "codec/smtp/parameters.hpp"
#include "store/queue.hpp"

namespace lockstep::mailflow {
namespace {

smtp::Answer own_refusal(int code, std::string enhanced, std::string text) {
    return {code, std::move(enhanced), {std::move(text)}};
}

std::string notify_words(std::int64_t bits) {
    using namespace store::notify;
    if ((bits & never) != 0)
        return "NEVER";
    std::vector<std::string> words;
    if ((bits & success) != 0)
        words.emplace_back("SUCCESS");
    if ((bits & failure) != 0)
        words.emplace_back("FAILURE");
    if ((bits & delay) != 0)
        words.emplace_back("DELAY");
    return join(words, ",");
}

/// The reason for which the server cannot take the message at all; nothing when it can.
std::optional<smtp::Answer> obstacle(const smtp::Offers& offers, const ClientMail& mail) {
    if (mail.utf8 && !offers.utf8)
        return own_refusal(553, "5.6.7", "the server does not take internationalised addresses");
    if (offers.size.value_or(0) > 0 && mail.message.size() > *offers.size)
        return own_refusal(552, "5.3.4", "the message is larger than the server takes");
    return std::nullopt;
}

} // namespace

Task<Result<smtp::Answer>> SmtpClient::hear(std::chrono::nanoseconds time) {
    smtp::Answer answer;
    reader_.set_timeout(time);
    for (;;) {
        const auto line = co_await reader_.read_line(limits::kReplyLine);
        if (!line) {
            usable_ = false;
            co_return std::unexpected(line.error());
        }
        const auto last = smtp::add_answer_line(answer, *line);
        if (!last) {
            usable_ = false;
            co_return std::unexpected(last.error());
        }
        if (*last)
            break;
    }
    // 421: the server closes whatever was asked.
    if (answer.code == 421)
        usable_ = false;
    co_return answer;
}

Task<Result<smtp::Answer>> SmtpClient::say(std::string line, std::chrono::nanoseconds time) {
    line += "\r\n";
    const auto written = co_await net::write(*stream_, line);
    if (!written) {
        usable_ = false;
        co_return std::unexpected(written.error());
    }
    auto answer = co_await hear(time);
    co_return answer;
}

Task<Result<smtp::Answer>> SmtpClient::greet() {
    CO_TRY(auto greeting, co_await hear(limits::kReplyTime));
    if (!greeting.good())
        co_return greeting;
    auto answer = co_await hello();
    co_return answer;
}

Task<Result<smtp::Answer>> SmtpClient::hello() {
    CO_TRY(auto answer, co_await say("EHLO " + hello_, limits::kReplyTime));
    offers_ = {};
    if (answer.good()) {
        offers_ = smtp::read_offers(answer);
        co_return answer;
    }
    if (answer.permanent() && usable_) {
        CO_TRY(answer, co_await say("HELO " + hello_, limits::kReplyTime));
    }
    co_return answer;
}

Task<Result<>>
SmtpClient::begin_tls(std::shared_ptr<const net::TlsClientContext> context, net::TlsWish wish) {
    auto begun = co_await net::begin_tls(*stream_, reader_, std::move(context), std::move(wish));
    usable_ = begun.has_value();
    co_return begun;
}

Task<Result<>>
SmtpClient::start_tls(std::shared_ptr<const net::TlsClientContext> context, net::TlsWish wish) {
    if (!offers_.starttls)
        co_return fail(Code::unsupported, "the server does not offer STARTTLS");
    CO_TRY(const auto answer, co_await say("STARTTLS", limits::kReplyTime));
    if (!answer.good())
        co_return fail(Code::unsupported, "the server refuses STARTTLS: " + answer.text());
    const auto begun = co_await begin_tls(std::move(context), std::move(wish));
    CO_CHECK_OK(begun);
    CO_TRY(const auto again, co_await hello());
    if (!again.good())
        co_return fail(Code::unsupported, "the server refuses EHLO within TLS: " + again.text());
    co_return Result<>();
}

Task<Result<>> SmtpClient::sign_in(const std::string& login, const Secret<std::string>& password) {
    if (std::ranges::find(offers_.auth, "PLAIN") == offers_.auth.end())
        co_return fail(Code::unauthorized, "the server does not offer AUTH PLAIN");
    std::string response;
    response.append(1, '\0').append(login).append(1, '\0').append(password.reveal());
    CO_TRY(const auto answer, co_await say("AUTH PLAIN " + base64(response), limits::kReplyTime));
    wipe(response.data(), response.size());
    if (!answer.good())
        co_return fail(Code::unauthorized, "the server refuses our sign-in: " + answer.text());
    co_return Result<>();
}

std::string SmtpClient::mail_line(const ClientMail& mail) const {
    auto line = fmt::format("MAIL FROM:<{}>", mail.sender);
    if (offers_.size)
        line += fmt::format(" SIZE={}", mail.message.size());
    if (offers_.eight_bit && mail.eight_bit)
        line += " BODY=8BITMIME";
    if (mail.utf8)
        line += " SMTPUTF8";
    if (offers_.dsn && mail.ret == static_cast<std::int64_t>(smtp::DsnReturn::headers))
        line += " RET=HDRS";
    if (offers_.dsn && !mail.envid.empty())
        line += " ENVID=" + smtp::encode_xtext(mail.envid);
    return line;
}

std::string SmtpClient::rcpt_line(const ClientMail::Recipient& recipient) const {
    auto line = fmt::format("RCPT TO:<{}>", recipient.address);
    if (offers_.dsn && recipient.notify != 0)
        line += " NOTIFY=" + notify_words(recipient.notify);
    const auto semicolon = recipient.orcpt.find(';');
    if (offers_.dsn && semicolon != std::string::npos)
        line += " ORCPT=" + recipient.orcpt.substr(0, semicolon + 1) +
                smtp::encode_xtext(std::string_view(recipient.orcpt).substr(semicolon + 1));
    return line;
}

Task<Result<std::vector<smtp::Answer>>> SmtpClient::envelope(const ClientMail& mail) {
    std::vector<smtp::Answer> answers;
    if (!offers_.pipelining) {
        CO_TRY(auto first, co_await say(mail_line(mail), limits::kReplyTime));
        const bool good = first.good();
        answers.push_back(std::move(first));
        if (!good)
            co_return answers;
        for (const auto& recipient : mail.recipients) {
            CO_TRY(auto answer, co_await say(rcpt_line(recipient), limits::kReplyTime));
            answers.push_back(std::move(answer));
        }
        co_return answers;
    }
    auto group = mail_line(mail) + "\r\n";
    for (const auto& recipient : mail.recipients)
        group += rcpt_line(recipient) + "\r\n";
    const auto written = co_await net::write(*stream_, group);
    CO_CHECK_OK(written);
    for (std::size_t i = 0; i <= mail.recipients.size(); ++i) {
        CO_TRY(auto answer, co_await hear(limits::kReplyTime));
        answers.push_back(std::move(answer));
    }
    co_return answers;
}

Task<Result<smtp::Answer>> SmtpClient::content(std::string stuffed) {
    CO_TRY(auto answer, co_await say("DATA", limits::kReplyTime));
    if (answer.code != 354)
        co_return answer;
    const auto written = co_await net::write(*stream_, stuffed);
    if (!written) {
        usable_ = false;
        co_return std::unexpected(written.error());
    }
    auto accepted = co_await hear(limits::kDataReplyTime);
    co_return accepted;
}

Task<Result<ClientResult>> SmtpClient::send(const ClientMail& mail) {
    if (auto why = obstacle(offers_, mail))
        co_return ClientResult(mail.recipients.size(), *why);
    // The whole message with its dots: refused here, before the server has heard of it (S1).
    auto stuffed = smtp::dot_stuff(mail.message);
    if (!stuffed)
        co_return ClientResult(
            mail.recipients.size(),
            own_refusal(554, "5.6.0", "the message has line ends that cannot be sent")
        );
    CO_TRY(auto answers, co_await envelope(mail));
    if (!answers.front().good()) {
        if (usable_) {
            const auto reset = co_await say("RSET", limits::kReplyTime);
            usable_ = usable_ && reset.has_value();
        }
        co_return ClientResult(mail.recipients.size(), answers.front());
    }
    ClientResult result(answers.begin() + 1, answers.end());
    if (std::ranges::none_of(result, &smtp::Answer::good)) {
        if (usable_) {
            const auto reset = co_await say("RSET", limits::kReplyTime);
            usable_ = usable_ && reset.has_value();
        }
        co_return result;
    }
    CO_TRY(const auto accepted, co_await content(std::move(*stuffed)));
    for (auto& each : result)
        if (each.good())
            each = accepted;
    co_return result;
}

Task<void> SmtpClient::quit() {
    if (usable()) {
        const auto answer = co_await say("QUIT", limits::kLinger);
        (void)answer;
    }
    stream_->close();
}

} // namespace lockstep::mailflow
