// The fixture of testing.hpp.
#include "protocols/activesync/testing.hpp"

#include "base/text.hpp"
#include "office/devices.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "protocols/activesync/ids.hpp"

namespace lockstep::activesync::testing {

namespace as = wbxml::air_sync;
namespace fh = wbxml::folder_hierarchy;
namespace pv = wbxml::provision;
namespace s = wbxml::settings;

Node el(Tag tag, std::string text) {
    Node node;
    node.tag = tag;
    node.text = std::move(text);
    return node;
}

Node el(Tag tag, std::vector<Node> children) {
    Node node;
    node.tag = tag;
    node.children = std::move(children);
    return node;
}

Node opaque(Tag tag, std::string bytes) {
    Node node = el(tag, std::move(bytes));
    node.opaque = true;
    return node;
}

std::string bytes_of(const Node& root, Version version) {
    wbxml::Writer out(version);
    wbxml::write(out, root);
    auto bytes = out.finish();
    EXPECT_TRUE(bytes.has_value()) << (bytes ? "" : bytes.error().text);
    return bytes.value_or("");
}

const Node& at(const Node& root, std::initializer_list<Tag> path) {
    static const Node kNone;
    const Node* node = &root;
    for (const auto tag : path) {
        node = node->find(tag);
        if (node == nullptr) {
            ADD_FAILURE() << "no " << wbxml::name_of(tag) << " below " << wbxml::name_of(root.tag);
            return kNone;
        }
    }
    return *node;
}

std::string text_at(const Node& root, std::initializer_list<Tag> path) {
    return at(root, path).text;
}

std::vector<const Node*> all_of(const Node& parent, Tag tag) {
    std::vector<const Node*> nodes;
    for (const auto& node : parent.children)
        if (node.tag == tag)
            nodes.push_back(&node);
    return nodes;
}

void FakeConnection::watch_close(std::function<void(net::Stir)> stirred) {
    if (impatient)
        return stirred(net::Stir::closed);
    {
        const std::lock_guard lock(mutex_);
        stirred_ = std::move(stirred);
    }
    changed_.notify_all();
}

void FakeConnection::unwatch() {
    const std::lock_guard lock(mutex_);
    stirred_ = nullptr;
}

bool FakeConnection::wait_until_parked() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return stirred_ != nullptr; });
}

void FakeConnection::stir(net::Stir why) {
    std::function<void(net::Stir)> stirred;
    {
        const std::lock_guard lock(mutex_);
        stirred = std::exchange(stirred_, nullptr);
    }
    if (stirred)
        stirred(why);
}

std::string Answer::at(std::initializer_list<Tag> path) const { return text_at(root, path); }

net::Request Phone::request(std::string_view command) const {
    net::Request request;
    request.method = "POST";
    request.path = "/Microsoft-Server-ActiveSync";
    request.query = "Cmd=" + std::string(command) + "&User=" + login_ + "&DeviceId=" + device +
                    "&DeviceType=iPhone";
    request.headers.add("Authorization", "Basic " + base64(login_ + ":" + password));
    request.headers.add("MS-ASProtocolVersion", std::string(wbxml::text_of(version)));
    request.headers.add("X-MS-PolicyKey", std::to_string(policy_key));
    request.headers.add("User-Agent", "Apple-iPhone14C2/2006.75");
    return request;
}

Answer Phone::send(net::Request request, FakeConnection& connection) {
    auto response = block_on(door_.serve(request, connection));
    Answer answer;
    answer.status = response.status;
    answer.headers = response.headers;
    for (const auto& piece : response.body)
        answer.body += piece;
    if (response.headers.get("Content-Type") == "application/vnd.ms-sync.wbxml") {
        auto root = wbxml::parse(answer.body);
        EXPECT_TRUE(root.has_value());
        if (root)
            answer.root = std::move(*root);
    }
    return answer;
}

Answer Phone::send(net::Request request) {
    FakeConnection connection;
    return send(std::move(request), connection);
}

Answer Phone::post(std::string_view command, const Node& root) {
    auto wanted = request(command);
    wanted.headers.add("Content-Type", "application/vnd.ms-sync.wbxml");
    wanted.body = bytes_of(root, version);
    return send(std::move(wanted));
}

Answer Phone::post(std::string_view command) { return send(request(command)); }

std::future<Answer>
Phone::post_parked(std::string_view command, std::optional<Node> root, FakeConnection& connection) {
    auto wanted = request(command);
    if (root) {
        wanted.headers.add("Content-Type", "application/vnd.ms-sync.wbxml");
        wanted.body = bytes_of(*root, version);
    }
    return std::async(
        std::launch::async, [phone = *this, wanted = std::move(wanted), &connection](
                            ) mutable { return phone.send(std::move(wanted), connection); }
    );
}

