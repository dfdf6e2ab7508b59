// The process's own terminal. Passwords are read from /dev/tty without echo, or from standard
// input.
#include "cli/terminal.hpp"

#include <array>
#include <cstdio>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/limits.hpp"
#include "net/local_socket.hpp"

namespace lockstep::cli {

namespace {

using net::OwnedDescriptor;

/// Switches echo off and, at its end, back to what was.
class QuietEcho {
public:
    explicit QuietEcho(int terminal) : terminal_(terminal) {
        if (::tcgetattr(terminal_, &before_) != 0)
            return;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
    }
    ~QuietEcho() {
        if (changed_)
            ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    }
    QuietEcho(const QuietEcho&) = delete;
    QuietEcho& operator=(const QuietEcho&) = delete;

private:
    int terminal_;
    termios before_{};
    bool changed_ = false;
};

/// Byte by byte, so that nothing after the line is taken from whoever reads next.
Result<Secret<>> read_secret_line(int descriptor) {
    std::string line;
    line.reserve(limits::kPasswordBytes + 1);
    char c = 0;
    while (::read(descriptor, &c, 1) == 1 && c != '\n') {
        if (line.size() > limits::kPasswordBytes)
            return fail(Code::bad_value, "the password is too long");
        line += c;
    }
    if (line.ends_with('\r'))
        line.pop_back();
    if (line.empty())
        return fail(Code::bad_value, "the password is empty");
    return Secret<>(std::move(line));
}

class ProcessTerminal final : public Terminal {
public:
    void out(std::string_view text) override { write_all(stdout, text); }
    void err(std::string_view text) override { write_all(stderr, text); }

    Result<Secret<>> ask_password(std::string_view prompt) override {
        const OwnedDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
        if (!terminal)
            return fail(
                Code::bad_value, "a password is read from a terminal, or with --password-stdin"
            );
        const QuietEcho quiet(terminal.get());
        TRY(auto first, ask(terminal.get(), prompt));
        TRY(const auto second, ask(terminal.get(), "The same again: "));
        if (first.reveal() != second.reveal())
            return fail(Code::bad_value, "the two passwords differ");
        return first;
    }

    Result<Secret<>> read_password() override { return read_secret_line(STDIN_FILENO); }

private:
    static void write_all(std::FILE* stream, std::string_view text) {
        std::fwrite(text.data(), 1, text.size(), stream);
        std::fflush(stream);
    }

    static Result<Secret<>> ask(int terminal, std::string_view prompt) {
        (void)!::write(terminal, prompt.data(), prompt.size());
        auto line = read_secret_line(terminal);
        (void)!::write(terminal, "\n", 1);
        return line;
    }
};

} // namespace

std::unique_ptr<Terminal> process_terminal() { return std::make_unique<ProcessTerminal>(); }

} // namespace lockstep::cli
