#include "office/objects.hpp"

#include "office/delivery_test_support.hpp"

namespace lockstep::office {
namespace {

using model::Item;
using model::ItemClass;
using model::Right;
using model::Role;

std::string event(std::string_view summary, std::string_view more = "") {
    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:e1\r\n"
                       "DTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000Z\r\nDTEND:"
                       "20261201T100000Z\r\nSUMMARY:";
    text += summary;
    text += "\r\n";
    text += more;
    return text + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

constexpr std::int64_t kStart = 1'796'115'600'000'000; // 2026-12-01 09:00 UTC

class Objects : public testing::OfficeTest {
protected:
    Actor actor() const { return {anna, model::AuthorId{77}}; }
    Folder folder(Role role, Right right = Right::own) {
        std::function<Result<Folder>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                               ) -> Result<Folder> {
            return Folder{*store::find_by_role(snapshot, anna.id, role), right, true, 0, {}};
        };
        return *block_on(house->db->read<Folder>(anna.id, std::move(work)));
    }
    Result<Item> add(const Folder& place, std::string bytes) {
        std::function<Result<Item>(store::Txn&)> work = [&](store::Txn& txn) {
            return add_object(txn, office(), actor(), place, bytes, true);
        };
        return block_on(house->db->write<Item>(anna.id, std::move(work)));
    }
    Result<bool> replace(const Folder& place, const Item& item, std::string bytes) {
        std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
            CHECK_OK(replace_object(txn, office(), actor(), place, item, bytes));
            return true;
        };
        return block_on(house->db->write<bool>(anna.id, std::move(work)));
    }
    std::optional<Item> find(model::ItemId id) {
        std::function<Result<std::optional<Item>>(store::Snapshot&)> work =
            [&](store::Snapshot& snapshot) -> Result<std::optional<Item>> {
            return store::find_item(snapshot, anna.id, id);
        };
        return *block_on(house->db->read<std::optional<Item>>(anna.id, std::move(work)));
    }
};

} // namespace

TEST_F(Objects, AreNotAddedToAFullAccountButMayShrinkThere) {
    auto place = folder(Role::calendar);
    const auto item = *add(place, event("Lunch", "DESCRIPTION:long long long\r\n"));
    place.quota_bytes = 10;
    EXPECT_EQ(add(place, event("Dinner")).error().code, Code::over_quota);
    EXPECT_EQ(
        replace(place, item, event("Lunch", "DESCRIPTION:longer than it was before\r\n"))
            .error()
            .code,
        Code::over_quota
    );
    EXPECT_TRUE(replace(place, item, event("Lunch")).has_value());
}

TEST_F(Objects, AreIndexedByNameAndTime) {
    const auto item = add(folder(Role::calendar), event("Lunch"));
    ASSERT_TRUE(item.has_value());
    EXPECT_EQ(item->uid_text, "e1");
    EXPECT_EQ(item->window, (model::Window{kStart, kStart + 3'600'000'000}));
    EXPECT_EQ(item->creator, model::AuthorId{77});
}

TEST_F(Objects, WithoutAnEndLastForEver) {
    const auto item = add(folder(Role::calendar), event("Daily", "RRULE:FREQ=DAILY\r\n"));
    ASSERT_TRUE(item.has_value());
    EXPECT_EQ(item->window.low, kStart);
    EXPECT_EQ(item->window.high, model::kForever);
}

TEST_F(Objects, OfEveryClassHaveTheirForm) {
    EXPECT_TRUE(add(
        folder(Role::contacts), "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:c1\r\nFN:Carl\r\nEND:VCARD\r\n"
    ));
    EXPECT_TRUE(
        add(folder(Role::todos),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:t1\r\n"
            "DTSTAMP:20261101T000000Z\r\nSUMMARY:Do\r\nEND:VTODO\r\nEND:VCALENDAR\r\n")
    );
    EXPECT_TRUE(
        add(folder(Role::notes),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VJOURNAL\r\nUID:n1\r\n"
            "DTSTAMP:20261101T000000Z\r\nSUMMARY:Note\r\nEND:VJOURNAL\r\nEND:VCALENDAR\r\n")
    );
    EXPECT_FALSE(add(folder(Role::todos), event("No to-do")));
    EXPECT_FALSE(add(folder(Role::calendar), "garbage"));
    EXPECT_FALSE(add(folder(Role::inbox), event("No mail")));
}

TEST_F(Objects, ReplacedBySameBytesAreUnchanged) {
    const auto calendar = folder(Role::calendar);
    const auto item = *add(calendar, event("Lunch"));
    ASSERT_TRUE(replace(calendar, item, event("Lunch")));
    EXPECT_EQ(find(item.id)->modseq, item.modseq);
    ASSERT_TRUE(replace(calendar, item, event("Dinner", "LOCATION:Home\r\n")));
    EXPECT_GT(find(item.id)->content, item.content);
    EXPECT_EQ(house->blob_references(), 1);
}

TEST_F(Objects, KeepTheirOldFormWhenTheNewOneIsNone) {
    const auto calendar = folder(Role::calendar);
    const auto item = *add(calendar, event("Lunch"));
    EXPECT_FALSE(replace(calendar, item, "garbage"));
    EXPECT_EQ(find(item.id)->blob, item.blob);
}

TEST_F(Objects, AreNotTouchedWithoutTheRight) {
    const auto readable = folder(Role::calendar, Right::read);
    EXPECT_EQ(add(readable, event("Lunch")).error().code, Code::forbidden);
    const auto item = *add(folder(Role::calendar), event("Lunch"));
    EXPECT_EQ(replace(readable, item, event("Dinner")).error().code, Code::forbidden);
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        CHECK_OK(remove_object(txn, actor(), readable, item));
        return true;
    };
    EXPECT_EQ(
        block_on(house->db->write<bool>(anna.id, std::move(work))).error().code, Code::forbidden
    );
    EXPECT_TRUE(find(item.id).has_value());
}

} // namespace lockstep::office
