// Content lines: one pass over the bytes, no regular expressions, nothing dropped.
// Spec: RFC 5545 3.1, 3.2; RFC 6868 3.
#include "codec/ical/content_line.hpp"

#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::ical {
namespace {

constexpr std::size_t kFoldOctets = 75;

bool is_name_char(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

std::string decode_caret(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '^' && (next == 'n' || next == '^' || next == '\'')) {
            out += next == 'n' ? '\n' : next == '^' ? '^' : '"';
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

void append_parameter_value(std::string& out, std::string_view value) {
    const bool quote = value.find_first_of(",;:") != std::string_view::npos;
    if (quote)
        out += '"';
    for (const char c : value) {
        if (c == '\n')
            out += "^n";
        else if (c == '^')
            out += "^^";
        else if (c == '"')
            out += "^'";
        else if (static_cast<unsigned char>(c) >= 0x20U || c == '\t')
            out += c;
    }
    if (quote)
        out += '"';
}

/// Reads parameter values from `at` (after '='); leaves `at` on the ';' or ':' that ends them.
Result<> read_values(std::string_view line, std::size_t& at, Parameter& parameter) {
    for (;;) {
        if (parameter.values.size() >= limits::kIcalParameters)
            return fail(Code::too_large, "too many parameter values");
        if (at < line.size() && line[at] == '"') {
            const auto end = line.find('"', at + 1);
            if (end == std::string_view::npos)
                return fail(Code::bad_syntax, "open quote in a parameter");
            parameter.values.push_back(decode_caret(line.substr(at + 1, end - at - 1)));
            at = end + 1;
            // Text after the closing quote is tolerated: some producers write name="a"b.
            while (at < line.size() && line[at] != ',' && line[at] != ';' && line[at] != ':')
                parameter.values.back() += line[at++];
        } else {
            const auto end = line.find_first_of(",;:", at);
            if (end == std::string_view::npos)
                return fail(Code::bad_syntax, "a content line without colon");
            parameter.values.push_back(decode_caret(line.substr(at, end - at)));
            at = end;
        }
        if (at >= line.size())
            return fail(Code::bad_syntax, "a content line without colon");
        if (line[at] != ',')
            return {};
        ++at;
    }
}

} // namespace

Property::Property(std::string name, std::string value, std::vector<Parameter> parameters)
    : name_(upper(name)), value_(std::move(value)), parameters_(std::move(parameters)) {}

Result<Property> Property::parse(std::string_view folded) {
    Property property;
    const std::string line = unfold(folded);
    std::size_t at = 0;
    while (at < line.size() && is_name_char(line[at]))
        ++at;
    property.name_ = upper(std::string_view(line).substr(0, at));
    if (property.name_.empty())
        return fail(Code::bad_syntax, "a content line without name");
    while (at < line.size() && line[at] == ';') {
        if (property.parameters_.size() >= limits::kIcalParameters)
            return fail(Code::too_large, "too many parameters");
        const auto begin = ++at;
        at = line.find_first_of("=;:", at);
        if (at == std::string::npos)
            return fail(Code::bad_syntax, "a content line without colon");
        Parameter parameter{upper(trim(std::string_view(line).substr(begin, at - begin))), {}};
        if (line[at] == '=') {
            ++at;
            CHECK_OK(read_values(line, at, parameter));
        }
        property.parameters_.push_back(std::move(parameter));
    }
    if (at >= line.size() || line[at] != ':')
        return fail(Code::bad_syntax, "a content line without colon");
    property.value_ = line.substr(at + 1);
    property.read_ = std::string(folded);
    return property;
}

std::string_view Property::parameter(std::string_view name) const {
    for (const auto& parameter : parameters_)
        if (iequals(parameter.name, name) && !parameter.values.empty())
            return parameter.values.front();
    return {};
}

bool Property::has_parameter(std::string_view name) const {
    for (const auto& parameter : parameters_)
        if (iequals(parameter.name, name))
            return true;
    return false;
}

void Property::set_value(std::string value) {
    if (value == value_)
        return;
    value_ = std::move(value);
    read_.clear();
}

void Property::set_parameter(std::string_view name, std::string value) {
    for (auto& parameter : parameters_) {
        if (!iequals(parameter.name, name))
            continue;
        if (parameter.values.size() == 1 && parameter.values.front() == value)
            return;
        parameter.values = {std::move(value)};
        read_.clear();
        return;
    }
    parameters_.push_back({upper(name), {std::move(value)}});
    read_.clear();
}

void Property::remove_parameter(std::string_view name) {
    if (std::erase_if(parameters_, [&](const Parameter& p) { return iequals(p.name, name); }) > 0)
        read_.clear();
}

void Property::append_to(std::string& out) const {
    if (!read_.empty()) {
        out += read_;
        if (out.back() != '\n')
            out += "\r\n";
        return;
    }
    std::string line = name_;
    for (const auto& parameter : parameters_) {
        line += ';' + parameter.name;
        for (std::size_t i = 0; i < parameter.values.size(); ++i) {
            line += i == 0 ? '=' : ',';
            append_parameter_value(line, parameter.values[i]);
        }
    }
    line += ':';
    for (const char c : value_) {
        if (c == '\n')
            line += "\\n"; // a value set with a bare line end must not start a new line
        else if (static_cast<unsigned char>(c) >= 0x20U || c == '\t')
            line += c;
    }
    append_folded(out, line);
}

LineCursor::LineCursor(std::string_view bytes) : rest_(bytes) {
    if (rest_.starts_with("\xEF\xBB\xBF"))
        rest_.remove_prefix(3);
}

bool LineCursor::next(std::string_view& line) {
    while (!rest_.empty()) {
        std::size_t end = 0;
        for (;;) {
            end = rest_.find('\n', end);
            if (end == std::string_view::npos) {
                end = rest_.size();
                break;
            }
            ++end;
            if (end >= rest_.size() || (rest_[end] != ' ' && rest_[end] != '\t'))
                break;
        }
        line = rest_.substr(0, end);
        rest_.remove_prefix(end);
        if (trim(line).empty())
            continue;
        ++count_;
        return true;
    }
    return false;
}

std::string unfold(std::string_view line) {
    std::string out;
    out.reserve(line.size());
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\n') {
            if (!out.empty() && out.back() == '\r')
                out.pop_back();
            ++i; // the blank or tab of the fold; at the end of the line there is none
            continue;
        }
        if (line[i] != '\0')
            out += line[i];
    }
    if (!out.empty() && out.back() == '\r')
        out.pop_back();
    return out;
}

