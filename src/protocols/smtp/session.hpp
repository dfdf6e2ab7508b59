// One SMTP connection: its state, its replies, and the loop that reads commands.
// Spec: RFC 5321 3, 4.1.4 (order of commands), RFC 2920 (replies of a group go out together).
// Invariants: replies are sent before anything is waited for; when in doubt about what the bytes
// mean the session ends (S1, S2, S3).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/smtp/command.hpp"
#include "codec/smtp/dots.hpp"
#include "net/line_reader.hpp"
#include "office/delivery.hpp"
#include "protocols/smtp/arriving.hpp"
#include "protocols/smtp/errors.hpp"
#include "protocols/smtp/sessions.hpp"

namespace lockstep::smtp {

/// Where the dialogue stands; bits, so that a command can name those in which it is legal.
enum class Phase : std::uint8_t {
    fresh = 1,  ///< no EHLO or HELO yet
    ready = 2,  ///< no transaction
    mail = 4,   ///< a sender, no recipient
    rcpt = 8,   ///< at least one recipient
    chunks = 16 ///< BDAT has begun
};

/// A recipient of a submission.
struct Submitted {
    Path path;
    RcptParameters parameters;
};

struct Transaction {
    Path from;
    MailParameters mail;
    std::vector<model::AccountId> recipients; ///< of mail from other servers
    std::vector<Submitted> submitted;         ///< of mail from our own people
    std::size_t rcpts = 0;                    ///< RCPT commands that were accepted
    std::int64_t not_before_us = 0;           ///< FUTURERELEASE; 0: at once
    std::unique_ptr<Arriving> arriving;       ///< while BDAT goes on
    LineCheck lines;                          ///< of BDAT
    SteadyTime begun{};                       ///< of the data
};

class Session {
public:
    Session(std::shared_ptr<Sessions> sessions, std::unique_ptr<net::Stream> stream);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// The whole dialogue.
    [[nodiscard]] Task<void> run();

    // What commands work with:
    [[nodiscard]] office::Office& office() const { return sessions_->office(); }
    [[nodiscard]] Sessions& sessions() const { return *sessions_; }
    [[nodiscard]] const SmtpOptions& options() const { return options_; }
    [[nodiscard]] net::Stream& stream() { return *stream_; }
    [[nodiscard]] net::LineReader& reader() { return reader_; }
    [[nodiscard]] Transaction& transaction() { return transaction_; }
    [[nodiscard]] bool esmtp() const { return esmtp_; }
    [[nodiscard]] Phase phase() const { return phase_; }
    void set_phase(Phase phase) { phase_ = phase; }

    /// Queues a reply.
    void say(int code, std::string_view enhanced, std::string_view text);
    void say_whole(std::string reply) { out_ += reply; }
    /// Queues the reply to a failure, counts it and logs it.
    void refuse(const Error& error, Moment moment);
    void refuse(const ReplyText& reply, const Error& error);
    /// Sends what was queued.
    [[nodiscard]] Task<Result<>> flush();
    /// The session ends once the queued replies are sent.
    void hang_up() { over_ = true; }

    void greet(bool esmtp, std::string name);
    /// Forgets the transaction.
    void reset();
    /// Forgets the greeting too: after STARTTLS.
    void begin_anew();
    /// A message was accepted: earlier errors are forgiven.
    void forgive() { errors_ = 0; }
    /// The transaction as office/ wants it.
    [[nodiscard]] office::Envelope envelope() const;
    void log_accepted(const Arriving& arriving) const;

    /// Who is signed in on a submission port; null: nobody.
    [[nodiscard]] const directory::Account* signed_in() const {
        return account_ ? &*account_ : nullptr;
    }
    void sign_in(directory::Account account) { account_ = std::move(account); }

    /// Whether the client sent anything that we did not ask for yet: in the buffer, or on its way
    /// into it.
    [[nodiscard]] Task<bool> spoke_early();

private:
    [[nodiscard]] Task<void> open();
    [[nodiscard]] Task<void> next();
    [[nodiscard]] Task<void> obey(std::string line);
    /// Until the client says something, the server stops, or limits::kSmtpIdle passed.
    [[nodiscard]] Task<void> wait();
    void fail_to_read(const Error& error);

    std::shared_ptr<Sessions> sessions_;
    const SmtpOptions options_;
    std::unique_ptr<net::Stream> stream_;
    net::LineReader reader_;
    Phase phase_ = Phase::fresh;
    Transaction transaction_;
    std::optional<directory::Account> account_;
    std::string helo_;
    std::string out_;
    std::size_t errors_ = 0;
    bool esmtp_ = false;
    bool over_ = false;
};

} // namespace lockstep::smtp
