// DMARC records and results.
#include "codec/proof/dmarc.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/proof/tags.hpp"

namespace lockstep::proof {
namespace {

constexpr std::array<std::string_view, 3> kPolicies = {"none", "quarantine", "reject"};

Result<DmarcPolicy> policy_named(std::string_view name) {
    const auto found = std::ranges::find(kPolicies, lower(name));
    if (found == kPolicies.end())
        return fail(Code::bad_syntax, "a DMARC policy that nobody knows");
    return static_cast<DmarcPolicy>(found - kPolicies.begin());
}

/// A value of a property: a token or an address as it is, everything else quoted.
std::string property_value(std::string_view value) {
    const auto plain = [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
               std::string_view(".-_@+!#$%&*/^{}|~`'").contains(c) ||
               static_cast<unsigned char>(c) >= 0x80;
    };
    const auto clean = clean_utf8(value);
    if (!clean.empty() && std::ranges::all_of(clean, plain))
        return clean;
    std::string out = "\"";
    for (const char c : clean) {
        if (c == '\r' || c == '\n')
            continue;
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "\"";
}

} // namespace

std::string_view name_of(DmarcPolicy policy) { return kPolicies[static_cast<std::size_t>(policy)]; }

bool is_dmarc_record(std::string_view text) {
    const auto first = trim(text.substr(0, text.find(';')));
    const auto equals = first.find('=');
    return equals != std::string_view::npos && trim(first.substr(0, equals)) == "v" &&
           trim(first.substr(equals + 1)) == "DMARC1";
}

Result<DmarcRecord> read_dmarc_record(std::string_view text) {
    TRY(const auto tags, Tags::read(text));
    DmarcRecord record;
    const auto policy = tags.find("p");
    if (!policy)
        return fail(Code::bad_syntax, "a DMARC record without a policy");
    TRY(record.policy, policy_named(*policy));
    record.below = record.policy;
    if (const auto below = tags.find("sp")) {
        TRY(record.below, policy_named(*below));
    }
    record.strict_dkim = lower(tags.text("adkim")) == "s";
    record.strict_spf = lower(tags.text("aspf")) == "s";
    const auto percent = parse_int<int>(tags.text("pct", "100"));
    record.percent = percent && *percent >= 0 && *percent <= 100 ? *percent : 100;
    return record;
}

std::string write_results(std::string_view server, const std::vector<MethodResult>& results) {
    std::string out(server);
    if (results.empty())
        return out + "; none";
    for (const auto& each : results) {
        out += ";\r\n\t" + each.method + "=" + each.result;
        if (!each.reason.empty())
            out += " reason=\"" + replace_all(replace_all(each.reason, "\\", ""), "\"", "'") + "\"";
        for (const auto& [name, value] : each.properties)
            out += " " + name + "=" + property_value(value);
    }
    return out;
}

std::string server_of_results(std::string_view value) {
    const auto name = trim(value.substr(0, value.find(';')));
    return lower(name.substr(0, name.find_first_of(" \t\r\n(")));
}

} // namespace lockstep::proof
