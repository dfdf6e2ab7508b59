// LIST, LSUB, STATUS, SELECT, STORE and APPEND: what they ask for.
// Spec: RFC 9051 6.3.1, 6.3.2, 6.3.9, 6.3.11, 6.3.12, 6.4.6; RFC 5258 (LIST-EXTENDED), RFC 5819
// (LIST-STATUS), RFC 6154, RFC 7162, RFC 8438, RFC 7889, RFC 8474,
// RFC 8440 (LIST-MYRIGHTS), RFC 8508 (REPLACE), RFC 6855 (UTF8). Errors: bad_syntax, too_large.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/imap/scanner.hpp"

namespace lockstep::imap {

struct StatusItems {
    bool messages = false, uidnext = false, uidvalidity = false, unseen = false, recent = false,
         size = false, deleted = false, highest_modseq = false, append_limit = false,
         mailbox_id = false;
};
[[nodiscard]] Result<StatusItems> parse_status_items(Scanner& in);

struct ListRequest {
    std::string reference;
    std::vector<std::string> patterns;
    bool subscribed = false, remote = false, recursive = false, special_only = false;
    bool return_subscribed = false, return_children = false, return_special = false,
         return_rights = false;
    std::optional<StatusItems> return_status;
    bool extended = false;
};
[[nodiscard]] Result<ListRequest> parse_list(Scanner& in);
/// "%" and "*" of LIST; linear in the name for each wildcard of the pattern.
[[nodiscard]] bool matches_pattern(std::string_view name, std::string_view pattern);

struct SelectRequest {
    std::string mailbox;
    bool condstore = false;
    struct Resync {
        std::uint32_t uidvalidity = 0;
        std::int64_t modseq = 0;
        std::optional<SequenceSet> known;
    };
    std::optional<Resync> resync;
};
[[nodiscard]] Result<SelectRequest> parse_select(Scanner& in);

struct StoreRequest {
    enum class Mode : std::uint8_t { replace, add, remove };
    SequenceSet set;
    std::optional<std::int64_t> unchanged_since;
    Mode mode = Mode::replace;
    bool silent = false;
    std::vector<std::string> flags;
};
[[nodiscard]] Result<StoreRequest> parse_store(Scanner& in);

/// What stands before the literal of a message: flags and date, both optional, each with its blank.
struct AppendHead {
    std::vector<std::string> flags;
    std::optional<std::int64_t> date; ///< seconds since 1970
    bool utf8 = false;                ///< "UTF8 (" stands before the literal, ")" behind it
};
[[nodiscard]] Result<AppendHead> parse_append_head(Scanner& in);

/// What stands before the head in an APPEND or a REPLACE: the mailbox, and which message goes.
struct AppendTarget {
    std::optional<SequenceSet> replaced; ///< one number or uid
    std::string mailbox;
};
[[nodiscard]] Result<AppendTarget> parse_append_target(Scanner& in, bool replaces);

/// CREATE: a name, and the uses that it is wanted for ("\\sent", lower case).
struct CreateRequest {
    std::string mailbox;
    std::vector<std::string> uses;
};
[[nodiscard]] Result<CreateRequest> parse_create(Scanner& in);

} // namespace lockstep::imap
