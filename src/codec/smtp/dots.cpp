// DATA decoding and encoding; see dots.hpp.
#include "codec/smtp/dots.hpp"

#include <algorithm>

namespace lockstep::smtp {

namespace {

/// Position of the next CR or LF at or after `at`, the end if there is none. Two memchr are many
/// times faster than find_first_of; the second only looks at what lies before the first hit, and a
/// hit there ends the transfer.
std::size_t next_break(std::string_view text, std::size_t at) {
    const auto cr = std::min(text.find('\r', at), text.size());
    return std::min(text.substr(0, cr).find('\n', at), cr);
}

} // namespace

void DotDecoder::store(std::string_view bytes, std::string& out) {
    if (stored_ < limit_)
        out.append(bytes.substr(0, std::min<std::uint64_t>(bytes.size(), limit_ - stored_)));
    stored_ += bytes.size();
}

Result<std::size_t> DotDecoder::feed(std::string_view chunk, std::string& out) {
    if (state_ == State::broken)
        return fail(Code::bad_syntax, "data after a bare CR or LF");
    std::size_t at = 0;
    while (at < chunk.size() && state_ != State::end) {
        const char c = chunk[at];
        const bool breaks = state_ == State::cr || state_ == State::dot_cr ? c != '\n' : c == '\n';
        if (breaks) {
            state_ = State::broken;
            return fail(Code::bad_syntax, "bare CR or LF in the message");
        }
        switch (state_) {
        case State::line_start:
            if (c == '.') {
                state_ = State::dot;
                ++at;
                break;
            }
            [[fallthrough]];
        case State::text: {
            // Runs of ordinary text are taken whole.
            const auto end = next_break(chunk, at);
            store(chunk.substr(at, end - at), out);
            at = end;
            state_ = State::text;
            if (at < chunk.size() && chunk[at] == '\r') {
                state_ = State::cr;
                ++at;
            }
            break;
        }
        case State::cr:
            store("\r\n", out);
            state_ = State::line_start;
            ++at;
            break;
        case State::dot:
            // ".." and ".x" both lose the first dot (RFC 5321 4.5.2); ".<CR>" may be the end.
            if (c == '\r') {
                state_ = State::dot_cr;
                ++at;
            } else {
                state_ = State::text;
            }
            break;
        case State::dot_cr:
            state_ = State::end;
            ++at;
            break;
        case State::end:
        case State::broken:
            break;
        }
    }
    return at;
}

Result<> LineCheck::feed(std::string_view chunk) {
    std::size_t at = 0;
    if (after_cr_) {
        if (chunk.empty())
            return {};
        if (chunk.front() != '\n')
            return fail(Code::bad_syntax, "bare CR in the message");
        after_cr_ = false;
        at = 1;
    }
    for (;;) {
        at = next_break(chunk, at);
        if (at == chunk.size())
            return {};
        if (chunk[at] == '\n')
            return fail(Code::bad_syntax, "bare LF in the message");
        if (at + 1 == chunk.size()) {
            after_cr_ = true;
            return {};
        }
        if (chunk[at + 1] != '\n')
            return fail(Code::bad_syntax, "bare CR in the message");
        at += 2;
    }
}

Result<> LineCheck::finish() const {
    if (after_cr_)
        return fail(Code::bad_syntax, "message ends within a line ending");
    return {};
}

Result<std::string> dot_stuff(std::string_view message) {
    std::string out;
    out.reserve(message.size() + message.size() / 64 + 5);
    while (!message.empty()) {
        const auto end = next_break(message, 0);
        if (message.front() == '.')
            out += '.';
        if (end == message.size()) {
            out.append(message).append("\r\n");
            break;
        }
        if (message[end] != '\r' || end + 1 == message.size() || message[end + 1] != '\n')
            return fail(Code::bad_value, "bare CR or LF in a message to send");
        out.append(message.substr(0, end + 2));
        message.remove_prefix(end + 2);
    }
    out += ".\r\n";
    return out;
}

} // namespace lockstep::smtp
