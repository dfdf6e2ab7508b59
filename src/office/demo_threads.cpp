// Mail among the people of the office.
// Spec: demo_parts.hpp.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "office/demo_files.hpp"
#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

using DemoReaders = std::vector<std::string>;

/// Adds an answer to the last mail of the thread: subject, references and a quotation follow from
/// it.
DemoPost& demo_reply(
    std::vector<DemoPost>& thread, std::string_view sender, const DemoReaders& readers,
    std::int64_t date, std::string_view text
) {
    const auto& last = thread.back().mail;
    const auto& subject = last.subject;
    std::string quoted;
    for (const auto line :
         split(std::string_view(last.text).substr(0, last.text.find("\n\nOn ")), '\n'))
        quoted += "\n> " + std::string(line);
    const auto from = last.from.substr(0, last.from.find(" <"));
    auto post = demo_post(
        fmt::format("re{}", thread.size()), sender, readers,
        subject.starts_with("Re: ") ? subject : "Re: " + subject, date,
        fmt::format(
            "{}\n\nOn {}, {} wrote:{}\n", text, demo_mail_date(last.date).substr(0, 16), from,
            quoted
        )
    );
    post.mail.references = last.references;
    post.mail.references.push_back(last.id);
    thread.back().answered = true;
    thread.push_back(std::move(post));
    return thread.back();
}

/// The long thread: when the new lamp goes on sale.
std::vector<DemoPost> launch_thread(const DemoClock& clock) {
    const auto day = [&](int count) { return clock.working_day(count); };
    std::vector<DemoPost> thread = {demo_post(
        "aurora-launch", "anna", {"ben", "david", "emil", "fatima"},
        "Aurora: launch date and what is still open", clock.past(day(-8), 9, 12),
        "Good morning everybody,\n\nI would like to fix the launch of Aurora this week. From my "
        "list:\n\n"
        "  1. final dimmer firmware (David)\n  2. packaging, German and English leaflet (Emil)\n"
        "  3. first 120 pieces from the workshop (Fatima)\n  4. price list for dealers (Ben)\n\n"
        "What do you need, and what worries you?\n\nAnna\n"
    )};
    demo_reply(
        thread, "david", {"anna", "ben", "emil", "fatima"}, clock.past(day(-8), 10, 40),
        "Firmware 1.4 has been running on the long table for nine days without a reset. I still "
        "want to "
        "measure flicker at 3 % with the new driver; the sample arrives on Thursday.\n\nDavid"
    );
    demo_reply(
        thread, "fatima", {"anna", "ben", "david", "emil"}, clock.past(day(-8), 13, 5),
        "120 pieces are possible if the shades come as promised. Right now we have 86 shades, and "
        "eleven of "
        "them have scratches. I have asked Keramik Hofmann for a replacement.\n\nFatima"
    );
    demo_reply(
        thread, "emil", {"anna", "ben", "david", "fatima"}, clock.past(day(-7), 8, 55),
        "The leaflet is at the printer's. I moved the safety text to the back so that the front "
        "can stay "
        "quiet; see the proof in the project folder.\n\nEmil"
    );
    demo_reply(
        thread, "ben", {"anna", "david", "emil", "fatima"}, clock.past(day(-7), 15, 31),
        "Dealers ask every day. If we say a date, can we keep it? I would rather promise two weeks "
        "later and "
        "deliver early.\n\nBen"
    );
    demo_reply(
        thread, "anna", {"ben", "david", "emil", "fatima"}, clock.past(day(-5), 9, 3),
        fmt::format(
            "Agreed: we announce {} and ship the first parcels the Monday before. Please shout by "
            "tomorrow "
            "evening if that breaks anything.\n\nAnna",
            clock.spoken(clock.monday(3) + 2)
        )
    );
    demo_reply(
        thread, "fatima", {"anna", "ben", "david", "emil"}, clock.past(day(-4), 11, 48),
        "The replacement shades are here, all perfect this time. We can do 130. "
        "\xF0\x9F\x8E\x89\n\nFatima"
    );
    demo_reply(
        thread, "david", {"anna", "ben", "emil", "fatima"}, clock.past(day(-1), 17, 22),
        "Flicker at 3 %: 0.4 percent modulation, far below the limit. Firmware 1.4 is "
        "final.\n\nDavid"
    );
    for (auto& post : thread)
        post.folder = "Projects/Aurora";
    thread.back().unread = true;
    return thread;
}

