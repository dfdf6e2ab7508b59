// Content lines of iCalendar: unfolding, parameters, folding, and the bytes as they were read.
// Spec: RFC 5545 3.1, 3.2; RFC 6868 (^ in parameter values). LF alone ends a line, too.
// Invariants: a property that nobody changed is written back with the bytes it was read from; no
// value can smuggle a line end. Errors: bad_syntax (no name, no colon, open quote), too_large
// (limits::kIcalBytes, kIcalLines, kIcalParameters).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::ical {

/// One parameter: name in upper case, values without quotes and with RFC 6868 decoded.
struct Parameter {
    std::string name;
    std::vector<std::string> values;
    friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// One content line. Two properties are equal when they say the same, however they were folded.
class Property {
public:
    Property() = default;
    Property(std::string name, std::string value, std::vector<Parameter> parameters = {});
    /// Parses one logical line, folded or not, with or without its line end. The bytes are kept for
    /// writing.
    [[nodiscard]] static Result<Property> parse(std::string_view folded);

    [[nodiscard]] const std::string& name() const { return name_; } ///< upper case
    [[nodiscard]] const std::string& value() const {
        return value_;
    } ///< raw value: still escaped as its type asks
    [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
    /// First value of a parameter, or empty.
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
    [[nodiscard]] bool has_parameter(std::string_view name) const;

    /// Setters forget the read bytes only when they change something.
    void set_value(std::string value);
    void set_parameter(std::string_view name, std::string value);
    void remove_parameter(std::string_view name);

    /// Appends the line with CRLF: the bytes read, or folded at 75 octets on character boundaries.
    void append_to(std::string& out) const;

    friend bool operator==(const Property& a, const Property& b) {
        return a.name_ == b.name_ && a.value_ == b.value_ && a.parameters_ == b.parameters_;
    }

private:
    std::string name_, value_;
    std::vector<Parameter> parameters_;
    std::string read_; ///< the line as read, with its line ends; empty when made or changed here
};

/// Walks the logical lines of an object. Views point into the given bytes.
class LineCursor {
public:
    explicit LineCursor(std::string_view bytes);
    /// The next logical line with its folds and line end; blank lines are passed over. False at the
    /// end.
    [[nodiscard]] bool next(std::string_view& line);
    /// Logical lines seen so far.
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    std::string_view rest_;
    std::size_t count_ = 0;
};

/// Removes folds (line end followed by one blank or tab) and the final line end.
[[nodiscard]] std::string unfold(std::string_view line);
/// Appends `line` (unfolded, without line end) folded at 75 octets, with CRLF.
void append_folded(std::string& out, std::string_view line);

/// TEXT values: \\ \; \, \n (RFC 5545 3.3.11).
[[nodiscard]] std::string escape_text(std::string_view text);
[[nodiscard]] std::string unescape_text(std::string_view value);
/// A comma-separated list of TEXT, unescaped; empty entries are left out.
[[nodiscard]] std::vector<std::string> split_text(std::string_view value, char separator = ',');

} // namespace lockstep::ical
