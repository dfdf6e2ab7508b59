// See classify.hpp.
#include "codec/mime/classify.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kReportBytes = 64U << 10U; // a delivery status is small
constexpr std::size_t kTopicMarks = 50;          // "Re: Re: Re: ..." taken off

std::string token_of_field(const Headers& headers, std::string_view name) {
    const auto raw = headers.first(name);
    if (!raw)
        return {};
    const auto text = lower(trim(*raw));
    return text.substr(0, text.find_first_of(" ;(\t\r\n"));
}

/// Length of one reply or forward mark ("Re:", "AW[2]:") at the front; 0 if there is none.
std::size_t mark_length(std::string_view text) {
    constexpr std::array<std::string_view, 17> kMarks{"re",  "fwd", "fw",   "aw",     "wg", "sv",
                                                      "vs",  "vl",  "antw", "doorst", "rv", "res",
                                                      "enc", "tr",  "rif",  "odp",    "ynt"};
    for (const auto mark : kMarks) {
        if (!istarts_with(text, mark))
            continue;
        auto at = mark.size();
        if (at < text.size() && (text[at] == '[' || text[at] == '(')) {
            auto end = at + 1;
            while (end < text.size() && is_digit(text[end]))
                ++end;
            if (end > at + 1 && end < text.size() && (text[end] == ']' || text[end] == ')'))
                at = end + 1;
        }
        while (at < text.size() && text[at] == ' ')
            ++at;
        if (at < text.size() && text[at] == ':')
            return at + 1;
    }
    return 0;
}

std::string report_class(const Message& message) {
    const auto& type = message.parts.front().report_type;
    if (type == "disposition-notification")
        return "REPORT.IPM.NOTE.IPNRN";
    if (type != "delivery-status")
        return {};
    for (const auto& part : message.parts) {
        if (!part.is("message", "delivery-status") && !part.is("message", "global-delivery-status"))
            continue;
        const auto text = decode_body(message, part, kReportBytes);
        if (ifind(text, "action: failed") != std::string::npos)
            return "REPORT.IPM.NOTE.NDR";
        if (ifind(text, "action: delayed") != std::string::npos)
            return "REPORT.IPM.NOTE.DELAYED";
        return "REPORT.IPM.NOTE.DR";
    }
    return "REPORT.IPM.NOTE.NDR";
}

std::string meeting_class(std::string_view method, std::string_view calendar) {
    if (method == "REQUEST")
        return "IPM.Schedule.Meeting.Request";
    if (method == "CANCEL")
        return "IPM.Schedule.Meeting.Canceled";
    if (method != "REPLY" && method != "COUNTER")
        return {};
    if (method == "COUNTER")
        return "IPM.Schedule.Meeting.Resp.Tent";
    // A reply holds one attendee; the line may be folded anywhere.
    auto text = replace_all(calendar, "\r\n ", "");
    text = replace_all(text, "\n ", "");
    if (ifind(text, "PARTSTAT=ACCEPTED") != std::string::npos)
        return "IPM.Schedule.Meeting.Resp.Pos";
    if (ifind(text, "PARTSTAT=DECLINED") != std::string::npos)
        return "IPM.Schedule.Meeting.Resp.Neg";
    return "IPM.Schedule.Meeting.Resp.Tent";
}

bool is_pkcs7(std::string_view subtype, std::string_view what) {
    return subtype == what || (subtype.starts_with("x-") && subtype.substr(2) == what);
}

} // namespace

int importance_of(const Headers& headers) {
    const auto importance = token_of_field(headers, "importance");
    if (importance == "high")
        return 2;
    if (importance == "low")
        return 0;
    if (importance == "normal")
        return 1;
    const auto priority = token_of_field(headers, "x-priority");
    if (priority == "1" || priority == "2")
        return 2;
    if (priority == "4" || priority == "5")
        return 0;
    const auto urgency = token_of_field(headers, "priority");
    if (urgency == "urgent")
        return 2;
    return urgency == "non-urgent" ? 0 : 1;
}

std::string topic_of(std::string_view subject) {
    auto text = trim(subject);
    for (std::size_t i = 0; i < kTopicMarks; ++i) {
        const auto length = mark_length(text);
        if (length == 0)
            break;
        text = trim(text.substr(length));
    }
    return std::string(text);
}

bool is_list_mail(const Headers& headers) {
    return headers.first("list-id") || headers.first("list-post") ||
           headers.first("list-unsubscribe") || token_of_field(headers, "precedence") == "list";
}

bool is_auto_mail(const Headers& headers) {
    const auto automatic = token_of_field(headers, "auto-submitted");
    if (!automatic.empty() && automatic != "no")
        return true;
    const auto precedence = token_of_field(headers, "precedence");
    if (precedence == "bulk" || precedence == "junk" || precedence == "auto_reply")
        return true;
    const auto path = headers.first("return-path");
    return path && *path == "<>";
}

Secure secure_of(const Message& message) {
    const Part& root = message.parts.front();
    if (root.type == "application" && is_pkcs7(root.subtype, "pkcs7-mime") &&
        root.smime_type != "certs-only")
        return Secure::opaque;
    if (root.is("multipart", "signed")) {
        const auto slash = root.protocol.find('/');
        if (slash != std::string::npos &&
            is_pkcs7(std::string_view(root.protocol).substr(slash + 1), "pkcs7-signature"))
            return Secure::signed_;
    }
    return Secure::none;
}

std::string class_of(
    const Message& message, Secure secure, std::string_view method, std::string_view calendar
) {
    if (message.parts.front().is("multipart", "report")) {
        if (auto report = report_class(message); !report.empty())
            return report;
    }
    if (auto meeting = meeting_class(method, calendar); !meeting.empty())
        return meeting;
    switch (secure) {
    case Secure::signed_:
        return "IPM.Note.SMIME.MultipartSigned";
    case Secure::opaque:
        return "IPM.Note.SMIME";
    case Secure::none:
        break;
    }
    return "IPM.Note";
}

} // namespace lockstep::mime
