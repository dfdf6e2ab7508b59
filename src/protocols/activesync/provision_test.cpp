// Provision and Settings: the policy's two phases, the device's description, the user's addresses.
#include "base/text.hpp"
#include "office/devices.hpp"
#include "office/rules.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace pv = wbxml::provision;
namespace s = wbxml::settings;
using testing::el;
using testing::Node;
using testing::Phone;
using wbxml::Version;

constexpr const char* kType = "MS-EAS-Provisioning-WBXML";

class EasProvision : public testing::DoorTest {
protected:
    static Node policies(std::vector<Node> policy) {
        return el(pv::Policies, {el(pv::Policy, std::move(policy))});
    }
    static Node information() {
        return el(
            s::DeviceInformation, {el(s::Set, {el(s::Model, "iPhone14C2"), el(s::OS, "iOS")})}
        );
    }
    static testing::Answer ask(Phone& phone, std::vector<Node> parts) {
        return phone.post("Provision", el(pv::Provision, std::move(parts)));
    }
    static testing::Answer offer(Phone& phone) {
        std::vector<Node> parts;
        if (phone.version >= Version::v14_1)
            parts.push_back(information());
        parts.push_back(policies({el(pv::PolicyType, kType)}));
        return ask(phone, std::move(parts));
    }
    static testing::Answer accept(Phone& phone, std::string key, std::string status = "1") {
        return ask(
            phone, {policies(
                       {el(pv::PolicyType, kType), el(pv::PolicyKey, std::move(key)),
                        el(pv::Status, std::move(status))}
                   )}
        );
    }
    store::Device device_row(const std::string& id) {
        std::function<Result<store::Device>(store::Snapshot&)> work = [&](store::Snapshot& snapshot
                                                                      ) -> Result<store::Device> {
            return *office::find_device(snapshot, anna.id, id);
        };
        return *block_on(house.db->read<store::Device>(anna.id, std::move(work)));
    }
};

class EasSettings : public EasProvision {};

} // namespace

TEST_F(EasProvision, OffersAPolicyAndThenGivesTheFinalKey) {
    for (const auto version :
         {Version::v12_1, Version::v14_0, Version::v14_1, Version::v16_0, Version::v16_1}) {
        auto fresh = phone(version, "D" + std::to_string(static_cast<int>(version)));
        const auto offered = offer(fresh);
        EXPECT_EQ(offered.at({pv::Status}), "1");
        EXPECT_EQ(offered.root.has(s::DeviceInformation), version >= Version::v14_1);
        const auto& policy = testing::at(offered.root, {pv::Policies, pv::Policy});
        EXPECT_EQ(policy.text_of(pv::PolicyType), kType);
        EXPECT_EQ(policy.text_of(pv::Status), "1");
        const auto temporary = std::string(policy.text_of(pv::PolicyKey));
        EXPECT_NE(temporary, "0");
        EXPECT_EQ(
            testing::text_at(policy, {pv::Data, pv::EASProvisionDoc, pv::DevicePasswordEnabled}),
            "0"
        );
        const auto accepted = accept(fresh, temporary);
        const auto& last = testing::at(accepted.root, {pv::Policies, pv::Policy});
        EXPECT_EQ(last.text_of(pv::Status), "1");
        EXPECT_NE(last.text_of(pv::PolicyKey), temporary);
        EXPECT_FALSE(last.has(pv::Data));
    }
}

TEST_F(EasProvision, TheTemporaryKeyOpensNothing) {
    auto fresh = phone();
    const auto offered = offer(fresh);
    fresh.policy_key =
        parse_int<std::uint32_t>(offered.at({pv::Policies, pv::Policy, pv::PolicyKey})).value_or(0);
    EXPECT_EQ(fresh.folder_sync().at({wbxml::folder_hierarchy::Status}), "142");
}

TEST_F(EasProvision, TellsTheWrongKeyTheWrongTypeAndTheWrongForm) {
    auto fresh = phone();
    (void)offer(fresh);
    EXPECT_EQ(accept(fresh, "77").at({pv::Policies, pv::Policy, pv::Status}), "5");
    EXPECT_EQ(accept(fresh, "x").at({pv::Status}), "2");
    EXPECT_EQ(accept(fresh, "77", "9").at({pv::Status}), "2");
    const auto other =
        ask(fresh, {information(), policies({el(pv::PolicyType, "MS-WAP-Provisioning-XML")})});
    EXPECT_EQ(other.at({pv::Policies, pv::Policy, pv::Status}), "3");
    EXPECT_FALSE(testing::at(other.root, {pv::Policies, pv::Policy}).has(pv::PolicyKey));
    EXPECT_EQ(ask(fresh, {information(), policies({})}).at({pv::Status}), "2");
}

TEST_F(EasProvision, WantsTheDevicesDescriptionFrom14_1On) {
    auto fresh = phone(Version::v16_1, "BARE");
    EXPECT_EQ(ask(fresh, {policies({el(pv::PolicyType, kType)})}).at({pv::Status}), "165");
    auto old = phone(Version::v14_0, "OLD");
    EXPECT_EQ(ask(old, {policies({el(pv::PolicyType, kType)})}).at({pv::Status}), "1");
}

