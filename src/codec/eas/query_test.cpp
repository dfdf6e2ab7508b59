// What the query parser takes, and what it refuses.
// Spec: MS-ASHTTP 2.2.1.1.1; hardening W3.
#include "codec/eas/query.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace lockstep::eas {
namespace {

Code query_error(std::string_view raw) {
    const auto query = parse_query(raw);
    EXPECT_FALSE(query.has_value()) << raw;
    return query ? Code::internal : query.error().code;
}

/// A base64 query of the given fields, each with its length before it where the grammar wants it.
struct Base64Query {
    char version = '\x8D';
    char command = 0;
    std::string device_id = "v140Device";
    std::string policy_key{};
    std::string device_type = "SmartPhone";
    std::vector<std::pair<int, std::string>> parameters{};

    [[nodiscard]] std::string bytes() const {
        std::string out{version, command, '\x09', '\x04'};
        const auto counted = [&out](const std::string& field) {
            out += static_cast<char>(field.size());
            out += field;
        };
        counted(device_id);
        counted(policy_key);
        counted(device_type);
        for (const auto& [tag, value] : parameters) {
            out += static_cast<char>(tag);
            counted(value);
        }
        return out;
    }
    [[nodiscard]] std::string raw() const { return base64(bytes()); }
};

TEST(EasQuery, ReadsPlainForm) {
    const auto query = parse_query(
        "Cmd=SmartReply&User=CONTOSO%5Canna%2Bwork@example.org&DeviceId=ApplABC123&DeviceType="
        "iPhone"
        "&CollectionId=7&ItemId=7%3A12&LongId=L&Occurrence=20261122T120000Z&SaveInSent=T"
        "&ParentId=0&CollectionName=New%20%C3%9Cber&AttachmentName=a+b.pdf"
    );
    ASSERT_TRUE(query.has_value()) << query.error().text;
    EXPECT_EQ(query->command, "SmartReply");
    EXPECT_EQ(query->user, "CONTOSO\\anna+work@example.org");
    EXPECT_EQ(query->device_id, "ApplABC123");
    EXPECT_EQ(query->device_type, "iPhone");
    EXPECT_EQ(query->collection_id, "7");
    EXPECT_EQ(query->item_id, "7:12");
    EXPECT_EQ(query->long_id, "L");
    EXPECT_EQ(query->occurrence, "20261122T120000Z");
    EXPECT_EQ(query->parent_id, "0");
    EXPECT_EQ(
        query->collection_name, "New \xC3\x9C"
                                "ber"
    );
    EXPECT_EQ(query->attachment_name, "a+b.pdf");
    EXPECT_TRUE(query->save_in_sent);
    EXPECT_FALSE(query->accept_multi_part);
    EXPECT_FALSE(query->version || query->policy_key || query->locale);
}

TEST(EasQuery, TakesTheOrderAndCaseThatPhonesUse) {
    const auto phone = parse_query("User=anna&DeviceId=ABC&DeviceType=iPhone&Cmd=foldersync");
    ASSERT_TRUE(phone.has_value());
    EXPECT_EQ(phone->command, "FolderSync");
    const auto shouting = parse_query("CMD=Ping&USER=a&deviceid=x&devicetype=SP");
    ASSERT_TRUE(shouting.has_value());
    EXPECT_EQ(shouting->command, "Ping");
    EXPECT_EQ(shouting->device_id, "x");
}

TEST(EasQuery, BothFormsOfTheDocumentsExampleAreEqual) {
    const auto plain =
        parse_query("Cmd=Sync&User=rmjones&DeviceId=v140Device&DeviceType=SmartPhone");
    const auto packed = parse_query("jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l");
    ASSERT_TRUE(plain.has_value());
    ASSERT_TRUE(packed.has_value()) << packed.error().text;
    EXPECT_EQ(packed->command, plain->command);
    EXPECT_EQ(packed->device_id, plain->device_id);
    EXPECT_EQ(packed->device_type, plain->device_type);
    EXPECT_EQ(packed->version, wbxml::Version::v14_0);
    EXPECT_EQ(packed->locale, 0x0409);
    EXPECT_FALSE(packed->policy_key);
}

TEST(EasQuery, ReadsEveryParameterOfTheBase64Form) {
    Base64Query fields{.version = '\xA1', .command = 19, .policy_key = {"\x04\x03\x02\xF1", 4}};
    fields.parameters = {{0, "att"}, {1, "col"}, {2, "name"}, {3, "item"},     {4, "long"},
                         {5, "par"}, {6, "occ"}, {8, "anna"}, {7, {"\x03", 1}}};
    const auto query = parse_query(fields.raw());
    ASSERT_TRUE(query.has_value()) << query.error().text;
    EXPECT_EQ(query->version, wbxml::Version::v16_1);
    EXPECT_EQ(query->command, "ItemOperations");
    EXPECT_EQ(query->policy_key, 0xF1020304U);
    EXPECT_EQ(query->attachment_name, "att");
    EXPECT_EQ(query->collection_id, "col");
    EXPECT_EQ(query->collection_name, "name");
    EXPECT_EQ(query->item_id, "item");
    EXPECT_EQ(query->long_id, "long");
    EXPECT_EQ(query->parent_id, "par");
    EXPECT_EQ(query->occurrence, "occ");
    EXPECT_EQ(query->user, "anna");
    EXPECT_TRUE(query->save_in_sent);
    EXPECT_TRUE(query->accept_multi_part);
}

TEST(EasQuery, TakesBase64WithPercentEncodedPunctuation) {
    const Base64Query fields{.policy_key = {"\xFF\xFF\xFF\xFE", 4}, .device_type = "SP"};
    const auto escaped =
        replace_all(replace_all(replace_all(fields.raw(), "+", "%2B"), "/", "%2f"), "=", "%3D");
    const auto query = parse_query(escaped);
    ASSERT_TRUE(query.has_value()) << query.error().text;
    EXPECT_EQ(query->policy_key, 0xFEFFFFFFU);
}

TEST(EasQuery, WritesAGuidDeviceIdInHexadecimal) {
    const Base64Query fields{
        .device_id = {"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\xFF", 16}
    };
    const auto query = parse_query(fields.raw());
    ASSERT_TRUE(query.has_value()) << query.error().text;
    EXPECT_EQ(query->device_id, "000102030405060708090a0b0c0d0eff");
}

TEST(EasQuery, KnowsEveryCommandCode) {
    const std::vector<std::string_view> names = {
        "Sync",
        "SendMail",
        "SmartForward",
        "SmartReply",
        "GetAttachment",
        "GetHierarchy",
        "CreateCollection",
        "DeleteCollection",
        "MoveCollection",
        "FolderSync",
        "FolderCreate",
        "FolderDelete",
        "FolderUpdate",
        "MoveItems",
        "GetItemEstimate",
        "MeetingResponse",
        "Search",
        "Settings",
        "Ping",
        "ItemOperations",
        "Provision",
        "ResolveRecipients",
        "ValidateCert",
        "Find"
    };
    for (std::size_t code = 0; code < 256; ++code) {
        const auto name = command_of(static_cast<std::uint8_t>(code));
        ASSERT_EQ(name.has_value(), code < names.size()) << code;
        if (!name)
            continue;
        EXPECT_EQ(*name, names[code]);
        EXPECT_EQ(command_of(upper(*name)), *name);
        const auto query = parse_query(Base64Query{.command = static_cast<char>(code)}.raw());
        ASSERT_TRUE(query.has_value());
        EXPECT_EQ(query->command, *name);
    }
}

TEST(EasQuery, W3RefusesAParameterTwice) {
    const std::string good = "Cmd=Sync&User=a&DeviceId=x&DeviceType=SP&CollectionId=1&SaveInSent=F";
    ASSERT_TRUE(parse_query(good).has_value());
    for (const auto* again :
         {"Cmd=Sync", "cmd=Ping", "User=a", "DEVICEID=y", "DeviceType=SP", "CollectionId=1",
          "SaveInSent=F", "%43md=Sync"})
        EXPECT_EQ(query_error(good + "&" + again), Code::bad_syntax) << again;
    EXPECT_TRUE(parse_query(good + "&Other=1&Other=2").has_value());
    for (int tag = 0; tag <= 8; ++tag) {
        Base64Query fields;
        fields.parameters = {{tag, "\x01"}, {tag, "\x01"}};
        if (tag != 7)
            fields.parameters = {{tag, "a"}, {tag, "a"}};
        EXPECT_EQ(query_error(fields.raw()), Code::bad_syntax) << tag;
    }
}

TEST(EasQuery, W3RefusesWhatIsMissingOrCut) {
    EXPECT_EQ(query_error(""), Code::bad_syntax);
    EXPECT_EQ(query_error("="), Code::bad_syntax);
    EXPECT_EQ(query_error("&&&"), Code::bad_syntax);
    EXPECT_EQ(query_error("DeviceId=x"), Code::bad_syntax);
    EXPECT_EQ(query_error("User=a&DeviceId=x&DeviceType=SP"), Code::bad_syntax);
    EXPECT_EQ(query_error("Cmd=Sync&DeviceId=x&DeviceType=%G1"), Code::bad_syntax);
    EXPECT_EQ(query_error("not base64!"), Code::bad_syntax);

    Base64Query fields{.policy_key = "abcd"};
    fields.parameters = {{1, "col"}};
    const auto bytes = fields.bytes();
    ASSERT_TRUE(parse_query(base64(bytes)).has_value());
    const auto without_parameters = bytes.size() - 5;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        const auto query = parse_query(base64(std::string_view(bytes).substr(0, cut)));
        EXPECT_EQ(query.has_value(), cut == without_parameters) << cut;
    }
}

