// Whatever somebody writes as a script: it is read or refused, and its run ends.
#include <cstddef>
#include <cstdint>

#include "base/text.hpp"
#include "codec/sieve/run.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lockstep;
    const auto text = as_text({data, size});
    const auto script = sieve::read_script(text);
    if (!script)
        return 0;
    sieve::Facts facts;
    facts.header = "From: a@example.org\r\nTo: b+c@example.net\r\nSubject: x\r\n"
                   "Date: Tue, 24 Nov 2026 10:00:00 +0100\r\n\r\n";
    facts.from = "a@example.org";
    facts.to = "b+c@example.net";
    facts.body = [](sieve::BodyPart, const std::vector<std::string>&) { return "text"; };
    (void)sieve::run(*script, facts);
    return 0;
}
