// SendMail, SmartReply, SmartForward.
#include "base/text.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace cm = wbxml::compose_mail;
using model::Role;
using testing::el;
using testing::Node;
using testing::Phone;
using wbxml::Version;

class EasSendMail : public testing::DoorTest {
protected:
    static std::string letter(std::string_view to = "bert@example.org") {
        return "From: anna@example.org\r\nTo: " + std::string(to) +
               "\r\nSubject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nNew "
               "words\r\n";
    }
    static Node sending(std::string client_id, std::string mime, bool save = true) {
        std::vector<Node> children{el(cm::ClientId, std::move(client_id))};
        if (save)
            children.push_back(el(cm::SaveInSentItems));
        children.push_back(testing::opaque(cm::Mime, std::move(mime)));
        return el(cm::SendMail, std::move(children));
    }
    static Node
    smart(wbxml::Tag root, const std::string& item, std::string client_id, bool replace = false) {
        std::vector<Node> children{
            el(cm::ClientId, std::move(client_id)),
            el(cm::Source, {el(cm::FolderId, item.substr(0, item.find(':'))), el(cm::ItemId, item)})
        };
        if (replace)
            children.push_back(el(cm::ReplaceMime));
        children.push_back(testing::opaque(cm::Mime, letter()));
        return el(root, std::move(children));
    }
    std::string delivered_id(Phone& phone) {
        deliver(anna, testing::mail_text("Question", "Old words"));
        return phone.start(phone.folder(2)).adds.at(0).id;
    }
};

} // namespace

TEST_F(EasSendMail, SendsAndAnswersWithNothing) {
    for (const auto version : {Version::v14_0, Version::v14_1, Version::v16_0, Version::v16_1}) {
        auto mine = ready(version, "D" + std::to_string(static_cast<int>(version)));
        const auto answer = mine.post("SendMail", sending("id-1", letter()));
        EXPECT_EQ(answer.status, 200U);
        EXPECT_TRUE(answer.body.empty());
    }
    EXPECT_EQ(count(bert, Role::inbox), 4U);
    EXPECT_EQ(count(anna, Role::sent), 4U);
}

TEST_F(EasSendMail, KeepsNoCopyUnlessAskedTo) {
    auto mine = ready();
    EXPECT_TRUE(mine.post("SendMail", sending("id-1", letter(), false)).body.empty());
    EXPECT_EQ(count(anna, Role::sent), 0U);
    EXPECT_EQ(count(bert, Role::inbox), 1U);
}

TEST_F(EasSendMail, D5TheSameClientIdNeverSendsTwice) {
    auto mine = ready();
    EXPECT_TRUE(mine.post("SendMail", sending("id-1", letter())).body.empty());
    EXPECT_EQ(mine.post("SendMail", sending("id-1", letter())).at({cm::Status}), "118");
    EXPECT_EQ(count(bert, Role::inbox), 1U);
    auto other = ready(Version::v16_1, "OTHER");
    EXPECT_TRUE(other.post("SendMail", sending("id-1", letter())).body.empty());
    EXPECT_EQ(count(bert, Role::inbox), 2U);
}

TEST_F(EasSendMail, SaysWhatIsWrong) {
    auto mine = ready();
    const auto status = [&](Node root) { return mine.post("SendMail", root).at({cm::Status}); };
    EXPECT_EQ(status(sending("", letter())), "103");
    EXPECT_EQ(status(sending(std::string(41, 'x'), letter())), "103");
    EXPECT_EQ(status(sending("id-1", "")), "107");
    EXPECT_EQ(
        status(sending("id-2", "From: anna@example.org\r\nSubject: Hi\r\n\r\nText\r\n")), "119"
    );
    auto other_account = sending("id-4", letter());
    other_account.children.insert(other_account.children.begin() + 1, el(cm::AccountId, "work"));
    EXPECT_EQ(status(other_account), "166");
    EXPECT_EQ(count(anna, Role::sent), 0U);
    // Mail for other servers waits in the queue; its copy is there at once.
    EXPECT_TRUE(mine.post("SendMail", sending("id-3", letter("x@elsewhere.example"))).body.empty());
    EXPECT_EQ(count(anna, Role::sent), 1U);
}