std::vector<DemoPost> small_threads(const DemoClock& clock) {
    const auto day = [&](int count) { return clock.working_day(count); };
    std::vector<DemoPost> coffee = {demo_post(
        "coffee", "emil", {"team"}, "The coffee machine \xE2\x98\x95", clock.past(day(-2), 8, 41),
        "It says \"descale\" again. Who had the tablets?\n\nEmil\n"
    )};
    coffee.front().readers = {"anna", "ben", "clara", "david", "fatima"};
    demo_reply(
        coffee, "clara", {"emil"}, clock.past(day(-2), 8, 58),
        "Im Schrank \xC3\xBC"
        "ber der Sp\xC3\xBCle, rechts hinten. Bitte die Anleitung lesen, diesmal wirklich. "
        "\xF0\x9F\x98\x89\n\nClara"
    );
    std::vector<DemoPost> desk = {demo_post(
        "window", "ben", {"anna"}, "Dealer evening in London", clock.past(day(-3), 16, 20),
        "Hi Anna,\n\nthe shop in Clerkenwell would host us for an evening, about forty people. "
        "They want to show "
        "Aurora next to the old Fjord, which I like. Costs would be drinks and one return "
        "ticket.\n\nShall I say yes?\n\nBen\n"
    )};
    demo_reply(
        desk, "anna", {"ben"}, clock.past(day(-3), 17, 2),
        "Yes, please do. And ask whether they let us dim the shop window at six: that is the whole "
        "story.\n\nAnna"
    );
    demo_reply(
        desk, "ben", {"anna"}, clock.past(0, 9, 14),
        "They do, and they love it. The owner offers the 14th or the 16th; I said we would choose "
        "by Friday.\n\nBen"
    )
        .unread = true;
    coffee.insert(coffee.end(), desk.begin(), desk.end());
    return coffee;
}

DemoPost monday_numbers(const DemoClock& clock) {
    const auto when = clock.past(clock.working_day(-1), 8, 30);
    auto post = demo_post(
        "numbers", "clara", {"anna", "ben"}, "Zahlen der Woche / this week's numbers", when,
        "Hallo zusammen,\n\nUmsatz 41.280 EUR (+12 %), offene Posten 9.310 EUR, davon 2.150 EUR "
        "\xC3\xBC"
        "berf\xC3\xA4llig.\n"
        "Die Tabelle h\xC3\xA4ngt an.\n\nViele Gr\xC3\xBC\xC3\x9F"
        "e\nClara\n"
    );
    post.mail.html =
        "<html><body style=\"font-family:sans-serif\"><p>Hallo zusammen,</p>"
        "<p>Umsatz <b>41.280 EUR</b> (+12 %), offene Posten 9.310 EUR, davon 2.150 EUR "
        "&uuml;berf&auml;llig.</p><p><img src=\"cid:chart@northlight\" width=\"300\" "
        "height=\"140\" "
        "alt=\"Umsatz der letzten sechs Wochen\"></p><p>Viele "
        "Gr&uuml;&szlig;e<br>Clara</p></body></html>";
    post.mail.files = {
        {"umsatz.png", "image/png", demo_chart_png({46, 52, 49, 61, 70, 79}, 0x2F6690),
         "chart@northlight"},
        {"Zahlen.csv", "text/csv",
         "Woche;Umsatz;Offen\r\n1;38120;8800\r\n2;36857;9100\r\n3;41280;9310\r\n", ""}
    };
    return post;
}

DemoPost photos(const DemoClock& clock) {
    auto post = demo_post(
        "photos", "emil", {"anna", "ben"}, "Photos for the press kit \xF0\x9F\x93\xB7",
        clock.past(0, 8, 22),
        "Here are the two that came out best, and the archive with all logos. The warm one should "
        "go first.\n\nEmil\n"
    );
    post.mail.files = {
        {"aurora-warm.jpg", "image/jpeg", demo_lamp_jpeg(0xFFB347), ""},
        {"aurora-cold.jpg", "image/jpeg", demo_lamp_jpeg(0x9FC5E8), ""},
        {"logos.zip", "application/zip",
         demo_zip(
             {{"logo.svg",
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\"><circle "
               "cx=\"20\" cy=\"20\" r=\"16\" fill=\"#f2b134\"/></svg>\n"},
              {"read me.txt", "Logos of Northlight Lamps. Keep the free space around them.\n"}}
         ),
         ""}
    };
    post.unread = true;
    post.flagged = true;
    return post;
}