TEST_F(EasProvision, KnowsNoWipe) {
    auto mine = ready();
    EXPECT_EQ(ask(mine, {}).at({pv::Status}), "1");
    // An iPhone puts a Status before RemoteWipe.
    const auto wiped = ask(mine, {el(pv::Status, "1"), el(pv::RemoteWipe, {el(pv::Status, "1")})});
    EXPECT_EQ(wiped.at({pv::Status}), "1");
    EXPECT_FALSE(wiped.root.has(pv::RemoteWipe));
}

TEST_F(EasProvision, ADeviceThatRefusesThePolicyStaysOutside) {
    auto fresh = phone();
    const auto key = offer(fresh).at({pv::Policies, pv::Policy, pv::PolicyKey});
    const auto refused = accept(fresh, key, "3");
    EXPECT_EQ(refused.at({pv::Status}), "1");
    EXPECT_EQ(fresh.folder_sync().at({wbxml::folder_hierarchy::Status}), "142");
}

TEST_F(EasProvision, KeepsWhatTheDeviceSaysOfItself) {
    auto fresh = phone();
    (void)offer(fresh);
    EXPECT_TRUE(device_row("PHONE1").info.contains("Model\tiPhone14C2\n"));
}

TEST_F(EasProvision, ABlockedDeviceIsTurnedAway) {
    auto mine = ready();
    std::function<Result<bool>(store::Txn&)> block = [&](store::Txn& txn) -> Result<bool> {
        auto device = office::find_device(txn, anna.id, "PHONE1");
        device->status = 1;
        office::put_device(txn, anna.id, *device);
        return true;
    };
    ASSERT_TRUE(block_on(house.db->write<bool>(anna.id, std::move(block))).has_value());
    EXPECT_EQ(mine.folder_sync().at({wbxml::folder_hierarchy::Status}), "129");
    auto old = mine;
    old.version = Version::v12_1;
    EXPECT_EQ(old.folder_sync().status, 403U);
}

TEST_F(EasSettings, Quirk23ShowFullAddressesInTheShapeOfTheVersion) {
    ASSERT_TRUE(block_on(house.people->add_alias(anna.id, "a@example.org")));
    const auto request = el(s::Settings, {el(s::UserInformation, {el(s::Get)})});
    for (const auto version :
         {Version::v12_1, Version::v14_0, Version::v14_1, Version::v16_0, Version::v16_1}) {
        auto mine = phone(version, "D" + std::to_string(static_cast<int>(version)));
        const auto answer = mine.post("Settings", request);
        EXPECT_EQ(answer.at({s::Status}), "1");
        const auto& get = testing::at(answer.root, {s::UserInformation, s::Get});
        const bool modern = version >= Version::v14_1;
        EXPECT_EQ(get.has(s::Accounts), modern);
        EXPECT_EQ(get.has(s::EmailAddresses), !modern);
        const auto& addresses = modern
                                    ? testing::at(get, {s::Accounts, s::Account, s::EmailAddresses})
                                    : testing::at(get, {s::EmailAddresses});
        const auto all = testing::all_of(addresses, s::SMTPAddress);
        ASSERT_EQ(all.size(), 2U);
        EXPECT_EQ(all[0]->text, "anna@example.org");
        EXPECT_EQ(all[1]->text, "a@example.org");
        if (modern)
            EXPECT_EQ(addresses.text_of(s::PrimarySmtpAddress), "anna@example.org");
    }
}

TEST_F(EasSettings, AnswerSeveralPropertiesEachWithItsStatus) {
    auto mine = phone();
    const auto answer = mine.post(
        "Settings", el(s::Settings, {el(s::UserInformation, {el(s::Get)}), information(),
                                     el(s::Oof, {el(s::Get, {el(s::BodyType, "Text")})})})
    );
    EXPECT_EQ(answer.at({s::Status}), "1");
    EXPECT_EQ(answer.at({s::DeviceInformation, s::Status}), "1");
    EXPECT_EQ(answer.at({s::UserInformation, s::Status}), "1");
    EXPECT_EQ(answer.at({s::Oof, s::Status}), "1");
    EXPECT_EQ(answer.at({s::Oof, s::Get, s::OofState}), "0");
    EXPECT_TRUE(device_row("PHONE1").info.contains("OS\tiOS\n"));
}

