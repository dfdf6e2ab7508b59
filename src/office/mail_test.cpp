#include "office/mail.hpp"

#include "office/delivery_test_support.hpp"
#include "office/jobs.hpp"

namespace lockstep::office {
namespace {

using model::Item;
using model::Right;
using model::Role;

class Mail : public testing::OfficeTest {
protected:
    Actor actor() const { return {anna, model::AuthorId{77}}; }
    Folder folder(Role role, Right right = Right::own) {
        std::function<Result<Folder>(Snapshot&)> work = [&](Snapshot& snapshot) -> Result<Folder> {
            return Folder{*store::find_by_role(snapshot, anna.id, role), right, true, 0, {}};
        };
        return *block_on(house->db->read<Folder>(anna.id, std::move(work)));
    }
    template <class T> Result<T> job(std::function<Result<T>(Txn&)> work) {
        return block_on(house->db->write<T>(anna.id, std::move(work)));
    }
    Result<bool> done(std::function<Result<>(Txn&)> work) {
        return job<bool>([&](Txn& txn) -> Result<bool> {
            CHECK_OK(work(txn));
            return true;
        });
    }
    std::optional<Item> find(model::ItemId id) {
        std::function<Result<std::optional<Item>>(Snapshot&)> work =
            [&](Snapshot& snapshot) -> Result<std::optional<Item>> {
            return find_item(snapshot, anna.id, id);
        };
        return *block_on(house->db->read<std::optional<Item>>(anna.id, std::move(work)));
    }
    std::string
    bytes(const Item& item, std::uint64_t offset = 0, std::uint64_t length = UINT64_MAX) {
        std::function<Result<std::string>(Snapshot&)> work = [&](Snapshot& snapshot) {
            return read_bytes(snapshot, office(), item, offset, length);
        };
        return block_on(house->db->read<std::string>(anna.id, std::move(work))).value_or("none");
    }
    Item in_inbox() {
        const auto inbox = folder(Role::inbox);
        return *job<Item>([&](Txn& txn) {
            return add_message(
                txn, office(), actor(), inbox, "Message-ID: <m@x>\r\nSubject: One\r\n\r\nText\r\n",
                0
            );
        });
    }
};

} // namespace

TEST_F(Mail, KeepsTheMessageItsNameAndItsMaker) {
    const auto item = in_inbox();
    EXPECT_EQ(item.uid_text, "m@x");
    EXPECT_EQ(item.creator, model::AuthorId{77});
    EXPECT_EQ(item.window, (model::Window{item.received_us, item.received_us}));
    EXPECT_EQ(bytes(item), "Message-ID: <m@x>\r\nSubject: One\r\n\r\nText\r\n");
    EXPECT_EQ(bytes(item, 19, 7), "Subject");
}

TEST_F(Mail, IsReplacedWithoutLosingFlagsAndPlace) {
    const auto inbox = folder(Role::inbox);
    const auto item = in_inbox();
    const std::string text = "Message-ID: <n@x>\r\nSubject: Two\r\n\r\nMore text\r\n";
    ASSERT_TRUE(done([&](Txn& txn) {
        return set_mail_flags(txn, actor(), inbox, item, model::flag::draft, {});
    }));
    ASSERT_TRUE(done([&](Txn& txn) {
        return replace_message(
            txn, office(), actor(), inbox, *find_item(txn, anna.id, item.id), text
        );
    }));
    const auto after = *find(item.id);
    EXPECT_EQ(after.uid, item.uid);
    EXPECT_EQ(after.flags, model::flag::draft);
    EXPECT_EQ(after.uid_text, "n@x");
    EXPECT_EQ(bytes(after), text);
    EXPECT_GT(after.content, item.content);
    // The same bytes again are no change.
    ASSERT_TRUE(done([&](Txn& txn) {
        return replace_message(
            txn, office(), actor(), inbox, *find_item(txn, anna.id, item.id), text
        );
    }));
    EXPECT_EQ(find(item.id)->modseq, after.modseq);
}

TEST_F(Mail, RemembersFollowUpCategoriesAndVerb) {
    MailProps props;
    props.follow_up = 2;
    props.follow_up_text = "Call";
    props.categories = {"Red", "Blau, Grün"};
    props.last_verb = 3;
    props.last_verb_us = 5;
    EXPECT_EQ(unpack_mail_props(pack(props)), props);
    EXPECT_TRUE(pack(MailProps{}).empty());
    EXPECT_EQ(unpack_mail_props("damaged"), MailProps{});
    const auto item = in_inbox();
    const auto inbox = folder(Role::inbox);
    ASSERT_TRUE(done([&](Txn& txn) {
        return set_mail_flags(txn, actor(), inbox, item, model::flag::seen, props);
    }));
    EXPECT_EQ(unpack_mail_props(find(item.id)->props), props);
}

TEST_F(Mail, DeletedGoesToTheTrashAndFromThereForGood) {
    const auto inbox = folder(Role::inbox), trash = folder(Role::trash);
    const auto item = in_inbox();
    ASSERT_TRUE(done([&](Txn& txn) { return remove_mail(txn, actor(), inbox, item, false); }));
    const auto binned = find(item.id);
    ASSERT_TRUE(binned.has_value());
    EXPECT_EQ(binned->collection, trash.collection.id);
    ASSERT_TRUE(done([&](Txn& txn) { return remove_mail(txn, actor(), trash, *binned, false); }));
    EXPECT_FALSE(find(item.id).has_value());
}

TEST_F(Mail, DeletedForGoodIsGoneAtOnce) {
    const auto item = in_inbox();
    const auto inbox = folder(Role::inbox);
    ASSERT_TRUE(done([&](Txn& txn) { return remove_mail(txn, actor(), inbox, item, true); }));
    EXPECT_FALSE(find(item.id).has_value());
    EXPECT_EQ(house->blob_references(), 0);
}

TEST_F(Mail, MovesWithinItsAccountKeepingItsId) {
    const auto inbox = folder(Role::inbox), archive = folder(Role::archive);
    const auto item = in_inbox();
    const auto moved =
        job<Item>([&](Txn& txn) { return move_mail(txn, actor(), inbox, item, archive); });
    ASSERT_TRUE(moved.has_value());
    EXPECT_EQ(moved->id, item.id);
    EXPECT_EQ(moved->collection, archive.collection.id);
    const auto calendar = folder(Role::calendar);
    EXPECT_EQ(
        job<Item>([&](Txn& txn) { return move_mail(txn, actor(), archive, *moved, calendar); })
            .error()
            .code,
        Code::bad_value
    );
    auto foreign = inbox;
    foreign.collection.owner = carl.id;
    EXPECT_EQ(
        job<Item>([&](Txn& txn) { return move_mail(txn, actor(), archive, *moved, foreign); })
            .error()
            .code,
        Code::unsupported
    );
}

TEST_F(Mail, IsNotTouchedWithoutTheRight) {
    const auto item = in_inbox();
    const auto readable = folder(Role::inbox, Right::read), archive = folder(Role::archive);
    const auto code = [&](std::function<Result<>(Txn&)> work) {
        const auto result = done(std::move(work));
        return result ? Code::internal : result.error().code;
    };
    EXPECT_EQ(
        code([&](Txn& txn) { return set_mail_flags(txn, actor(), readable, item, 1, {}); }),
        Code::forbidden
    );
    EXPECT_EQ(
        code([&](Txn& txn) { return remove_mail(txn, actor(), readable, item, true); }),
        Code::forbidden
    );
    EXPECT_EQ(
        code([&](Txn& txn) { return replace_message(txn, office(), actor(), readable, item, "x"); }
        ),
        Code::forbidden
    );
    EXPECT_FALSE(job<Item>([&](Txn& txn) {
        return add_message(txn, office(), actor(), readable, "Subject: x\r\n\r\n", 0);
    }));
    EXPECT_FALSE(job<Item>([&](Txn& txn) {
        return move_mail(txn, actor(), readable, item, archive);
    }));
    EXPECT_EQ(find(item.id)->modseq, item.modseq);
}

} // namespace lockstep::office