TEST(EasQuery, W3RefusesUnknownCommandsAndVersions) {
    EXPECT_EQ(query_error("Cmd=Format&DeviceId=x&DeviceType=SP"), Code::unsupported);
    EXPECT_EQ(query_error("Cmd=&DeviceId=x&DeviceType=SP"), Code::unsupported);
    EXPECT_EQ(query_error(Base64Query{.command = 24}.raw()), Code::unsupported);
    EXPECT_EQ(query_error(Base64Query{.version = '\x05'}.raw()), Code::bad_value);
}

TEST(EasQuery, TakesNoMalformedDeviceId) {
    const auto plain = [](const std::string& id) {
        return "Cmd=Sync&User=a&DeviceType=SP&DeviceId=" + id;
    };
    EXPECT_TRUE(parse_query(plain("A-z_0.9")).has_value());
    EXPECT_TRUE(parse_query(plain(std::string(32, 'a'))).has_value());
    const auto device = [](const std::string& raw) { return parse_query(raw)->device_id; };
    EXPECT_EQ(device(plain(std::string(33, 'a'))), "");
    for (const auto* id : {"", "a,b", "a%20b", "a%2Fb", "..%2F..%2Fetc", "%00", "%C3%A4", "a'b"})
        EXPECT_EQ(device(plain(id)), "") << id;
    EXPECT_EQ(device("Cmd=Sync&DeviceType=SP"), "");
    EXPECT_EQ(device(Base64Query{.device_id = ""}.raw()), "");
    EXPECT_EQ(device(Base64Query{.device_id = std::string(33, 'a')}.raw()), "");
    EXPECT_EQ(device(Base64Query{.device_id = "a/b"}.raw()), "");
}

