// Bytes to a card: unfolding, the grammar of a content line, the frame of BEGIN and END.
// Spec: RFC 6350 3.2, 3.3, 6.1; RFC 2426 2, 4; vCard 2.1 2.1 (bare parameters, soft line ends,
// inline AGENT).
// Errors: bad_syntax, too_large.
// Answers hardening X9: bounded lines, properties and parameters, and an inline AGENT is kept as
// opaque bytes one level deep. No URI in a card is ever fetched.
#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/vcard/card.hpp"
#include "codec/vcard/legacy.hpp"
#include "codec/vcard/text.hpp"

namespace lockstep::vcard {

class Parser {
public:
    explicit Parser(std::string_view bytes) : bytes_(bytes) {}
    Result<Card> run();

private:
    bool at_end() const { return position_ >= bytes_.size(); }
    std::string_view peek_line() const;
    std::string_view take_line();
    void take_logical_line();
    bool continues() const;
    Result<> take_property(Card& card);
    Result<Property> read_property() const;
    Result<> take_agent(Property& agent);

    std::string_view bytes_;
    std::size_t position_ = 0;
    std::string line_;     ///< the unfolded line
    std::string_view raw_; ///< the same as it stands in the input, with line ends
    bool version_seen_ = false;
};

namespace {

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

bool is_blank(std::string_view line) { return trim(line).empty(); }

bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

/// Where the value's colon is: outside quotes. npos when there is none.
std::size_t find_colon(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"')
            quoted = !quoted;
        if (line[i] == ':' && !quoted)
            return i;
    }
    return line.find(':'); // an unbalanced quote: 2.1 does not know quotes
}

/// Cuts at separators outside quotes.
std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            quoted = !quoted;
        if (text[i] != separator || quoted)
            continue;
        parts.push_back(text.substr(begin, i - begin));
        begin = i + 1;
    }
    parts.push_back(text.substr(begin));
    return parts;
}

/// Whether the part before the colon says ENCODING=QUOTED-PRINTABLE, in either spelling.
bool is_quoted_printable(std::string_view head) {
    for (const auto* spelling : {";QUOTED-PRINTABLE", ";ENCODING=QUOTED-PRINTABLE"})
        if (ifind(head, spelling) != std::string_view::npos)
            return true;
    return false;
}

std::string parameter_value(std::string_view text) {
    text = trim(text);
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
        text = text.substr(1, text.size() - 2);
    return clean_utf8(decode_caret(text));
}

/// A parameter without a name is an encoding or a type (2.1).
Parameter bare_parameter(std::string_view value) {
    const bool encoding = iequals(value, "QUOTED-PRINTABLE") || iequals(value, "BASE64") ||
                          iequals(value, "8BIT") || iequals(value, "7BIT");
    return {encoding ? "ENCODING" : "TYPE", {clean_utf8(value)}};
}

Result<Parameter> read_parameter(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return bare_parameter(trim(text));
    const auto name = trim(text.substr(0, equals));
    if (!is_name(name))
        return fail(Code::bad_syntax, "bad vCard parameter name");
    Parameter parameter{upper(name), {}};
    for (const auto value : split_unquoted(text.substr(equals + 1), ','))
        parameter.values.push_back(parameter_value(value));
    return parameter;
}

} // namespace

std::string_view Parser::peek_line() const {
    const auto end = bytes_.find('\n', position_);
    return bytes_.substr(
        position_, end == std::string_view::npos ? std::string_view::npos : end + 1 - position_
    );
}

std::string_view Parser::take_line() {
    const auto line = peek_line();
    position_ += line.size();
    return line;
}

bool Parser::continues() const {
    return !at_end() && (bytes_[position_] == ' ' || bytes_[position_] == '\t');
}

void Parser::take_logical_line() {
    const auto begin = position_;
    line_ = without_line_end(take_line());
    const auto colon = line_.find(':');
    const auto head = std::string_view(line_).substr(0, colon == std::string::npos ? 0 : colon);
    if (is_quoted_printable(head)) {
        while (line_.ends_with('=') && !at_end()) { // soft line ends of 2.1
            line_.pop_back();
            line_ += without_line_end(take_line());
        }
    }
    while (continues())
        line_ += without_line_end(take_line()).substr(1);
    // An empty line ends base64 in 2.1; elsewhere it is noise that stays where it was.
    while (!at_end() && is_blank(peek_line()) && !continues())
        take_line();
    raw_ = bytes_.substr(begin, position_ - begin);
}

