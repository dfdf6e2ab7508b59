// Claims about the rules of arriving mail that no door shows: global address books, and a crash
// between a delivery and its forwarding.
#include <gtest/gtest.h>

#include "office/delivery.hpp"
#include "office/delivery_test_support.hpp"
#include "office/detained.hpp"
#include "office/forwarding.hpp"
#include "office/objects.hpp"
#include "office/outgoing.hpp"
#include "office/sieve.hpp"

namespace lockstep::office {
namespace {

class ArrivalTest : public testing::OfficeTest {
protected:
    Result<> send(const std::string& from, std::vector<model::AccountId> to) {
        Envelope envelope;
        envelope.reverse_path = from;
        envelope.recipients = std::move(to);
        return block_on(deliver(
            office(), std::move(envelope),
            "From: " + from + "\r\nTo: anna@example.org\r\nSubject: x\r\n\r\nHello\r\n"
        ));
    }
    std::size_t queued() {
        const auto all = block_on(list_outgoing(office(), 100));
        EXPECT_TRUE(all);
        return all ? all->size() : 0;
    }
};

TEST_F(ArrivalTest, WhoIsInAGlobalAddressBookIsNoStranger) {
    const auto global = block_on(house->people->add_account(
        {.address = "everybody@example.org",
         .kind = model::AccountKind::global,
         .name = "Everybody",
         .default_right = model::Right::read}
    ));
    ASSERT_TRUE(global) << global.error().text;
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        const auto book = store::find_by_role(txn, global->id, model::Role::contacts);
        if (!book)
            return fail(Code::not_found, "no address book");
        const Folder folder{.collection = *book, .right = model::Right::own};
        TRY(const auto card,
            add_object(
                txn, office(), {*global, {}}, folder,
                "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Friend\r\nN:Friend;;;;\r\n"
                "EMAIL:friend@example.net\r\nEND:VCARD\r\n",
                false
            ));
        return card.uid.value > 0;
    };
    const auto added = block_on(house->db->write<bool>(global->id, std::move(work)));
    ASSERT_TRUE(added) << added.error().text;
    ASSERT_TRUE(block_on(set_detain_settings(office(), anna.id, {.detain = Detain::strangers})));
    ASSERT_TRUE(send("friend@example.net", {anna.id}));
    ASSERT_TRUE(send("stranger@example.net", {anna.id}));
    EXPECT_EQ(house->inbox(anna.id).size(), 1U);
    EXPECT_EQ(house->mails(anna.id, model::Role::detained).size(), 1U);
}

TEST_F(ArrivalTest, ForwardingIsInTheCommitOfTheCopyAlsoAfterACrash) {
    ASSERT_TRUE(
        block_on(set_forwarding(office(), bert.id, {.addresses = {"b@far.example"}, .keep = true}))
    );
    house->break_file(bert.id);
    ASSERT_TRUE(send("a@example.net", {anna.id, bert.id}));
    EXPECT_EQ(queued(), 0U);
    crash();
    const auto left = block_on(resume_fan_out(office()));
    EXPECT_EQ(left.value_or(9), 0U);
    EXPECT_EQ(queued(), 1U);
    EXPECT_EQ(house->inbox(bert.id).size(), 1U);
    (void)block_on(resume_fan_out(office()));
    EXPECT_EQ(queued(), 1U);
}

TEST_F(ArrivalTest, ScriptsAreCheckedNamedAndCounted) {
    EXPECT_EQ(
        block_on(put_sieve_script(office(), anna.id, "", "keep;")).error().code, Code::bad_value
    );
    EXPECT_EQ(
        block_on(put_sieve_script(office(), anna.id, "a", "keep")).error().code, Code::bad_syntax
    );
    ASSERT_TRUE(block_on(put_sieve_script(office(), anna.id, "a", "discard;")));
    ASSERT_TRUE(block_on(activate_sieve_script(office(), anna.id, "a")));
    EXPECT_EQ(block_on(drop_sieve_script(office(), anna.id, "a")).error().code, Code::conflict);
    ASSERT_TRUE(block_on(rename_sieve_script(office(), anna.id, "a", "b")));
    ASSERT_TRUE(send("a@example.net", {anna.id}));
    EXPECT_TRUE(house->inbox(anna.id).empty());
    ASSERT_TRUE(block_on(activate_sieve_script(office(), anna.id, "")));
    ASSERT_TRUE(send("a@example.net", {anna.id}));
    EXPECT_EQ(house->inbox(anna.id).size(), 1U);
    EXPECT_EQ(
        block_on(activate_sieve_script(office(), anna.id, "none")).error().code, Code::not_found
    );
}

} // namespace
} // namespace lockstep::office
