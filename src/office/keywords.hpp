// Keywords of a mail: one idea for IMAP's flags, JMAP's keywords and ActiveSync's categories.
// Spec: RFC 9051 2.3.2, RFC 8621 4.1.1, RFC 9979; MS-ASEMAIL 2.2.2.10 (Category).
// Invariants: $seen, $answered, $flagged, $draft and $forwarded are bits of Item::flags; everything
// else stands in MailProps::categories as people wrote it. A keyword that begins with "$" is for
// programs: phones neither see nor lose it. Keywords compare without case.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "office/mail.hpp"

namespace lockstep::office {

/// The keyword of a category: lower case, with what no keyword may hold written as =XX.
[[nodiscard]] std::string keyword_of(std::string_view category);
/// The category that a keyword means: =XX decoded. Its case is lost unless the mail has it already.
[[nodiscard]] std::string category_of(std::string_view keyword);
/// RFC 8621 4.1.1: 1 to 255 characters that an IMAP atom may hold.
[[nodiscard]] bool is_keyword(std::string_view text);

/// Every keyword of a mail, lower case, the bits included ("$seen").
[[nodiscard]] std::set<std::string> keywords_of(std::int64_t flags, const MailProps& props);

struct Marks {
    std::int64_t flags = 0;
    MailProps props;
};
/// The marks that make exactly these keywords of a mail that had `before`; a follow-up ends when
/// "$flagged" goes, categories keep the case that they had.
[[nodiscard]] Marks with_keywords(const Marks& before, const std::set<std::string>& keywords);

/// Those categories that people see.
[[nodiscard]] std::vector<std::string> shown_categories(const MailProps& props);
/// Puts other shown categories in the place of the present ones; what is for programs stays.
void show_categories(MailProps& props, std::vector<std::string> shown);

} // namespace lockstep::office
