// The commands of `lockstep`: one table from which parsing, help and the requests to the server
// come. Invariants: words are noun-verb and unique; no command's words begin with all the words of
// another.
#pragma once
#include <span>
#include <string_view>

namespace lockstep::cli {

struct Parameter {
    std::string_view name; ///< key of the request's argument; shown in capitals
    std::string_view doc;
    bool optional = false;
};

struct Option {
    std::string_view name;  ///< without the dashes
    std::string_view value; ///< what is shown for its value; empty: a flag
    std::string_view doc;
};

enum class Runs {
    here,   ///< by the command line itself
    office, ///< by the running server over its socket, or on the store of a stopped one
};

struct Command {
    std::string_view words; ///< "account add"
    std::string_view doc;   ///< one sentence
    Runs runs = Runs::office;
    std::span<const Parameter> parameters = {};
    std::span<const Option> options = {};
    bool password = false; ///< a new password is asked for, or read with --password-stdin
    bool creates = false;  ///< may make a data directory that is not there
    bool hidden = false;   ///< not in the list of commands
};

[[nodiscard]] std::span<const Command> commands();
/// Options that every command takes.
[[nodiscard]] std::span<const Option> global_options();

} // namespace lockstep::cli
