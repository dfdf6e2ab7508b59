#include "base/limits.hpp"
#include "office/conversations.hpp"

#include "office/delivery.hpp"
#include "office/delivery_test_support.hpp"
#include "office/jobs.hpp"
#include "office/mail.hpp"

namespace lockstep::office {
namespace {

class Conversations : public testing::OfficeTest {
protected:
    /// The conversation of a mail with these header fields, delivered to Anna.
    ConversationId deliver_with(const std::string& fields) {
        Envelope envelope;
        envelope.recipients = {anna.id};
        EXPECT_TRUE(block_on(deliver(office(), envelope, fields + "\r\nText\r\n")));
        return newest();
    }
    ConversationId newest() {
        return look<ConversationId>([this](Snapshot& s) {
            return conversation_of(s, anna.id, items(s).front().id);
        });
    }
    std::vector<model::Item> items(Snapshot& s) {
        const auto inbox = store::find_by_role(s, anna.id, model::Role::inbox);
        return changed_items(s, anna.id, inbox->id, {}, model::Uid{kLastUid}, 100);
    }
    template <class T> T look(std::function<T(Snapshot&)> work) {
        std::function<Result<T>(Snapshot&)> job = [&](Snapshot& s) -> Result<T> { return work(s); };
        return *block_on(house->db->read<T>(anna.id, std::move(job)));
    }
};

} // namespace

TEST_F(Conversations, HoldARepliesChainTogether) {
    const auto first = deliver_with("Message-ID: <1@x>\r\nSubject: Lunch\r\n");
    EXPECT_TRUE(first);
    EXPECT_EQ(
        deliver_with("Message-ID: <2@x>\r\nIn-Reply-To: <1@x>\r\nSubject: Re: Lunch\r\n"), first
    );
    EXPECT_EQ(
        deliver_with("Message-ID: <3@x>\r\nReferences: <1@x> <2@x>\r\nSubject: AW: lunch\r\n"),
        first
    );
}

TEST_F(Conversations, MeetByAMailThatIsNotThere) {
    const auto first =
        deliver_with("Message-ID: <2@x>\r\nReferences: <1@x>\r\nSubject: Re: Lunch\r\n");
    EXPECT_EQ(
        deliver_with("Message-ID: <3@x>\r\nReferences: <1@x>\r\nSubject: Re: Lunch\r\n"), first
    );
    EXPECT_EQ(deliver_with("Message-ID: <1@x>\r\nSubject: Lunch\r\n"), first);
}

TEST_F(Conversations, EndWhereTheSubjectChangesOrNothingIsShared) {
    const auto first = deliver_with("Message-ID: <1@x>\r\nSubject: Lunch\r\n");
    EXPECT_NE(deliver_with("Message-ID: <2@x>\r\nReferences: <1@x>\r\nSubject: Dinner\r\n"), first);
    EXPECT_NE(deliver_with("Message-ID: <3@x>\r\nSubject: Lunch\r\n"), first);
    EXPECT_NE(deliver_with("Subject: Lunch\r\n"), deliver_with("Subject: Lunch\r\n"));
}

TEST_F(Conversations, AreNotMergedByAMailThatLinksThem) {
    const auto one = deliver_with("Message-ID: <1@x>\r\nSubject: Lunch\r\n");
    const auto two = deliver_with("Message-ID: <2@x>\r\nSubject: Lunch\r\n");
    ASSERT_NE(one, two);
    EXPECT_EQ(
        deliver_with("Message-ID: <3@x>\r\nReferences: <2@x> <1@x>\r\nSubject: Re: Lunch\r\n"), one
    );
    EXPECT_EQ(
        deliver_with("Message-ID: <4@x>\r\nReferences: <2@x>\r\nSubject: Re: Lunch\r\n"), two
    );
}

TEST_F(Conversations, ListTheirMailsAndEndWithTheLastOne) {
    const auto first = deliver_with("Message-ID: <1@x>\r\nSubject: Lunch\r\n");
    deliver_with("Message-ID: <2@x>\r\nReferences: <1@x>\r\nSubject: Re: Lunch\r\n");
    const auto mails = look<std::vector<model::ItemId>>([&](Snapshot& s) {
        return mails_of_conversation(s, anna.id, first, 10);
    });
    EXPECT_EQ(mails.size(), 2U);
    const auto remove_all = [&](Txn& txn) -> Result<bool> {
        for (const auto& item : items(txn))
            CHECK_OK(store::delete_item(txn, anna.id, item.collection, item.uid, {}));
        return true;
    };
    ASSERT_TRUE(block_on(house->db->write<bool>(anna.id, remove_all)));
    EXPECT_NE(
        deliver_with("Message-ID: <2@x>\r\nReferences: <1@x>\r\nSubject: Re: Lunch\r\n"), first
    );
}

TEST_F(Conversations, StayWithAMovedMailAndHaveOneNameInEveryDoor) {
    const auto first = deliver_with("Message-ID: <1@x>\r\nSubject: Lunch\r\n");
    const auto move = [&](Txn& txn) -> Result<ConversationId> {
        const auto trash = store::find_by_role(txn, anna.id, model::Role::trash);
        TRY(const auto moved, store::move_item(txn, items(txn).front(), trash->id, {}));
        return conversation_of(txn, anna.id, moved.id);
    };
    EXPECT_EQ(block_on(house->db->write<ConversationId>(anna.id, move)).value(), first);
    EXPECT_EQ(conversation_bytes(anna.id, first).size(), 16U);
    EXPECT_NE(conversation_bytes(anna.id, first), conversation_bytes(anna.id, {first.value + 1}));
}

TEST(ConversationKeys, AreBounded) {
    mime::Digest digest;
    for (int i = 0; i < 10'000; ++i)
        digest.references.push_back(std::to_string(i));
    EXPECT_EQ(conversation_keys(digest).size(), limits::kConversationKeys);
}

} // namespace lockstep::office
