// Parses SEARCH.
#include "codec/imap/search_request.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits_imap.hpp"
#include "base/text.hpp"
#include "codec/imap/date.hpp"

namespace lockstep::imap {
namespace {

using SearchKind = SearchNode::Kind;
using Program = std::vector<SearchNode>;

struct FlagKey {
    std::string_view name;
    std::string_view flag;
    bool set;
};
constexpr std::array<FlagKey, 10> kFlags{{
    {"ANSWERED", "\\answered", true},
    {"DELETED", "\\deleted", true},
    {"DRAFT", "\\draft", true},
    {"FLAGGED", "\\flagged", true},
    {"SEEN", "\\seen", true},
    {"UNANSWERED", "\\answered", false},
    {"UNDELETED", "\\deleted", false},
    {"UNDRAFT", "\\draft", false},
    {"UNFLAGGED", "\\flagged", false},
    {"UNSEEN", "\\seen", false},
}};

constexpr std::array<std::pair<std::string_view, SearchKind>, 9> kDays{{
    {"BEFORE", SearchKind::before},
    {"ON", SearchKind::on},
    {"SINCE", SearchKind::since},
    {"SENTBEFORE", SearchKind::sent_before},
    {"SENTON", SearchKind::sent_on},
    {"SENTSINCE", SearchKind::sent_since},
    {"SAVEDBEFORE", SearchKind::saved_before},
    {"SAVEDON", SearchKind::saved_on},
    {"SAVEDSINCE", SearchKind::saved_since},
}};

constexpr std::array<std::pair<std::string_view, SearchKind>, 4> kNumbers{{
    {"LARGER", SearchKind::larger},
    {"SMALLER", SearchKind::smaller},
    {"OLDER", SearchKind::older},
    {"YOUNGER", SearchKind::younger},
}};

constexpr std::array<std::pair<std::string_view, SearchKind>, 9> kTexts{{
    {"FROM", SearchKind::address},
    {"TO", SearchKind::address},
    {"CC", SearchKind::address},
    {"BCC", SearchKind::address},
    {"SUBJECT", SearchKind::subject},
    {"BODY", SearchKind::body},
    {"TEXT", SearchKind::text},
    {"EMAILID", SearchKind::email_id},
    {"THREADID", SearchKind::thread_id},
}};

template <class Table>
std::optional<SearchKind> find_in(const Table& table, std::string_view name) {
    for (const auto& [known, kind] : table)
        if (iequals(known, name))
            return kind;
    return std::nullopt;
}

SearchNode node(SearchKind kind) {
    SearchNode made;
    made.kind = kind;
    return made;
}

/// One level of parentheses, OR or NOT that waits for its keys.
struct Open {
    enum class Form : std::uint8_t { list, negate, either } form = Form::list;
    std::size_t keys = 0;
};

class Parser {
public:
    explicit Parser(Scanner& in) : in_(in) {}

    Result<Program> run() {
        open_.push_back({});
        while (!open_.empty()) {
            CHECK_OK(key());
            CHECK_OK(settle());
        }
        CHECK_OK(in_.end());
        return std::move(program_);
    }

private:
    Result<> push(SearchNode made) {
        if (program_.size() >= limits::kImapSearchKeys)
            return fail(Code::too_large, "too many search keys");
        program_.push_back(std::move(made));
        complete_ = true;
        return {};
    }

    Result<> descend(Open::Form form) {
        if (open_.size() > limits::kImapDepth)
            return fail(Code::too_large, "search keys nested too deep");
        open_.push_back({form, 0});
        complete_ = false;
        return {};
    }

    /// One key, or the beginning of one that holds others.
    Result<> key() {
        if (in_.skip('('))
            return descend(Open::Form::list);
        if (is_digit(in_.peek()) || in_.peek() == '*' || in_.peek() == '$') {
            auto made = node(SearchKind::sequence);
            TRY(made.set, in_.sequence_set());
            return push(std::move(made));
        }
        const auto name = in_.word();
        if (iequals(name, "NOT") || iequals(name, "OR")) {
            CHECK_OK(in_.space());
            return descend(iequals(name, "NOT") ? Open::Form::negate : Open::Form::either);
        }
        // FUZZY is a permission, not a duty: the exact answer is one too.
        if (iequals(name, "FUZZY")) {
            CHECK_OK(in_.space());
            complete_ = false;
            return {};
        }
        return simple(name);
    }

    Result<> simple(std::string_view name) {
        for (const auto& flag : kFlags)
            if (iequals(flag.name, name))
                return flag_key(flag.flag, flag.set);
        if (iequals(name, "ALL") || iequals(name, "OLD") || iequals(name, "SAVEDATESUPPORTED"))
            return push(node(SearchKind::all));
        // No message is ever \Recent: NEW and RECENT find nothing.
        if (iequals(name, "NEW") || iequals(name, "RECENT"))
            return push(node(SearchKind::none));
        CHECK_OK(in_.space());
        if (iequals(name, "KEYWORD") || iequals(name, "UNKEYWORD")) {
            TRY(const auto flag, in_.flag());
            return flag_key(lower(flag), iequals(name, "KEYWORD"));
        }
        return with_value(name);
    }

    Result<> flag_key(std::string_view flag, bool set) {
        auto made = node(SearchKind::flag);
        made.text = flag;
        CHECK_OK(push(std::move(made)));
        return set ? Result<>() : push(node(SearchKind::negate));
    }

