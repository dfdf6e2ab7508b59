// Requests that no phone sends: the door answers each of them, without 500 and without 503.
#include <cstdlib>
#include <random>

#include "codec/wbxml/random_node.hpp"
#include "protocols/activesync/testing.hpp"

namespace lockstep::activesync {
namespace {

namespace as = wbxml::air_sync;
namespace base = wbxml::air_sync_base;
namespace cm = wbxml::compose_mail;
namespace em = wbxml::email;
namespace fh = wbxml::folder_hierarchy;
namespace gie = wbxml::get_item_estimate;
namespace io = wbxml::item_operations;
namespace mv = wbxml::move;
namespace p = wbxml::ping;
namespace pv = wbxml::provision;
namespace s = wbxml::settings;
using testing::el;
using testing::Node;
using testing::Phone;
using wbxml::Version;

struct Sample {
    std::string command;
    Node root;
};

/// What people who mean harm put in the place of a value.
const std::string kValues[] = {
    "",
    "0",
    "1",
    "-1",
    "8",
    "512",
    "99999999999999999999",
    "-9223372036854775808",
    "x",
    "1:1",
    "1.1:1",
    "5.12:33",
    "0-18446744073709551615",
    "../../etc/passwd",
    "%00%0A",
    "20261301T256199Z",
    "2026-11-24T10:00:00.000Z",
    std::string(20'000, 'a'),
    "\xF0\x9F\x98\x80",
    "a\r\nBcc: x@y"
};

class Mutator {
public:
    explicit Mutator(std::uint32_t seed)
        : random_(seed), nodes_(seed, wbxml::tags_of(Version::v16_1)) {}

    void mutate(Node& root) {
        for (auto left = 1 + below(3); left > 0; --left)
            mutate_once(root);
    }

private:
    std::size_t below(std::size_t bound) { return random_() % bound; }

    void mutate_once(Node& root) {
        std::vector<Node*> all{&root};
        for (std::size_t i = 0; i < all.size(); ++i)
            for (auto& child : all[i]->children)
                all.push_back(&child);
        auto& node = *all[below(all.size())];
        switch (below(5)) {
        case 0:
            node.text = kValues[below(std::size(kValues))];
            return;
        case 1:
            if (!node.children.empty())
                node.children.erase(
                    node.children.begin() + static_cast<std::ptrdiff_t>(below(node.children.size()))
                );
            return;
        case 2:
            if (!node.children.empty()) {
                const Node copy = node.children[below(node.children.size())];
                node.children.push_back(copy);
            }
            return;
        case 3:
            node.children.push_back(nodes_.tree(below(8), 4));
            return;
        default:
            if (&node != &root)
                node.tag = nodes_.any_tag();
        }
    }

    std::mt19937 random_;
    wbxml::RandomNodes nodes_;
};

class EasHostile : public testing::DoorTest {
protected:
    std::vector<Sample> samples(Phone& phone) {
        const auto inbox = phone.folder(2), contacts = phone.folder(9), calendar = phone.folder(8);
        const auto mail = phone.start(inbox);
        const auto id = mail.adds.at(0).id;
        const auto cards = phone.start(contacts), events = phone.start(calendar);
        const auto add = [](std::vector<Node> data) {
            return el(
                as::Commands,
                {el(as::Add, {el(as::ClientId, "c1"), el(as::ApplicationData, std::move(data))})}
            );
        };
        return {
            {"Sync",
             Phone::sync_of(
                 {phone.collection(
                     inbox, mail.key,
                     {el(as::WindowSize, "10"),
                      el(as::Options, {el(as::FilterType, "3"),
                                       el(base::BodyPreference,
                                          {el(base::Type, "2"), el(base::TruncationSize, "500")})}),
                      el(as::Commands,
                         {el(as::Change,
                             {el(as::ServerId, id), el(as::ApplicationData, {el(em::Read, "1")})}),
                          el(as::Fetch, {el(as::ServerId, id)})})}
                 )},
                 {el(as::Wait, "5")}
             )},
            {"Sync", Phone::sync_of({phone.collection(
                         contacts, cards.key, {add({el(wbxml::contacts::FirstName, "Carl")})}
                     )})},
            {"Sync", Phone::sync_of({phone.collection(
                         calendar, events.key,
                         {add(
                             {el(wbxml::calendar::Timezone, ""),
                              el(wbxml::calendar::StartTime, "20261201T090000Z"),
                              el(wbxml::calendar::EndTime, "20261201T100000Z"),
                              el(wbxml::calendar::Subject, "Lunch"),
                              el(wbxml::calendar::Recurrence, {el(wbxml::calendar::Type, "0"),
                                                               el(wbxml::calendar::Interval, "1")})}
                         )}
                     )})},
            {"SendMail", el(cm::SendMail, {el(cm::ClientId, "m1"), el(cm::SaveInSentItems),
                                           testing::opaque(cm::Mime, testing::mail_text("Hi"))})},
            {"SmartReply",
             el(cm::SmartReply, {el(cm::ClientId, "m2"),
                                 el(cm::Source, {el(cm::FolderId, inbox), el(cm::ItemId, id)}),
                                 testing::opaque(cm::Mime, testing::mail_text("Hi"))})},
            {"FolderSync", el(fh::FolderSync, {el(fh::SyncKey, phone.folder_key)})},
            {"FolderCreate",
             el(fh::FolderCreate, {el(fh::SyncKey, phone.folder_key), el(fh::ParentId, "0"),
                                   el(fh::DisplayName, "New"), el(fh::Type, "12")})},
            {"FolderUpdate",
             el(fh::FolderUpdate, {el(fh::SyncKey, phone.folder_key), el(fh::ServerId, inbox),
                                   el(fh::ParentId, "0"), el(fh::DisplayName, "New")})},
            {"FolderDelete",
             el(fh::FolderDelete, {el(fh::SyncKey, phone.folder_key), el(fh::ServerId, inbox)})},
            {"MoveItems",
             el(mv::MoveItems, {el(mv::Move, {el(mv::SrcMsgId, id), el(mv::SrcFldId, inbox),
                                              el(mv::DstFldId, phone.folder(4))})})},
            {"GetItemEstimate",
             el(gie::GetItemEstimate,
                {el(gie::Collections,
                    {el(gie::Collection, {el(as::SyncKey, mail.key), el(gie::CollectionId, inbox),
                                          el(as::Options, {el(as::FilterType, "5")})})})})},
            {"ItemOperations",
             el(io::ItemOperations,
                {el(io::Fetch,
                    {el(io::Store, "Mailbox"), el(as::CollectionId, inbox), el(as::ServerId, id),
                     el(io::Options, {el(base::BodyPreference, {el(base::Type, "1")})})}),
                 el(io::EmptyFolderContents, {el(as::CollectionId, phone.folder(4)),
                                              el(io::Options, {el(io::DeleteSubFolders)})})})},
            {"Ping", el(p::Ping, {el(p::HeartbeatInterval, "600"),
                                  el(p::Folders,
                                     {el(p::Folder, {el(p::Id, inbox), el(p::Class, "Email")})})})},
            {"Provision",
             el(pv::Provision,
                {el(s::DeviceInformation, {el(s::Set, {el(s::Model, "x")})}),
                 el(pv::Policies,
                    {el(pv::Policy, {el(pv::PolicyType, "MS-EAS-Provisioning-WBXML")})})})},
            {"Settings",
             el(s::Settings, {el(s::UserInformation, {el(s::Get)}),
                              el(s::DeviceInformation, {el(s::Set, {el(s::Model, "x")})}),
                              el(s::Oof, {el(s::Get, {el(s::BodyType, "Text")})})})},
        };
    }
    /// The sample, spoiled `times` times; a fresh phone's policy may be spoiled too, so it stays
    /// apart.
    void spoil(Phone& phone, const Sample& sample, std::uint32_t seed, int times) {
        Mutator mutator(seed);
        for (int i = 0; i < times; ++i) {
            auto root = sample.root;
            mutator.mutate(root);
            auto request = phone.request(sample.command);
            wbxml::Writer out(Version::v16_1);
            wbxml::write(out, root);
            auto bytes = out.finish();
            if (!bytes)
                continue; // what this version cannot even write
            request.body = std::move(*bytes);
            testing::FakeConnection connection;
            connection.impatient = true;
            const auto answer = phone.send(std::move(request), connection);
            EXPECT_TRUE(answer.status == 200 || answer.status == 400 || answer.status == 501)
                << sample.command << " seed " << seed << " round " << i << ": " << answer.status;
        }
    }
};

} // namespace

TEST_F(EasHostile, SpoiledRequestsAreAnsweredAndNeverBreakAnything) {
    deliver(anna, testing::mail_text("Hello"));
    std::uint32_t seed = 1;
    auto mine = ready();
    for (const auto& sample : samples(mine)) {
        auto victim = sample.command == "Provision" ? ready(Version::v16_1, "OTHER") : mine;
        spoil(victim, sample, ++seed, std::getenv("LOCKSTEP_LONG") != nullptr ? 2'000 : 60);
    }
    // The account still works.
    auto after = ready(Version::v16_1, "AFTER");
    EXPECT_EQ(after.sync(after.folder(2), "0").status, 1);
}

TEST_F(EasHostile, CutDocumentsAreRefused) {
    deliver(anna, testing::mail_text("Hello"));
    auto mine = ready();
    for (const auto& sample : samples(mine)) {
        const auto whole = testing::bytes_of(sample.root, Version::v16_1);
        for (std::size_t length = 1; length < whole.size(); length += 1 + whole.size() / 16) {
            auto request = mine.request(sample.command);
            request.body = whole.substr(0, length);
            EXPECT_EQ(mine.send(std::move(request)).status, 400U)
                << sample.command << " " << length;
        }
    }
}

TEST_F(EasHostile, QueriesOfAllKindsAreAnswered) {
    auto mine = ready();
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        auto request = mine.request("FolderSync");
        std::string query = i % 2 == 0 ? request.query : std::string();
        for (auto left = 1 + random() % 30; left > 0; --left) {
            const char c = static_cast<char>(32 + random() % 95);
            if (i % 2 == 0)
                query[random() % query.size()] = c;
            else
                query += c;
        }
        request.query = query;
        request.body =
            testing::bytes_of(el(fh::FolderSync, {el(fh::SyncKey, "0")}), Version::v16_1);
        const auto status = mine.send(std::move(request)).status;
        EXPECT_TRUE(status == 200 || status == 400 || status == 501) << status << " " << query;
    }
}

} // namespace lockstep::activesync
