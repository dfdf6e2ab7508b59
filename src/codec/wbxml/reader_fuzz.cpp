// Fuzzer of reader, tree, writer and XML printer.
// Oracles: reader and tree agree on what is a document; a tree that a version may be sent comes
// back the same;
//   an accepted document is refused when its last byte is missing.
// Spec: hardening W1, W2.
#include "codec/wbxml/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/writer.hpp"
#include "codec/wbxml/xml.hpp"

namespace {

using namespace lockstep::wbxml;

struct Counts {
    bool well_formed = false;
    std::size_t elements = 0;
};

/// Walks over all events: balanced, within the limits, every view inside the input.
Counts count_events(std::string_view input) {
    Counts counts;
    auto reader = Reader::create(input);
    if (!reader)
        return counts;
    std::size_t depth = 0;
    while (true) {
        const auto event = reader->next();
        if (!event)
            return counts;
        switch (event->kind) {
        case Event::Kind::open:
            ENSURE(known(event->tag));
            ENSURE(++depth <= lockstep::limits::kWbxmlDepth);
            ++counts.elements;
            break;
        case Event::Kind::close:
            ENSURE(depth-- > 0);
            break;
        case Event::Kind::text:
        case Event::Kind::opaque:
            ENSURE(depth > 0);
            ENSURE(event->bytes.data() >= input.data());
            ENSURE(event->bytes.data() + event->bytes.size() <= input.data() + input.size());
            break;
        case Event::Kind::end:
            ENSURE(depth == 0 && reader->offset() == input.size());
            counts.well_formed = true;
            return counts;
        }
    }
}

void check_tree(const Node& root) {
    (void)to_xml(root);
    (void)to_xml(root, kXmlForLog);
    for (const auto version : kVersions) {
        Writer writer(version);
        write(writer, root);
        const auto bytes = writer.finish();
        if (!bytes)
            continue; // it has a tag of another version
        const auto again = parse(*bytes);
        ENSURE(again.has_value());
        // Empty opaque data is written as nothing, so compare what is written.
        Writer second(version);
        write(second, *again);
        ENSURE(second.finish() == *bytes);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = lockstep::as_text({data, size});
    const auto counts = count_events(input);
    const auto root = parse(input);
    ENSURE(root.has_value() == (counts.well_formed && counts.elements > 0));
    if (!root)
        return 0;
    check_tree(*root);
    ENSURE(!parse(input.substr(0, size - 1)).has_value());
    return 0;
}
