// What the tests of calendar, task and note items share: items as trees, and trees as requests.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "codec/eas/calendar.hpp"
#include "codec/eas/options.hpp"
#include "codec/ical/value.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas::testing {

inline wbxml::Node leaf(wbxml::Tag tag, std::string_view text) {
    return {tag, std::string(text), false, {}};
}
inline wbxml::Node tree(wbxml::Tag tag, std::vector<wbxml::Node> children) {
    return {tag, {}, false, std::move(children)};
}
inline wbxml::Node data(std::vector<wbxml::Node> children) {
    return tree(wbxml::air_sync::ApplicationData, std::move(children));
}

inline std::int64_t utc(std::string_view text) { return ical::parse_moment(text)->civil; }

inline EventContext owner(std::string_view zone = "Europe/Berlin") {
    return {"anna@example.org", "Anna Berg", std::string(zone), utc("20261124T100300Z"), "new-uid"};
}

inline ItemOptions options_for(wbxml::Version version, int type = 1) {
    ItemOptions options;
    options.version = version;
    options.body_preferences.push_back({type, {}, false, 0});
    return options;
}

/// Runs a writer of the children of ApplicationData and reads the document back.
template <class Write> wbxml::Node written(wbxml::Version version, Write&& write) {
    wbxml::Writer out(version);
    out.open(wbxml::air_sync::ApplicationData);
    const Result<> result = write(out);
    EXPECT_TRUE(result) << (result ? "" : result.error().text);
    out.close();
    const auto bytes = out.finish();
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().text);
    auto node = wbxml::parse(bytes.value_or(""));
    EXPECT_TRUE(node);
    return node.value_or(wbxml::Node{});
}

/// An event object of one VEVENT with these lines, and whatever follows it.
inline std::string vevent(std::string_view lines, std::string_view more = {}) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//Y//"
           "EN\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20261101T120000Z\r\n" +
           std::string(lines) + "END:VEVENT\r\n" + std::string(more) + "END:VCALENDAR\r\n";
}

} // namespace lockstep::eas::testing
