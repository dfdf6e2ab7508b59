// A second opinion: libwbxml's command line tools read what we write, and write it again byte for
// byte. Spec: MS-ASWBXML 2.1.2.1; hardening W2. Left out is what libwbxml 0.11.8 does not know
// (page 25 and three tags)
//   or reads in its own way (named beside each).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.hpp"
#include "codec/wbxml/node.hpp"
#include "codec/wbxml/random_node.hpp"
#include "codec/wbxml/tags.hpp"
#include "codec/wbxml/writer.hpp"

namespace lockstep::wbxml {
namespace {

namespace fs = std::filesystem;

/// A directory of its own, removed at the end.
class OracleDirectory {
public:
    OracleDirectory() {
        auto name = (fs::temp_directory_path() / "lockstep-wbxml-XXXXXX").string();
        if (mkdtemp(name.data()))
            path_ = name;
    }
    OracleDirectory(const OracleDirectory&) = delete;
    OracleDirectory& operator=(const OracleDirectory&) = delete;
    ~OracleDirectory() {
        std::error_code ignored;
        if (!path_.empty())
            fs::remove_all(path_, ignored);
    }

    void put(const std::string& name, std::string_view bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
    }
    [[nodiscard]] std::string get(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// Runs a command in the directory; true when it ended well.
    [[nodiscard]] bool run(const std::string& command) const {
        const auto line = "cd '" + path_.string() + "' && " + command + " >/dev/null 2>&1";
        return std::system(line.c_str()) == 0;
    }

private:
    fs::path path_;
};

bool oracle_is_there() {
    return std::system("command -v wbxml2xml xml2wbxml >/dev/null 2>&1") == 0;
}

#define SKIP_WITHOUT_ORACLE()                                                                      \
    if (!oracle_is_there())                                                                        \
    GTEST_SKIP() << "wbxml2xml and xml2wbxml (libwbxml2-utils) are missing"

std::optional<std::string> oracle_xml(const OracleDirectory& directory, std::string_view bytes) {
    directory.put("in.wbxml", bytes);
    if (!directory.run("wbxml2xml -k -m 0 -l ACTIVESYNC -o out.xml in.wbxml"))
        return std::nullopt;
    return directory.get("out.xml");
}

std::optional<std::string> oracle_again(const OracleDirectory& directory, std::string_view bytes) {
    if (!oracle_xml(directory, bytes))
        return std::nullopt;
    if (!directory.run("xml2wbxml -k -n -a -v 1.3 -o again.wbxml out.xml"))
        return std::nullopt;
    return directory.get("again.wbxml");
}

/// Tags whose content libwbxml always writes as opaque data.
bool oracle_reads_otherwise(Tag tag) {
    constexpr Tag kBinary[] = {
        email2::ConversationId, email2::ConversationIndex,
        search::ConversationId, gal::Data,
        compose_mail::Mime,     resolve_recipients::Data,
        air_sync_base::Content, item_operations::ConversationId,
    };
    return std::ranges::find(kBinary, tag) != std::end(kBinary);
}

bool oracle_knows(Tag tag) {
    return known(tag) && tag.page != find::kPage && tag != provision::AccountOnlyRemoteWipe &&
           tag != meeting_response::ProposedStartTime && tag != meeting_response::ProposedEndTime &&
           tag != settings::RightsManagementInformation; // misspelt there
}

std::vector<Tag> oracle_tags() {
    auto tags = tags_of(Version::v16_1);
    std::erase_if(tags, [](Tag tag) { return !oracle_knows(tag) || oracle_reads_otherwise(tag); });
    return tags;
}

/// No opaque data (kept for its own test).
void make_textual(Node& root) {
    std::vector<Node*> todo{&root};
    while (!todo.empty()) {
        auto* node = todo.back();
        todo.pop_back();
        if (node->opaque)
            node->text = "text";
        node->opaque = false;
        for (auto& child : node->children)
            todo.push_back(&child);
    }
}

std::string bytes_of(const Node& root, Version version = Version::v16_1) {
    Writer writer(version);
    write(writer, root);
    return writer.finish().value_or("");
}

TEST(WbxmlOracle, LibwbxmlWritesRandomTreesAgainByteForByte) {
    SKIP_WITHOUT_ORACLE();
    const OracleDirectory directory;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        RandomNodes random(seed, oracle_tags());
        auto tree = random.tree(seed * 3, 12);
        make_textual(tree);
        const auto bytes = bytes_of(tree);
        ASSERT_FALSE(bytes.empty());
        const auto again = oracle_again(directory, bytes);
        ASSERT_TRUE(again.has_value()) << seed;
        EXPECT_EQ(*again, bytes) << seed;
    }
}

TEST(WbxmlOracle, LibwbxmlWritesEveryTagAgainByteForByte) {
    SKIP_WITHOUT_ORACLE();
    const OracleDirectory directory;
    Node root;
    root.tag = air_sync::Sync;
    for (const auto tag : oracle_tags()) {
        auto& child = root.children.emplace_back();
        child.tag = tag;
        child.text = name_of(tag);
    }
    const auto bytes = bytes_of(root);
    EXPECT_EQ(oracle_again(directory, bytes), bytes);
}

TEST(WbxmlOracle, LibwbxmlReadsOpaqueData) {
    SKIP_WITHOUT_ORACLE();
    const OracleDirectory directory;
    for (const std::size_t size : {1U, 16U, 127U, 128U, 300U, 20'000U}) {
        Node root;
        root.tag = email2::ConversationId;
        for (std::size_t i = 0; i < size; ++i)
            root.text += static_cast<char>(i * 7);
        root.opaque = true;
        const auto bytes = bytes_of(root);
        EXPECT_EQ(oracle_again(directory, bytes), bytes) << size;
    }
}

/// "<a xmlns..>" to "a".
std::vector<std::string> element_names(std::string_view xml) {
    std::vector<std::string> names;
    for (auto at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
        const auto rest = xml.substr(at + 1);
        if (rest.empty() || rest[0] == '/' || rest[0] == '?' || rest[0] == '!')
            continue;
        names.emplace_back(rest.substr(0, rest.find_first_of(" />")));
    }
    return names;
}

std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != '_' && c != '-')
            out += ascii_lower(c);
    return out;
}

/// libwbxml follows older documents: it drops "Address" and adds the parent's name.
bool same_name(std::string_view ours, std::string_view theirs) {
    const auto mine = folded(ours);
    auto other = folded(theirs);
    if (mine == other)
        return true;
    for (const auto* parent : {"recurrence", "attendee", "exception", "forwardee", "flag", "rm"})
        if (other == parent + mine)
            return true;
    return replace_all(mine, "address", "") == other;
}

TEST(WbxmlOracle, LibwbxmlNamesTheSameTags) {
    SKIP_WITHOUT_ORACLE();
    const OracleDirectory directory;
    std::vector<std::string> different;
    for (const auto version : {Version::v16_1, Version::v12_0, Version::v2_5}) {
        Node root;
        root.tag = air_sync::Sync;
        for (const auto tag : tags_of(version))
            if (oracle_knows(tag))
                root.children.emplace_back().tag = tag;
        const auto xml = oracle_xml(directory, bytes_of(root, version));
        ASSERT_TRUE(xml.has_value());
        const auto names = element_names(*xml);
        ASSERT_EQ(names.size(), root.children.size() + 1);
        for (std::size_t i = 0; i < root.children.size(); ++i) {
            const auto ours = std::string(name_of(root.children[i].tag));
            if (!same_name(ours, names[i + 1]))
                different.push_back(ours + " " + names[i + 1]);
        }
    }
    std::ranges::sort(different);
    const auto repeated = std::ranges::unique(different);
    different.erase(repeated.begin(), repeated.end());
    const std::vector<std::string> expected = {
        "AssistantPhoneNumber AssistantTelephoneNumber",
        "RemoveRightsManagementProtection RemoveRightsManagementDistribution",
        "RequireStorageCardEncryption DeviceEncryptionEnabled",
    };
    EXPECT_EQ(different, expected);
}

} // namespace
} // namespace lockstep::wbxml
