// The interpreter.
#include "codec/sieve/run.hpp"

#include <algorithm>
#include <map>

#include "base/limits_sieve.hpp"
#include "base/text.hpp"
#include "codec/mime/date.hpp"
#include "codec/mime/header.hpp"
#include "codec/sieve/values.hpp"

namespace lockstep::sieve {
namespace {

using Strings = std::vector<std::string>;

/// RFC 4790 9.1: the number at the front; text without one is greater than all.
std::uint64_t number_of(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && is_digit(text[size]))
        ++size;
    return parse_int<std::uint64_t>(text.substr(0, size)).value_or(UINT64_MAX);
}

template <class T> bool holds(Relation relation, const T& a, const T& b) {
    switch (relation) {
    case Relation::gt:
        return a > b;
    case Relation::ge:
        return a >= b;
    case Relation::lt:
        return a < b;
    case Relation::le:
        return a <= b;
    case Relation::eq:
        return a == b;
    case Relation::ne:
        return a != b;
    }
    return false;
}

class Run {
public:
    Run(const Script& script, const Facts& facts) : script_(script), facts_(facts) {}

    Result<Outcome> finish() {
        CHECK_OK(block(script_.commands));
        if (keeps_)
            CHECK_OK(file({{}, false, flags_}));
        return std::move(outcome_);
    }

private:
    /// Depth is that of the script: bounded when it was read.
    Result<> block(const std::vector<Command>& commands) {
        for (const auto& each : commands) {
            if (stopped_)
                break;
            CHECK_OK(command(each));
        }
        return {};
    }

    Result<> command(const Command& command) {
        if (++actions_ > limits::kSieveItems)
            return fail(Code::too_large, "the script does too much");
        switch (command.kind) {
        case CommandKind::branch:
            for (const auto& arm : command.branches)
                if (passes(arm.test))
                    return block(arm.block);
            return {};
        case CommandKind::stop:
            stopped_ = true;
            return {};
        case CommandKind::keep:
            keeps_ = false;
            return file({{}, false, flags_for(command)});
        case CommandKind::discard:
            keeps_ = false;
            return {};
        case CommandKind::file_into:
            keeps_ = keeps_ && command.copy;
            return file({expand(command.target), command.create, flags_for(command)});
        case CommandKind::redirect:
            return redirect(command);
        case CommandKind::reject:
            keeps_ = false;
            outcome_.reject = expand(command.target);
            return {};
        case CommandKind::vacation:
            return vacation(command);
        case CommandKind::set_flag:
        case CommandKind::add_flag:
        case CommandKind::remove_flag:
            change_flags(command);
            return {};
        case CommandKind::set:
            return set(command);
        }
        return {};
    }

    Result<> file(Filing filing) {
        // The same mailbox twice is one copy (RFC 5228 2.10.3).
        for (auto& each : outcome_.filings)
            if (each.mailbox == filing.mailbox) {
                each.flags = filing.flags;
                return {};
            }
        if (outcome_.filings.size() >= limits::kSieveActions)
            return fail(Code::too_large, "the script files too often");
        outcome_.filings.push_back(std::move(filing));
        return {};
    }

    Result<> redirect(const Command& command) {
        keeps_ = keeps_ && command.copy;
        auto address = expand(command.target);
        auto& all = outcome_.redirects;
        if (std::ranges::find(all, address) != all.end())
            return {};
        if (all.size() >= limits::kSieveRedirects)
            return fail(Code::too_large, "the script redirects too often");
        all.push_back(std::move(address));
        return {};
    }

    Result<> vacation(const Command& command) {
        if (outcome_.reply)
            return fail(Code::bad_value, "two vacations in one run");
        Reply reply;
        reply.text = expand(command.target);
        reply.mime = command.mime;
        reply.subject = expand(command.subject);
        reply.from = expand(command.from);
        reply.handle = command.handle;
        reply.addresses = expand(command.addresses);
        reply.days = command.days;
        outcome_.reply = std::move(reply);
        return {};
    }

