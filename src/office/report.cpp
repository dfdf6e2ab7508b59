// Writing of delivery reports.
#include "office/report.hpp"

#include <fmt/core.h>

#include "base/crypto.hpp"
#include "base/limits_mail.hpp"
#include "base/text.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/header_write.hpp"

namespace lockstep::office {
namespace {

struct ReportWords {
    std::string_view action;
    std::string_view subject;
    std::string_view sentence;
};

ReportWords report_words(ReportKind kind) {
    switch (kind) {
    case ReportKind::failed:
        return {
            "failed", "Undelivered mail",
            "Your message could not be delivered to the following recipients."
        };
    case ReportKind::delayed:
        return {
            "delayed", "Mail is delayed",
            "Your message is still on its way to the following recipients. It is not lost and will "
            "be tried again; you need not send it anew."
        };
    case ReportKind::delivered:
        return {
            "delivered", "Mail was delivered",
            "Your message was delivered to the following recipients."
        };
    case ReportKind::relayed:
        return {
            "relayed", "Mail was passed on",
            "Your message was passed on to the servers of the following recipients, which do not "
            "report deliveries."
        };
    }
    return {};
}

std::string one_line(std::string_view text) { return mime::to_clean_line(text); }

bool needs_utf8(const Report& report) {
    for (const auto& each : report.recipients)
        if (!is_ascii(each.address) || !is_ascii(each.orcpt) || !is_ascii(each.reply))
            return true;
    return !is_ascii(report.envid);
}

std::string human_part(const Report& report, const ReportWords& words) {
    std::string text = fmt::format("{}\r\n\r\n", words.sentence);
    for (const auto& each : report.recipients) {
        text += fmt::format("  {}\r\n", one_line(each.address));
        if (!each.reply.empty())
            text += fmt::format("    {}\r\n", one_line(each.reply));
    }
    if (report.kind == ReportKind::delayed && report.retry_until_us > 0)
        text += fmt::format(
            "\r\nIt will be tried until {}.\r\n",
            mime::format_date(report.retry_until_us / 1'000'000)
        );
    return text;
}

std::string machine_part(const Report& report, const ReportWords& words, bool utf8) {
    const std::string_view type = utf8 ? "utf-8" : "rfc822";
    std::string text = fmt::format("Reporting-MTA: dns; {}\r\n", report.hostname);
    if (!report.envid.empty())
        text += fmt::format("Original-Envelope-Id: {}\r\n", one_line(report.envid));
    text += fmt::format("Arrival-Date: {}\r\n", mime::format_date(report.arrived_us / 1'000'000));
    for (const auto& each : report.recipients) {
        text += "\r\n";
        if (!each.orcpt.empty())
            text += fmt::format("Original-Recipient: {}\r\n", one_line(each.orcpt));
        text += fmt::format("Final-Recipient: {}; {}\r\n", type, one_line(each.address));
        text += fmt::format("Action: {}\r\nStatus: {}\r\n", words.action, each.status);
        if (!each.remote.empty())
            text += fmt::format("Remote-MTA: dns; {}\r\n", one_line(each.remote));
        if (!each.remote.empty() && !each.reply.empty())
            text += fmt::format("Diagnostic-Code: smtp; {}\r\n", one_line(each.reply));
        if (report.kind == ReportKind::delayed && report.retry_until_us > 0)
            text += fmt::format(
                "Will-Retry-Until: {}\r\n", mime::format_date(report.retry_until_us / 1'000'000)
            );
    }
    return text;
}

} // namespace

std::string write_report(const Report& report, std::string_view original) {
    const auto words = report_words(report.kind);
    const bool utf8 = needs_utf8(report);
    const auto head = original.substr(0, mime::header_length(original));
    // RFC 3461 6.2: of success and delay only the header is returned.
    const bool whole =
        report.full && report.kind == ReportKind::failed && original.size() <= limits::kReportCopy;
    const auto boundary = "report-" + hex(random_bytes(16));
    std::string text;
    text += fmt::format(
        "Date: {}\r\nFrom: Mail system <postmaster@{}>\r\nTo: <{}>\r\n",
        mime::format_date(report.now_us / 1'000'000), report.hostname, one_line(report.to)
    );
    text += mime::write_text_field("Subject", words.subject);
    text += fmt::format(
        "Message-ID: <{}@{}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{}\"\r\n\r\n",
        hex(random_bytes(16)), report.hostname, boundary
    );
    text += fmt::format(
        "--{}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "{}\r\n--{}\r\nContent-Type: {}\r\n{}\r\n{}\r\n",
        boundary, human_part(report, words), boundary,
        utf8 ? "message/global-delivery-status" : "message/delivery-status",
        utf8 ? "Content-Transfer-Encoding: 8bit\r\n" : "", machine_part(report, words, utf8)
    );
    const bool eight_bit = !is_ascii(whole ? original : head);
    text += fmt::format(
        "--{}\r\nContent-Type: {}\r\n{}\r\n", boundary,
        whole ? "message/rfc822" : "text/rfc822-headers",
        eight_bit ? "Content-Transfer-Encoding: 8bit\r\n" : ""
    );
    text.append(whole ? original : head.substr(0, limits::kReportCopy));
    text += fmt::format("\r\n--{}--\r\n", boundary);
    return text;
}

} // namespace lockstep::office
