// The door itself: sign-in, query, version, device, policy.
#include "base/text.hpp"
#include "protocols/activesync/errors.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace fh = wbxml::folder_hierarchy;
using testing::el;
using testing::Phone;
using wbxml::Version;

class EasDoor : public testing::DoorTest {};

wbxml::Node hierarchy_request(std::string key = "0") {
    return el(fh::FolderSync, {el(fh::SyncKey, std::move(key))});
}

} // namespace

TEST_F(EasDoor, AsksForCredentialsBeforeAnythingElse) {
    auto anonymous = phone();
    auto request = anonymous.request("FolderSync");
    request.headers = {};
    const auto answer = anonymous.send(std::move(request));
    EXPECT_EQ(answer.status, 401U);
    EXPECT_TRUE(answer.headers.get("WWW-Authenticate").starts_with("Basic realm="));
}

TEST_F(EasDoor, RefusesAWrongPasswordAndAnUnknownNameInTheSameWords) {
    auto wrong = phone();
    wrong.password = "wrong";
    Phone nobody(*door, "nobody@example.org", Version::v16_1);
    const auto first = wrong.post("FolderSync", hierarchy_request());
    const auto second = nobody.post("FolderSync", hierarchy_request());
    EXPECT_EQ(first.status, 401U);
    EXPECT_EQ(second.status, 401U);
    EXPECT_EQ(first.body, second.body);
}

TEST_F(EasDoor, SaysForbiddenWhenTheAccountsDoorIsOff) {
    ASSERT_TRUE(block_on(house.people->set_doors(anna.id, 2)));
    auto barred = phone();
    EXPECT_EQ(barred.post("FolderSync", hierarchy_request()).status, 403U);
}

TEST_F(EasDoor, AnswersOptionsWithVersionsAndExactlyItsCommands) {
    auto asking = phone();
    auto request = asking.request("Sync");
    request.method = "OPTIONS";
    request.query.clear();
    const auto answer = asking.send(std::move(request));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.headers.get("MS-ASProtocolVersions"), "2.5,12.0,12.1,14.0,14.1,16.0,16.1");
    for (const auto name : split(answer.headers.get("MS-ASProtocolCommands"), ','))
        EXPECT_NE(find_command(name), nullptr) << name;
    EXPECT_TRUE(answer.body.empty());
}

TEST_F(EasDoor, AnswersWhatItDoesNotKnowWith501AndWhatIsWrongWith400) {
    auto asking = phone();
    EXPECT_EQ(asking.post("CreateCollection").status, 501U);
    EXPECT_EQ(asking.post("NoSuchCommand").status, 501U);
    auto got = asking.request("Sync");
    got.method = "GET";
    EXPECT_EQ(asking.send(std::move(got)).status, 501U);
    auto empty = asking.request("Sync");
    empty.query.clear();
    EXPECT_EQ(asking.send(std::move(empty)).status, 400U);
    auto nameless = asking.request("Sync");
    nameless.query = "User=anna&DeviceId=X&DeviceType=iPhone";
    EXPECT_EQ(asking.send(std::move(nameless)).status, 400U);
}

TEST_F(EasDoor, RefusesVersionsThatItDoesNotOffer) {
    auto asking = phone();
    for (const auto* version : {"", "1.0", "2.1", "13", "1", "14", "17.0", "12.1,14.0", ","}) {
        auto request = asking.request("FolderSync");
        request.headers.set("MS-ASProtocolVersion", version);
        EXPECT_EQ(asking.send(std::move(request)).status, 400U) << version;
    }
}

TEST_F(EasDoor, NamesTheVersionOfItsAnswer) {
    auto old = ready(Version::v14_0);
    const auto answer = old.post("FolderSync", hierarchy_request());
    EXPECT_EQ(answer.headers.get("MS-Server-ActiveSync"), "14.0");
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/vnd.ms-sync.wbxml");
}

TEST_F(EasDoor, RefusesWhatIsNotTheCommandsDocumentWith400) {
    auto fresh = ready();
    for (const std::string body : {"garbage", "\x03\x01\x6A"}) {
        auto request = fresh.request("FolderSync");
        request.body = body;
        EXPECT_EQ(fresh.send(std::move(request)).status, 400U);
    }
    EXPECT_EQ(fresh.post("FolderSync").status, 400U);
    EXPECT_EQ(fresh.post("FolderSync", el(fh::FolderCreate)).at({fh::Status}), "103");
    auto old = ready(Version::v12_1);
    EXPECT_EQ(old.post("FolderSync", el(fh::FolderCreate)).status, 400U);
}

TEST_F(EasDoor, AsksForADeviceIdAndADeviceType) {
    auto fresh = phone();
    auto request = fresh.request("FolderSync");
    request.query = "Cmd=FolderSync&User=anna&DeviceType=iPhone";
    EXPECT_EQ(fresh.send(std::move(request)).at({fh::Status}), "108");
    request = fresh.request("FolderSync");
    request.query = "Cmd=FolderSync&User=anna&DeviceId=ABC";
    EXPECT_EQ(fresh.send(std::move(request)).at({fh::Status}), "109");
    auto old = phone(Version::v12_1);
    request = old.request("FolderSync");
    request.query = "Cmd=FolderSync&User=anna&DeviceType=iPhone";
    EXPECT_EQ(old.send(std::move(request)).status, 400U);
}

