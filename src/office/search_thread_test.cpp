#include <gtest/gtest.h>

#include "office/delivery.hpp"
#include "office/delivery_test_support.hpp"
#include "office/jobs.hpp"
#include "office/search.hpp"

namespace lockstep::office {
namespace {

class ThreadSearch : public testing::OfficeTest {
protected:
    /// A mail of the Inbox; `minute` of its Date field.
    void
    mail(int minute, const std::string& subject, const std::string& id, const std::string& refs) {
        house->clock->advance(std::chrono::minutes(1));
        Envelope envelope;
        envelope.recipients = {anna.id};
        const auto minutes = std::string(minute < 10 ? "0" : "") + std::to_string(minute);
        const auto message = "Date: Mon, 1 Jan 2024 10:" + minutes +
                             ":00 +0000\r\nSubject: " + subject + "\r\nMessage-ID: <" + id +
                             "@x>\r\n" + (refs.empty() ? "" : "References: " + refs + "\r\n") +
                             "\r\ntext\r\n";
        ASSERT_TRUE(block_on(deliver(office(), envelope, message)));
    }
    /// As IMAP would write it: "(1 (2)(3))" with uids, and 0 for a place without a mail.
    std::string threads(Threading threading) {
        std::function<Result<Threads>(Snapshot&)> work = [&](Snapshot& s) {
            const Folder inbox{
                *store::find_by_role(s, anna.id, model::Role::inbox), model::Right::own, true, 0, {}
            };
            return thread_folder(s, office(), inbox, {}, threading);
        };
        const auto got = *block_on(house->db->read<Threads>(anna.id, std::move(work)));
        std::string out;
        for (const auto root : got.roots)
            out += text_of(got, root);
        return out;
    }
    static std::string text_of(const Threads& threads, std::uint32_t node) {
        auto out = "(" + std::to_string(threads.nodes[node].uid.value);
        for (const auto child : threads.nodes[node].children)
            out += text_of(threads, child);
        return out + ")";
    }
};

} // namespace

TEST_F(ThreadSearch, FollowsReferences) {
    mail(1, "Lunch", "a", "");
    mail(2, "Re: Lunch", "b", "<a@x>");
    mail(3, "Re: Lunch", "c", "<a@x> <b@x>");
    mail(4, "Other", "d", "");
    mail(0, "Re: Lunch", "e", "<a@x>");
    EXPECT_EQ(threads(Threading::references), "(1(5)(2(3)))(4)");
    EXPECT_EQ(threads(Threading::refs), "(4)(1(5)(2(3)))");
}

TEST_F(ThreadSearch, KeepsAPlaceForAMailThatIsNotThereOnlyAtTheTop) {
    mail(1, "Re: Lunch", "b", "<a@x>");
    mail(2, "Re: Lunch", "c", "<a@x>");
    mail(3, "Re: Lunch", "e", "<c@x> <d@x>");
    EXPECT_EQ(threads(Threading::references), "(0(1)(2(3)))");
}

TEST_F(ThreadSearch, JoinsThreadsOfOneSubject) {
    mail(1, "Lunch", "a", "");
    mail(2, "Re: Lunch", "b", "");
    mail(3, "lunch", "c", "");
    EXPECT_EQ(threads(Threading::references), "(0(1(2))(3))");
    EXPECT_EQ(threads(Threading::ordered_subject), "(1(2)(3))");
}

TEST_F(ThreadSearch, BreaksLoopsAndTakesRepeatedIds) {
    mail(1, "A", "a", "<b@x>");
    mail(2, "B", "b", "<a@x>");
    mail(3, "C", "a", "");
    const auto text = threads(Threading::refs);
    for (const auto* uid : {"(1", "(2", "(3"})
        EXPECT_NE(text.find(uid), std::string::npos) << text;
}

} // namespace lockstep::office
