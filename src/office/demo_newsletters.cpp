// Newsletters and machine mail: HTML with pictures inside.
// Spec: demo_parts.hpp.
#include <fmt/format.h>

#include "office/demo_files.hpp"
#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

struct DemoStory {
    std::string_view title, text;
};

/// A newsletter of the usual kind: a picture, a headline, stories in a table.
std::string newsletter_html(
    std::string_view brand, std::string_view color, std::string_view picture,
    std::string_view headline, const std::vector<DemoStory>& stories
) {
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html><head><meta "
        "charset=\"utf-8\"><style>body{{margin:0;background:#f4f1ea;font-family:Georgia,serif;"
        "color:#2b2b2b}}h1{{font-size:26px;margin:24px 0 8px}}h2{{font-size:17px;margin:20px 0 "
        "4px;color:{0}}}p{{line-height:1.5;margin:0 0 10px}}"
        "</style></head>\n<body><table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr><td "
        "align=\"center\">\n"
        "<table width=\"480\" cellpadding=\"0\" cellspacing=\"0\" "
        "style=\"background:#fff\"><tr><td style=\"background:{0};"
        "color:#fff;padding:14px 24px;font-size:15px;letter-spacing:2px\">{1}</td></tr>\n"
        "<tr><td><img src=\"cid:{2}\" width=\"480\" alt=\"\" "
        "style=\"display:block\"></td></tr>\n<tr><td style=\"padding:0 24px 24px\">"
        "<h1>{3}</h1>\n",
        color, brand, picture, headline
    );
    for (const auto& story : stories)
        html += fmt::format("<h2>{}</h2>\n<p>{}</p>\n", story.title, story.text);
    return html +
           "<p style=\"font-size:12px;color:#888\">You get this letter because you asked for it. "
           "<a href=\"https://news.example.com/leave\">Leave the "
           "list</a></p></td></tr></table></td></tr></table></body></html>\n";
}

DemoPost light_and_room(const DemoClock& clock) {
    auto post = demo_letter(
        "light-room", "Light & Room <letter@light-and-room.example.com>", {"anna", "emil"},
        "Light & Room No. 48: the warm hour", clock.past(clock.working_day(-1), 6, 0),
        "THE WARM HOUR\n\nWhy evening light is not a matter of lumens. Three rooms in Aarhus. A "
        "workshop that varnishes nothing.\n\n"
        "Read it in your browser: https://light-and-room.example.com/48\n"
    );
    post.mail.html = newsletter_html(
        "LIGHT &amp; ROOM", "#7a4b2a", "lamp@light-and-room", "The warm hour",
        {{"Not a matter of lumens", "Between six and eight the eye asks for less light, and for a "
                                    "different one. We sat in eleven "
                                    "kitchens and measured what people really switch on."},
         {"Three rooms in Aarhus",
          "A stair, a reading corner and a bakery at five in the morning. Photographs by Ida Holm."
         },
         {"The workshop that varnishes nothing",
          "Brass that may grow old: a visit to a small maker in Berlin."}}
    );
    post.mail.files = {{"lamp.jpg", "image/jpeg", demo_lamp_jpeg(0xFFC36B), "lamp@light-and-room"}};
    post.mail.more = {
        "List-Id: Light and Room <letter.light-and-room.example.com>",
        "List-Unsubscribe: <https://news.example.com/leave>", "Precedence: bulk"
    };
    post.unread = true;
    return post;
}

DemoPost trade_fair(const DemoClock& clock) {
    auto post = demo_letter(
        "fair", "Salone Office <exhibitors@fair.example.com>", {"anna", "ben", "emil"},
        "Your stand: hall 11, row C \xE2\x80\x93 next steps",
        clock.past(clock.working_day(-5), 9, 20),
        "Dear exhibitor,\n\nyour stand is confirmed: hall 11, row C, 24 square metres, corner. "
        "Please send the floor plan by the "
        "end of the month.\n\nExhibitor Office\n"
    );
    post.mail.html = newsletter_html(
        "SALONE", "#22577a", "hall@fair", "Hall 11, row C",
        {{"Your stand is confirmed", "24 square metres on a corner, power 6 kW, one cabin."},
         {"What we need from you",
          "<b>Floor plan</b> by the end of the month, <b>names for badges</b> two weeks before."},
         {"Building days", "Five days before the opening, from eight to eight."}}
    );
    post.mail.files = {
        {"hall.png", "image/png", demo_chart_png({20, 35, 60, 60, 35, 20}, 0x22577A), "hall@fair"},
        {"Exhibitor-Manual.pdf", "application/pdf",
         demo_pdf(
             "Exhibitor manual",
             {"1  Building and clearing", "2  Power and light", "3  Fire protection", "4  Badges"}
         ),
         ""}
    };
    post.answered = true;
    return post;
}

DemoPost backup_report(const DemoClock& clock, int day) {
    auto post = demo_letter(
        fmt::format("backup{}", -day), "Lockstep <postmaster@example.org>", {"david"},
        fmt::format("Backup of {}: complete", clock.spoken(day)), clock.past(day, 3, 10),
        "The nightly backup is complete and was read back.\n\n  accounts   6\n  mails      1,204\n "
        " events     318\n  size       412 MB\n  errors     none\n"
    );
    post.folder = "Archive";
    post.mail.more = {"Auto-Submitted: auto-generated"};
    return post;
}

} // namespace

std::vector<DemoPost> demo_newsletters(const DemoClock& clock) {
    std::vector<DemoPost> posts = {light_and_room(clock), trade_fair(clock)};
    for (int day = -6; day <= -1; ++day)
        posts.push_back(backup_report(clock, day));
    auto welcome = demo_letter(
        "welcome", "Lockstep <postmaster@example.org>",
        {"anna", "ben", "clara", "david", "emil", "fatima"}, "Your mailbox is ready",
        clock.past(-60, 10, 0),
        "Welcome.\n\nMail, calendars, contacts, to-dos and notes are in one place now. On a phone, "
        "choose Exchange and enter your "
        "address; the rest finds itself.\n"
    );
    welcome.folder = "Archive";
    posts.push_back(std::move(welcome));
    return posts;
}

} // namespace lockstep::office