void Phone::provision() {
    std::vector<Node> parts;
    if (version >= Version::v14_1)
        parts.push_back(el(s::DeviceInformation, {el(s::Set, {el(s::Model, "iPhone14C2")})}));
    const auto type = el(pv::PolicyType, "MS-EAS-Provisioning-WBXML");
    parts.push_back(el(pv::Policies, {el(pv::Policy, {type})}));
    const auto offered = post("Provision", el(pv::Provision, std::move(parts)));
    const auto temporary = offered.at({pv::Policies, pv::Policy, pv::PolicyKey});
    policy_key = parse_int<std::uint32_t>(temporary).value_or(0);
    const auto accepted = post(
        "Provision",
        el(pv::Provision, {el(pv::Policies, {el(pv::Policy, {type, el(pv::PolicyKey, temporary),
                                                             el(pv::Status, "1")})})})
    );
    policy_key = parse_int<std::uint32_t>(accepted.at({pv::Policies, pv::Policy, pv::PolicyKey}))
                     .value_or(0);
    EXPECT_NE(policy_key, 0U);
}

Answer Phone::folder_sync() {
    auto answer = post("FolderSync", el(fh::FolderSync, {el(fh::SyncKey, folder_key)}));
    if (answer.root.text_of(fh::Status) != "1")
        return answer;
    if (folder_key == "0")
        folders.clear();
    folder_key = answer.at({fh::SyncKey});
    for (const auto& change : at(answer.root, {fh::Changes}).children) {
        const auto id = std::string(change.text_of(fh::ServerId));
        if (change.tag == fh::Count)
            continue;
        std::erase_if(folders, [&](const FolderSeen& each) { return each.id == id; });
        if (change.tag != fh::Delete)
            folders.push_back(
                {id, std::string(change.text_of(fh::ParentId)),
                 std::string(change.text_of(fh::DisplayName)),
                 parse_int<int>(change.text_of(fh::Type)).value_or(0)}
            );
    }
    return answer;
}

std::string Phone::folder(int type) {
    if (folders.empty())
        EXPECT_EQ(folder_sync().status, 200U);
    for (const auto& each : folders)
        if (each.type == type)
            return each.id;
    ADD_FAILURE() << "no folder of type " << type;
    return {};
}

Node Phone::collection(const std::string& folder, const std::string& key, std::vector<Node> more)
    const {
    std::vector<Node> children;
    if (version <= Version::v12_1) {
        std::string name = "Email";
        for (const auto& each : folders)
            if (each.id == folder)
                name = each.type == 7    ? "Tasks"
                       : each.type == 8  ? "Calendar"
                       : each.type == 9  ? "Contacts"
                       : each.type == 10 ? "Notes"
                                         : "Email";
        children.push_back(el(as::Class, name));
    }
    children.push_back(el(as::SyncKey, key));
    children.push_back(el(as::CollectionId, folder));
    for (auto& node : more)
        children.push_back(std::move(node));
    return el(as::Collection, std::move(children));
}

Node Phone::sync_of(std::vector<Node> collections, std::vector<Node> more) {
    std::vector<Node> children{el(as::Collections, std::move(collections))};
    for (auto& node : more)
        children.push_back(std::move(node));
    return el(as::Sync, std::move(children));
}

Synced Phone::sync(const std::string& folder, const std::string& key, std::vector<Node> more) {
    return take_apart(post("Sync", sync_of({collection(folder, key, std::move(more))})));
}

Synced Phone::start(const std::string& folder, std::vector<Node> more) {
    const auto first = sync(folder, "0");
    EXPECT_EQ(first.status, 1);
    auto all = sync(folder, first.key, std::move(more));
    if (all.key.empty())
        all.key = first.key;
    return all;
}

Synced take_apart(const Answer& answer) {
    Synced result;
    EXPECT_EQ(answer.status, 200U);
    if (answer.body.empty())
        return result;
    const auto* collections = answer.root.find(as::Collections);
    if (collections == nullptr) {
        result.status = parse_int<int>(answer.root.text_of(as::Status)).value_or(-1);
        return result;
    }
    EXPECT_EQ(collections->children.size(), 1U);
    const auto& collection = collections->children.front();
    result.status = parse_int<int>(collection.text_of(as::Status)).value_or(-1);
    result.key = collection.text_of(as::SyncKey);
    result.more = collection.has(as::MoreAvailable);
    if (const auto* responses = collection.find(as::Responses))
        result.responses = responses->children;
    const auto* commands = collection.find(as::Commands);
    if (commands == nullptr)
        return result;
    for (const auto& command : commands->children) {
        const auto id = std::string(command.text_of(as::ServerId));
        const auto* data = command.find(as::ApplicationData);
        if (command.tag == as::Add)
            result.adds.push_back({id, *data});
        else if (command.tag == as::Change)
            result.changes.push_back({id, *data});
        else if (command.tag == as::Delete)
            result.deletes.push_back(id);
        else if (command.tag == as::SoftDelete)
            result.soft_deletes.push_back(id);
    }
    return result;
}

std::string
mail_text(std::string_view subject, std::string_view body, std::string_view more_headers) {
    std::string text = "From: Bert <bert@example.org>\r\nTo: Anna <anna@example.org>\r\nSubject: ";
    text += subject;
    text += "\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <";
    for (const char c : subject)
        if (c != ' ')
            text += c;
    text += "@example.org>\r\nMIME-Version: 1.0\r\n";
    text += more_headers;
    text += "\r\n";
    text += body;
    text += "\r\n";
    return text;
}

