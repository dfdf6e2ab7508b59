// Hostile cards and hostile JSContact: whatever can be read can be written, and says the same then.
#include <cstdint>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "codec/jscontact/jscontact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const auto bytes = as_text({data, size});
    // As a stored card: an echo keeps its bytes, an edit can be read again.
    if (auto card = jscontact::read_card(bytes)) {
        const auto same = jscontact::write_card(bytes, *card);
        ENSURE(same && *same == bytes);
        (*card)["nicknames"] = json::Object{{"k", json::Object{{"name", "x"}}}};
        if (const auto edited = jscontact::write_card(bytes, *card))
            ENSURE(jscontact::read_card(*edited).has_value());
    }
    // As JSContact of a client.
    const auto value = json::parse(bytes);
    if (value && value->is_object())
        if (const auto made = jscontact::write_card({}, value->get_object())) {
            const auto again = jscontact::read_card(*made);
            ENSURE(again.has_value());
            const auto settled = jscontact::write_card(*made, *again);
            ENSURE(settled && *settled == *made);
        }
    return 0;
}
