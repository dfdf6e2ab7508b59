// The query language of Find, and ranges.
#include "base/text.hpp"
#include "protocols/activesync/mailbox_query.hpp"

namespace lockstep::activesync {
namespace {

using Field = QueryTerm::Field;

struct KeywordName {
    std::string_view name;
    Field field;
};
constexpr KeywordName kKeywordNames[] = {
    {"subject", Field::subject},
    {"from", Field::from},
    {"to", Field::to},
    {"cc", Field::cc},
    {"bcc", Field::bcc},
    {"participants", Field::participants},
    {"body", Field::body},
    {"attachment", Field::attachment},
    {"attachmentnames", Field::attachment},
    {"hasattachment", Field::has_attachment},
    {"hasattachments", Field::has_attachment},
    {"isread", Field::is_read},
    {"read", Field::is_read},
};

/// Takes one token off the front: a "phrase", a field:value, or a run without blanks. `quoted`
/// tells that it is no operator.
std::string take_token(std::string_view& text, bool& quoted) {
    text = trim(text);
    std::string token;
    quoted = false;
    bool inside = false;
    std::size_t at = 0;
    for (; at < text.size() && (inside || !is_space(text[at])); ++at) {
        if (text[at] == '"') {
            inside = !inside;
            quoted = true;
        } else {
            token += text[at];
        }
    }
    text.remove_prefix(at);
    return token;
}

std::optional<QueryTerm> term_of(std::string token, bool negated) {
    QueryTerm term;
    term.negated = negated;
    const auto colon = token.find(':');
    for (const auto& each : kKeywordNames) {
        if (colon == std::string::npos || !iequals(token.substr(0, colon), each.name))
            continue;
        term.field = each.field;
        token.erase(0, colon + 1);
        break;
    }
    while (!token.empty() && (token.back() == '*' || token.back() == ')'))
        token.pop_back();
    while (!token.empty() && token.front() == '(')
        token.erase(0, 1);
    if (term.field == Field::has_attachment || term.field == Field::is_read) {
        const bool no = iequals(token, "false") || iequals(token, "no") || token == "0";
        term.negated = negated != no;
        return term;
    }
    if (trim(token).empty())
        return std::nullopt;
    term.text = trim(token);
    return term;
}

} // namespace

QueryTerms parse_keywords(std::string_view text) {
    QueryTerms terms;
    bool alternative = false;
    bool negated = false;
    for (std::size_t count = 0; count < limits::kEasSearchTerms;) {
        bool quoted = false;
        auto token = take_token(text, quoted);
        if (token.empty() && text.empty())
            break;
        if (!quoted && (token == "OR" || token == "AND" || token == "NOT")) {
            alternative = token == "OR" && !terms.empty();
            negated = token == "NOT";
            continue;
        }
        if (!quoted && token.size() > 1 && token.front() == '-') {
            negated = true;
            token.erase(0, 1);
        }
        auto term = term_of(std::move(token), negated);
        negated = false;
        if (!term)
            continue;
        ++count;
        if (std::exchange(alternative, false))
            terms.back().push_back(std::move(*term));
        else
            terms.push_back({std::move(*term)});
    }
    return terms;
}

std::optional<ResultRange> parse_result_range(std::string_view text) {
    text = trim(text);
    const auto dash = text.find('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    const auto first = parse_int<std::size_t>(text.substr(0, dash));
    const auto last = parse_int<std::size_t>(text.substr(dash + 1));
    if (!first || !last || *last < *first || *last > 1'000'000'000)
        return std::nullopt;
    return ResultRange{*first, *last};
}

} // namespace lockstep::activesync
