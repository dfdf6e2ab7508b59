// ItemOperations, GetAttachment, MoveItems, GetItemEstimate.
#include "base/text.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;
namespace em = wbxml::email;
namespace gie = wbxml::get_item_estimate;
namespace io = wbxml::item_operations;
namespace mv = wbxml::move;
using model::Role;
using testing::el;
using testing::Node;
using testing::Phone;
using wbxml::Version;

constexpr std::string_view kWithFile =
    "From: Bert <bert@example.org>\r\nTo: anna@example.org\r\nSubject: File\r\n"
    "Date: Tue, 24 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
    "text/plain\r\n\r\nLook\r\n"
    "--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; "
    "filename=a.csv\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nMDEyMzQ1Njc4OQ==\r\n--b--\r\n"; // 0123456789

class EasItems : public testing::DoorTest {
protected:
    /// The only item of the Inbox.
    testing::Seen only(Phone& phone) { return phone.start(phone.folder(2)).adds.at(0); }
    static Node fetch(std::vector<Node> more) {
        std::vector<Node> children{el(io::Store, "Mailbox")};
        for (auto& node : more)
            children.push_back(std::move(node));
        return el(io::ItemOperations, {el(io::Fetch, std::move(children))});
    }
    static Node by_id(const std::string& id) {
        return fetch({el(as::CollectionId, id.substr(0, id.find(':'))), el(as::ServerId, id)});
    }
    static std::string status(const testing::Answer& answer) {
        EXPECT_EQ(answer.at({io::Status}), "1");
        return answer.at({io::Response, io::Fetch, io::Status});
    }
    static std::string file_of(const testing::Seen& item) {
        return testing::text_at(
            item.data, {base::Attachments, base::Attachment, base::FileReference}
        );
    }
    static testing::Answer move(
        Phone& phone, const std::string& item, std::string source, std::vector<std::string> targets
    ) {
        std::vector<Node> children{el(mv::SrcMsgId, item), el(mv::SrcFldId, std::move(source))};
        for (auto& target : targets)
            children.push_back(el(mv::DstFldId, std::move(target)));
        return phone.post("MoveItems", el(mv::MoveItems, {el(mv::Move, std::move(children))}));
    }
};

} // namespace

TEST_F(EasItems, FetchGivesAnItemByItsId) {
    deliver(anna, testing::mail_text("Hello", "Body words"));
    auto mine = ready();
    const auto id = only(mine).id;
    const auto answer = mine.post("ItemOperations", by_id(id));
    EXPECT_EQ(status(answer), "1");
    EXPECT_EQ(answer.at({io::Response, io::Fetch, as::ServerId}), id);
    EXPECT_EQ(answer.at({io::Response, io::Fetch, as::Class}), "Email");
    EXPECT_EQ(answer.at({io::Response, io::Fetch, io::Properties, em::Subject}), "Hello");
    EXPECT_TRUE(answer.at({io::Response, io::Fetch, io::Properties, base::Body, base::Data})
                    .contains("Body words"));
}

TEST_F(EasItems, Quirk2FetchTakesALongIdWithoutCollection) {
    deliver(anna, testing::mail_text("Hello"));
    auto mine = ready();
    const auto id = only(mine).id;
    const auto answer = mine.post("ItemOperations", fetch({el(wbxml::search::LongId, id)}));
    EXPECT_EQ(status(answer), "1");
    EXPECT_EQ(answer.at({io::Response, io::Fetch, wbxml::search::LongId}), id);
}

TEST_F(EasItems, FetchGivesWhatItsSchemaNames) {
    deliver(anna, testing::mail_text("Hello"));
    auto mine = ready();
    const auto id = only(mine).id;
    const auto schema = el(io::Schema, {el(em::Subject), el(em::From)});
    const auto answer = mine.post(
        "ItemOperations", fetch(
                              {el(as::CollectionId, id.substr(0, id.find(':'))),
                               el(as::ServerId, id), el(io::Options, {schema})}
                          )
    );
    const auto& properties = testing::at(answer.root, {io::Response, io::Fetch, io::Properties});
    EXPECT_EQ(properties.text_of(em::Subject), "Hello");
    EXPECT_TRUE(properties.has(em::From));
    EXPECT_EQ(properties.children.size(), 2U);
}