    /// Flags as single words (RFC 5232 2).
    Strings flag_words(const Strings& texts) {
        Strings words;
        for (const auto& text : expand(texts))
            for (const auto word : split(text, ' '))
                if (!word.empty() && words.size() < limits::kSieveActions &&
                    std::ranges::none_of(words, [&](auto& each) { return iequals(each, word); }))
                    words.emplace_back(word);
        return words;
    }
    Strings flags_for(const Command& command) {
        return command.has_flags ? flag_words(command.flags) : flags_;
    }
    void change_flags(const Command& command) {
        const auto words = flag_words(command.flags);
        if (command.kind == CommandKind::set_flag)
            flags_.clear();
        for (const auto& word : words) {
            std::erase_if(flags_, [&](const auto& each) { return iequals(each, word); });
            if (command.kind != CommandKind::remove_flag && flags_.size() < limits::kSieveActions)
                flags_.push_back(word);
        }
    }

    Result<> set(const Command& command) {
        auto value = expand(command.value);
        const auto& how = command.set;
        if (how.lower || how.upper)
            value = how.lower ? lower(value) : upper(value);
        if (!value.empty() && how.lower_first)
            value[0] = ascii_lower(value[0]);
        if (!value.empty() && how.upper_first)
            value[0] = ascii_upper(value[0]);
        if (how.quote_wildcard) {
            std::string quoted;
            for (const char c : value)
                quoted +=
                    c == '*' || c == '?' || c == '\\' ? std::string("\\") + c : std::string(1, c);
            value = std::move(quoted);
        }
        if (how.length)
            value = std::to_string(std::ranges::count_if(value, [](char c) {
                return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            }));
        if (variables_.size() >= limits::kSieveVariables && !variables_.contains(command.target))
            return fail(Code::too_large, "too many variables");
        variables_[command.target] = utf8_prefix(value, limits::kSieveVariable);
        return {};
    }

    std::string expand(std::string_view text) const {
        if (!script_.variables || !text.contains("${"))
            return std::string(text);
        std::string out;
        while (!text.empty() && out.size() < limits::kSieveScript) {
            const auto begin = text.find("${");
            const auto end = text.find('}', begin == std::string_view::npos ? 0 : begin);
            if (begin == std::string_view::npos || end == std::string_view::npos)
                break;
            out += text.substr(0, begin);
            const auto name = lower(text.substr(begin + 2, end - begin - 2));
            const auto number = parse_int<std::size_t>(name);
            const bool named = !name.empty() && std::ranges::all_of(name, [](char c) {
                return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
            });
            if (number)
                out += *number < captured_.size() ? captured_[*number] : std::string();
            else if (named && variables_.contains(name))
                out += variables_.at(name);
            else if (!named)
                out += text.substr(begin, end - begin + 1);
            text.remove_prefix(end + 1);
        }
        return out.append(text);
    }
    Strings expand(const Strings& texts) const {
        Strings all;
        for (const auto& each : texts)
            all.push_back(expand(each));
        return all;
    }

    bool matches(const Match& how, std::string_view value, std::string_view key) {
        const bool fold = how.compare == Compare::casemap;
        switch (how.type) {
        case MatchType::is:
            if (how.compare == Compare::numeric)
                return number_of(value) == number_of(key);
            return fold ? iequals(value, key) : value == key;
        case MatchType::contains:
            return (fold ? ifind(value, key) : value.find(key)) != std::string_view::npos;
        case MatchType::matches: {
            Strings captured;
            if (!match_pattern(key, value, fold, captured, steps_))
                return false;
            captured_ = std::move(captured);
            return true;
        }
        case MatchType::value:
            if (how.compare == Compare::numeric)
                return holds(how.relation, number_of(value), number_of(key));
            return fold ? holds(how.relation, upper(value), upper(key))
                        : holds(how.relation, std::string(value), std::string(key));
        case MatchType::count:
            return false;
        }
        return false;
    }
    bool any_matches(const Match& how, const Strings& values, const Strings& raw_keys) {
        const auto keys = expand(raw_keys);
        if (how.type == MatchType::count)
            return std::ranges::any_of(keys, [&](const auto& key) {
                return holds(
                    how.relation, static_cast<std::uint64_t>(values.size()), number_of(key)
                );
            });
        for (const auto& value : values)
            for (const auto& key : keys)
                if (matches(how, value, key))
                    return true;
        return false;
    }

