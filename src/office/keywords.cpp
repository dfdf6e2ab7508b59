// Between keywords and what is stored of them.
#include "office/keywords.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace lockstep::office {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kBits{{
    {"$seen", model::flag::seen},
    {"$answered", model::flag::answered},
    {"$flagged", model::flag::flagged},
    {"$draft", model::flag::draft},
    {"$forwarded", model::flag::forwarded},
}};

bool is_keyword_char(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7F &&
           std::string_view("(){]%*\"\\").find(c) == std::string_view::npos;
}

std::int64_t bit_of(std::string_view keyword) {
    const auto found =
        std::ranges::find(kBits, keyword, &std::pair<std::string_view, std::int64_t>::first);
    return found == kBits.end() ? 0 : found->second;
}

bool for_programs(std::string_view category) { return category.starts_with('$'); }

} // namespace

std::string keyword_of(std::string_view category) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : category) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_keyword_char(c) && c != '=')
            out += ascii_lower(c);
        else
            (out += '=') += {kHex[byte >> 4U], kHex[byte & 15U]};
    }
    return out.substr(0, 255);
}

std::string category_of(std::string_view keyword) {
    std::string out;
    for (std::size_t i = 0; i < keyword.size(); ++i) {
        const auto byte =
            keyword[i] == '=' ? unhex(lower(keyword.substr(i + 1, 2))) : std::string();
        if (!byte || byte->size() != 1) {
            out += keyword[i];
            continue;
        }
        out += *byte;
        i += 2;
    }
    return is_utf8(out) ? out : std::string(keyword);
}

bool is_keyword(std::string_view text) {
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, is_keyword_char);
}

std::set<std::string> keywords_of(std::int64_t flags, const MailProps& props) {
    std::set<std::string> all;
    for (const auto& [name, bit] : kBits)
        if ((flags & bit) != 0)
            all.emplace(name);
    for (const auto& category : props.categories)
        if (auto keyword = keyword_of(category); bit_of(keyword) == 0 && !keyword.empty())
            all.insert(std::move(keyword));
    return all;
}

Marks with_keywords(const Marks& before, const std::set<std::string>& keywords) {
    Marks after = before;
    std::set<std::string> wanted;
    for (const auto& each : keywords)
        wanted.insert(lower(each));
    for (const auto& [name, bit] : kBits) {
        const bool on = wanted.erase(std::string(name)) > 0;
        after.flags = on ? after.flags | bit : after.flags & ~bit;
    }
    if ((after.flags & model::flag::flagged) == 0 && after.props.follow_up == 2) {
        after.props.follow_up = 0;
        after.props.follow_up_text.clear();
        after.props.follow_up_fields.clear();
    }
    std::erase_if(after.props.categories, [&](const std::string& category) {
        return wanted.erase(keyword_of(category)) == 0;
    });
    for (const auto& each : wanted)
        after.props.categories.push_back(category_of(each));
    return after;
}

std::vector<std::string> shown_categories(const MailProps& props) {
    std::vector<std::string> shown;
    for (const auto& each : props.categories)
        if (!for_programs(each))
            shown.push_back(each);
    return shown;
}

void show_categories(MailProps& props, std::vector<std::string> shown) {
    for (auto& each : props.categories)
        if (for_programs(each))
            shown.push_back(std::move(each));
    props.categories = std::move(shown);
}

} // namespace lockstep::office