TEST_F(EasItems, FetchSaysWhatIsWrong) {
    deliver(anna, testing::mail_text("Hello"));
    auto mine = ready();
    const auto id = only(mine).id;
    const auto ask = [&](Node root) { return status(mine.post("ItemOperations", root)); };
    EXPECT_EQ(ask(by_id(id.substr(0, id.find(':')) + ":999")), "6");
    EXPECT_EQ(ask(by_id("99:1")), "6");
    EXPECT_EQ(ask(fetch({el(as::CollectionId, mine.folder(5)), el(as::ServerId, id)})), "6");
    EXPECT_EQ(ask(fetch({})), "2");
    EXPECT_EQ(mine.post("ItemOperations", el(io::ItemOperations)).at({io::Status}), "2");
    EXPECT_EQ(ask(fetch({el(base::FileReference, "a"), el(base::FileReference, "b")})), "2");
    EXPECT_EQ(
        ask(el(io::ItemOperations, {el(io::Fetch, {el(io::Store, "DocumentLibrary")})})), "9"
    );
    EXPECT_EQ(
        ask(el(io::ItemOperations, {el(io::Fetch, {el(io::Store, "Other"), el(as::ServerId, id)})})
        ),
        "9"
    );
    EXPECT_EQ(ask(el(io::ItemOperations, {el(io::Fetch, {el(as::ServerId, id)})})), "2");
    EXPECT_EQ(ask(fetch({el(base::FileReference, "nonsense")})), "15");
    EXPECT_EQ(ask(fetch({el(base::FileReference, id + ":9")})), "15");
}

TEST_F(EasItems, W12FetchReachesNobodyElsesMail) {
    deliver(bert, std::string(kWithFile));
    auto mine = ready();
    const auto foreign = std::to_string(bert.id.value) + "." +
                         std::to_string(folder_of(bert, Role::inbox).id.value) + ":1";
    EXPECT_EQ(status(mine.post("ItemOperations", by_id(foreign))), "6");
    EXPECT_EQ(
        status(mine.post("ItemOperations", fetch({el(base::FileReference, foreign + ":2")}))), "15"
    );
}

TEST_F(EasItems, Quirk3AnAttachmentComesWithoutRangeUnlessAsked) {
    deliver(anna, std::string(kWithFile));
    auto mine = ready();
    const auto file = file_of(only(mine));
    const auto whole = mine.post("ItemOperations", fetch({el(base::FileReference, file)}));
    EXPECT_EQ(status(whole), "1");
    const auto& properties = testing::at(whole.root, {io::Response, io::Fetch, io::Properties});
    EXPECT_FALSE(properties.has(io::Range) || properties.has(io::Total));
    EXPECT_EQ(properties.text_of(base::ContentType), "text/csv");
    EXPECT_EQ(unbase64(properties.text_of(io::Data)).value_or(""), "0123456789");
}

TEST_F(EasItems, AnAttachmentIsCutByRange) {
    deliver(anna, std::string(kWithFile));
    auto mine = ready();
    const auto file = file_of(only(mine));
    const auto ranged = [&](std::string range) {
        return mine.post(
            "ItemOperations",
            fetch(
                {el(base::FileReference, file), el(io::Options, {el(io::Range, std::move(range))})}
            )
        );
    };
    const auto part = ranged("2-5");
    const auto& properties = testing::at(part.root, {io::Response, io::Fetch, io::Properties});
    EXPECT_EQ(properties.text_of(io::Range), "2-5");
    EXPECT_EQ(properties.text_of(io::Total), "10");
    EXPECT_EQ(unbase64(properties.text_of(io::Data)).value_or(""), "2345");
    EXPECT_EQ(ranged("8-99").at({io::Response, io::Fetch, io::Properties, io::Range}), "8-9");
    EXPECT_EQ(
        ranged("0-18446744073709551615").at({io::Response, io::Fetch, io::Properties, io::Range}),
        "0-9"
    );
    for (const auto* range : {"10-20", "5-2", "x-y", "5", "-", "-5--2"})
        EXPECT_EQ(status(ranged(range)), "8") << range;
}

TEST_F(EasItems, MultipartPutsTheBytesBehindTheDocument) {
    deliver(anna, std::string(kWithFile));
    auto mine = ready();
    const auto file = file_of(only(mine));
    auto request = mine.request("ItemOperations");
    request.headers.add("MS-ASAcceptMultiPart", "T");
    request.body = testing::bytes_of(fetch({el(base::FileReference, file)}), mine.version);
    const auto answer = mine.send(std::move(request));
    EXPECT_EQ(answer.headers.get("Content-Type"), "application/vnd.ms-sync.multipart");
    const auto number = [&](std::size_t at) {
        std::size_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value |= static_cast<std::size_t>(static_cast<unsigned char>(answer.body.at(at + i)))
                     << (8 * i);
        return value;
    };
    ASSERT_EQ(number(0), 2U);
    EXPECT_EQ(number(4), 20U);
    EXPECT_EQ(number(12), number(4) + number(8));
    EXPECT_EQ(answer.body.substr(number(12), number(16)), "0123456789");
    EXPECT_EQ(answer.body.size(), number(12) + number(16));
    const auto root = wbxml::parse(answer.body.substr(number(4), number(8)));
    ASSERT_TRUE(root.has_value());
    EXPECT_EQ(testing::text_at(*root, {io::Response, io::Fetch, io::Properties, io::Part}), "1");
}

