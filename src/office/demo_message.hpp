// Mails for the demonstration, from a description to RFC 5322 bytes.
// Spec: RFC 5322, RFC 2045-2047, RFC 2387 (multipart/related), RFC 6047 (iMIP).
// Invariants: CRLF line ends, lines of at most 998 octets, header text encoded where it is not
// ASCII; boundaries follow from the message id.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::office {

struct DemoFile {
    std::string name;
    std::string type; ///< "application/pdf"
    std::string bytes;
    std::string content_id; ///< for an inline image: what cid: names
};

struct DemoMail {
    std::string from; ///< "Anna Berg <anna@example.org>"; UTF-8 as everywhere here
    std::vector<std::string> to;
    std::vector<std::string> cc;
    std::string subject;
    std::int64_t date = 0;
    std::string id;                      ///< without angle brackets
    std::vector<std::string> references; ///< ids, the last is what it answers
    std::string text;
    std::string html;              ///< empty: plain text only
    std::vector<DemoFile> files;   ///< with content_id inline, else attached
    std::string signature;         ///< a detached signature: the mail becomes multipart/signed
    std::string calendar;          ///< a text/calendar alternative
    std::string calendar_method;   ///< "REQUEST"
    std::vector<std::string> more; ///< further header lines, ASCII, without line end
};

[[nodiscard]] std::string demo_message(const DemoMail& mail);

/// Encoded words where needed, folded.
[[nodiscard]] std::string demo_header(std::string_view name, std::string_view text);
[[nodiscard]] std::string demo_quoted_printable(std::string_view text);
/// Base64 in lines of 76 characters.
[[nodiscard]] std::string demo_base64_lines(std::string_view bytes);

} // namespace lockstep::office
