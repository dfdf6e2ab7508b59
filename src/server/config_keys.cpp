// The table of configuration keys: what there is, what it means, and how a value is read and
// written. Invariants: names are unique; the default of a key is what Config{} holds.
#include "server/config_keys.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

namespace lockstep::server {

namespace {

constexpr std::int64_t kDay = 86'400;

#define FIELD(type, member) (+[](Config& config) -> type& { return config.member; })

constexpr std::array kKeys = {
    Key{"listen.https", Kind::listen, Takes::at_start, FIELD(std::string, listen.https),
        "Where HTTPS is served: ActiveSync, Autodiscover, health and metrics. `*:443` is every "
        "address of the machine."},
    Key{"listen.http", Kind::listen, Takes::at_start, FIELD(std::string, listen.http),
        "The same without TLS, for a proxy on this machine. Loopback addresses only, unless "
        "`http.allow_plain` is true."},
    Key{"listen.smtp", Kind::listen, Takes::at_start, FIELD(std::string, listen.smtp),
        "Where mail from other servers is received."},
    Key{"listen.imaps", Kind::listen, Takes::at_start, FIELD(std::string, listen.imaps),
        "Where mail programs are served by IMAP over TLS."},
    Key{"listen.imap", Kind::listen, Takes::at_start, FIELD(std::string, listen.imap),
        "The same with STARTTLS (usually port 143). Passwords are taken after it only, unless the "
        "client is on this machine."},
    Key{"listen.smtp_second", Kind::listen, Takes::at_start, FIELD(std::string, listen.smtp_second),
        "A second port for mail from other servers, for networks in which port 25 is closed."},
    Key{"listen.submission", Kind::listen, Takes::at_start, FIELD(std::string, listen.submission),
        "Where mail programs hand in mail, with STARTTLS."},
    Key{"listen.submissions", Kind::listen, Takes::at_start, FIELD(std::string, listen.submissions),
        "The same with TLS from the first byte."},
    Key{"listen.lmtp", Kind::listen, Takes::at_start, FIELD(std::string, listen.lmtp),
        "Where a mail server in front of this one hands in mail by LMTP. What comes there is not "
        "judged again. Loopback addresses only."},
    Key{"http.allow_plain", Kind::truth, Takes::at_start, FIELD(bool, http.allow_plain),
        "Allows `listen.http` on other than loopback addresses. Passwords then cross the network "
        "in clear."},
    Key{"http.public_name", Kind::host, Takes::at_once, FIELD(std::string, http.public_name),
        "The name under which phones reach the server, with `:port` unless that is 443; "
        "Autodiscover tells it. Empty: the name by which Autodiscover itself was reached."},
    Key{"tls.certificate", Kind::path, Takes::at_once, FIELD(std::string, tls.certificate),
        "PEM file with the certificate chain, leaf first. Empty: a self-signed certificate is made "
        "in the data directory "
        "at the first start. The file is watched: a new pair is used as soon as it is whole, a bad "
        "one is reported and the old kept."},
    Key{"tls.key", Kind::path, Takes::at_once, FIELD(std::string, tls.key),
        "PEM file with the private key of `tls.certificate`."},
    Key{"tls.acme_webroot", Kind::path, Takes::at_once, FIELD(std::string, tls.acme_webroot),
        "Folder from which `/.well-known/acme-challenge/` is served, for certificate clients in "
        "webroot mode."},
    Key{"domain.default", Kind::domain, Takes::at_once, FIELD(std::string, domain.fallback),
        "The domain of a sign-in name that names none (`anna` instead of `anna@example.org`)."},
    Key{"store.shards", Kind::count, Takes::first_start, FIELD(std::int64_t, store.shards),
        "Number of shard files that accounts are spread over.", 1, 64},
    Key{"store.readers", Kind::count, Takes::at_start, FIELD(std::int64_t, store.readers),
        "Threads that read the store; 0 is one per processor, two at least.", 0, 256},
    Key{"log.level", Kind::choice, Takes::at_once, FIELD(std::string, log.level),
        "The least important events that are logged.", 0, 0, "debug info warn error off"},
    Key{"smtp.hostname", Kind::domain, Takes::at_once, FIELD(std::string, smtp.hostname),
        "The name in the SMTP greeting and in Received fields. Empty: the machine's own name."},
    Key{"smtp.max_size", Kind::bytes, Takes::at_once, FIELD(std::int64_t, smtp.max_size),
        "Largest message received.", 64 << 10, std::int64_t{limits::kSmtpMessage}},
    Key{"imap.enabled", Kind::truth, Takes::at_once, FIELD(bool, imap.enabled),
        "False: mail programs are told at once that IMAP is switched off."},
    Key{"smtp.sent_per_hour", Kind::count, Takes::at_once, FIELD(std::int64_t, smtp.sent_per_hour),
        "Messages that an account may send in an hour.", 1, 1'000'000},
    Key{"smtp.recipients_per_hour", Kind::count, Takes::at_once,
        FIELD(std::int64_t, smtp.recipients_per_hour),
        "Recipients of these messages, all together.", 1, 1'000'000},
    Key{"smtp.smarthost", Kind::host, Takes::at_once, FIELD(std::string, smtp.smarthost),
        "A server to which all mail for other domains is given, such as mail.example.net:587; with "
        "port 465, TLS is spoken from the first byte. Empty: mail goes to each domain's own "
        "servers."},
    Key{"smtp.smarthost_login", Kind::text, Takes::at_once,
        FIELD(std::string, smtp.smarthost_login),
        "The name with which we sign in there. TLS with a valid certificate is required then."},
    Key{"smtp.smarthost_password_file", Kind::path, Takes::at_once,
        FIELD(std::string, smtp.smarthost_password_file),
        "File with the password for it, on its first line."},
    Key{"smtp.outbound_port", Kind::count, Takes::at_once, FIELD(std::int64_t, smtp.outbound_port),
        "The port at which other domains' servers are called. Anything but 25 is for tests.", 1,
        65'535},
    Key{"smtp.mta_sts", Kind::choice, Takes::at_once, FIELD(std::string, smtp.mta_sts),
        "What the policy file for senders (MTA-STS, served at /.well-known/mta-sts.txt) asks of "
        "them: off (there is no file), testing, or enforce (mail comes by verified TLS only).",
        0, 0, "off testing enforce"},
    Key{"inbound.check", Kind::choice, Takes::at_once, FIELD(std::string, inbound.check),
        "Whose mail is checked by SPF, DKIM, ARC, DMARC and DNS lists: nobody's (off), that of "
        "other machines (outside), or that of programs on this machine too (all).",
        0, 0, "off outside all"},
    Key{"inbound.dmarc_reject", Kind::truth, Takes::at_once, FIELD(bool, inbound.dmarc_reject),
        "Mail with a forged author is refused if the author's domain asks for that (p=reject). "
        "False: it goes to Junk, as with p=quarantine."},
    Key{"inbound.dns_lists", Kind::text, Takes::at_once, FIELD(std::string, inbound.dns_lists),
        "DNS lists of bad senders, with commas, such as zen.example.net. Mail of an address that "
        "one of them lists counts as spam."},
    Key{"inbound.rspamd", Kind::listen, Takes::at_once, FIELD(std::string, inbound.rspamd),
        "Address and port of rspamd's normal worker, such as 127.0.0.1:11333, which is asked about "
        "each message then. What it would mark or reject counts as spam; when it does not answer, "
        "mail is delivered without its opinion."},
    Key{"dns.server", Kind::text, Takes::at_start, FIELD(std::string, dns.server),
        "Address of a name server that answers all questions, `address@port` if that is not 53. "
        "Empty: the root servers and those below are asked, and the answers are validated here."},
    Key{"dns.zone_file", Kind::path, Takes::at_start, FIELD(std::string, dns.zone_file),
        "File with records, one a line as in a zone file, that are answered without asking "
        "anybody. For tests and closed networks."},
    Key{"dns.anchor_file", Kind::path, Takes::at_start, FIELD(std::string, dns.anchor_file),
        "The root's keys, for DNSSEC. Without the file no answer counts as validated, and DANE is "
        "not used."},
    Key{"eas.heartbeat_min", Kind::time, Takes::at_once, FIELD(seconds, eas.heartbeat_min),
        "Shortest time for which a phone may ask to be kept waiting.", 1, 3'540},
    Key{"eas.heartbeat_max", Kind::time, Takes::at_once, FIELD(seconds, eas.heartbeat_max),
        "Longest such time. Lower it when a proxy before the server ends quiet connections sooner.",
        1, 3'540},
    Key{"eas.window_max", Kind::count, Takes::at_once, FIELD(std::int64_t, eas.window_max),
        "Most items in one Sync answer.", 1, std::int64_t{limits::kEasWindow}},
    Key{"eas.max_devices", Kind::count, Takes::at_once, FIELD(std::int64_t, eas.max_devices),
        "Devices per account.", 1, 1'000},
    Key{"eas.max_requests", Kind::count, Takes::at_once, FIELD(std::int64_t, eas.max_requests),
        "Requests of one device within ten minutes; one that asks more is told to wait, all others "
        "are served. 0 is no limit.",
        0, 10'000'000},
    Key{"eas.max_writes", Kind::count, Takes::at_once, FIELD(std::int64_t, eas.max_writes),
        "Additions, changes and removals of one device within ten minutes. 0 is no limit.", 0,
        10'000'000},
    Key{"eas.max_bytes", Kind::bytes, Takes::at_once, FIELD(std::int64_t, eas.max_bytes),
        "Bytes to and from one device within ten minutes. 0 is no limit.", 0, 1LL << 50},
    Key{"auth.attempts", Kind::count, Takes::at_once, FIELD(std::int64_t, auth.attempts),
        "Wrong passwords, per account and address, after which sign-in is slowed down.", 1, 1'000},
    Key{"auth.window", Kind::time, Takes::at_once, FIELD(seconds, auth.window),
        "Time over which wrong passwords are counted.", 1, kDay},
    Key{"threads.io", Kind::count, Takes::at_start, FIELD(std::int64_t, threads.io),
        "Threads that serve connections; 0 is one per processor.", 0, 256},
    Key{"clock.manual", Kind::truth, Takes::at_start, FIELD(bool, clock.manual),
        "For tests: time stands still until `lockstep clock advance` moves it."},
};

#undef FIELD

Result<> wrong(std::string text) { return fail(Code::bad_value, std::move(text)); }

/// "90", "90s", "15m", "64K": a number with one optional unit letter.
std::optional<std::int64_t>
scaled(std::string_view text, std::string_view units, std::span<const std::int64_t> factors) {
    std::int64_t factor = 1;
    if (!text.empty() && !is_digit(text.back())) {
        const auto unit = units.find(text.back());
        if (unit == std::string_view::npos)
            return std::nullopt;
        factor = factors[unit];
        text.remove_suffix(1);
    }
    const auto number = parse_int(text);
    if (!number || *number < 0 || *number > INT64_MAX / factor)
        return std::nullopt;
    return *number * factor;
}

constexpr std::array<std::int64_t, 4> kSeconds = {1, 60, 3'600, kDay};
constexpr std::array<std::int64_t, 3> kSizes = {1LL << 10, 1LL << 20, 1LL << 30};

std::optional<std::int64_t> number_of(Kind kind, std::string_view text) {
    if (kind == Kind::time)
        return scaled(text, "smhd", kSeconds);
    if (kind == Kind::bytes)
        return scaled(text, "KMG", kSizes);
    return parse_int(text);
}

Result<> check_listen(std::string_view text) {
    if (text == "off")
        return {};
    const auto colon = text.rfind(':');
    const auto port = colon == std::string_view::npos
                          ? std::nullopt
                          : parse_int<std::int32_t>(text.substr(colon + 1));
    const auto host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (!port || *port < 0 || *port > 65'535 || host.empty() ||
        (!bracketed && host.find(':') != std::string_view::npos)) {
        return wrong(fmt::format("'{}' is neither host:port nor off", text));
    }
    return {};
}

Result<> check_domain(std::string_view text) {
    if (text.empty())
        return {};
    for (const auto label : split(text, '.')) {
        const bool good =
            !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
            std::ranges::all_of(label, [](char c) {
                return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-';
            });
        if (!good || text.size() > 253)
            return wrong(fmt::format("'{}' is not a domain name", text));
    }
    return {};
}

Result<> check_host(std::string_view text) {
    if (text.empty())
        return {};
    const bool bracketed = text.starts_with('[');
    const auto colon = bracketed ? text.find(':', text.find(']')) : text.find(':');
    const auto port = colon == std::string_view::npos
                          ? std::optional<std::int32_t>(1)
                          : parse_int<std::int32_t>(text.substr(colon + 1));
    if (port && *port > 0 && *port <= 65'535 &&
        (bracketed || (colon != 0 && check_domain(text.substr(0, colon)))))
        return {};
    return wrong(fmt::format("'{}' is not a host name such as mail.example.org:8443", text));
}

Result<> check_text(const Key& key, std::string_view text) {
    if (!is_utf8(text) || clean_utf8(text) != text)
        return wrong("the value holds bytes that are not text");
    switch (key.kind) {
    case Kind::listen:
        return check_listen(text);
    case Kind::domain:
        return check_domain(text);
    case Kind::host:
        return check_host(text);
    case Kind::path:
        if (!text.empty() && !text.starts_with('/'))
            return wrong(fmt::format("'{}' is not an absolute path", text));
        return {};
    case Kind::choice:
        if (const auto words = split(key.choices, ' ');
            std::ranges::find(words, text) != words.end())
            return {};
        return wrong(fmt::format("'{}' is none of: {}", text, replace_all(key.choices, " ", ", ")));
    default:
        return {};
    }
}

} // namespace

std::span<const Key> config_keys() { return kKeys; }

const Key* find_key(std::string_view name) {
    const auto found = std::ranges::find(kKeys, name, &Key::name);
    return found == kKeys.end() ? nullptr : &*found;
}

Result<> set_key(const Key& key, Config& config, std::string_view text) {
    if (const auto* string = std::get_if<std::string& (*)(Config&)>(&key.field)) {
        CHECK_OK(check_text(key, text));
        (*string)(config) = text;
        return {};
    }
    if (const auto* truth = std::get_if<bool& (*)(Config&)>(&key.field)) {
        if (text != "true" && text != "false")
            return wrong(fmt::format("'{}' is neither true nor false", text));
        (*truth)(config) = text == "true";
        return {};
    }
    const auto number = number_of(key.kind, text);
    if (!number) {
        const std::string_view what = key.kind == Kind::time    ? "a time such as 90s, 15m or 1h"
                                      : key.kind == Kind::bytes ? "a size such as 64K or 150M"
                                                                : "a number";
        return wrong(fmt::format("'{}' is not {}", text, what));
    }
    if (*number < key.least || *number > key.most) {
        return wrong(fmt::format("{} is not between {} and {}", text, key.least, key.most));
    }
    if (const auto* count = std::get_if<std::int64_t& (*)(Config&)>(&key.field))
        (*count)(config) = *number;
    else
        std::get<seconds& (*)(Config&)>(key.field)(config) = seconds(*number);
    return {};
}

std::string show_key(const Key& key, const Config& config) {
    auto copy = config; // the accessors are for writing; showing is rare
    if (const auto* string = std::get_if<std::string& (*)(Config&)>(&key.field))
        return (*string)(copy);
    if (const auto* truth = std::get_if<bool& (*)(Config&)>(&key.field))
        return (*truth)(copy) ? "true" : "false";
    if (const auto* count = std::get_if<std::int64_t& (*)(Config&)>(&key.field))
        return std::to_string((*count)(copy));
    return std::to_string(std::get<seconds& (*)(Config&)>(key.field)(copy).count());
}

} // namespace lockstep::server