TEST_F(EasItems, GetAttachmentServesOldDevices) {
    deliver(anna, std::string(kWithFile));
    auto old = ready(Version::v12_1);
    const auto file = file_of(only(old));
    auto request = old.request("GetAttachment");
    request.query += "&AttachmentName=" + file;
    const auto answer = old.send(std::move(request));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.headers.get("Content-Type"), "text/csv");
    EXPECT_EQ(answer.body, "0123456789");
    auto wrong = old.request("GetAttachment");
    wrong.query += "&AttachmentName=nonsense";
    EXPECT_NE(old.send(std::move(wrong)).status, 200U);
}

TEST_F(EasItems, EmptyFolderContentsEmptiesAndTells) {
    deliver(anna, testing::mail_text("One"), 0, Role::trash);
    deliver(anna, testing::mail_text("Two"), 0, Role::trash);
    auto mine = ready();
    const auto trash = mine.folder(4);
    const auto all = mine.start(trash);
    const auto ask = [&](const std::string& id) {
        return mine
            .post(
                "ItemOperations",
                el(io::ItemOperations, {el(io::EmptyFolderContents, {el(as::CollectionId, id)})})
            )
            .at({io::Response, io::EmptyFolderContents, io::Status});
    };
    EXPECT_EQ(ask(trash), "1");
    EXPECT_EQ(count(anna, Role::trash), 0U);
    EXPECT_EQ(mine.sync(trash, all.key).deletes.size(), 2U);
    EXPECT_EQ(ask("999"), "6");
    EXPECT_EQ(ask(mine.folder(13)), "6");
}

TEST_F(EasItems, EmptyFolderContentsTakesSubFoldersAlongAndTellsSo) {
    namespace fh = wbxml::folder_hierarchy;
    auto mine = ready();
    const auto trash = mine.folder(4);
    const auto made = mine.post(
        "FolderCreate",
        el(fh::FolderCreate, {el(fh::SyncKey, mine.folder_key), el(fh::ParentId, trash),
                              el(fh::DisplayName, "Old"), el(fh::Type, "12")})
    );
    mine.folder_key = made.at({fh::SyncKey});
    const auto answer = mine.post(
        "ItemOperations",
        el(io::ItemOperations,
           {el(io::EmptyFolderContents,
               {el(as::CollectionId, trash), el(io::Options, {el(io::DeleteSubFolders)})})})
    );
    EXPECT_EQ(answer.at({io::Response, io::EmptyFolderContents, io::Status}), "1");
    EXPECT_EQ(
        mine.folder_sync().at({fh::Changes, fh::Delete, fh::ServerId}), made.at({fh::ServerId})
    );
}

TEST_F(EasItems, IdsThatNoAnswerMayRepeatAreRefused) {
    auto mine = ready();
    const std::string overlong(65, '7');
    for (const auto& node :
         {fetch({el(as::ServerId, overlong)}),
          fetch({el(as::CollectionId, overlong), el(as::ServerId, "2:1")}),
          fetch({el(wbxml::search::LongId, std::string(257, '7'))}),
          el(io::ItemOperations, {el(io::EmptyFolderContents, {el(as::CollectionId, overlong)})})
         }) {
        const auto answer = mine.post("ItemOperations", node);
        EXPECT_EQ(answer.at({io::Status}), "2");
        EXPECT_EQ(answer.body.find(overlong), std::string::npos);
    }
}

TEST_F(EasItems, AMoveOfAConversationNamesMoveAlwaysAndAFolderOfMail) {
    auto mine = ready();
    const auto ask = [&](int type, std::vector<Node> more) {
        std::vector<Node> children{
            testing::opaque(io::ConversationId, "0123456789abcdef"),
            el(io::DstFldId, mine.folder(type))
        };
        for (auto& node : more)
            children.push_back(std::move(node));
        return mine
            .post("ItemOperations", el(io::ItemOperations, {el(io::Move, std::move(children))}))
            .at({io::Response, io::Move, io::Status});
    };
    EXPECT_EQ(ask(4, {}), "155");
    EXPECT_EQ(ask(8, {el(io::Options, {el(io::MoveAlways)})}), "156");
    EXPECT_EQ(ask(4, {el(io::Options, {el(io::MoveAlways)})}), "6");
}

