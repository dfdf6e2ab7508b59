// The away reply: what is kept, when it counts, and its two forms.
#include "office/away.hpp"

#include "base/limits.hpp"
#include "office/delivery_test_support.hpp"

namespace lockstep::office {
namespace {

class AwayTest : public testing::OfficeTest {
protected:
    Result<> write(const Away& away) {
        std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
            CHECK_OK(write_away(txn, anna.id, away));
            return true;
        };
        CHECK_OK(block_on(house->db->write<bool>(anna.id, std::move(work))));
        return {};
    }
    Away read() {
        std::function<Result<Away>(store::Snapshot&)> work =
            [&](store::Snapshot& snapshot) -> Result<Away> { return read_away(snapshot, anna.id); };
        return *block_on(house->db->read<Away>(anna.id, std::move(work)));
    }
};

} // namespace

TEST_F(AwayTest, IsOffUntilItIsSet) { EXPECT_EQ(read(), Away{}); }

TEST_F(AwayTest, KeepsEveryAudienceAndCountsChanges) {
    Away away;
    away.state = AwayState::timed;
    away.from_us = 1'000;
    away.until_us = 2'000;
    away.internal = {true, false, "Back on Monday"};
    away.known = {true, true, "<p>Back on <b>Monday</b></p>"};
    ASSERT_TRUE(write(away));
    away.generation = 1;
    EXPECT_EQ(read(), away);
    ASSERT_TRUE(write(away));
    EXPECT_EQ(read().generation, 1) << "the same again is no change";
    away.internal.text = "Back on Tuesday";
    ASSERT_TRUE(write(away));
    EXPECT_EQ(read().generation, 2);
}

TEST_F(AwayTest, ATimedAbsenceEndsAfterItBegins) {
    Away away;
    away.state = AwayState::timed;
    away.from_us = away.until_us = 5;
    EXPECT_EQ(write(away).error().code, Code::bad_value);
    away.until_us = 6;
    ASSERT_TRUE(write(away));
    EXPECT_FALSE(is_away(read(), 4));
    EXPECT_TRUE(is_away(read(), 5));
    EXPECT_FALSE(is_away(read(), 6));
}

TEST_F(AwayTest, TimesCountOnlyForATimedAbsence) {
    Away away;
    away.state = AwayState::on;
    away.from_us = 5;
    away.until_us = 1;
    ASSERT_TRUE(write(away));
    EXPECT_EQ(read().from_us, 0);
    EXPECT_TRUE(is_away(read(), 0));
}

TEST_F(AwayTest, RefusesATextThatIsTooLong) {
    Away away;
    away.internal.text = std::string(limits::kAwayText + 1, 'x');
    EXPECT_EQ(write(away).error().code, Code::bad_value);
}

TEST(AwayText, HasBothForms) {
    EXPECT_EQ(plain_text({true, true, "<p>Hello</p>"}), "Hello");
    EXPECT_NE(html_text({true, false, "a < b"}).find("a &lt; b"), std::string::npos);
}

} // namespace lockstep::office