DemoPost invitation(const DemoClock& clock) {
    DemoEvent event;
    event.uid = "review-aurora@example.org";
    event.summary = "Aurora: last review before launch";
    event.location = "Workshop, long table";
    event.description = "Bring open points. We leave with a yes or a no.";
    event.day = clock.working_day(2);
    event.hour = 14;
    event.minutes = 90;
    event.organizer = "david";
    event.guests = {
        {"david", "ACCEPTED"},
        {"anna", "NEEDS-ACTION"},
        {"emil", "NEEDS-ACTION"},
        {"fatima", "NEEDS-ACTION", true}
    };
    auto post = demo_post(
        "review", "david", {"anna", "emil", "fatima"}, "Invitation: " + event.summary,
        clock.past(0, 9, 40),
        fmt::format(
            "David Okafor invites you to: {}\n\nWhen: {}, 14:00 - 15:30\nWhere: {}\n\n{}\n",
            event.summary, clock.spoken(event.day), event.location, event.description
        )
    );
    post.mail.calendar = demo_event(event, clock, "REQUEST");
    post.mail.calendar_method = "REQUEST";
    post.unread = true;
    return post;
}

DemoPost printer(const DemoClock& clock) {
    auto post = demo_post(
        "holiday", "fatima", {"anna", "clara"}, "Urlaub im Februar",
        clock.past(clock.working_day(-4), 12, 17),
        "Liebe Anna, liebe Clara,\n\nich m\xC3\xB6"
        "chte gerne vom 9. bis 20. Februar Urlaub nehmen. Tom \xC3\xBC"
        "bernimmt die Endkontrolle, er hat es im Sommer schon gemacht.\n\nPasst das?\n\nFatima\n"
    );
    post.flagged = true;
    return post;
}

DemoPost sent_offer(const DemoClock& clock) {
    auto post = demo_post(
        "offer-grand", "anna", {}, "Offer: 64 Aurora for the reading room",
        clock.past(clock.working_day(-6), 11, 5),
        "Dear Ms Lindqvist,\n\nthank you for the visit. Please find our offer attached; it is "
        "valid for six weeks. "
        "The brass parts would be made to the sample that you kept.\n\nKind regards\nAnna Berg\n"
    );
    post.mail.to = {"Maja Lindqvist <maja.lindqvist@library.example.com>"};
    post.mail.cc = {demo_mailbox("ben")};
    post.readers = {"ben"};
    post.folder = "Customers";
    post.mail.files = {
        {"Offer-2031.pdf", "application/pdf",
         demo_pdf(
             "Offer 2031", {"64 desk lamps Aurora, brass, dimmable", "Unit price  189.00 EUR", "",
                            "Total  12,096.00 EUR plus VAT", "Delivery: 8 weeks from order", "",
                            "Northlight Lamps, Spreeufer 12, Berlin"}
         ),
         ""}
    };
    return post;
}

} // namespace

std::vector<DemoPost> demo_threads(const DemoClock& clock) {
    auto posts = launch_thread(clock);
    for (auto& post : small_threads(clock))
        posts.push_back(std::move(post));
    posts.push_back(monday_numbers(clock));
    posts.push_back(photos(clock));
    posts.push_back(invitation(clock));
    posts.push_back(printer(clock));
    posts.push_back(sent_offer(clock));
    std::ranges::sort(posts, {}, [](const DemoPost& post) { return post.mail.date; });
    return posts;
}

std::vector<DemoPost> demo_drafts(const DemoClock& clock) {
    auto first = demo_post(
        "draft-press", "anna", {}, "Press: Aurora, a lamp that knows the evening",
        clock.past(clock.working_day(-1), 18, 4),
        "For immediate release on the 14th\n\nBerlin. When the sun goes down, Aurora goes with it: "
        "over forty minutes "
        "its light turns from noon white to the colour of a candle.\n\n[quote from Emil]\n[price, "
        "dealers]\n"
    );
    first.mail.to = {};
    auto second = demo_post(
        "draft-fatima", "anna", {"fatima"}, "Re: Urlaub im Februar", clock.past(0, 8, 50),
        "Liebe Fatima,\n\nsehr gerne. Magst du vorher "
    );
    return {first, second};
}

} // namespace lockstep::office
