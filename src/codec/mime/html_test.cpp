#include "codec/mime/html.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "codec/mime/entities.hpp"

namespace lockstep::mime {

TEST(HtmlToText, ShowsWhatAReaderSees) {
    EXPECT_EQ(
        html_to_text("<p>One  two</p><p>three<br>four</p>", 1'000),
        "One two\r\n\r\nthree\r\nfour\r\n"
    );
    EXPECT_EQ(html_to_text("<ul><li>a</li><li>b</li></ul>", 1'000), "- a\r\n- b\r\n");
    EXPECT_EQ(
        html_to_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", 1'000),
        "a b\r\nc\r\n"
    );
    EXPECT_EQ(
        html_to_text("a &amp; b &lt;c&gt; &euro;&#8364;&#x20AC; &nbsp; d &unknown; &", 1'000),
        "a & b <c> \xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC d &unknown; &"
    );
    EXPECT_EQ(html_to_text("<pre>a\n  b</pre>", 1'000), "a\r\n  b\r\n");
    EXPECT_EQ(html_to_text("a<br><br>b", 1'000), "a\r\n\r\nb");
}

TEST(HtmlToText, LeavesOutWhatIsNoText) {
    EXPECT_EQ(
        html_to_text(
            "<head><title>t</title><style>p{}</style></head><script>alert('<p>')</script><!-- c > "
            "-->x<?php y ?>",
            1'000
        ),
        "x"
    );
    EXPECT_EQ(html_to_text("<img src=a alt=\"cat & dog\">", 1'000), "[cat & dog]");
    EXPECT_EQ(html_to_text("<p title=\"a>b\">x</p>", 1'000), "x\r\n");
}

TEST(HtmlToText, KeepsALinkOnlyWhereItSaysMore) {
    EXPECT_EQ(
        html_to_text("<a href=\"https://x.example/\">site</a>", 1'000), "site <https://x.example/>"
    );
    EXPECT_EQ(
        html_to_text("<a href=\"https://x.example/\">https://x.example/</a>", 1'000),
        "https://x.example/"
    );
    EXPECT_EQ(html_to_text("<a href=\"javascript:x\">site</a>", 1'000), "site");
    EXPECT_EQ(html_to_text("<a href=\"https://x.example/\">site</a>", 1'000, Links::drop), "site");
}

TEST(HtmlToText, M4BrokenMarkupSwallowsTheRestAndNeverMore) {
    for (const std::string_view html :
         {"a<", "a<b", "a<!--", "a<script>", "a<p title=\"", "a</", "a&#", "a&#x;", "a<!",
          "a&#99999999999;"})
        EXPECT_TRUE(html_to_text(html, 1'000).starts_with("a")) << html;
}

TEST(HtmlToText, IsBoundedAndNeverCutsACharacter) {
    std::string html;
    for (int i = 0; i < 1'000; ++i)
        html += "\xE2\x82\xAC";
    for (std::size_t bound = 0; bound < 20; ++bound)
        EXPECT_EQ(html_to_text(html, bound), html.substr(0, bound / 3 * 3));
}

TEST(TextToHtml, EscapesAndKeepsLinesAndBlanks) {
    const auto html = text_to_html("a <b> & \"c\"\r\n  two\n");
    EXPECT_TRUE(html.contains("a &lt;b&gt; &amp; \"c\"<br>"));
    EXPECT_FALSE(html.contains("<b>"));
    EXPECT_EQ(html_to_text(html, 1'000), "a <b> & \"c\"\r\ntwo\r\n");
}

TEST(Flowed, JoinsSoftBreaksWithinOneQuote) {
    EXPECT_EQ(unflow("a \r\nb\r\nc\r\n", false), "a b\r\nc\r\n");
    EXPECT_EQ(unflow("> a \r\n> b\r\n c\r\n-- \r\nme\r\n", false), "> a b\r\nc\r\n-- \r\nme\r\n");
    EXPECT_EQ(unflow("a \r\nb\r\n", true), "ab\r\n");
    EXPECT_EQ(unflow("> a \r\nb\r\n", false), "> a \r\nb\r\n");
}

TEST(Preview, IsOneLineWithoutLinksQuotesAndPadding) {
    EXPECT_EQ(
        preview_of_text(
            "Hello,\r\n\r\nsee https://x.example/a?b now\r\n> quoted\r\n-----\r\nend", 255
        ),
        "Hello, see now end"
    );
    EXPECT_EQ(preview_of_text("> only quoted", 255), "> only quoted");
    EXPECT_EQ(
        preview_of_html(
            "<style>x</style><p>a\xE2\x80\x8C\xC2\xA0\xE2\x80\x8C</p><img alt=logo><a "
            "href='https://x.example'>b</a>",
            255
        ),
        "a b"
    );
    EXPECT_EQ(preview_of_text("text\r\n-- \r\nsignature", 255), "text");
}

TEST(Preview, CountsCharactersNotBytes) {
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "\xC3\xA4";
    EXPECT_EQ(preview_of_text(text, 255).size(), 510U);
    EXPECT_EQ(preview_of_text("ab cd", 3), "ab");
}

TEST(Entities, DecodesAttributeText) { EXPECT_EQ(decode_entities("a&amp;b&#38;c&d"), "a&b&c&d"); }

} // namespace lockstep::mime
