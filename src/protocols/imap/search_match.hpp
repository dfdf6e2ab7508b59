// SearchMatcher: whether a message is what SEARCH asks for.
// Spec: RFC 9051 6.4.4. Invariants: matches() is linear in the keys and in the message's text; text
// is decoded at most once for each message, and only when a key needs it.
#pragma once
#include <string>
#include <vector>

#include "codec/imap/search_request.hpp"
#include "office/mail_view.hpp"
#include "protocols/imap/view.hpp"

namespace lockstep::imap {

class SearchMatcher {
public:
    /// The view must outlive the matcher.
    SearchMatcher(std::vector<SearchNode> program, const View& view, std::int64_t now_us);

    /// What matches() needs to be given.
    [[nodiscard]] office::MailWanted wanted() const { return wanted_; }
    [[nodiscard]] bool matches(const office::MailRead& mail);

private:
    /// Decoded texts of the message of the moment, without case (RFC 5051).
    struct Texts {
        bool ready = false;
        std::string header;
        std::string body;
    };
    [[nodiscard]] bool holds(const SearchNode& node, const office::MailRead& mail, Texts& texts);
    [[nodiscard]] bool row_holds(const SearchNode& node, const office::MailRead& mail) const;
    [[nodiscard]] bool
    text_holds(const SearchNode& node, const office::MailRead& mail, Texts& texts);

    std::vector<SearchNode> program_; ///< texts without case (RFC 5051), sets resolved
    const View& view_;
    const std::int64_t now_us_;
    office::MailWanted wanted_;
};

} // namespace lockstep::imap
