// GMime as second opinion: on well-formed mail both find the same parts, the same decoded bytes and
// the same envelope.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "codec/mime/digest.hpp"
#include "codec/mime/message.hpp"
#include "codec/mime/transfer.hpp"

#ifdef LOCKSTEP_HAS_GMIME
#include <gmime/gmime.h>
#endif

namespace lockstep::mime {

#ifdef LOCKSTEP_HAS_GMIME

namespace {

/// One node in document order: depth, type, and for leaves the decoded bytes.
struct OracleNode {
    int depth = 0;
    std::string type;
    std::string bytes;
};

/// A random well-formed message; the same for the same seed.
class MailGenerator {
public:
    explicit MailGenerator(std::uint64_t seed) : state_(seed * 2 + 1) {}

    std::string message(int depth) {
        return "From: \"Doe, Jo\" <jo@b.example>\r\nTo: a@c.example, =?utf-8?Q?J=C3=B6?= "
               "<b@c.example>\r\nSubject: =?utf-8?B?"
               "w6Q=?= =?utf-8?Q?=C3=B6_x?= tail\r\n"
               "Message-ID: <id" +
               std::to_string(next(1000)) + "@x>\r\nMIME-Version: 1.0\r\n" + part(depth);
    }

private:
    std::uint64_t next(std::uint64_t below) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return (state_ >> 33U) % below;
    }
    std::string text() {
        std::string out;
        for (auto lines = next(6); lines > 0; --lines) {
            for (auto words = next(8); words > 0; --words)
                out += next(5) == 0 ? "w=C3 " : "word ";
            out += "x\r\n";
        }
        return out + (next(2) == 0 ? "end" : "");
    }
    std::string bytes() {
        std::string out;
        for (auto count = next(300); count > 0; --count)
            out += static_cast<char>(next(256));
        return out;
    }
    std::string part(int depth) {
        const auto kind = depth > 0 ? next(6) : next(3);
        switch (kind) {
        case 0:
            return "Content-Type: text/plain; charset=utf-8\r\n\r\n" + text();
        case 1:
            return "Content-Type: text/html\r\nContent-Transfer-Encoding: "
                   "quoted-printable\r\n\r\n" +
                   encode_quoted_printable(text() + "\xC3\xA4\r\n" + text());
        case 2:
            return "Content-Type: application/octet-stream; "
                   "name=\"f.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                   encode_base64_lines(bytes());
        case 3:
            return "Content-Type: message/rfc822\r\n\r\n" + message(depth - 1);
        default:
            break;
        }
        const auto boundary = "b_" + std::to_string(next(1'000'000)) + (next(2) == 0 ? " x" : "");
        std::string out =
            "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\npreamble\r\n";
        for (auto count = 1 + next(4); count > 0; --count)
            out += "--" + boundary + "\r\n" + part(depth - 1) + "\r\n";
        return out + "--" + boundary + "--\r\nepilogue\r\n";
    }

    std::uint64_t state_;
};

std::string decoded_by_gmime(GMimePart* part) {
    GMimeDataWrapper* content = g_mime_part_get_content(part);
    if (content == nullptr)
        return {};
    GMimeStream* stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, stream);
    const GByteArray* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    std::string out(reinterpret_cast<const char*>(array->data), array->len);
    g_object_unref(stream);
    return out;
}

/// Recursion is bounded by the generator's depth.
void walk_gmime(GMimeObject* object, int depth, std::vector<OracleNode>& out) {
    GMimeContentType* type = g_mime_object_get_content_type(object);
    OracleNode node{
        depth,
        std::string(g_mime_content_type_get_media_type(type)) + "/" +
            g_mime_content_type_get_media_subtype(type),
        {}
    };
    if (GMIME_IS_PART(object))
        node.bytes = decoded_by_gmime(GMIME_PART(object));
    out.push_back(node);
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart* multipart = GMIME_MULTIPART(object);
        for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i)
            walk_gmime(g_mime_multipart_get_part(multipart, i), depth + 1, out);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
        if (inner != nullptr)
            walk_gmime(g_mime_message_get_mime_part(inner), depth + 1, out);
    }
}

GMimeMessage* parse_by_gmime(std::string_view bytes) {
    GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
    GMimeParser* parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

std::vector<OracleNode> walk_ours(std::string_view bytes) {
    const auto message = parse(bytes);
    std::vector<OracleNode> out;
    for (const auto& part : message.parts) {
        OracleNode node{part.depth, part.type + "/" + part.subtype, {}};
        if (part.leaf() && part.type != "message")
            node.bytes = decode_body(message, part);
        out.push_back(node);
    }
    return out;
}

} // namespace

TEST(GmimeOracle, FindsTheSamePartsAndBytes) {
    g_mime_init();
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const auto bytes = MailGenerator(seed).message(4);
        GMimeMessage* message = parse_by_gmime(bytes);
        ASSERT_NE(message, nullptr);
        std::vector<OracleNode> theirs;
        walk_gmime(g_mime_message_get_mime_part(message), 0, theirs);
        const auto ours = walk_ours(bytes);
        ASSERT_EQ(ours.size(), theirs.size()) << "seed " << seed << "\n" << bytes;
        for (std::size_t i = 0; i < ours.size(); ++i) {
            ASSERT_EQ(ours[i].type, theirs[i].type) << "seed " << seed;
            ASSERT_EQ(ours[i].depth, theirs[i].depth) << "seed " << seed;
            ASSERT_EQ(ours[i].bytes, theirs[i].bytes) << "seed " << seed << " part " << i << "\n"
                                                      << bytes;
        }
        g_object_unref(message);
    }
}

TEST(GmimeOracle, ReadsTheSameEnvelope) {
    g_mime_init();
    const auto bytes = MailGenerator(1).message(1);
    const auto digest = make_digest(bytes);
    GMimeMessage* message = parse_by_gmime(bytes);
    EXPECT_EQ(digest.subject, g_mime_message_get_subject(message));
    EXPECT_EQ(digest.message_id, g_mime_message_get_message_id(message));
    InternetAddressList* to = g_mime_message_get_to(message);
    ASSERT_EQ(static_cast<int>(digest.to.size()), internet_address_list_length(to));
    for (int i = 0; i < internet_address_list_length(to); ++i) {
        InternetAddress* theirs = internet_address_list_get_address(to, i);
        const char* name = internet_address_get_name(theirs);
        EXPECT_EQ(digest.to[static_cast<std::size_t>(i)].name, name == nullptr ? "" : name);
        EXPECT_EQ(
            digest.to[static_cast<std::size_t>(i)].text(),
            internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(theirs))
        );
    }
    g_object_unref(message);
}

#else

TEST(GmimeOracle, FindsTheSamePartsAndBytes) {
    GTEST_SKIP() << "built without GMime (package libgmime-3.0-dev)";
}

#endif

} // namespace lockstep::mime
