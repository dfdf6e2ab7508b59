// Fuzzer of the merges of calendar, task and note items.
// Oracles: whatever was merged can be read, shown, and merged again; what a device is shown and
// sends back changes nothing.
#include <array>
#include <cstdlib>
#include <string>

#include "codec/eas/calendar.hpp"
#include "codec/eas/notes.hpp"
#include "codec/eas/options.hpp"
#include "codec/eas/tasks.hpp"
#include "codec/ical/component.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::eas {
namespace {

using wbxml::Version;

const EventContext kFuzzOwner{
    "anna@example.org", "Anna", "Europe/Berlin", 1'795'514'580, "fuzz-uid", "5:1"
};

constexpr std::array<std::string_view, 5> kStoredEvents{
    "",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=Europe/"
    "Berlin:20261130T100000\r\nDTEND;TZID=Europe/Berlin:20261130T110000\r\nRRULE:FREQ=WEEKLY\r\n"
    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;TZID=Europe/"
    "Berlin:20261207T100000\r\nDTSTART;TZID=Europe/"
    "Berlin:20261208T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261130\r\nRRULE:FREQ=MONTHLY;"
    "BYMONTHDAY=1,30\r\nEXDATE;VALUE=DATE:20261201\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261130T100000Z\r\nDURATION:"
    "PT1H\r\nORGANIZER:mailto:ben@example.org\r\nATTENDEE:mailto:anna@example.org\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261130T100000\r\nRDATE:20261205T100000,"
    "20261206T120000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
};

constexpr std::array<std::string_view, 24> kWords{
    "0",
    "1",
    "2",
    "3",
    "5",
    "62",
    "127",
    "15",
    "20261130T090000Z",
    "20261207T090000Z",
    "20261208T000000Z",
    "20261201T000000Z",
    "2026-11-30T00:00:00.000Z",
    "19000101T000000Z",
    "99991231T235959Z",
    "",
    "ben@example.org",
    "anna@example.org",
    "a,b;c\\d\ne",
    "IPM.StickyNote",
    "<p>x</p>",
    "999",
    "254",
    "Ben"
};

/// Reads a tree from bytes: each byte opens a tag of the page, closes one, or gives a text.
class TreeMaker {
public:
    TreeMaker(std::string_view bytes, std::uint8_t page) : bytes_(bytes), page_(page) {}

    wbxml::Node make() {
        std::vector<wbxml::Node> open{{wbxml::air_sync::ApplicationData, {}, false, {}}};
        for (std::size_t i = 0; i < bytes_.size() && i < 4'000; ++i) {
            const auto byte = static_cast<unsigned char>(bytes_[i]);
            if (byte < 128) {
                const wbxml::Tag tag{
                    byte < 64 ? page_ : std::uint8_t{17}, static_cast<std::uint8_t>(byte & 63U)
                };
                if (wbxml::known(tag) && open.size() < 6)
                    open.push_back({tag, {}, false, {}});
            } else if (byte < 200) {
                open.back().text = kWords[byte % kWords.size()];
                close(open);
            } else {
                close(open);
            }
        }
        while (open.size() > 1)
            close(open);
        return std::move(open.front());
    }

private:
    static void close(std::vector<wbxml::Node>& open) {
        if (open.size() < 2)
            return;
        auto node = std::move(open.back());
        open.pop_back();
        open.back().children.push_back(std::move(node));
    }
    std::string_view bytes_;
    std::uint8_t page_;
};

template <class Write> wbxml::Node shown_node(Version version, Write&& write) {
    wbxml::Writer out(version);
    out.open(wbxml::air_sync::ApplicationData);
    const Result<> result = write(out);
    out.close();
    const auto bytes = out.finish();
    if (!result || !bytes)
        std::abort();
    auto node = wbxml::parse(*bytes);
    if (!node)
        std::abort();
    return *std::move(node);
}

void fuzz_event(
    std::string_view stored, const wbxml::Node& sent, Version version, const ItemOptions& options
) {
    const auto merged = merge_event(stored, sent, version, kFuzzOwner);
    if (!merged)
        return;
    if (!ical::parse(*merged))
        std::abort();
    const auto shown = shown_node(version, [&](wbxml::Writer& out) {
        return write_event(out, *merged, options, kFuzzOwner);
    });
    const auto again = merge_event(*merged, shown, version, kFuzzOwner);
    if (!again || *again != *merged)
        std::abort();
    (void)merge_instance(*merged, "20261207T090000Z", sent, Version::v16_1, kFuzzOwner);
    const auto deleted = delete_instance(*merged, "20261208T000000Z", kFuzzOwner);
    if (deleted && !deleted->empty() && !ical::parse(*deleted))
        std::abort();
    (void)set_reply(*merged, "", Reply::tentative, kFuzzOwner);
}

void fuzz_task(const wbxml::Node& sent, Version version, const ItemOptions& options) {
    const auto merged = merge_task("", sent, version, kFuzzOwner);
    if (!merged)
        return;
    const auto shown = shown_node(version, [&](wbxml::Writer& out) {
        return write_task(out, *merged, options, kFuzzOwner);
    });
    const auto again = merge_task(*merged, shown, version, kFuzzOwner);
    if (!again || *again != *merged)
        std::abort();
}

void fuzz_note(const wbxml::Node& sent, const ItemOptions& options) {
    const auto merged = merge_note("", sent, options.version, kFuzzOwner);
    if (!merged)
        return;
    const auto shown = shown_node(options.version, [&](wbxml::Writer& out) {
        return write_note(out, *merged, options, kFuzzOwner);
    });
    const auto again = merge_note(*merged, shown, options.version, kFuzzOwner);
    if (!again || *again != *merged)
        std::abort();
}

void fuzz_items(std::string_view bytes) {
    if (bytes.size() < 3)
        return;
    const auto choice = static_cast<unsigned char>(bytes[0]);
    const auto version =
        wbxml::kVersions[static_cast<unsigned char>(bytes[1]) % wbxml::kVersions.size()];
    const bool raw = (choice & 0x80U) != 0;
    const std::size_t kind = choice % 7U;
    constexpr std::array<std::uint8_t, 3> kPages{4, 9, 23};
    const auto page = kPages[kind < 5 ? 0 : kind - 4];
    wbxml::Node sent;
    if (raw) {
        auto parsed = wbxml::parse(bytes.substr(2));
        if (!parsed)
            return;
        sent = *std::move(parsed);
    } else {
        sent = TreeMaker(bytes.substr(2), page).make();
    }
    ItemOptions options;
    options.version = version;
    options.body_preferences.push_back({1 + (choice >> 6U & 1), {}, false, 0});
    if (kind < 5)
        fuzz_event(kStoredEvents[kind], sent, version, options);
    else if (kind == 5)
        fuzz_task(sent, version, options);
    else if (version >= Version::v14_0)
        fuzz_note(sent, options);
}

} // namespace
} // namespace lockstep::eas

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    lockstep::eas::fuzz_items({reinterpret_cast<const char*>(data), size});
    return 0;
}
