// Texts of mail and of content lines.
#include "office/search_text.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/limits_search.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "codec/ical/content_line.hpp"
#include "codec/mime/casemap.hpp"
#include "codec/mime/search_text.hpp"
#include "store/blobs.hpp"

namespace lockstep::office {
namespace {

bool is_word_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || is_digit(c) || (ascii_upper(c) >= 'A' && ascii_upper(c) <= 'Z');
}

/// The field of a mail that says what this property says, or nothing.
std::string_view search_field_of(std::string_view property) {
    if (property == "SUMMARY" || property == "FN")
        return "SUBJECT";
    if (property == "ORGANIZER" || property == "EMAIL")
        return "FROM";
    if (property == "ATTENDEE")
        return "TO";
    return {};
}

/// Properties that say nothing to people.
bool is_silent(const ical::Property& property) {
    constexpr std::string_view kSilent[] = {
        "BEGIN",   "END",           "VERSION",      "PRODID",    "UID",    "DTSTAMP", "DTSTART",
        "DTEND",   "RRULE",         "PHOTO",        "LOGO",      "SOUND",  "KEY",     "REV",
        "CREATED", "LAST-MODIFIED", "TZID",         "DUE",       "EXDATE", "RDATE",   "SEQUENCE",
        "ATTACH",  "TRANSP",        "TZOFFSETFROM", "TZOFFSETTO"
    };
    return std::ranges::find(kSilent, property.name()) != std::end(kSilent) ||
           iequals(property.parameter("ENCODING"), "b") ||
           iequals(property.parameter("ENCODING"), "base64");
}

store::SearchText object_text(std::string_view bytes) {
    store::SearchText out;
    ical::LineCursor lines(bytes);
    for (std::string_view line; out.body.size() < limits::kSearchText && lines.next(line);) {
        const auto property = ical::Property::parse(line);
        if (!property || is_silent(*property))
            continue;
        auto value = ical::unescape_text(property->value());
        if (const auto name = property->parameter("CN"); !name.empty())
            value = std::string(name) + " " + value;
        const auto folded = mime::casemap(replace_all(value, "\n", " "));
        if (const auto field = search_field_of(property->name());
            !field.empty() && out.header.size() < limits::kSearchHeader)
            out.header += std::string(field) + ":" + folded + "\n";
        else
            out.body += folded + "\n";
    }
    out.header.resize(utf8_prefix(out.header, limits::kSearchHeader).size());
    out.body.resize(utf8_prefix(out.body, limits::kSearchText).size());
    return out;
}

/// Letters and digits of Latin, Greek and Cyrillic, in which words stand apart.
bool splits_alike(std::string_view folded) {
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const auto byte = static_cast<unsigned char>(folded[i]);
        if (byte < 0x80)
            continue;
        if (byte > 0xD2 || i + 1 == folded.size() || byte == 0xC2 || byte == 0xCB)
            return false;
        ++i;
    }
    return true;
}

} // namespace

store::SearchText search_text(model::ItemClass item_class, std::string_view bytes) {
    if (item_class != model::ItemClass::mail)
        return object_text(bytes);
    auto text = mime::folded_text(bytes);
    return {std::move(text.header), std::move(text.body)};
}

store::SearchText
search_text_of(store::Snapshot& snapshot, Office& office, const model::Item& item) {
    const auto bytes =
        store::read_blob(snapshot, office.files, item.owner, item.blob, 0, limits::kSearchBytes);
    if (!bytes) {
        log::warn(
            "search.unreadable",
            {{"account", item.owner}, {"item", item.id}, {"reason", bytes.error()}}
        );
        return {};
    }
    return search_text(item.item_class, *bytes);
}

QueryWords query_words(std::string_view text) {
    const auto folded = store::without_marks(mime::casemap(text));
    QueryWords out;
    out.indexable = splits_alike(folded);
    for (std::size_t i = 0; i < folded.size() && out.words.size() < limits::kSearchWords;) {
        auto end = i;
        while (end < folded.size() && is_word_byte(folded[end]))
            ++end;
        if (end > i)
            out.words.push_back(folded.substr(i, end - i));
        i = end + 1;
    }
    return out;
}

bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        // Scripts without blanks have words everywhere.
        if (at == 0 || !is_word_byte(text[at - 1]) || static_cast<unsigned char>(word[0]) >= 0xE0)
            return true;
    }
    return false;
}

} // namespace lockstep::office
