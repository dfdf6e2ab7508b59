// The tag list against facts picked by hand from the documents.
// Spec: sections are named beside each fact.
#include "codec/wbxml/tags.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace lockstep::wbxml {
namespace {

TEST(WbxmlVersion, TextAndNumberAndValueAgree) {
    for (const auto version : kVersions) {
        EXPECT_EQ(parse_version(text_of(version)), version);
        EXPECT_EQ(version_of(static_cast<unsigned>(version)), version);
    }
    EXPECT_EQ(text_of(Version::v16_1), "16.1");
    EXPECT_EQ(text_of(Version::v2_5), "2.5");
    EXPECT_LT(Version::v2_5, Version::v12_0);
    EXPECT_LT(Version::v14_1, Version::v16_0);
    for (const auto* text : {"", "16", "16.10", "16.2", "1.0", " 16.1", "161"})
        EXPECT_FALSE(parse_version(text)) << text;
    EXPECT_FALSE(version_of(0));
    EXPECT_FALSE(version_of(142));
}

TEST(WbxmlTags, ConstantsAreTheDocumentsTokens) {
    EXPECT_EQ(air_sync::Sync, (Tag{0, 0x05}));                         // 2.1.2.1.1
    EXPECT_EQ(contacts::WeightedRank, (Tag{1, 0x3E}));                 // 2.1.2.1.2
    EXPECT_EQ(email::DisallowNewTimeProposal, (Tag{2, 0x3F}));         // 2.1.2.1.3
    EXPECT_EQ(calendar::ClientUid, (Tag{4, 0x3C}));                    // 2.1.2.1.5
    EXPECT_EQ(move::DstMsgId, (Tag{5, 0x0C}));                         // 2.1.2.1.6
    EXPECT_EQ(folder_hierarchy::FolderSync, (Tag{7, 0x16}));           // 2.1.2.1.8
    EXPECT_EQ(provision::AccountOnlyRemoteWipe, (Tag{14, 0x3B}));      // 2.1.2.1.15
    EXPECT_EQ(air_sync_base::InstanceId, (Tag{17, 0x2D}));             // 2.1.2.1.18
    EXPECT_EQ(settings::RightsManagementInformation, (Tag{18, 0x2B})); // 2.1.2.1.19
    EXPECT_EQ(find::Picture, (Tag{25, 0x22}));                         // 2.1.2.1.26
}

TEST(WbxmlTags, EveryNameLeadsBackToItsTag) {
    std::size_t count = 0;
    for (std::size_t page = 0; page < kPages; ++page) {
        EXPECT_FALSE(namespace_of(page).empty()) << page;
        std::set<std::string_view> names;
        for (std::size_t token = 0; token < kTokens; ++token) {
            const Tag tag{static_cast<std::uint8_t>(page), static_cast<std::uint8_t>(token)};
            const auto name = name_of(tag);
            EXPECT_EQ(known(tag), !name.empty());
            if (name.empty())
                continue;
            ++count;
            EXPECT_GE(token, 5U) << name;
            EXPECT_TRUE(names.insert(name).second) << namespace_of(page) << ":" << name;
            EXPECT_EQ(tag_by_name(page, name), tag);
        }
    }
    EXPECT_EQ(count, 644U); // 586 of MS-ASWBXML 2.1.2.1 and 58 of protocols 2.5 and 12.0
}

TEST(WbxmlTags, UnknownsHaveNoName) {
    EXPECT_EQ(name_of({26, 5}), "");
    EXPECT_EQ(name_of({0, 0x3F}), "");
    EXPECT_EQ(name_of({0, 0xFF}), "");
    EXPECT_EQ(name_of({}), "");
    EXPECT_EQ(namespace_of(26), "");
    EXPECT_FALSE(tag_by_name(26, "Sync"));
    EXPECT_FALSE(tag_by_name(0, "sync"));
    EXPECT_FALSE(tag_by_name(0, ""));
    EXPECT_FALSE(sendable({26, 5}, Version::v16_1));
}

struct GateFact {
    Tag tag;
    std::string_view sendable; ///< Y or . for 2.5 12.0 12.1 14.0 14.1 16.0 16.1
    std::string_view section;
};

constexpr GateFact kGateFacts[] = {
    {air_sync::SyncKey, "YYYYYYY", "MS-ASCMD 2.2.3.181"},
    {air_sync::MoreAvailable, "YYYYYYY", "MS-ASCMD 2.2.3.116"},
    {air_sync::Limit, "..YYYYY", "MS-ASWBXML 2.1.2.1.1"},
    {air_sync::Wait, "..YYYYY", "MS-ASWBXML 2.1.2.1.1"},
    {air_sync::HeartbeatInterval, "...YYYY", "MS-ASWBXML 2.1.2.1.1"},
    {contacts::Picture, "YYYYYYY", "MS-ASCNTC 2.2.2.58"},
    {contacts::Body, "Y......", "MS-ASCNTC 2.2.2.7"},
    {contacts::Alias, "...YYYY", "MS-ASCNTC 2.2.2.2"},
    {contacts::Anniversary, "YYYYYYY", "MS-ASWBXML 2.1.2.1.2"},
    {email::Categories, "...YYYY", "MS-ASEMAIL 2.2.2.16"},
    {email::Flag, ".YYYYYY", "MS-ASEMAIL 2.2.2.34"},
    {email::Location, "YYYYY..", "MS-ASEMAIL 2.2.2.46"},
    {email::GlobalObjId, "YYYYY..", "MS-ASEMAIL 2.2.2.37"},
    {email::DisallowNewTimeProposal, "...YYYY", "MS-ASEMAIL 2.2.2.27"},
    {email::Attachments, "Y......", "MS-ASEMAIL 2.2.2.4"},
    {calendar::Location, "YYYYY..", "MS-ASCAL 2.2.2.27"},
    {calendar::ExceptionStartTime, "YYYYY..", "MS-ASCAL 2.2.2.23"},
    {calendar::Exceptions, "YYYYYYY", "MS-ASWBXML 2.1.2.1.5"},
    {calendar::UID, "YYYYYYY", "MS-ASCAL 2.2.2.46"},
    {calendar::AttendeeStatus, ".YYYYYY", "MS-ASWBXML 2.1.2.1.5"},
    {calendar::ResponseType, "...YYYY", "MS-ASCAL 2.2.2.40"},
    {calendar::FirstDayOfWeek, "....YYY", "MS-ASCAL 2.2.2.24"},
    {calendar::OnlineMeetingConfLink, "....YYY", "MS-ASCAL 2.2.2.33"},
    {calendar::ClientUid, ".....YY", "MS-ASCAL 2.2.2.13"},
    {get_item_estimate::Class, "YYY....", "MS-ASWBXML 2.1.2.1.7"},
    {folder_hierarchy::Folders, "YYY....", "MS-ASWBXML 2.1.2.1.8"},
    {meeting_response::InstanceId, "....YYY", "MS-ASWBXML 2.1.2.1.9"},
    {meeting_response::SendResponse, ".....YY", "MS-ASWBXML 2.1.2.1.9"},
    {meeting_response::ProposedStartTime, "......Y", "MS-ASCMD 2.2.3.141"},
    {tasks::OrdinalDate, ".YYYYYY", "MS-ASWBXML 2.1.2.1.10"},
    {tasks::FirstDayOfWeek, "....YYY", "MS-ASTASK 2.2.2.13"},
    {resolve_recipients::MergedFreeBusy, "...YYYY", "MS-ASWBXML 2.1.2.1.11"},
    {provision::RemoteWipe, "YYYYYYY", "MS-ASPROV 2.2.2.45"},
    {provision::EASProvisionDoc, ".YYYYYY", "MS-ASPROV 2.2.2.28"},
    {provision::AllowCamera, "..YYYYY", "MS-ASPROV 2.2.2.4"},
    {provision::MaxCalendarAgeFilter, "..YYYYY", "MS-ASPROV 2.2.2.31"},
    {provision::MaxDevicePasswordFailedAttempts, ".YYYYYY", "MS-ASPROV 2.2.2.32"},
    {provision::AccountOnlyRemoteWipe, "......Y", "MS-ASPROV 2.2.2.1"},
    {gal::Picture, "....YYY", "MS-ASWBXML 2.1.2.1.17"},
    {air_sync_base::Body, ".YYYYYY", "MS-ASWBXML 2.1.2.1.18"},
    {air_sync_base::Preview, "...YYYY", "MS-ASAIRS 2.2.2.35"},
    {air_sync_base::BodyPart, "....YYY", "MS-ASAIRS 2.2.2.10"},
    {air_sync_base::Location, ".....YY", "MS-ASAIRS 2.2.2.28"},
    {air_sync_base::InstanceId, ".....YY", "MS-ASAIRS 2.2.2.25"},
    {settings::Oof, ".YYYYYY", "MS-ASWBXML 2.1.2.1.19"},
    {settings::PrimarySmtpAddress, "....YYY", "MS-ASWBXML 2.1.2.1.19"},
    {settings::RightsManagementInformation, "....YYY", "MS-ASWBXML 2.1.2.1.19"},
    {compose_mail::Status, "...YYYY", "MS-ASWBXML 2.1.2.1.22"},
    {compose_mail::Forwardees, ".....YY", "MS-ASWBXML 2.1.2.1.22"},
    {email2::ConversationId, "...YYYY", "MS-ASEMAIL 2.2.2.21"},
    {email2::AccountId, "....YYY", "MS-ASEMAIL 2.2.2.1"},
    {email2::IsDraft, ".....YY", "MS-ASEMAIL 2.2.2.42"},
    {email2::Bcc, ".....YY", "MS-ASEMAIL 2.2.2.9"},
    {notes::Subject, "...YYYY", "MS-ASNOTE 2.2.2.6"},
    {rights_management::TemplateID, "....YYY", "MS-ASWBXML 2.1.2.1.25"},
    {find::Find, "......Y", "MS-ASWBXML 2.1.2.1.26"},
    {air_notify::Notify, "Y......", "MS-ASWBXML 2.1.2.1.4"},
};

TEST(WbxmlTags, VersionGateFollowsTheDocuments) {
    for (const auto& fact : kGateFacts)
        for (std::size_t i = 0; i < kVersions.size(); ++i)
            EXPECT_EQ(sendable(fact.tag, kVersions[i]), fact.sendable[i] == 'Y')
                << namespace_of(fact.tag.page) << ":" << name_of(fact.tag) << " at "
                << text_of(kVersions[i]) << ", " << fact.section;
}

} // namespace
} // namespace lockstep::wbxml
