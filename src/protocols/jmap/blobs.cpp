// Blobs over HTTP: uploads as they come, downloads as they are read.
// Spec: RFC 8620 6.1, 6.2. Invariants: neither lies in memory as a whole, unless it is a part that
// must be decoded; what a browser gets is never shown as a page of ours (hardening H4, M6).
#include "protocols/jmap/blobs.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "protocols/jmap/door.hpp"
#include "protocols/jmap/ids.hpp"
#include "protocols/jmap/request.hpp"

namespace lockstep::jmap {
namespace {

constexpr std::uint64_t kPiece = 256U << 10U; ///< bytes read at once of a download

/// Reads a span piece by piece while it is sent.
class SpanBody : public net::BodySource {
public:
    SpanBody(office::Office& office, office::Owner owner, office::Span span)
        : office_(office), owner_(std::move(owner)), span_(std::move(span)) {}
    Task<Result<std::string>> next() override {
        auto piece = co_await office::read_span(office_, owner_, span_, at_, kPiece);
        if (piece)
            at_ += piece->size();
        co_return piece;
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return span_.length; }

private:
    office::Office& office_;
    const office::Owner owner_;
    const office::Span span_;
    std::uint64_t at_ = 0;
};

/// A media type that is safe to name in a header; anything else is bytes.
std::string safe_type(std::string_view wanted) {
    for (const char c : wanted)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E)
            return "application/octet-stream";
    return wanted.find('/') == std::string_view::npos ? "application/octet-stream"
                                                      : std::string(wanted);
}

/// RFC 6266 with RFC 8187.
std::string disposition(std::string_view name) {
    std::string out = "attachment";
    if (name.empty())
        return out;
    constexpr std::string_view kHex = "0123456789ABCDEF";
    out += "; filename*=UTF-8''";
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '.' || c == '-')
            out += c;
        else
            (out += '%') += {kHex[byte >> 4U], kHex[byte & 15U]};
    }
    return out;
}

std::string type_of(std::string_view query) {
    for (const auto each : split(query, '&'))
        if (each.starts_with("type="))
            return percent_decode(each.substr(5), true).value_or(std::string());
    return {};
}

} // namespace

Task<net::Response>
serve_upload(net::Request& request, Session& session, std::string_view account) {
    const auto* owner = session.find(account);
    if (owner == nullptr)
        co_return plain(404, "There is no such account.\n");
    const Busy busy(session.door, Door::Work::upload, session.actor.account.id);
    if (!busy)
        co_return problem(429, "limit", "too many uploads at once", "maxConcurrentUpload");
    auto spool = std::static_pointer_cast<office::Spool>(request.context);
    if (!spool)
        spool = std::make_shared<office::Spool>(session.office());
    const auto type = safe_type(request.headers.get("Content-Type"));
    const auto kept = co_await office::keep_upload(session.office(), *owner, spool, type);
    if (!kept)
        co_return problem(
            kept.error().code == Code::forbidden ? 403 : 503, "serverFail",
            "the upload could not be kept"
        );
    const json::Object answer{
        {"accountId", account},
        {"blobId", blob_id({BlobRef::Kind::upload, kept->id, 0, 0})},
        {"type", kept->type},
        {"size", kept->size},
    };
    co_return net::Response(201, "application/json", json::write(json::Value(answer)));
}

Task<net::Response>
serve_download(const net::Request& request, Session& session, std::string_view rest) {
    const auto steps = split(rest, '/');
    const auto* owner = session.find(steps[0]);
    const auto ref = steps.size() > 1 ? parse_blob_id(steps[1]) : std::nullopt;
    if (owner == nullptr || !ref)
        co_return plain(404, "There is no such blob.\n");
    auto found = co_await find_blob(session.office(), session.actor, *owner, *ref);
    if (!found)
        co_return plain(
            found.error().code == Code::not_found ? 404 : 503, "There is no such blob.\n"
        );
    auto type = safe_type(type_of(request.query));
    if (type_of(request.query).empty())
        type = safe_type(found->span.type);
    net::Response response(200);
    response.headers.set("Content-Type", type);
    const auto name = steps.size() > 2 ? percent_decode(steps[2]).value_or(std::string()) : "";
    response.headers.set("Content-Disposition", disposition(name));
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.set("Cache-Control", "private, immutable, max-age=31536000");
    if (found->decoded)
        response.body.push_back(std::move(*found->decoded));
    else
        response.source =
            std::make_unique<SpanBody>(session.office(), *owner, std::move(found->span));
    co_return response;
}

} // namespace lockstep::jmap
