// MeetingResponse: one Status for each wrong input, by version.
#include <fmt/core.h>

#include "base/limits_activesync.hpp"
#include "base/text.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace mr = wbxml::meeting_response;
using model::Role;
using testing::el;
using testing::Node;
using testing::Phone;
using wbxml::Version;

std::string invited(std::string_view more = "", std::string_view organizer = "olga@example.net") {
    return fmt::format(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:m1\r\n"
        "DTSTAMP:20261120T100000Z\r\nDTSTART:20261207T090000Z\r\nDTEND:20261207T100000Z\r\n"
        "SUMMARY:Plan\r\nORGANIZER:mailto:{}\r\nATTENDEE:mailto:anna@example.org\r\n{}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        organizer, more
    );
}

class EasMeetingResponse : public testing::DoorTest {
protected:
    model::Item invite() {
        const auto object =
            replace_all(invited(), "PRODID:x\r\n", "PRODID:x\r\nMETHOD:REQUEST\r\n");
        return deliver(
            anna, "From: olga@example.net\r\nTo: anna@example.org\r\nSubject: Plan\r\n"
                  "MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n" +
                      object
        );
    }
    static std::string id_of(const model::Item& item) {
        return fmt::format("{}:{}", item.collection.value, item.uid.value);
    }
    static Node request(std::string response, const std::string& id, std::vector<Node> more = {}) {
        std::vector<Node> children{
            el(mr::UserResponse, std::move(response)),
            el(mr::CollectionId, id.substr(0, id.find(':'))), el(mr::RequestId, id)
        };
        for (auto& node : more)
            children.push_back(std::move(node));
        return el(mr::Request, std::move(children));
    }
    static testing::Answer post(Phone& phone, std::vector<Node> requests) {
        return phone.post("MeetingResponse", el(mr::MeetingResponse, std::move(requests)));
    }
    static std::string status(Phone& phone, Node one) {
        return post(phone, {std::move(one)}).at({mr::Result, mr::Status});
    }
};

TEST_F(EasMeetingResponse, AcceptsAtEveryVersion) {
    for (const auto version : {Version::v12_1, Version::v14_0, Version::v14_1, Version::v16_0}) {
        auto mine = ready(version, fmt::format("P{}", static_cast<int>(version)));
        const auto mail = invite();
        const auto answer = post(mine, {request("1", id_of(mail))});
        EXPECT_EQ(answer.at({mr::Result, mr::Status}), "1");
        EXPECT_EQ(answer.at({mr::Result, mr::RequestId}), id_of(mail));
        EXPECT_FALSE(answer.at({mr::Result, mr::CalendarId}).empty());
    }
    EXPECT_EQ(count(anna, Role::calendar), 1U);
    EXPECT_EQ(count(anna, Role::trash), 4U);
    EXPECT_EQ(count(anna, Role::sent), 0U) << "nobody asked to send";
}

TEST_F(EasMeetingResponse, WrongRequestsAreStatus2) {
    auto mine = ready();
    const auto mail = id_of(invite());
    const auto plain = id_of(deliver(anna, testing::mail_text("Plain")));
    const auto own = id_of(
        put(anna, Role::calendar, replace_all(invited("", "anna@example.org"), "UID:m1", "UID:m3"))
    );
    EXPECT_EQ(status(mine, request("0", mail)), "2");
    EXPECT_EQ(status(mine, request("", mail)), "2");
    EXPECT_EQ(status(mine, request("1", plain)), "2") << "no invitation";
    EXPECT_EQ(status(mine, request("1", own)), "2") << "the organizer is the user";
    EXPECT_EQ(status(mine, request("1", "9999:1")), "2");
    EXPECT_EQ(status(mine, request("1", "nothing")), "2");
    EXPECT_EQ(
        status(
            mine, el(mr::Request, {el(mr::UserResponse, "1"), el(mr::CollectionId, "4711"),
                                   el(mr::RequestId, mail)})
        ),
        "2"
    );
    EXPECT_EQ(status(mine, request("1", mail, {el(wbxml::search::LongId, mail)})), "2")
        << "named twice";
    EXPECT_EQ(
        status(mine, request("1", mail, {el(mr::InstanceId, "2026-12-07T09:00:00.000Z")})), "2"
    ) << "an occurrence of a mail";
    EXPECT_EQ(count(anna, Role::inbox), 2U) << "nothing happened";
    const auto answer =
        post(mine, {el(mr::Request, {el(mr::UserResponse, "1"), el(wbxml::search::LongId, mail)})});
    EXPECT_EQ(answer.at({mr::Result, mr::Status}), "1");
    EXPECT_TRUE(
        testing::all_of(*testing::all_of(answer.root, mr::Result).at(0), mr::RequestId).empty()
    );
}

TEST_F(EasMeetingResponse, OccurrencesAreChecked) {
    const auto series = id_of(put(anna, Role::calendar, invited("RRULE:FREQ=WEEKLY;COUNT=3\r\n")));
    const auto single =
        id_of(put(anna, Role::calendar, replace_all(invited(), "UID:m1", "UID:m2")));
    const auto at = [](std::string text) {
        return std::vector<Node>{el(mr::InstanceId, std::move(text))};
    };
    auto mine = ready(Version::v14_1);
    EXPECT_EQ(status(mine, request("1", series, at("20261214T090000Z"))), "104");
    EXPECT_EQ(status(mine, request("1", series, at("2026-12-14"))), "104");
    EXPECT_EQ(status(mine, request("1", series, at(""))), "2");
    EXPECT_EQ(status(mine, request("1", series, at("2026-12-15T09:00:00.000Z"))), "2");
    EXPECT_EQ(status(mine, request("1", single, at("2026-12-07T09:00:00.000Z"))), "146");
    const auto answer = post(mine, {request("2", series, at("2026-12-14T09:00:00.000Z"))});
    EXPECT_EQ(answer.at({mr::Result, mr::Status}), "1");
    EXPECT_EQ(answer.at({mr::Result, mr::InstanceId}), "2026-12-14T09:00:00.000Z");
    EXPECT_TRUE(stored(anna, series).contains("RECURRENCE-ID"));
}

TEST_F(EasMeetingResponse, TheCalendarIsAnsweredFrom14_1On) {
    const auto event = id_of(put(anna, Role::calendar, invited()));
    auto old = ready(Version::v14_0, "OLD");
    EXPECT_EQ(status(old, request("1", event)), "2");
    auto mine = ready(Version::v14_1);
    EXPECT_EQ(status(mine, request("3", event)), "1");
    EXPECT_EQ(status(mine, request("3", event)), "1") << "the answer was lost";
    EXPECT_EQ(count(anna, Role::calendar), 0U);
}

TEST_F(EasMeetingResponse, RequestsThatNoAnswerCanNameAreStatus103) {
    auto mine = ready();
    EXPECT_EQ(post(mine, {}).at({mr::Result, mr::Status}), "103");
    EXPECT_EQ(status(mine, request("1", std::string(65, '1'))), "103");
    std::vector<Node> many(limits::kMeetingAnswers + 1, request("1", "1:1"));
    EXPECT_EQ(post(mine, std::move(many)).at({mr::Result, mr::Status}), "103");
}

} // namespace
} // namespace lockstep::activesync