void append_folded(std::string& out, std::string_view line) {
    std::size_t room = kFoldOctets;
    while (line.size() > room) {
        auto part = utf8_prefix(line, room);
        if (part.empty())
            part = line.substr(0, room); // not UTF-8: cut anywhere
        out += part;
        out += "\r\n ";
        line.remove_prefix(part.size());
        room = kFoldOctets - 1;
    }
    out += line;
    out += "\r\n";
}

std::string escape_text(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '\\' || c == ';' || c == ',')
            (out += '\\') += c;
        else if (c != '\r')
            out += c;
    }
    return out;
}

std::string unescape_text(std::string_view value) {
    std::string out;
    out.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            out += value[i];
            continue;
        }
        const char next = value[++i];
        if (next == 'n' || next == 'N')
            out += '\n';
        else if (next == '\\' || next == ';' || next == ',' || next == ':' || next == '"')
            out += next;
        else
            (out += '\\') += next; // not an escape: Windows paths and the like stay readable
    }
    return out;
}

std::vector<std::string> split_text(std::string_view value, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= value.size(); ++i) {
        if (i < value.size() && value[i] == '\\') {
            ++i;
            continue;
        }
        if (i < value.size() && value[i] != separator)
            continue;
        if (i > begin)
            parts.push_back(unescape_text(value.substr(begin, i - begin)));
        begin = i + 1;
    }
    return parts;
}

} // namespace lockstep::ical