Result<Property> Parser::read_property() const {
    const std::string_view line = line_;
    const auto colon = find_colon(line);
    if (colon == std::string_view::npos)
        return fail(Code::bad_syntax, "vCard line without colon");
    if (colon > limits::kCardHead)
        return fail(Code::too_large, "vCard property with too long parameters");
    const auto pieces = split_unquoted(line.substr(0, colon), ';');
    if (pieces.size() > limits::kCardParameters + 1)
        return fail(Code::too_large, "vCard property with too many parameters");
    auto name = trim(pieces.front());
    Property property;
    if (const auto dot = name.find('.'); dot != std::string_view::npos) {
        property.group_ = name.substr(0, dot);
        name.remove_prefix(dot + 1);
        if (!is_name(property.group_))
            return fail(Code::bad_syntax, "bad vCard group name");
    }
    if (!is_name(name))
        return fail(Code::bad_syntax, "bad vCard property name");
    property.name_ = upper(name);
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        if (trim(pieces[i]).empty())
            continue;
        TRY(auto parameter, read_parameter(pieces[i]));
        property.parameters_.push_back(std::move(parameter));
    }
    property.value_ = line.substr(colon + 1);
    property.raw_ = raw_;
    if (!property.raw_.ends_with('\n'))
        property.raw_ += "\r\n";
    return property;
}

/// An inline AGENT of 2.1: a card within the card. It stays opaque; a third level is refused.
Result<> Parser::take_agent(Property& agent) {
    std::string inner;
    while (!at_end()) {
        const auto line = take_line();
        agent.raw_ += line;
        inner += line;
        const auto bare = trim(line);
        if (istarts_with(bare, "BEGIN:") && inner.size() != line.size())
            return fail(Code::bad_syntax, "vCard nested too deeply");
        if (iequals(bare, "END:VCARD")) {
            agent.value_ = escape(clean_utf8(inner));
            return {};
        }
        if (inner.size() > limits::kCardProperty)
            return fail(Code::too_large, "vCard property too large");
    }
    return fail(Code::bad_syntax, "vCard without END");
}

Result<> Parser::take_property(Card& card) {
    TRY(auto property, read_property());
    if (property.name() == "BEGIN" || property.name() == "END")
        return fail(Code::bad_syntax, "vCard within a vCard");
    if (property.name() == "VERSION") {
        const auto version = trim(property.value());
        version_seen_ = true;
        card.version = version == "2.1"   ? Version::v2_1
                       : version == "3.0" ? Version::v3_0
                                          : Version::v4_0;
        if (version != "2.1" && version != "3.0" && version != "4.0")
            return fail(Code::unsupported, "unknown vCard version");
        return {};
    }
    if (property.name() == "AGENT" && property.value().empty() && !at_end() &&
        iequals(trim(peek_line()), "BEGIN:VCARD"))
        CHECK_OK(take_agent(property));
    if (card.properties.size() >= limits::kCardProperties)
        return fail(Code::too_large, "vCard with too many properties");
    card.properties.push_back(std::move(property));
    return {};
}

Result<Card> Parser::run() {
    if (bytes_.size() > limits::kCardBytes)
        return fail(Code::too_large, "vCard too large");
    if (bytes_.starts_with("\xEF\xBB\xBF"))
        bytes_.remove_prefix(3);
    while (!at_end() && is_blank(peek_line()))
        take_line();
    if (!iequals(trim(take_line()), "BEGIN:VCARD"))
        return fail(Code::bad_syntax, "vCard without BEGIN");
    Card card;
    for (;;) {
        if (at_end())
            return fail(Code::bad_syntax, "vCard without END");
        take_logical_line();
        if (line_.size() > limits::kCardProperty)
            return fail(Code::too_large, "vCard property too large");
        if (istarts_with(line_, "END:"))
            break;
        if (is_blank(line_))
            continue; // noise directly after BEGIN
        CHECK_OK(take_property(card));
    }
    if (!iequals(trim(line_), "END:VCARD"))
        return fail(Code::bad_syntax, "vCard with a foreign END");
    if (!version_seen_)
        card.version = Version::v2_1; // before 3.0 VERSION was often left out
    while (!at_end())
        if (!is_blank(take_line()))
            return fail(Code::bad_syntax, "text after the vCard");
    const bool is_2_1 = card.version == Version::v2_1;
    for (auto& property : card.properties) {
        if (property.name_ != "AGENT")
            normalize(property.name_, property.parameters_, property.value_, is_2_1);
        if (is_2_1)
            property.raw_.clear(); // written as 3.0 from now on
    }
    return card;
}

Result<Card> parse(std::string_view bytes) { return Parser(bytes).run(); }

std::vector<std::string_view> split_cards(std::string_view bytes) {
    std::vector<std::string_view> cards;
    std::size_t begin = 0;
    std::size_t depth = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto newline = bytes.find('\n', at);
        const auto end = newline == std::string_view::npos ? bytes.size() : newline + 1;
        const auto line = trim(bytes.substr(at, end - at));
        if (iequals(line, "BEGIN:VCARD") && depth++ == 0)
            begin = at;
        if (iequals(line, "END:VCARD") && depth != 0 && --depth == 0)
            cards.push_back(bytes.substr(begin, end - begin));
        at = end;
    }
    return cards;
}

} // namespace lockstep::vcard