TEST_F(EasSendMail, TakesABareMessageAt12_1) {
    auto old = ready(Version::v12_1);
    auto request = old.request("SendMail");
    request.query += "&SaveInSent=T";
    request.headers.add("Content-Type", "message/rfc822");
    request.body = letter();
    const auto answer = old.send(std::move(request));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_EQ(count(bert, Role::inbox), 1U);
    EXPECT_EQ(count(anna, Role::sent), 1U);
    auto nobody = old.request("SendMail");
    nobody.headers.add("Content-Type", "message/rfc822");
    nobody.body = "Subject: x\r\n\r\ny\r\n";
    EXPECT_EQ(old.send(std::move(nobody)).status, 400U);
}

TEST_F(EasSendMail, SmartReplyQuotesAndMarksTheOriginal) {
    auto mine = ready();
    auto other = ready(Version::v16_1, "OTHER");
    const auto id = delivered_id(mine);
    const auto theirs = other.start(other.folder(2));
    EXPECT_TRUE(mine.post("SmartReply", smart(cm::SmartReply, id, "r-1")).body.empty());
    const auto sent = house.inbox(bert.id).at(0);
    EXPECT_TRUE(sent.contains("New words"));
    EXPECT_TRUE(sent.contains("Old words"));
    EXPECT_NE(item_of(anna, id)->flags & model::flag::answered, 0);
    const auto told = other.sync(other.folder(2), theirs.key);
    ASSERT_EQ(told.changes.size(), 1U);
    EXPECT_EQ(told.changes[0].data.text_of(wbxml::email2::LastVerbExecuted), "1");
}

TEST_F(EasSendMail, SmartForwardCarriesTheOriginalAndMarksIt) {
    auto mine = ready();
    const auto id = delivered_id(mine);
    EXPECT_TRUE(mine.post("SmartForward", smart(cm::SmartForward, id, "f-1")).body.empty());
    EXPECT_TRUE(house.inbox(bert.id).at(0).contains("Old words"));
    EXPECT_NE(item_of(anna, id)->flags & model::flag::forwarded, 0);
}

TEST_F(EasSendMail, ReplaceMimeSendsTheClientsWordsAlone) {
    auto mine = ready();
    const auto id = delivered_id(mine);
    EXPECT_TRUE(mine.post("SmartReply", smart(cm::SmartReply, id, "r-1", true)).body.empty());
    EXPECT_FALSE(house.inbox(bert.id).at(0).contains("Old words"));
    EXPECT_NE(item_of(anna, id)->flags & model::flag::answered, 0);
}

TEST_F(EasSendMail, AnOriginalThatIsGoneIs150) {
    auto mine = ready();
    const auto id = delivered_id(mine);
    const auto gone = id.substr(0, id.find(':')) + ":999";
    for (const auto& [name, root] :
         {std::pair("SmartReply", cm::SmartReply), {"SmartForward", cm::SmartForward}}) {
        EXPECT_EQ(mine.post(name, smart(root, gone, "g-1")).at({cm::Status}), "150");
        EXPECT_EQ(mine.post(name, smart(root, "nonsense", "g-2")).at({cm::Status}), "150");
        EXPECT_EQ(
            mine.post(
                    name, el(root, {el(cm::ClientId, "g-3"), testing::opaque(cm::Mime, letter())})
            )
                .at({cm::Status}),
            "103"
        );
    }
    EXPECT_EQ(count(bert, Role::inbox), 0U);
}

TEST_F(EasSendMail, W12AnothersMailIsNoOriginal) {
    deliver(bert, testing::mail_text("Secret", "Secret words"));
    auto mine = ready();
    const auto inbox = std::to_string(folder_of(bert, Role::inbox).id.value);
    const auto foreign = std::to_string(bert.id.value) + "." + inbox + ":1";
    EXPECT_EQ(
        mine.post("SmartForward", smart(cm::SmartForward, foreign, "x-1")).at({cm::Status}), "150"
    );
    EXPECT_EQ(count(bert, Role::inbox), 1U);
}

TEST_F(EasSendMail, SmartReplyAt12_1NamesTheOriginalInTheQuery) {
    auto old = ready(Version::v12_1);
    const auto id = delivered_id(old);
    auto request = old.request("SmartReply");
    request.query +=
        "&ItemId=" + id + "&CollectionId=" + id.substr(0, id.find(':')) + "&SaveInSent=T";
    request.headers.add("Content-Type", "message/rfc822");
    request.body = letter();
    EXPECT_EQ(old.send(std::move(request)).status, 200U);
    EXPECT_TRUE(house.inbox(bert.id).at(0).contains("Old words"));
}

} // namespace lockstep::activesync