TEST_F(EasItems, MoveTellsTheNewIdAndOthersHearOfIt) {
    deliver(anna, testing::mail_text("One"));
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto inbox = mine.folder(2), trash = mine.folder(4);
    const auto all = mine.start(inbox), theirs = other.start(inbox);
    const auto id = all.adds.at(0).id;
    const auto moved = move(mine, id, inbox, {trash});
    EXPECT_EQ(moved.at({mv::Response, mv::Status}), "3");
    EXPECT_EQ(moved.at({mv::Response, mv::SrcMsgId}), id);
    const auto target = moved.at({mv::Response, mv::DstMsgId});
    EXPECT_TRUE(target.starts_with(trash + ":"));
    EXPECT_EQ(count(anna, Role::trash), 1U);
    EXPECT_EQ(other.sync(inbox, theirs.key).deletes, std::vector{id});
    // The answer was lost (W4).
    const auto again = move(mine, id, inbox, {trash});
    EXPECT_EQ(again.at({mv::Response, mv::Status}), "3");
    EXPECT_EQ(again.at({mv::Response, mv::DstMsgId}), target);
    EXPECT_EQ(count(anna, Role::trash), 1U);
}

TEST_F(EasItems, MoveSaysWhatIsWrong) {
    deliver(anna, testing::mail_text("One"));
    auto mine = ready();
    const auto inbox = mine.folder(2), trash = mine.folder(4);
    const auto id = mine.start(inbox).adds.at(0).id;
    const auto status_of = [](const testing::Answer& answer) {
        return answer.at({mv::Response, mv::Status});
    };
    EXPECT_EQ(status_of(move(mine, id, "99", {trash})), "1");
    EXPECT_EQ(status_of(move(mine, inbox + ":999", inbox, {trash})), "1");
    EXPECT_EQ(status_of(move(mine, "nonsense", inbox, {trash})), "1");
    EXPECT_EQ(status_of(move(mine, id, inbox, {"99"})), "2");
    EXPECT_EQ(status_of(move(mine, id, inbox, {"nonsense"})), "2");
    EXPECT_EQ(status_of(move(mine, id, inbox, {mine.folder(9)})), "2");
    EXPECT_EQ(status_of(move(mine, id, inbox, {inbox})), "4");
    EXPECT_EQ(status_of(move(mine, id, inbox, {trash, mine.folder(5)})), "5");
    EXPECT_EQ(count(anna, Role::inbox), 1U);
}

TEST_F(EasItems, EstimateCountsWhatSyncWouldSend) {
    for (int i = 0; i < 3; ++i)
        deliver(
            anna, testing::mail_text("Mail " + std::to_string(i)),
            now() - i * 20LL * 24 * 3600 * 1'000'000
        );
    for (const auto version :
         {Version::v12_1, Version::v14_0, Version::v14_1, Version::v16_0, Version::v16_1}) {
        auto mine = ready(version, "D" + std::to_string(static_cast<int>(version)));
        const auto inbox = mine.folder(2);
        const auto key = mine.sync(inbox, "0").key;
        const auto ask = [&](std::string id, std::string sync_key, std::string filter) {
            std::vector<Node> children;
            if (version <= Version::v12_1)
                children = {
                    el(gie::Class, "Email"), el(gie::CollectionId, id), el(as::FilterType, filter),
                    el(as::SyncKey, sync_key)
                };
            else
                children = {
                    el(as::SyncKey, sync_key), el(gie::CollectionId, id),
                    el(as::Options, {el(as::FilterType, filter)})
                };
            return mine.post(
                "GetItemEstimate",
                el(gie::GetItemEstimate,
                   {el(gie::Collections, {el(gie::Collection, std::move(children))})})
            );
        };
        const auto all = ask(inbox, key, "0");
        EXPECT_EQ(all.at({gie::Response, gie::Status}), "1");
        EXPECT_EQ(all.at({gie::Response, gie::Collection, gie::CollectionId}), inbox);
        EXPECT_EQ(all.at({gie::Response, gie::Collection, gie::Estimate}), "3");
        EXPECT_EQ(ask(inbox, key, "5").at({gie::Response, gie::Collection, gie::Estimate}), "2");
        EXPECT_EQ(ask(inbox, "0", "0").at({gie::Response, gie::Status}), "3");
        EXPECT_EQ(ask(inbox, "77", "0").at({gie::Response, gie::Status}), "4");
        EXPECT_EQ(ask("999", key, "0").at({gie::Response, gie::Status}), "2");
        EXPECT_EQ(ask("nonsense", key, "0").at({gie::Response, gie::Status}), "2");
        const bool modern = version >= Version::v14_0;
        EXPECT_EQ(ask(inbox, key, "6").at({gie::Response, gie::Status}), modern ? "110" : "2");
        EXPECT_EQ(
            ask(inbox, key, "9").at({gie::Response, gie::Status}),
            version >= Version::v14_0 ? "103" : "2"
        );
    }
}

} // namespace lockstep::activesync
