// What the reader takes is written and read again as the same value; of a number with a fraction or
// an exponent, which the tokenizer rounds, up to that rounding.
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"
#include "codec/json/json.hpp"

namespace {

using namespace lockstep;

/// Depth is bounded by the reader.
bool same(const json::Value& a, const json::Value& b) {
    if (a.is_double() || b.is_double()) {
        if (!a.is_number() || !b.is_number())
            return false;
        const auto x = a.to_number<double>();
        const auto y = b.to_number<double>();
        return x == y || std::abs(x - y) <= 1e-12 * std::abs(x);
    }
    if (a.is_array() && b.is_array())
        return a.get_array().size() == b.get_array().size() &&
               std::equal(a.get_array().begin(), a.get_array().end(), b.get_array().begin(), same);
    if (!a.is_object() || !b.is_object())
        return a == b;
    if (a.get_object().size() != b.get_object().size())
        return false;
    for (const auto& member : a.get_object()) {
        const auto* other = b.get_object().if_contains(member.key());
        if (other == nullptr || !same(member.value(), *other))
            return false;
    }
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = as_text({data, size});
    const auto value = json::parse(text);
    if (!value)
        return 0;
    const auto again = json::parse(json::write(*value));
    if (!again || !same(*value, *again))
        std::abort();
    if (value->is_array() || value->is_object())
        static_cast<void>(json::follow(*value, "/*/a/*"));
    return 0;
}