TEST(EasQuery, RefusesValuesOutOfRange) {
    const std::string good = "Cmd=Sync&User=a&DeviceId=x&DeviceType=SP";
    EXPECT_EQ(query_error(good + "&SaveInSent=yes"), Code::bad_value);
    EXPECT_EQ(query_error(good + "&ItemId=a%0D%0Ab"), Code::bad_value);
    EXPECT_EQ(query_error(good + "&ItemId=%FF"), Code::bad_value);
    for (const auto& type :
         {std::string("&DeviceType=a%0Ab"), std::string(), "&DeviceType=" + std::string(256, 'a')})
        EXPECT_FALSE(parse_query("Cmd=Sync&DeviceId=x" + type)->has_device_type) << type;
    EXPECT_EQ(query_error(Base64Query{.policy_key = "abc"}.raw()), Code::bad_value);
    Base64Query options;
    options.parameters = {{7, "ab"}};
    EXPECT_EQ(query_error(options.raw()), Code::bad_value);
    EXPECT_EQ(query_error(good + "&X=" + std::string(40'000, 'a')), Code::too_large);
}

TEST(EasQuery, CleansTheUserBecauseItIsOnlyALabel) {
    const auto query = parse_query("Cmd=Sync&User=M%FCller%0A&DeviceId=x&DeviceType=SP");
    ASSERT_TRUE(query.has_value());
    EXPECT_EQ(query->user, "M\xEF\xBF\xBDller");
}

TEST(EasQuery, IgnoresUnknownParametersAndOptionBits) {
    Base64Query fields;
    fields.parameters = {{42, "future"}, {42, "future"}, {7, {"\xFC", 1}}};
    const auto query = parse_query(fields.raw());
    ASSERT_TRUE(query.has_value());
    EXPECT_FALSE(query->save_in_sent);
    EXPECT_FALSE(query->accept_multi_part);
}

} // namespace
} // namespace lockstep::eas
