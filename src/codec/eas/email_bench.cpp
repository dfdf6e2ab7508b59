// Cost of one mail in a Sync answer: 45 KB with an HTML body, cut at 32 KB; and of its digest at
// delivery.
#include <cstdio>
#include <ctime>
#include <string>

#include "codec/eas/email.hpp"
#include "codec/mime/transfer.hpp"

namespace {

double cpu_now() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string newsletter(bool quoted) {
    std::string html = "<html><head><style>p{margin:0}</style></head><body>\r\n";
    while (html.size() < 36'000)
        html += "<p style=\"color:#333\">Gr\xC3\xBC\xC3\x9F"
                "e, a line of an ordinary newsletter <a href=\"https://x.example/\">with a "
                "link</a></p>\r\n";
    html += "</body></html>\r\n";
    std::string out =
        "From: \"Doe, Jo\" <jo@b.example>\r\nTo: a@c.example, b@c.example\r\nSubject: "
        "=?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Tue, 24 Nov 2026 11:40:08 +0000\r\nMessage-ID: "
        "<m@x>\r\n"
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
        "charset=utf-8\r\n\r\nplain version\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n";
    out += quoted ? "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
                        lockstep::mime::encode_quoted_printable(html)
                  : "Content-Transfer-Encoding: 8bit\r\n\r\n" + html;
    return out + "\r\n--b--\r\n";
}

} // namespace

int main() {
    using namespace lockstep;
    constexpr int kMails = 5'000;
    for (const bool quoted : {false, true}) {
        const auto bytes = newsletter(quoted);
        auto start = cpu_now();
        mime::Digest digest;
        for (int i = 0; i < kMails; ++i)
            digest = mime::make_digest(bytes);
        std::printf(
            "%s, %zu bytes: digest %.4f ms", quoted ? "quoted-printable" : "8bit", bytes.size(),
            (cpu_now() - start) * 1e3 / kMails
        );
        const auto stored = mime::encode(digest);
        eas::ItemOptions options;
        options.body_preferences = {
            {.type = 2, .truncation_size = 32'768, .all_or_none = false, .preview = 0}
        };
        std::size_t written = 0;
        start = cpu_now();
        for (int i = 0; i < kMails; ++i) {
            const auto read_back = mime::decode(stored);
            if (!read_back)
                return 1;
            eas::MailView view{.digest = *read_back};
            view.read = [&bytes](
                            std::uint64_t offset, std::uint64_t length
                        ) -> Result<std::string> { return bytes.substr(offset, length); };
            wbxml::Writer out(options.version);
            out.open(wbxml::air_sync::ApplicationData);
            if (!eas::write_email(out, view, options))
                return 1;
            out.close();
            written += out.finish().value_or("").size();
        }
        std::printf(
            ", item %.4f ms (digest of %zu bytes, item of %zu bytes)\n",
            (cpu_now() - start) * 1e3 / kMails, stored.size(), written / kMails
        );
    }
    return 0;
}
