// The requests of a phone, and what it takes from the answers.
#include "bench/device.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/wbxml/reader.hpp"

namespace lockstep::bench {
namespace {

namespace as = wbxml::air_sync;
namespace fh = wbxml::folder_hierarchy;
namespace pi = wbxml::ping;
namespace pv = wbxml::provision;
namespace st = wbxml::settings;

constexpr int kHeartbeat = 3'540;

std::string_view class_of(FolderType type) {
    switch (type) {
    case FolderType::inbox:
        return "Email";
    case FolderType::calendar:
        return "Calendar";
    case FolderType::contacts:
        return "Contacts";
    }
    return {};
}

/// The parts of one Add, Change or Delete that count.
void take_text(SyncAnswer& answer, wbxml::Tag parent, wbxml::Tag tag, std::string_view text) {
    if (tag == as::SyncKey)
        answer.key = text;
    else if (tag == as::Status && (parent == as::Collection || parent == as::Sync))
        answer.status = parse_int<int>(text).value_or(0);
    else if (tag == as::ServerId && parent == as::Add)
        answer.added.emplace_back(text);
}

} // namespace

Result<SyncAnswer> read_sync(std::string_view bytes) {
    SyncAnswer answer;
    answer.quiet = bytes.empty();
    if (answer.quiet)
        return answer;
    TRY(auto reader, wbxml::Reader::create(bytes));
    std::vector<wbxml::Tag> path;
    for (;;) {
        TRY(const auto event, reader.next());
        using Kind = wbxml::Event::Kind;
        if (event.kind == Kind::end)
            return answer;
        if (event.kind == Kind::open) {
            const bool command = !path.empty() && path.back() == as::Commands;
            answer.changed += command && event.tag == as::Change ? 1 : 0;
            answer.removed += command && event.tag == as::Delete ? 1 : 0;
            answer.more = answer.more || event.tag == as::MoreAvailable;
            path.push_back(event.tag);
        } else if (event.kind == Kind::close) {
            path.pop_back();
        } else if (event.kind == Kind::text && path.size() > 1) {
            take_text(answer, path[path.size() - 2], path.back(), event.bytes);
        }
    }
}

Device::Device(HttpClient http, const Person& person, std::size_t number, wbxml::Version version)
    : http_(std::move(http)), version_(version) {
    target_ = fmt::format(
        "POST /Microsoft-Server-ActiveSync?User={}&DeviceId=BENCH{:021}&DeviceType=iPhone&Cmd=",
        person.address, number
    );
    fields_ = fmt::format(
        "Host: mail.{}\r\nAuthorization: Basic {}\r\nMS-ASProtocolVersion: {}\r\n"
        "User-Agent: Apple-iPhone16C1/2201.1\r\nContent-Type: application/vnd.ms-sync.wbxml\r\n",
        kDomain, base64(person.address + ":" + person.password), wbxml::text_of(version)
    );
}

Result<Device> Device::connect(
    std::uint16_t port, const Person& person, std::size_t number, wbxml::Version version
) {
    TRY(auto wire, Wire::tls(port));
    return Device(HttpClient(std::move(wire)), person, number, version);
}

Result<> Device::send(std::string_view command, std::string_view body) {
    ++requests_;
    return http_.send(fmt::format(
        "{}{} HTTP/1.1\r\n{}X-MS-PolicyKey: {}\r\nContent-Length: {}\r\n\r\n{}", target_, command,
        fields_, policy_, body.size(), body
    ));
}

Result<std::string> Device::receive() {
    TRY(auto answer, http_.receive());
    if (answer.status != 200)
        return fail(Code::bad_value, fmt::format("the server answered {}", answer.status));
    return std::move(answer.body);
}

Result<wbxml::Node> Device::ask(std::string_view command, std::string_view body) {
    CHECK_OK(send(command, body));
    TRY(const auto bytes, receive());
    return wbxml::parse(bytes);
}

Result<std::int64_t> Device::provision(std::optional<std::int64_t> temporary) {
    wbxml::Writer out(version_);
    out.open(pv::Provision);
    if (!temporary) {
        out.open(st::DeviceInformation);
        out.open(st::Set);
        out.element(st::Model, "iPhone16C1");
        out.element(st::OS, "iOS 18.1 22B83");
        out.close();
        out.close();
    }
    out.open(pv::Policies);
    out.open(pv::Policy);
    out.element(pv::PolicyType, "MS-EAS-Provisioning-WBXML");
    if (temporary) {
        out.element(pv::PolicyKey, *temporary);
        out.element(pv::Status, 1);
    }
    out.close();
    out.close();
    out.close();
    TRY(const auto body, out.finish());
    TRY(const auto answer, ask("Provision", body));
    const auto* policies = answer.find(pv::Policies);
    const auto* policy = policies != nullptr ? policies->find(pv::Policy) : nullptr;
    const auto key = policy != nullptr ? parse_int(policy->text_of(pv::PolicyKey)) : std::nullopt;
    if (!key)
        return fail(Code::bad_value, "Provision gave no key");
    return *key;
}

Result<> Device::set_up() {
    TRY(const auto temporary, provision({}));
    TRY(policy_, provision(temporary));
    wbxml::Writer out(version_);
    out.open(fh::FolderSync);
    out.element(fh::SyncKey, "0");
    out.close();
    TRY(const auto body, out.finish());
    TRY(const auto answer, ask("FolderSync", body));
    const auto* changes = answer.find(fh::Changes);
    if (changes == nullptr)
        return fail(Code::bad_value, "FolderSync gave no folders");
    for (const auto& add : changes->all(fh::Add))
        folders_.emplace(
            parse_int<int>(add.text_of(fh::Type)).value_or(0), add.text_of(fh::ServerId)
        );
    return {};
}

Result<> Device::follow(FolderType type, const SyncWish& wish) {
    const auto found = folders_.find(static_cast<int>(type));
    if (found == folders_.end())
        return fail(Code::bad_value, "the person lacks a folder");
    type_ = type;
    folder_ = found->second;
    wish_ = wish;
    key_ = "0";
    TRY(const auto answer, sync());
    if (answer.quiet)
        return fail(Code::bad_value, "the answer to key 0 was empty");
    return {};
}

std::string Device::sync_request(std::string_view server_id, bool read) const {
    wbxml::Writer out(version_);
    out.open(as::Sync);
    out.open(as::Collections);
    out.open(as::Collection);
    out.element(as::SyncKey, key_);
    out.element(as::CollectionId, folder_);
    if (key_ != "0") {
        out.element(as::GetChanges, 1);
        out.element(as::WindowSize, wish_.window);
        out.open(as::Options);
        if (type_ == FolderType::inbox)
            out.element(as::FilterType, 0);
        if (wish_.body_type != 0) {
            out.open(wbxml::air_sync_base::BodyPreference);
            out.element(wbxml::air_sync_base::Type, wish_.body_type);
            out.element(wbxml::air_sync_base::TruncationSize, wish_.truncation);
            out.close();
        }
        if (type_ == FolderType::inbox)
            out.element(as::MIMESupport, 0);
        out.close();
    }
    if (!server_id.empty()) {
        out.open(as::Commands);
        out.open(as::Change);
        out.element(as::ServerId, server_id);
        out.open(as::ApplicationData);
        out.element(wbxml::email::Read, read);
        out.close();
        out.close();
        out.close();
    }
    out.close();
    out.close();
    out.close();
    return out.finish().value_or(std::string());
}

Result<SyncAnswer> Device::sync() {
    CHECK_OK(send("Sync", sync_request({}, false)));
    TRY(const auto bytes, receive());
    TRY(auto answer, read_sync(bytes));
    if (answer.status != 1)
        return fail(Code::bad_value, fmt::format("Sync gave status {}", answer.status));
    if (!answer.quiet)
        key_ = answer.key;
    return answer;
}

Result<std::size_t> Device::pull() {
    std::size_t items = 0;
    for (;;) {
        TRY(const auto answer, sync());
        items += answer.added.size();
        if (answer.added.empty() && !answer.more)
            return items;
    }
}

Result<> Device::mark(std::string_view server_id, bool read) {
    CHECK_OK(send("Sync", sync_request(server_id, read)));
    TRY(const auto bytes, receive());
    TRY(auto answer, read_sync(bytes));
    if (answer.quiet || answer.status != 1)
        return fail(Code::bad_value, "the mail was not marked");
    key_ = answer.key;
    return {};
}

Result<> Device::begin_ping() {
    wbxml::Writer out(version_, 256);
    out.open(pi::Ping);
    out.element(pi::HeartbeatInterval, kHeartbeat);
    out.open(pi::Folders);
    out.open(pi::Folder);
    out.element(pi::Id, folder_);
    out.element(pi::Class, class_of(type_));
    out.close();
    out.close();
    out.close();
    TRY(const auto body, out.finish());
    return send("Ping", body);
}

Result<int> Device::end_ping() {
    TRY(const auto bytes, receive());
    TRY(const auto answer, wbxml::parse(bytes));
    return parse_int<int>(answer.text_of(pi::Status)).value_or(0);
}

} // namespace lockstep::bench