    Result<> with_value(std::string_view name) {
        SearchNode made;
        if (const auto day = find_in(kDays, name)) {
            made.kind = *day;
            TRY(const auto text, in_.astring());
            TRY(made.number, parse_day(text));
        } else if (const auto number = find_in(kNumbers, name)) {
            made.kind = *number;
            TRY(made.number, in_.number64());
        } else if (const auto text = find_in(kTexts, name)) {
            made.kind = *text;
            made.field = lower(name);
            TRY(made.text, in_.astring());
        } else if (iequals(name, "HEADER")) {
            made.kind = SearchKind::header;
            TRY(made.field, in_.astring());
            CHECK_OK(in_.space());
            TRY(made.text, in_.astring());
        } else if (iequals(name, "UID")) {
            made.kind = SearchKind::uids;
            TRY(made.set, in_.sequence_set());
        } else if (iequals(name, "MODSEQ")) {
            made.kind = SearchKind::modseq;
            if (in_.peek() == '"')
                CHECK_OK(skip_entry());
            TRY(made.number, in_.number64());
        } else {
            return fail(Code::bad_syntax, "an unknown search key");
        }
        return push(std::move(made));
    }

    /// RFC 7162 3.1.5: the entry of a flag; all flags share one MODSEQ here.
    Result<> skip_entry() {
        TRY(const auto entry, in_.string());
        (void)entry;
        CHECK_OK(in_.space());
        const auto type = in_.word();
        if (!iequals(type, "priv") && !iequals(type, "shared") && !iequals(type, "all"))
            return fail(Code::bad_syntax, "an entry's type");
        return in_.space();
    }

    /// After a whole key: joins it with those before it and closes what is complete.
    Result<> settle() {
        while (complete_ && !open_.empty()) {
            auto& top = open_.back();
            ++top.keys;
            if (top.form == Open::Form::negate) {
                CHECK_OK(push(node(SearchKind::negate)));
                open_.pop_back();
                continue;
            }
            if (top.form == Open::Form::either) {
                if (top.keys == 1) {
                    complete_ = false;
                    return in_.space();
                }
                CHECK_OK(push(node(SearchKind::either)));
                open_.pop_back();
                continue;
            }
            if (top.keys > 1)
                CHECK_OK(push(node(SearchKind::both)));
            if (in_.skip(' ')) {
                complete_ = false;
                return {};
            }
            if (open_.size() > 1)
                CHECK_OK(in_.expect(')'));
            open_.pop_back();
        }
        return {};
    }

    Scanner& in_;
    Program program_;
    std::vector<Open> open_;
    bool complete_ = false;
};

Result<> parse_return(Scanner& in, SearchRequest::Return& wanted) {
    CHECK_OK(in.space());
    CHECK_OK(in.expect('('));
    wanted.given = true;
    const auto nothing_else = [&wanted] {
        return !wanted.min && !wanted.max && !wanted.count && !wanted.save && !wanted.partial;
    };
    if (in.skip(')')) {
        wanted.all = true;
        return {};
    }
    do {
        const auto name = in.word();
        if (iequals(name, "MIN"))
            wanted.min = true;
        else if (iequals(name, "MAX"))
            wanted.max = true;
        else if (iequals(name, "ALL"))
            wanted.all = true;
        else if (iequals(name, "COUNT"))
            wanted.count = true;
        else if (iequals(name, "SAVE"))
            wanted.save = true;
        else if (iequals(name, "UPDATE"))
            wanted.update = true;
        else if (iequals(name, "CONTEXT"))
            continue; // a hint that the result will be asked for again: it is always at hand
        else if (iequals(name, "PARTIAL")) {
            CHECK_OK(in.space());
            TRY(const auto partial, parse_partial_range(in));
            wanted.partial = partial.range;
            wanted.partial_last = partial.from_end;
        } else
            return fail(Code::bad_syntax, "an unknown option of RETURN");
    } while (in.skip(' '));
    if (wanted.partial && wanted.all)
        return fail(Code::bad_syntax, "PARTIAL and ALL exclude each other");
    if (nothing_else())
        wanted.all = true; // UPDATE and CONTEXT alone name no form of the result
    return in.expect(')');
}

} // namespace

bool SearchRequest::asks_modseq() const {
    return std::ranges::find(program, SearchKind::modseq, &SearchNode::kind) != program.end();
}

namespace {

Result<> check_charset(std::string_view name) {
    if (iequals(name, "UTF-8") || iequals(name, "US-ASCII"))
        return {};
    return fail(Code::unsupported, "a charset that is not offered");
}

} // namespace

Result<PartialRange> parse_partial_range(Scanner& in) {
    PartialRange partial;
    partial.from_end = in.skip('-');
    TRY(const auto from, in.nz_number());
    CHECK_OK(in.expect(':'));
    if (in.skip('-') != partial.from_end)
        return fail(Code::bad_syntax, "a range from both ends");
    TRY(const auto to, in.nz_number());
    partial.range = {std::min(from, to), std::max(from, to)};
    return partial;
}

Result<> parse_result_options(Scanner& in, SearchRequest::Return& wanted) {
    if (!in.skip_word("RETURN"))
        return {};
    CHECK_OK(parse_return(in, wanted));
    return in.space();
}

Result<Program> parse_charset_program(Scanner& in) {
    TRY(const auto name, in.astring());
    CHECK_OK(in.space());
    CHECK_OK(check_charset(name));
    return Parser(in).run();
}

Result<Program> parse_search_program(Scanner& in) {
    if (!in.skip_word("CHARSET"))
        return Parser(in).run();
    CHECK_OK(in.space());
    return parse_charset_program(in);
}

Result<SearchRequest> parse_search(Scanner& in) {
    SearchRequest request;
    CHECK_OK(parse_result_options(in, request.result));
    TRY(request.program, parse_search_program(in));
    return request;
}

} // namespace lockstep::imap
