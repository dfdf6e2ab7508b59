// One IMAP connection: its state, its answers, and the loop that reads commands.
// Spec: RFC 9051 3, 5.5 (one command at a time), 7. Quirks 1, 2, 17. Hardening I1, I2, S3, R15.
// Invariants: answers are sent before anything is waited for; commands run in the order in which
// they came; untagged answers about the mailbox stand before the tagged one.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "codec/imap/scanner.hpp"
#include "net/line_reader.hpp"
#include "protocols/imap/sessions.hpp"
#include "protocols/imap/view.hpp"

namespace lockstep::imap {

/// Where the dialogue stands; bits, so that a command can name those in which it is legal.
enum class Phase : std::uint8_t { fresh = 1, signed_in = 2, selected = 4 };

struct Command {
    std::string tag;
    std::string name;      ///< upper case; "UID FETCH" is one
    std::string arguments; ///< as on the wire, literals included, without the first blank
    std::optional<LiteralMark>
        message; ///< of APPEND and REPLACE: the first message is not read yet
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
    [[nodiscard]] net::Stream& stream() { return *stream_; }
    [[nodiscard]] net::LineReader& reader() { return reader_; }
    [[nodiscard]] Phase phase() const;
    /// Passwords may cross this connection.
    [[nodiscard]] bool is_private() const { return stream_->tls() || stream_->peer().loopback; }
    [[nodiscard]] const office::Actor& actor() const { return *actor_; }
    [[nodiscard]] bool offers_tls() const { return !stream_->tls() && sessions_->tls() != nullptr; }
    /// From now on everything is compressed, both ways.
    void compress();
    [[nodiscard]] bool compressed() const { return compressed_; }
    void sign_in(directory::Account account);
    void sign_out();

    [[nodiscard]] View* view() { return view_ ? &*view_ : nullptr; }
    void select(View view);
    void unselect();

    /// What the client switched on.
    struct Enabled {
        bool condstore = false, qresync = false, utf8 = false, rev2 = false;
    };
    Enabled enabled;
    /// Names and texts may be UTF-8.
    [[nodiscard]] bool utf8() const { return enabled.utf8 || enabled.rev2; }

    /// Answers waiting to be sent.
    [[nodiscard]] std::string& out() { return out_; }
    /// "* text".
    void untagged(std::string_view text);
    void tagged(std::string_view tag, std::string_view status, std::string_view text);
    /// The tagged OK, after what changed in the mailbox was told. `code`: with brackets.
    [[nodiscard]] Task<Result<>> ok(const Command& command, std::string code = {});
    void refuse(const Command& command, const Error& error);
    [[nodiscard]] Task<Result<>> flush();
    /// Sends when much has gathered.
    [[nodiscard]] Task<Result<>> flush_much();
    /// "+ text", sent at once.
    [[nodiscard]] Task<Result<>> ask(std::string_view text);
    /// The session ends once the queued answers are sent.
    void hang_up(std::string_view farewell = {});
    [[nodiscard]] bool over() const { return over_; }

    /// Tells what changed in the selected mailbox; removals only where numbers may change.
    [[nodiscard]] Task<Result<>> tell_changes(bool may_renumber);
    /// The next look at the mailbox must not be skipped: this session changed it.
    void expect_changes() { wake_->dirty = true; }
    /// Writes "* n FETCH (...)" with the flags of a message, when the session knows it.
    void tell_flags(const model::Item& item, bool with_flags = true);
    /// Tells that there are keywords of which the client has not heard in this mailbox, before it
    /// reads "(\\Seen Junk)" of a message (RFC 9051 7.3.5).
    void tell_keywords(std::string_view flags);

    /// Until the client says something, the selected mailbox changes (when `for_changes`), the
    /// server stops, or the time is over. False: there is nothing more to wait for.
    [[nodiscard]] Task<bool> wait(bool for_changes);
    /// Whether the client said something, or went away.
    [[nodiscard]] Task<bool> has_input();
    /// One line behind a command under way (continuations of AUTHENTICATE, DONE).
    [[nodiscard]] Task<Result<std::string>> read_continuation();
    /// Reads on after a literal of APPEND: the rest of the line, with further ordinary literals.
    [[nodiscard]] Task<Result<>> read_on(Command& command);

    std::string client; ///< what ID said, for logs

private:
    /// Shared with the hub, whose call may come while the session ends.
    struct Wake {
        std::atomic<bool> dirty = false;
        LockGuarded<Resume> sleeper;
    };
    [[nodiscard]] Task<void> greet();
    [[nodiscard]] Task<void> next();
    [[nodiscard]] Task<Result<std::string>> read_line();
    [[nodiscard]] Task<Result<>> take_literal(Command& command, LiteralMark mark);
    [[nodiscard]] Task<void> obey(Command command);
    void fail_to_read(const Error& error);
    void count_error();

    std::shared_ptr<Sessions> sessions_;
    std::unique_ptr<net::Stream> stream_;
    net::LineReader reader_;
    std::optional<office::Actor> actor_;
    std::optional<View> view_;
    std::shared_ptr<Wake> wake_ = std::make_shared<Wake>();
    sync::Hub::Watch watch_;
    std::string out_;
    std::uint64_t literal_bytes_ = 0; ///< of the command that is being read
    std::size_t errors_ = 0;
    bool over_ = false;
    bool compressed_ = false;
};

} // namespace lockstep::imap