    bool dated(const Test& test) {
        std::int64_t time = facts_.now;
        int minutes = zone_minutes(test.zone);
        if (test.kind == TestKind::date) {
            const auto values = field_values(facts_.header, expand(test.names.front()));
            if (values.empty())
                return false;
            // Received and its like hold the date behind the last ';'.
            const auto text =
                std::string(trim(values.front().substr(values.front().rfind(';') + 1)));
            const auto parsed = mime::parse_date(text);
            if (!parsed)
                return false;
            time = *parsed;
            if (test.original_zone) {
                const auto sign = text.find_last_of("+-");
                minutes = zone_minutes(sign == std::string::npos ? "" : text.substr(sign, 5));
            }
        }
        return any_matches(test.match, {date_part(time, minutes, test.date_part)}, test.keys);
    }

    Strings envelope_values(const Test& test) const {
        Strings values;
        for (const auto& name : test.names) {
            const auto& address = iequals(name, "from") ? facts_.from : facts_.to;
            if (!iequals(name, "from") && !iequals(name, "to"))
                continue;
            if (auto value = part_of(address, test.part))
                values.push_back(std::move(*value));
        }
        return values;
    }

    bool passes(const Test& test) {
        Strings values;
        switch (test.kind) {
        case TestKind::always:
            return true;
        case TestKind::never:
            return false;
        case TestKind::all_of:
            return std::ranges::all_of(test.tests, [&](auto& each) { return passes(each); });
        case TestKind::any_of:
            return std::ranges::any_of(test.tests, [&](auto& each) { return passes(each); });
        case TestKind::negated:
            return !passes(test.tests.front());
        case TestKind::header:
        case TestKind::address:
            for (const auto& name : expand(test.names)) {
                auto some = test.kind == TestKind::header
                                ? field_values(facts_.header, name)
                                : address_values(facts_.header, name, test.part);
                values.insert(values.end(), some.begin(), some.end());
            }
            return any_matches(test.match, values, test.keys);
        case TestKind::envelope:
            return any_matches(test.match, envelope_values(test), test.keys);
        case TestKind::exists:
            return std::ranges::all_of(expand(test.names), [&](auto& name) {
                return !field_values(facts_.header, name).empty();
            });
        case TestKind::size:
            return test.over ? facts_.size > test.size : facts_.size < test.size;
        case TestKind::body:
            if (facts_.body)
                values.push_back(facts_.body(test.body, test.content_types));
            return any_matches(test.match, values, test.keys);
        case TestKind::date:
        case TestKind::current_date:
            return dated(test);
        case TestKind::has_flag:
            return any_matches(test.match, flags_, test.keys);
        case TestKind::string:
            values = expand(test.names);
            if (test.match.type == MatchType::count)
                std::erase_if(values, [](const auto& each) { return each.empty(); });
            return any_matches(test.match, values, test.keys);
        case TestKind::mailbox_exists:
            return std::ranges::all_of(expand(test.names), [&](auto& name) {
                return facts_.mailbox_exists && facts_.mailbox_exists(name);
            });
        }
        return false;
    }

    const Script& script_;
    const Facts& facts_;
    Outcome outcome_;
    bool keeps_ = true;
    bool stopped_ = false;
    std::size_t actions_ = 0;
    std::size_t steps_ = limits::kSieveMatchSteps;
    Strings flags_;
    Strings captured_;
    std::map<std::string, std::string, std::less<>> variables_;
};

} // namespace

Result<Outcome> run(const Script& script, const Facts& facts) {
    return Run(script, facts).finish();
}

} // namespace lockstep::sieve
