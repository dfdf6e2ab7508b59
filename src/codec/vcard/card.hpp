// A vCard as a flat list of properties: parsed, edited and written without losing what it does not
// know.
// Spec: RFC 6350 (4.0) 3, 4, 5; RFC 2426 (3.0) 4; vCard 2.1 (versit 1996) for reading.
// Invariants: a property that nobody touched is written with the bytes it was read with; names and
// parameter names are upper-case in memory; values are as on the wire (escaped), unfolded.
// Errors: bad_syntax (not a card), too_large (limits kCardBytes, kCardProperties, kCardProperty).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace lockstep::vcard {

enum class Version : std::uint8_t { v2_1, v3_0, v4_0 };

struct Parameter {
    std::string name; ///< upper-case; a bare parameter of 2.1 becomes TYPE or ENCODING
    std::vector<std::string> values; ///< unquoted, RFC 6868 decoded
};

/// One content line. Change it through the functions below: they forget the original bytes.
class Property {
public:
    Property() = default;
    Property(std::string name, std::string value, std::vector<Parameter> parameters = {});

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& group() const { return group_; }
    /// As on the wire: escaped, without folding. For a 2.1 card already decoded and escaped as
    /// in 3.0.
    [[nodiscard]] const std::string& value() const { return value_; }
    [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

    /// The first value of the parameter, empty when absent.
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
    /// Whether TYPE has this value (case-insensitive, lists in one value included).
    [[nodiscard]] bool has_type(std::string_view type) const;
    /// The value as plain text: unescaped, line ends as LF.
    [[nodiscard]] std::string text() const;
    /// 1 is the most preferred; TYPE=pref counts as 1; 101 when nothing is said.
    [[nodiscard]] int preference() const;

    void set_value(std::string value);
    /// set_value of the escaped text.
    void set_text(std::string_view text);
    void set_name(std::string name);
    void set_group(std::string group);
    void set_parameters(std::vector<Parameter> parameters);

private:
    friend class Parser;
    friend std::string write_property(const Property& property);

    std::string group_;
    std::string name_;
    std::vector<Parameter> parameters_;
    std::string value_;
    std::string
        raw_; ///< the original content line with its folding and line end; empty once changed
};

struct Card {
    Version version = Version::v4_0;
    std::vector<Property> properties; ///< without BEGIN, VERSION and END

    /// The first property of that name (upper-case), or null. Valid until properties change.
    [[nodiscard]] const Property* find(std::string_view name) const;
    [[nodiscard]] Property* find(std::string_view name);
    /// Text of the first property of that name; empty when absent.
    [[nodiscard]] std::string text_of(std::string_view name) const;
    /// The label that Apple's clients attach to a grouped property (X-ABLabel), empty when none.
    [[nodiscard]] std::string label_of(const Property& property) const;
    /// A group name that no property uses ("item1", ...).
    [[nodiscard]] std::string free_group() const;
};

/// Exactly one card; blank lines around it are tolerated, also bare LF line ends.
[[nodiscard]] Result<Card> parse(std::string_view bytes);

/// CRLF line ends, folded at 75 octets without cutting a character. A 2.1 card is written as 3.0.
[[nodiscard]] std::string serialize(const Card& card);

/// One content line with CRLF.
[[nodiscard]] std::string write_property(const Property& property);

/// The cards of a file with several (an import), as views into it; text between cards is ignored.
[[nodiscard]] std::vector<std::string_view> split_cards(std::string_view bytes);

} // namespace lockstep::vcard