TEST_F(EasDoor, RefusesOtherTypesThanWbxmlButForMail) {
    auto fresh = ready(Version::v12_1);
    for (const auto& entry : split(command_list(), ',')) {
        if (entry == "SendMail" || entry.starts_with("Smart") || entry.starts_with("GetA") ||
            entry == "GetHierarchy")
            continue;
        auto request = fresh.request(entry);
        request.headers.add("Content-Type", "message/rfc822");
        request.body = "Subject: x\r\n\r\ny\r\n";
        EXPECT_EQ(fresh.send(std::move(request)).status, 400U) << entry;
    }
    auto modern = ready();
    auto request = modern.request("FolderSync");
    request.headers.add("Content-Type", "text/plain");
    request.body = "hello";
    EXPECT_EQ(modern.send(std::move(request)).at({fh::Status}), "101");
}

TEST_F(EasDoor, Quirk28TakesTheDeviceIdValidate) {
    auto android = phone(Version::v14_1, "validate");
    EXPECT_EQ(android.post("FolderSync", hierarchy_request()).at({fh::Status}), "142");
}

TEST_F(EasDoor, TakesTheBase64Query) {
    auto modern = ready();
    // 16.1, FolderSync, locale 0409, device PHONE1, policy key, type iPhone.
    std::string raw{'\xA1', 9, 9, 4, 6};
    raw += "PHONE1";
    raw += '\4';
    for (unsigned shift = 0; shift < 32; shift += 8)
        raw += static_cast<char>((modern.policy_key >> shift) & 0xFF);
    raw += "\6iPhone";
    auto request = modern.request("FolderSync");
    request.headers.set("MS-ASProtocolVersion", "");
    request.headers.set("X-MS-PolicyKey", "");
    request.query = base64(raw);
    request.body = testing::bytes_of(hierarchy_request(), Version::v16_1);
    const auto answer = modern.send(std::move(request));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.at({fh::Status}), "1");
}

TEST_F(EasDoor, WantsThePolicyAcknowledgedFirst) {
    for (const auto version : {Version::v14_0, Version::v14_1, Version::v16_0, Version::v16_1}) {
        auto fresh = phone(version, "FRESH" + std::to_string(static_cast<int>(version)));
        const auto answer = fresh.post("FolderSync", hierarchy_request());
        EXPECT_EQ(answer.status, 200U);
        EXPECT_EQ(answer.at({fh::Status}), "142");
    }
    auto old = phone(Version::v12_1, "OLD");
    EXPECT_EQ(old.post("FolderSync", hierarchy_request()).status, 449U);
}

TEST_F(EasDoor, TellsAWrongPolicyKeyFromNone) {
    auto modern = ready();
    modern.policy_key ^= 1;
    EXPECT_EQ(modern.post("FolderSync", hierarchy_request()).at({fh::Status}), "144");
    auto old = ready(Version::v12_1, "OLD");
    old.policy_key ^= 1;
    EXPECT_EQ(old.post("FolderSync", hierarchy_request()).status, 449U);
}

TEST_F(EasDoor, AnswersWithoutBodyPolicyRefusalsOfCommandsThatHaveNoStatus) {
    auto old = phone(Version::v12_1, "OLD");
    auto request = old.request("GetAttachment");
    request.query += "&AttachmentName=x";
    EXPECT_EQ(old.send(std::move(request)).status, 449U);
}

TEST_F(EasDoor, BoundsTheDevicesOfAnAccount) {
    for (std::size_t i = 0; i < options.devices_max; ++i)
        EXPECT_EQ(
            phone(Version::v16_1, "D" + std::to_string(i))
                .post("FolderSync", hierarchy_request())
                .at({fh::Status}),
            "142"
        );
    auto surplus = phone(Version::v16_1, "TOOMANY");
    EXPECT_EQ(surplus.post("FolderSync", hierarchy_request()).at({fh::Status}), "177");
    auto old = phone(Version::v12_1, "TOOMANYTOO");
    EXPECT_EQ(old.post("FolderSync", hierarchy_request()).status, 403U);
}

TEST_F(EasDoor, KeepsAnotherPersonsFoldersShut) {
    auto mine = ready();
    Phone his(*door, "bert@example.org", Version::v16_1, "HIS");
    his.provision();
    const auto id = std::to_string(anna.id.value) + "." + mine.folder(2);
    EXPECT_EQ(his.sync(id, "0").status, 12);
}

TEST_F(EasDoor, TakesTheDeviceIdWithoutRegardToCase) {
    auto upper_case = ready();
    auto lower_case = upper_case;
    lower_case.device = "phone1";
    EXPECT_EQ(
        lower_case.post("FolderSync", hierarchy_request(upper_case.folder_key)).at({fh::Status}),
        "1"
    );
}

TEST(EasErrors, MapsEveryCodeAndNeverTo500) {
    const auto* command = find_command("Sync");
    for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
        Error error{static_cast<Code>(code), "text"};
        for (const auto version : {Version::v12_1, Version::v16_1}) {
            const auto reply = reply_to_error(*command, version, error);
            EXPECT_NE(reply.http, 500U);
            EXPECT_EQ(reply.http == 503, reply.headers.has("Retry-After"));
        }
    }
}

} // namespace lockstep::activesync
