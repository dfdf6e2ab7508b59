// Verdicts as fields.
#include "office/screening.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/mime/header.hpp"
#include "codec/proof/dmarc.hpp"

namespace lockstep::office {
namespace {

constexpr std::array<std::string_view, 3> kJudgedNames = {"clean", "spam", "junk"};

bool is_ours(const mime::Field& field, std::string_view hostname) {
    if (iequals(field.name, kVerdictField))
        return true;
    return iequals(field.name, "Authentication-Results") &&
           proof::server_of_results(field.value) == lower(hostname);
}

} // namespace

std::string_view name_of(Judged judged) { return kJudgedNames[static_cast<std::size_t>(judged)]; }

Judged judged_of(std::string_view message) {
    // Only below our own Return-Path: what our people send has no verdict.
    if (!istarts_with(message, "Return-Path:"))
        return Judged::clean;
    const auto value = mime::Headers(message).first(kVerdictField);
    const auto found = std::ranges::find(kJudgedNames, value.value_or("clean"));
    return found == kJudgedNames.end() ? Judged::clean
                                       : static_cast<Judged>(found - kJudgedNames.begin());
}

void remove_own_fields(std::string& message, std::string_view hostname, bool whole) {
    const mime::Headers headers(message);
    std::string kept;
    std::size_t done = 0;
    for (const auto& field : headers.fields()) {
        const auto end = field.offset + field.length;
        if (!is_ours(field, hostname) || (end == message.size() && !whole))
            continue;
        kept.append(message, done, field.offset - done);
        done = end;
    }
    if (done > 0)
        message = kept.append(message, done);
}

} // namespace lockstep::office