DoorTest::DoorTest() {
    EXPECT_TRUE(block_on(house.people->add_domain("example.org")).has_value());
    const auto add = [&](std::string address, std::string name, model::AccountKind kind) {
        directory::NewAccount wanted;
        wanted.address = std::move(address);
        wanted.name = std::move(name);
        wanted.kind = kind;
        if (kind == model::AccountKind::person)
            wanted.password = Secret<std::string>(std::string("correct horse"));
        auto account = block_on(house.people->add_account(std::move(wanted)));
        EXPECT_TRUE(account.has_value());
        return *account;
    };
    anna = add("anna@example.org", "Anna", model::AccountKind::person);
    bert = add("bert@example.org", "Bert", model::AccountKind::person);
    team = add("team@example.org", "Team", model::AccountKind::group);
    EXPECT_TRUE(block_on(house.people->add_member(team.id, anna.id, model::Right::read)));
    door = std::make_unique<Door>(office(), [this] { return options; });
}

Phone DoorTest::phone(Version version, std::string device) {
    return {*door, "anna@example.org", version, std::move(device)};
}

Phone DoorTest::ready(Version version, std::string device) {
    auto made = phone(version, std::move(device));
    made.provision();
    EXPECT_EQ(made.folder_sync().status, 200U);
    return made;
}

model::Collection DoorTest::folder_of(const directory::Account& owner, model::Role role) {
    std::function<Result<model::Collection>(store::Snapshot&)> work =
        [&](store::Snapshot& snapshot) -> Result<model::Collection> {
        return *store::find_by_role(snapshot, owner.id, role);
    };
    return *block_on(house.db->read<model::Collection>(owner.id, std::move(work)));
}

model::Item DoorTest::deliver(
    const directory::Account& to, std::string message, std::int64_t received_us, model::Role role
) {
    const office::Folder folder{folder_of(to, role), model::Right::own, true, 0, {}};
    std::function<Result<model::Item>(store::Txn&)> work = [&](store::Txn& txn
                                                           ) -> Result<model::Item> {
        const auto digest = mime::make_digest(message);
        TRY(auto blob, store::make_blob(*house.files, message));
        return office::add_mail(
            txn, folder, std::move(blob), digest, mime::encode(digest), 0,
            received_us != 0 ? received_us : now(), {}, false
        );
    };
    auto item = block_on(house.db->write<model::Item>(to.id, std::move(work)));
    EXPECT_TRUE(item.has_value());
    return std::move(*item);
}

model::Item DoorTest::put(const directory::Account& owner, model::Role role, std::string bytes) {
    const office::Folder folder{folder_of(owner, role), model::Right::own, true, 0, {}};
    std::function<Result<model::Item>(store::Txn&)> work = [&](store::Txn& txn) {
        return office::add_object(txn, office(), {owner, {}}, folder, bytes, false);
    };
    auto item = block_on(house.db->write<model::Item>(owner.id, std::move(work)));
    EXPECT_TRUE(item.has_value()) << (item ? "" : item.error().text);
    return std::move(*item);
}

void DoorTest::set_flags(const model::Item& item, std::int64_t flags) {
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        const auto found = store::find_item(txn, item.owner, item.id);
        CHECK_OK(store::set_flags(txn, *found, flags, found->props, {}));
        return true;
    };
    EXPECT_TRUE(block_on(house.db->write<bool>(item.owner, std::move(work))).has_value());
}

void DoorTest::remove(const model::Item& item) {
    std::function<Result<bool>(store::Txn&)> work = [&](store::Txn& txn) -> Result<bool> {
        CHECK_OK(store::delete_item(txn, item.owner, item.collection, item.uid, {}));
        return true;
    };
    EXPECT_TRUE(block_on(house.db->write<bool>(item.owner, std::move(work))).has_value());
}

std::optional<model::Item>
DoorTest::item_of(const directory::Account& owner, const std::string& server_id) {
    const auto ref = parse_item_id(server_id, owner.id);
    EXPECT_TRUE(ref.has_value()) << server_id;
    if (!ref)
        return std::nullopt;
    std::function<Result<std::optional<model::Item>>(store::Snapshot&)> work =
        [&](store::Snapshot& snapshot) -> Result<std::optional<model::Item>> {
        return store::find_item(snapshot, ref->folder.owner, ref->folder.collection, ref->uid);
    };
    return *block_on(house.db->read<std::optional<model::Item>>(owner.id, std::move(work)));
}

std::string DoorTest::stored(const directory::Account& owner, const std::string& server_id) {
    const auto item = item_of(owner, server_id);
    EXPECT_TRUE(item.has_value()) << server_id;
    if (!item)
        return {};
    std::function<Result<std::string>(store::Snapshot&)> work = [&](store::Snapshot& snapshot) {
        return office::object_bytes(snapshot, office(), *item);
    };
    return block_on(house.db->read<std::string>(owner.id, std::move(work))).value_or("");
}

std::size_t DoorTest::count(const directory::Account& owner, model::Role role) {
    return static_cast<std::size_t>(folder_of(owner, role).total);
}

} // namespace lockstep::activesync::testing
