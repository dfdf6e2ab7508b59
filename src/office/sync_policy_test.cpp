// Windows of devices: midnight of the account's zone, a little later for each device.
#include "office/sync_policy.hpp"

#include <gtest/gtest.h>

namespace lockstep::office {
namespace {

using model::ItemClass;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kNow = 1'795'500'000 * kSecond; ///< 2026-11-24 06:40 UTC
constexpr const char* kZone = "Europe/Berlin";

std::int64_t berlin_midnight() {
    // UTC + 1 in November.
    return (kNow + kHour) / kDay * kDay - kHour;
}

TEST(WindowOfADevice, IsOpenUntilSomethingIsSet) {
    const auto window = window_of({}, ItemClass::event, kUnlimited, kZone, {}, kNow);
    EXPECT_EQ(window.low, model::kEver);
    EXPECT_EQ(window.high, model::kForever);
}

TEST(WindowOfADevice, TakesTheSmallerOfPolicyAndFilter) {
    SyncPolicy policy;
    policy.before_days = 30;
    policy.after_days = 10;
    // Thirty days ago the clocks still stood on summer time.
    const auto by_policy = window_of(policy, ItemClass::event, 92, kZone, {}, kNow);
    EXPECT_EQ(by_policy.low, berlin_midnight() - 30 * kDay - kHour);
    EXPECT_EQ(by_policy.high, berlin_midnight() + 11 * kDay);
    const auto by_filter = window_of(policy, ItemClass::event, 14, kZone, {}, kNow);
    EXPECT_EQ(by_filter.low, berlin_midnight() - 14 * kDay);
    const auto mail = window_of(policy, ItemClass::mail, kUnlimited, kZone, {}, kNow);
    EXPECT_EQ(mail.low, model::kEver);
}

TEST(WindowOfADevice, SlidesWithinAQuarterOfAnHourAfterMidnight) {
    for (const std::int64_t device : {1, 77, 899, 900, 123'456'789}) {
        const auto next = next_slide(kZone, model::AuthorId{device}, kNow);
        EXPECT_GE(next, berlin_midnight() + kDay);
        EXPECT_LT(next, berlin_midnight() + kDay + kHour / 4);
        SyncPolicy policy;
        policy.after_days = 0;
        const auto before = window_of(
            policy, ItemClass::event, kUnlimited, kZone, model::AuthorId{device}, next - 1
        );
        const auto after =
            window_of(policy, ItemClass::event, kUnlimited, kZone, model::AuthorId{device}, next);
        EXPECT_EQ(after.high - before.high, kDay);
    }
}

TEST(FolderChoice, NamesWhatComesOrWhatStays) {
    const FolderKey one{model::AccountId{1}, model::CollectionId{8}};
    const FolderKey two{model::AccountId{5}, model::CollectionId{8}};
    EXPECT_TRUE(FolderChoice{}.allows(one));
    EXPECT_FALSE((FolderChoice{true, {}}).allows(one));
    EXPECT_TRUE((FolderChoice{true, {one}}).allows(one));
    EXPECT_FALSE((FolderChoice{true, {one}}).allows(two));
    EXPECT_FALSE((FolderChoice{false, {one}}).allows(one));
    EXPECT_TRUE((FolderChoice{false, {one}}).allows(two));
}

} // namespace
} // namespace lockstep::office
