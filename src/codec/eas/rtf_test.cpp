// Rich text: both ways, and what others wrote.
#include "codec/eas/rtf.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace lockstep::eas {
namespace {

TEST(EasRtf, TextComesBackAsItWas) {
    for (const std::string text :
         {"", "Hello", "a{b}c\\d", "first\nsecond\n\nthird", "tab\there", "Grüße, 日本 😀 €"})
        EXPECT_EQ(rtf_to_text(text_to_rtf(text)), text);
}

TEST(EasRtf, WhatOthersWriteIsRead) {
    EXPECT_EQ(
        rtf_to_text("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fswiss Arial;}}{\\*\\generator X;}"
                    "\\pard\\f0\\b Bold\\b0  and \\'e4\\'80\\u8211?x\\par\r\nnext\\line{\\i it}}"),
        "Bold and ä€–x\nnext\nit"
    );
    EXPECT_EQ(rtf_to_text("{\\rtf1 a{\\pict\\bin3 }}}b}c"), "ac");
    EXPECT_EQ(rtf_to_text("{\\rtf1 \\uc2\\u228 abc}"), "äc");
}

TEST(EasRtf, BrokenTextEndsQuietly) {
    for (const std::string rtf :
         {"{", "}", "\\", "\\'", "\\'x", "{\\rtf1\\u", "\\bin99999999999", "}}}}"})
        EXPECT_EQ(rtf_to_text(rtf), "") << rtf;
    EXPECT_EQ(rtf_to_text(std::string(1'000, '{') + "deep" + std::string(1'000, '}') + "x"), "x");
}

TEST(EasRtf, TheContainerKeepsTheBytes) {
    EXPECT_EQ(unpack_rtf(pack_rtf("{\\rtf1 x}")).value(), "{\\rtf1 x}");
    for (const auto& bytes : {std::string(), std::string(15, 'x'), std::string(20, 'x')})
        EXPECT_EQ(unpack_rtf(bytes).error().code, Code::bad_syntax);
}

TEST(EasRtf, TheExamplesOfTheSpecificationAreDecompressed) {
    // MS-OXRTFCP 3.1.1 and 3.1.2.
    const auto simple = unhex("2d0000002b0000004c5a4675f1c5c7a703000a0072637067313235423"
                              "20af32068656c090020627705b06c647d0a800fa0");
    EXPECT_EQ(unpack_rtf(*simple).value(), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    const auto crossing = unhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0");
    EXPECT_EQ(unpack_rtf(*crossing).value(), "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
}

} // namespace
} // namespace lockstep::eas
