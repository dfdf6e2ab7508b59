// The administration socket's messages: a command with its arguments in, a sentence and perhaps a
// table out. Wire: one JSON object per line each way, UTF-8.
//   {"command":["account","add"],"args":{"address":"anna@example.org"}}
//   {"ok":true,"text":"...","columns":["address","name"],"rows":[["anna@example.org","Anna"]]}
//   {"ok":true,"wrong":true,"text":"..."} when what was asked for shows something wrong
//   {"ok":false,"code":"not_found","text":"..."}
// Invariants: decoding accepts nothing but these shapes, within the limits of base/limits.hpp.
// Errors: bad_syntax = not such a line; a failure that the other side reported comes back with its
// own code and text.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace lockstep::admin {

/// The socket's file in the data directory.
inline constexpr const char* kSocketName = "admin.sock";

struct Request {
    std::vector<std::string> command;                     ///< the words: {"group", "member", "add"}
    std::map<std::string, std::string, std::less<>> args; ///< by name; a flag is "true"

    /// The argument, or empty.
    [[nodiscard]] std::string_view arg(std::string_view name) const;
};

using Cell = std::variant<std::string, std::int64_t, bool>;

struct Answer {
    std::string text;                    ///< for people; empty when the table says it all
    std::vector<std::string> columns;    ///< empty: there is no table
    std::vector<std::vector<Cell>> rows; ///< each as long as columns
    bool wrong = false; ///< the command did its work and found something wrong: exit code 1
};

/// Without the line end.
[[nodiscard]] std::string encode(const Request& request);
[[nodiscard]] Result<Request> decode_request(std::string_view line);
[[nodiscard]] std::string encode(const Result<Answer>& answer);
/// What the other side answered, be it an answer or an error.
[[nodiscard]] Result<Answer> decode_answer(std::string_view line);

/// For --json: the table as an array of objects, or {"text": ...} when there is no table. Ends with
/// a line end.
[[nodiscard]] std::string to_json(const Answer& answer);
/// For people: the table in aligned columns, then the text. Control characters are replaced.
[[nodiscard]] std::string to_table(const Answer& answer);

} // namespace lockstep::admin
