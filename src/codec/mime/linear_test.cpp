// M1 to M4: what an attacker repeats costs in proportion. Four times the input may take eight times
// the time (plus what the clock cannot tell); a quadratic step would take sixteen.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "codec/mime/address.hpp"
#include "codec/mime/digest.hpp"
#include "codec/mime/entities.hpp"
#include "codec/mime/header.hpp"
#include "codec/mime/html.hpp"
#include "codec/mime/parameters.hpp"
#include "codec/mime/transfer.hpp"

namespace lockstep::mime {

namespace {

constexpr std::size_t kSmall = 40'000; // bytes

std::string repeated(std::string_view unit, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes)
        out += unit;
    return out;
}

/// CPU seconds of this thread: neighbours on the machine do not count.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double best_of_three(const std::function<void()>& work) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
        const auto start = cpu_seconds();
        work();
        best = std::min(best, cpu_seconds() - start);
    }
    return best;
}

void expect_linear(
    std::string_view what, const std::function<void(std::string_view)>& work,
    const std::function<std::string(std::size_t)>& input
) {
    const auto small = input(kSmall);
    const auto large = input(4 * kSmall);
    const auto fast = best_of_three([&] { work(small); });
    const auto slow = best_of_three([&] { work(large); });
    EXPECT_LT(slow, 8 * fast + 0.005) << what << ": " << fast << " s, then " << slow << " s";
}

void expect_linear_units(
    const std::function<void(std::string_view)>& work, std::initializer_list<std::string_view> units
) {
    for (const auto unit : units)
        expect_linear(unit, work, [unit](std::size_t bytes) { return repeated(unit, bytes); });
}

} // namespace

TEST(MimeLinear, M1HeadersAndAddresses) {
    expect_linear_units(
        [](std::string_view text) { (void)parse_addresses(text); },
        {"a@b,", "<", "(", "\"", "=?", "=?u?q?", ":", "a:b;", "<a", "@", ")(", "\\"}
    );
    expect_linear_units(
        [](std::string_view text) { (void)decode_text(text); },
        {"=?", "=?u?q?x", "=?utf-8?q?a?=", "=?utf-8?q?a?= ", "??", "=?a?b?a?", "\xC3"}
    );
    expect_linear_units(
        [](std::string_view text) { (void)Headers(text); }, {"a: b\r\n", "a: b\r\n ", " ", "a:"}
    );
    expect_linear_units(
        [](std::string_view text) { (void)decode_ids(text); }, {"<a@b>", "<", ">", "a@b "}
    );
}

TEST(MimeLinear, M2Parameters) {
    expect_linear_units(
        [](std::string_view text) { (void)parse_parameters(text); },
        {"; name*0=x", ";", "=", "(", "; a=\"", "'", "a/b; name*=u''%", "; a"}
    );
}

TEST(MimeLinear, M3Trees) {
    const auto work = [](std::string_view text) { (void)make_digest(text); };
    expect_linear("many parts", work, [](std::size_t bytes) {
        return "Content-Type: multipart/mixed; boundary=b\r\n\r\n" +
               repeated("--b\r\n\r\nx\r\n", bytes);
    });
    expect_linear("lines like boundaries under many open ones", work, [](std::size_t bytes) {
        std::string out;
        for (int i = 0; i < 60; ++i) {
            const auto boundary = "b" + std::to_string(i) + "b";
            out += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary +
                   "\r\n";
        }
        return out + "\r\n" + repeated("--b1\r\n", bytes);
    });
    expect_linear("nested messages", work, [](std::size_t bytes) {
        return repeated("Content-Type: message/rfc822\r\n\r\n", bytes);
    });
    expect_linear("one long header", work, [](std::size_t bytes) {
        return "Subject: " + repeated("x\r\n ", bytes);
    });
}

TEST(MimeLinear, M4EncodingsAndHtml) {
    expect_linear_units(
        [](std::string_view text) { (void)decode_transfer(Encoding::quoted_printable, text); },
        {"=", "=4", "= ", " ", "=\r\n"}
    );
    expect_linear_units(
        [](std::string_view text) { (void)decode_transfer(Encoding::base64, text); },
        {"=", "A", "A=", "*"}
    );
    expect_linear_units(
        [](std::string_view text) { (void)html_to_text(text, 1'000'000); },
        {"<", "<a", "<a \"", "<!--", "<!", "</", "<script>", "<p>", "&", "&#", "&#x",
         "<a href=\"x\">", "</a>", "<br>", "<a href=x>y</a>", " "}
    );
    expect_linear_units(
        [](std::string_view text) { (void)preview_of_text(text, 255); },
        {">", "> \n", "-\n", "http://x ", "\xE2\x80\x8B", "\n"}
    );
    expect_linear_units(
        [](std::string_view text) { (void)decode_entities(text); }, {"&", "&amp", "&#"}
    );
}

} // namespace lockstep::mime