TEST_F(EasSettings, RefuseWhatThisServerDoesNotDo) {
    auto mine = phone();
    const auto ask_for = [&](Node property) {
        return mine.post("Settings", el(s::Settings, {std::move(property)}));
    };
    EXPECT_EQ(
        ask_for(el(s::DevicePassword, {el(s::Set, {el(s::Password, "x")})}))
            .at({s::DevicePassword, s::Status}),
        "7"
    );
    EXPECT_EQ(
        ask_for(el(s::Oof, {el(s::Set, {el(s::OofState, "3")})})).at({s::Oof, s::Status}), "5"
    );
    EXPECT_EQ(
        ask_for(el(s::RightsManagementInformation, {el(s::Get)}))
            .at({s::RightsManagementInformation, s::Status}),
        "1"
    );
    EXPECT_EQ(ask_for(el(s::UserInformation)).at({s::UserInformation, s::Status}), "2");
    EXPECT_EQ(ask_for(el(s::Oof)).at({s::Oof, s::Status}), "2");
}

TEST_F(EasSettings, RefuseAPropertyTwiceAndNone) {
    auto mine = phone();
    const auto twice =
        el(s::Settings,
           {el(s::UserInformation, {el(s::Get)}), el(s::UserInformation, {el(s::Get)})});
    EXPECT_EQ(mine.post("Settings", twice).at({s::Status}), "2");
    EXPECT_EQ(mine.post("Settings", el(s::Settings)).at({s::Status}), "2");
}

TEST_F(EasProvision, PolicyOfTheDomainReachesThePhoneAsItsVersionHasWords) {
    for (const auto& [name, value] :
         {std::pair("policy.DevicePasswordEnabled", "1"),
          std::pair("policy.MinDevicePasswordLength", "6"), std::pair("policy.AllowCamera", "0"),
          std::pair("policy.UnapprovedInROMApplicationList", "game.exe,radio.exe")})
        ASSERT_TRUE(block_on(
            office::set_rule(office(), "domain:" + std::to_string(anna.domain.value), name, value)
        ));
    for (const auto version : {Version::v12_1, Version::v14_1, Version::v16_1}) {
        auto fresh = phone(version, "P" + std::to_string(static_cast<int>(version)));
        const auto offered = offer(fresh);
        const auto& document =
            testing::at(offered.root, {pv::Policies, pv::Policy, pv::Data, pv::EASProvisionDoc});
        EXPECT_EQ(document.text_of(pv::DevicePasswordEnabled), "1");
        EXPECT_EQ(document.text_of(pv::MinDevicePasswordLength), "6");
        EXPECT_EQ(document.text_of(pv::AllowCamera), "0");
        EXPECT_EQ(
            testing::all_of(
                testing::at(document, {pv::UnapprovedInROMApplicationList}), pv::ApplicationName
            )
                .size(),
            2U
        );
    }
}

TEST_F(EasProvision, W10AWipeGoesFromOrderedToSentToAcknowledged) {
    auto mine = ready();
    ASSERT_TRUE(block_on(
        office::order_wipe(office(), anna.id, mine.device, office::WipeKind::full, "test", "lost")
    ));
    // An answer before the order is a claim without ground: it gets the order.
    const auto early = ask(mine, {el(pv::RemoteWipe, {el(pv::Status, "1")})});
    EXPECT_TRUE(early.root.has(pv::RemoteWipe));
    EXPECT_EQ(office::wipe_of(device_row(mine.device)).state, office::WipeState::sent);
    const auto failed = ask(mine, {el(pv::RemoteWipe, {el(pv::Status, "2")})});
    EXPECT_EQ(failed.at({pv::Status}), "1");
    EXPECT_EQ(office::wipe_of(device_row(mine.device)).state, office::WipeState::failed);
    const auto again = ask(mine, {});
    EXPECT_TRUE(again.root.has(pv::RemoteWipe));
    const auto done = ask(mine, {el(pv::RemoteWipe, {el(pv::Status, "1")})});
    EXPECT_FALSE(done.root.has(pv::RemoteWipe));
    EXPECT_EQ(office::wipe_of(device_row(mine.device)).state, office::WipeState::acknowledged);
    EXPECT_EQ(office::access_of(device_row(mine.device)), office::Access::blocked);
}

TEST_F(EasProvision, W10AnAccountOnlyWipeIsSaidToA161DeviceOnly) {
    auto mine = ready();
    ASSERT_TRUE(block_on(office::order_wipe(
        office(), anna.id, mine.device, office::WipeKind::account_only, "test", "left"
    )));
    EXPECT_EQ(mine.folder_sync().at({wbxml::folder_hierarchy::Status}), "140");
    auto older = mine;
    older.version = Version::v14_1;
    const auto waits = ask(older, {});
    EXPECT_FALSE(waits.root.has(pv::AccountOnlyRemoteWipe));
    EXPECT_FALSE(waits.root.has(pv::RemoteWipe));
    const auto told = ask(mine, {});
    EXPECT_TRUE(told.root.has(pv::AccountOnlyRemoteWipe));
    EXPECT_FALSE(told.root.has(pv::RemoteWipe));
    const auto done = ask(mine, {el(pv::AccountOnlyRemoteWipe, {el(pv::Status, "1")})});
    EXPECT_EQ(done.at({pv::Status}), "1");
    EXPECT_EQ(office::wipe_of(device_row(mine.device)).state, office::WipeState::acknowledged);
}

} // namespace lockstep::activesync
