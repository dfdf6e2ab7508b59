// Mail from outside: customers, suppliers, authorities, machines.
// Spec: demo_parts.hpp.
#include <algorithm>

#include <fmt/format.h>

#include "office/demo_files.hpp"
#include "office/demo_parts.hpp"

namespace lockstep::office {

namespace {

std::vector<DemoPost> customers(const DemoClock& clock) {
    const auto day = [&](int count) { return clock.working_day(count); };
    std::vector<DemoPost> posts;
    posts.push_back(demo_letter(
        "order", "Maja Lindqvist <maja.lindqvist@library.example.com>", {"anna"},
        "Re: Offer: 64 Aurora for the reading room", clock.past(0, 9, 2),
        "Dear Anna Berg,\n\nthe board has agreed. We would like to order all 64, if the first half "
        "can stand on the "
        "tables before the spring term.\n\nOne question: can the brass be left unvarnished? Our "
        "furniture ages, and "
        "the lamps may age with it.\n\nWith kind regards\nMaja Lindqvist\nCity Library, Building "
        "Services\n"
    ));
    posts.back().unread = posts.back().flagged = true;
    posts.push_back(demo_letter(
        "tokyo",
        "\xE7\x94\xB0\xE4\xB8\xAD \xE7\xBE\x8E\xE5\x92\xB2 <misaki.tanaka@akari.example.jp>",
        {"anna", "ben"},
        "\xE3\x82\xAA\xE3\x83\xBC\xE3\x83\xAD\xE3\x83\xA9\xE3\x81\xAE\xE5\xB1\x95\xE7\xA4\xBA\xE3"
        "\x81\xAB\xE3\x81\xA4\xE3\x81\x84\xE3\x81\xA6 / Aurora at our showroom",
        clock.past(day(-1), 7, 15),
        "\xE3\x83\x99\xE3\x83\xAB\xE3\x82\xB0\xE6\xA7\x98\n\n"
        "\xE3\x81\x8A\xE4\xB8\x96\xE8\xA9\xB1\xE3\x81\xAB\xE3\x81\xAA\xE3\x81\xA3\xE3\x81\xA6\xE3"
        "\x81\x8A\xE3\x82\x8A\xE3\x81\xBE\xE3\x81\x99\xE3\x80\x82\n\n"
        "We have cleared the north window for Aurora: two metres of oak, nothing else. Could you "
        "send six pieces with "
        "100 V drivers by the end of next month?\n\n\xE7\x94\xB0\xE4\xB8\xAD "
        "\xE7\xBE\x8E\xE5\x92\xB2\nAkari Co., Tokyo\n"
    ));
    posts.back().unread = true;
    posts.push_back(demo_letter(
        "repair", "J\xC3\xBCrgen Wei\xC3\x9F <juergen.weiss@mail.example.net>", {"anna", "fatima"},
        "Meine Fjord von 2009 \xE2\x80\x93 Ersatzteil?", clock.past(day(-3), 20, 47),
        "Sehr geehrte Damen und Herren,\n\nmeine Fjord hat nach siebzehn Jahren den Dienst am "
        "Schalter quittiert. "
        "Gibt es das Teil noch? Die Lampe hat drei Umz\xC3\xBCge und zwei Kinder \xC3\xBC"
        "berlebt und soll bleiben.\n\nMit freundlichen Gr\xC3\xBC\xC3\x9F"
        "en\nJ\xC3\xBCrgen Wei\xC3\x9F\n"
    ));
    posts.back().answered = true;
    posts.push_back(demo_letter(
        "hotel", "Caf\xC3\xA9 Ros\xC3\xA9 <bonjour@cafe-rose.example.com>", {"ben", "anna"},
        "Douze lampes pour la terrasse?", clock.past(day(-5), 14, 26),
        "Bonjour,\n\nnous avons vu la Fjord \xC3\xA0 Milan. Existe-t-elle aussi pour "
        "l'ext\xC3\xA9rieur?\n\nMerci et \xC3\xA0 bient\xC3\xB4t\nLou\n"
    ));
    posts.back().folder = "Customers";
    return posts;
}

std::vector<DemoPost> suppliers(const DemoClock& clock) {
    const auto day = [&](int count) { return clock.working_day(count); };
    std::vector<DemoPost> posts;
    posts.push_back(demo_letter(
        "invoice", "Keramik Hofmann <rechnung@keramik-hofmann.example.com>", {"clara", "anna"},
        "Rechnung 2026-1187", clock.past(day(-2), 6, 30),
        "Guten Tag,\n\nim Anhang erhalten Sie unsere Rechnung \xC3\xBC"
        "ber 60 Schirme, wei\xC3\x9F glasiert. Die elf Schirme mit Kratzern haben wir "
        "gutgeschrieben.\n\n"
        "Freundliche Gr\xC3\xBC\xC3\x9F"
        "e\nKeramik Hofmann\n"
    ));
    posts.back().mail.files = {
        {"Rechnung-2026-1187.pdf", "application/pdf",
         demo_pdf(
             "Rechnung 2026-1187", {"60 Lampenschirme, wei\xDF glasiert   1.740,00 EUR",
                                    "Gutschrift 11 Schirme              -319,00 EUR", "",
                                    "Summe netto                        1.421,00 EUR",
                                    "Zahlbar innerhalb von 14 Tagen ohne Abzug"}
         ),
         ""}
    };
    posts.push_back(demo_letter(
        "driver", "Priya Raman <priya@lumicore.example.com>", {"david", "anna"},
        "LC-40 samples on their way", clock.past(day(-4), 10, 11),
        "Hi David,\n\nfive LC-40 left our lab this morning. The data sheet is attached; note the "
        "new pin 7.\n\nPriya\n"
    ));
    posts.back().mail.files = {
        {"LC-40.pdf", "application/pdf",
         demo_pdf(
             "LC-40 constant current driver", {"Input 100-240 V", "Output 350 mA, 40 W",
                                               "Dimming 1 % to 100 %", "Flicker < 1 % at 3 %"}
         ),
         ""}
    };
    posts.back().folder = "Projects/Aurora";
    posts.push_back(demo_letter(
        "signed", "Sch\xC3\xB6nfeld & Partner <kanzlei@schoenfeld.example.com>", {"anna"},
        "Gebrauchsmuster Aurora: Eintragung", clock.past(day(-6), 9, 45),
        "Sehr geehrte Frau Berg,\n\ndas Gebrauchsmuster ist eingetragen. Die Urkunde folgt mit der "
        "Post.\n\nDr. Sch\xC3\xB6nfeld\n"
    ));
    posts.push_back(demo_letter(
        "shipping", "Parcel Service <no-reply@parcels.example.com>", {"anna", "fatima"},
        "Your parcel 7 441 902 arrives today", clock.past(0, 7, 5),
        "Good morning,\n\nyour parcel from Lumicore (2.1 kg) arrives today between 10:30 and "
        "12:30.\n\nThis is an automatic message.\n"
    ));
    posts.back().mail.more = {"Auto-Submitted: auto-generated"};
    return posts;
}

/// A message with a detached signature, as S/MIME mail looks: the signature is made up.
DemoPost contract(const DemoClock& clock) {
    auto post = demo_letter(
        "contract", "Elena Petrova <elena.petrova@bank.example.com>", {"anna"},
        "Signed: credit line for the spring", clock.past(clock.working_day(-2), 13, 37),
        "Dear Ms Berg,\n\nas discussed: 60,000 EUR from January to June, at the rate of our last "
        "letter. This message is signed.\n\nElena Petrova\n"
    );
    std::string signature = "\x30\x82\x01\xF4\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
    for (unsigned i = 0; i < 485; ++i)
        signature += static_cast<char>(i * 73U + 19U);
    post.mail.signature = signature;
    return post;
}

std::vector<DemoPost> junk(const DemoClock& clock) {
    std::vector<DemoPost> posts;
    posts.push_back(demo_letter(
        "prize", "PRIZE CENTER <winner@lucky.example.net>", {"anna", "ben"},
        "\xF0\x9F\x8E\x81 You are our visitor number 1.000.000!!!",
        clock.past(clock.working_day(-1), 3, 12),
        "Claim your prize NOW. Only today. No purchase needed.\n"
    ));
    posts.push_back(demo_letter(
        "seo", "Growth Team <seo@rank-first.example.net>", {"anna"},
        "Quick question about your website", clock.past(clock.working_day(-3), 2, 55),
        "Hi, did you see my last three mails about being FIRST in search?\n"
    ));
    for (auto& post : posts) {
        post.folder = "Junk";
        post.unread = true;
    }
    return posts;
}

} // namespace

std::vector<DemoPost> demo_letters(const DemoClock& clock) {
    auto posts = customers(clock);
    for (auto& list : {suppliers(clock), junk(clock)})
        posts.insert(posts.end(), list.begin(), list.end());
    posts.push_back(contract(clock));
    auto dinner = demo_letter(
        "dinner", "Jonas Berg <jonas@mail.example.net>", {"anna"}, "Sunday dinner?",
        clock.past(clock.working_day(-1), 19, 33),
        "Mum asks whether you all come on Sunday. She makes the dumplings. Yes is the only answer "
        "she understands.\n\nJ.\n"
    );
    dinner.unread = true;
    posts.push_back(std::move(dinner));
    std::ranges::sort(posts, {}, [](const DemoPost& post) { return post.mail.date; });
    return posts;
}

} // namespace lockstep::office
