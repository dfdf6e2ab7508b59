// Tests.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/core.h>

#include "base/limits_sieve.hpp"
#include "base/text.hpp"
#include "codec/sieve/reader.hpp"

namespace lockstep::sieve {
namespace {

struct KnownTest {
    TestKind kind;
    std::string_view extension;
};
const std::map<std::string, KnownTest, std::less<>> kTestNames = {
    {"true", {TestKind::always, ""}},
    {"false", {TestKind::never, ""}},
    {"allof", {TestKind::all_of, ""}},
    {"anyof", {TestKind::any_of, ""}},
    {"not", {TestKind::negated, ""}},
    {"header", {TestKind::header, ""}},
    {"address", {TestKind::address, ""}},
    {"exists", {TestKind::exists, ""}},
    {"size", {TestKind::size, ""}},
    {"envelope", {TestKind::envelope, "envelope"}},
    {"body", {TestKind::body, "body"}},
    {"date", {TestKind::date, "date"}},
    {"currentdate", {TestKind::current_date, "date"}},
    {"hasflag", {TestKind::has_flag, "imap4flags"}},
    {"string", {TestKind::string, "variables"}},
    {"mailboxexists", {TestKind::mailbox_exists, "mailbox"}},
};
constexpr std::array<std::string_view, 6> kRelations = {"gt", "ge", "lt", "le", "eq", "ne"};
constexpr std::array<std::string_view, 5> kAddressParts = {
    "all", "localpart", "domain", "user", "detail"
};
constexpr std::array<std::string_view, 13> kDateParts = {"year",   "month",   "day",    "date",
                                                         "julian", "hour",    "minute", "second",
                                                         "time",   "iso8601", "std11",  "zone",
                                                         "weekday"};

bool compares(TestKind kind) {
    switch (kind) {
    case TestKind::header:
    case TestKind::address:
    case TestKind::envelope:
    case TestKind::body:
    case TestKind::date:
    case TestKind::current_date:
    case TestKind::has_flag:
    case TestKind::string:
        return true;
    default:
        return false;
    }
}

} // namespace

Result<Test> Reader::test_list(TestKind kind, std::size_t depth) {
    Test made;
    made.kind = kind;
    if (kind == TestKind::negated) {
        TRY(auto one, test(depth + 1));
        made.tests.push_back(std::move(one));
        return made;
    }
    CHECK_OK(expect('('));
    for (;;) {
        TRY(auto one, test(depth + 1));
        made.tests.push_back(std::move(one));
        if (!at_mark(','))
            break;
        CHECK_OK(advance());
    }
    CHECK_OK(expect(')'));
    return made;
}

Result<Test> Reader::test(std::size_t depth) {
    if (depth > limits::kSieveDepth)
        return wrong("tests are nested too deeply");
    CHECK_OK(count());
    const auto known =
        word_.kind == WordKind::identifier ? kTestNames.find(word_.text) : kTestNames.end();
    if (known == kTestNames.end())
        return wrong("a test is missing or unknown");
    CHECK_OK(need(known->second.extension));
    CHECK_OK(advance());
    const auto kind = known->second.kind;
    if (kind == TestKind::negated || kind == TestKind::all_of || kind == TestKind::any_of)
        return test_list(kind, depth);
    Test made;
    made.kind = kind;
    while (word_.kind == WordKind::tag) {
        const auto tag = word_.text;
        CHECK_OK(advance());
        CHECK_OK(test_tag(made, tag));
    }
    CHECK_OK(test_operands(made));
    CHECK_OK(check_test(made));
    return made;
}

Result<bool> Reader::match_tag(Test& test, const std::string& tag) {
    auto& match = test.match;
    if (tag == "is" || tag == "contains" || tag == "matches") {
        match.type = tag == "is"         ? MatchType::is
                     : tag == "contains" ? MatchType::contains
                                         : MatchType::matches;
        return true;
    }
    if (tag == "value" || tag == "count") {
        CHECK_OK(need("relational"));
        match.type = tag == "value" ? MatchType::value : MatchType::count;
        TRY(const auto name, one_string());
        const auto found = std::ranges::find(kRelations, lower(name));
        if (found == kRelations.end())
            return wrong("an unknown relation");
        match.relation = static_cast<Relation>(found - kRelations.begin());
        return true;
    }
    if (tag != "comparator")
        return false;
    TRY(const auto name, one_string());
    if (name == "i;octet")
        match.compare = Compare::octet;
    else if (name == "i;ascii-casemap")
        match.compare = Compare::casemap;
    else if (name == "i;ascii-numeric")
        match.compare = Compare::numeric;
    else
        return wrong("an unknown comparator");
    if (match.compare == Compare::numeric)
        CHECK_OK(need("comparator-i;ascii-numeric"));
    return true;
}

Result<> Reader::test_tag(Test& test, const std::string& tag) {
    if (compares(test.kind)) {
        TRY(const bool known, match_tag(test, tag));
        if (known)
            return {};
    }
    const auto kind = test.kind;
    const auto part = std::ranges::find(kAddressParts, tag);
    if (part != kAddressParts.end() && (kind == TestKind::address || kind == TestKind::envelope)) {
        test.part = static_cast<AddressPart>(part - kAddressParts.begin());
        return test.part >= AddressPart::user ? need("subaddress") : Result<>();
    }
    if (kind == TestKind::size && (tag == "over" || tag == "under")) {
        test.over = tag == "over";
        TRY(test.size, one_number());
        test.names.push_back("size");
        return {};
    }
    if (kind == TestKind::body && (tag == "raw" || tag == "text" || tag == "content")) {
        test.body = tag == "raw"    ? BodyPart::raw
                    : tag == "text" ? BodyPart::text
                                    : BodyPart::content;
        if (test.body == BodyPart::content) {
            TRY(test.content_types, strings());
        }
        return {};
    }
    const bool dated = kind == TestKind::date || kind == TestKind::current_date;
    if (dated && tag == "zone") {
        TRY(test.zone, one_string());
        const bool good = test.zone.size() == 5 && (test.zone[0] == '+' || test.zone[0] == '-') &&
                          parse_int(std::string_view(test.zone).substr(1));
        return good ? Result<>() : wrong("a zone is written as +0100");
    }
    if (kind == TestKind::date && tag == "originalzone") {
        test.original_zone = true;
        return {};
    }
    return wrong(fmt::format(":{} has no place here", clean_utf8(tag)));
}

Result<> Reader::test_operands(Test& test) {
    switch (test.kind) {
    case TestKind::header:
    case TestKind::address:
    case TestKind::envelope:
    case TestKind::string: {
        TRY(test.names, strings());
        TRY(test.keys, strings());
        return {};
    }
    case TestKind::exists:
    case TestKind::mailbox_exists: {
        TRY(test.names, strings());
        return {};
    }
    case TestKind::body:
    case TestKind::has_flag: {
        TRY(test.keys, strings());
        return {};
    }
    case TestKind::date:
    case TestKind::current_date: {
        if (test.kind == TestKind::date) {
            TRY(auto name, one_string());
            test.names.push_back(std::move(name));
        }
        TRY(test.date_part, one_string());
        test.date_part = lower(test.date_part);
        TRY(test.keys, strings());
        return {};
    }
    default:
        return {};
    }
}

Result<> Reader::check_test(const Test& test) const {
    const bool dated = test.kind == TestKind::date || test.kind == TestKind::current_date;
    if (dated && std::ranges::find(kDateParts, test.date_part) == kDateParts.end())
        return wrong("an unknown part of a date");
    if (test.kind == TestKind::size && test.names.size() != 1)
        return wrong("size needs :over or :under, once");
    const bool ordered = test.match.type == MatchType::is || test.match.type == MatchType::value ||
                         test.match.type == MatchType::count;
    if (test.match.compare == Compare::numeric && !ordered)
        return wrong("i;ascii-numeric cannot search in strings");
    return {};
}

} // namespace lockstep::sieve
