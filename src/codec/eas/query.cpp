// The query of an ActiveSync request.
// Spec: MS-ASHTTP 2.2.1.1.1.1 (base64), 2.2.1.1.1.1.2 (command codes), 2.2.1.1.1.2 (plain).
#include "codec/eas/query.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace lockstep::eas {

namespace {

constexpr std::array<std::string_view, 24> kCommands = {
    "Sync",
    "SendMail",
    "SmartForward",
    "SmartReply",
    "GetAttachment",
    "GetHierarchy",
    "CreateCollection",
    "DeleteCollection",
    "MoveCollection",
    "FolderSync",
    "FolderCreate",
    "FolderDelete",
    "FolderUpdate",
    "MoveItems",
    "GetItemEstimate",
    "MeetingResponse",
    "Search",
    "Settings",
    "Ping",
    "ItemOperations",
    "Provision",
    "ResolveRecipients",
    "ValidateCert",
    "Find"
};

constexpr std::uint8_t kOptionSaveInSent = 0x01;
constexpr std::uint8_t kOptionAcceptMultiPart = 0x02;

/// Parameters: 0 to 8 are the tags of the base64 form, the others exist in plain text only.
enum class QueryParameter : std::uint8_t {
    attachment_name,
    collection_id,
    collection_name,
    item_id,
    long_id,
    parent_id,
    occurrence,
    options,
    user,
    command,
    device_id,
    device_type,
    save_in_sent,
};
constexpr std::size_t kBase64Parameters = 9;
constexpr std::array<std::string_view, 13> kParameterNames = {
    "AttachmentName", "CollectionId", "CollectionName", "ItemId", "LongId",
    "ParentId",       "Occurrence",   "Options",        "User",   "Cmd",
    "DeviceId",       "DeviceType",   "SaveInSent"
};

/// Which parameters have been seen: none may come twice.
using SeenParameters = std::bitset<kParameterNames.size()>;

bool is_query_text(std::string_view text) {
    return is_utf8(text) && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
           });
}

bool is_device_id(std::string_view text) {
    const auto allowed = [](char c) {
        const char letter = ascii_lower(c);
        return (letter >= 'a' && letter <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= limits::kEasDeviceId &&
           std::ranges::all_of(text, allowed);
}

/// The door answers what is unusable: its Status depends on the version.
void set_device(Query& query, std::string id, std::string type) {
    if (is_device_id(id))
        query.device_id = std::move(id);
    query.has_device_type = type.size() <= limits::kEasDeviceType && is_query_text(type);
    if (query.has_device_type)
        query.device_type = std::move(type);
}

Result<> set_command(Query& query, std::optional<std::string_view> command) {
    if (!command)
        return fail(Code::unsupported, "query: unknown command");
    query.command = *command;
    return {};
}

/// The text that a parameter is kept in; nullptr for those that are not kept as text.
std::string* query_slot_of(Query& query, QueryParameter parameter) {
    switch (parameter) {
    case QueryParameter::attachment_name:
        return &query.attachment_name;
    case QueryParameter::collection_id:
        return &query.collection_id;
    case QueryParameter::collection_name:
        return &query.collection_name;
    case QueryParameter::item_id:
        return &query.item_id;
    case QueryParameter::long_id:
        return &query.long_id;
    case QueryParameter::parent_id:
        return &query.parent_id;
    case QueryParameter::occurrence:
        return &query.occurrence;
    case QueryParameter::options:
    case QueryParameter::user:
    case QueryParameter::command:
    case QueryParameter::device_id:
    case QueryParameter::device_type:
    case QueryParameter::save_in_sent:
        return nullptr;
    }
    return nullptr;
}

/// A parameter that both forms have.
Result<> set_query_text(Query& query, QueryParameter parameter, std::string value) {
    if (parameter == QueryParameter::user) {
        // Old clients send it in their own code page, and nobody relies on it: clean, do not
        // refuse.
        std::erase_if(value, [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
        });
        query.user = clean_utf8(value);
        return {};
    }
    auto* slot = query_slot_of(query, parameter);
    if (!slot)
        return {};
    if (!is_query_text(value))
        return fail(Code::bad_value, "query: control characters");
    *slot = std::move(value);
    return {};
}

Result<> mark_seen(SeenParameters& seen, std::size_t parameter) {
    if (seen.test(parameter))
        return fail(Code::bad_syntax, "query: a parameter comes twice");
    seen.set(parameter);
    return {};
}

/// The binary fields of the base64 form, front to back.
class QueryFields {
public:
    explicit QueryFields(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] bool empty() const { return bytes_.empty(); }

    Result<std::string_view> take(std::size_t size) {
        if (size > bytes_.size())
            return fail(Code::bad_syntax, "query: base64 form cut short");
        const auto field = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return field;
    }

    /// Little-endian.
    Result<std::uint32_t> number(std::size_t size) {
        TRY(const auto field, take(size));
        std::uint32_t value = 0;
        for (std::size_t i = field.size(); i > 0; --i)
            value = (value << 8U) | static_cast<std::uint8_t>(field[i - 1]);
        return value;
    }

    /// A field behind its length of one byte.
    Result<std::string_view> counted() {
        TRY(const auto size, number(1));
        return take(size);
    }

private:
    std::string_view bytes_;
};

Result<> read_policy_key(Query& query, QueryFields& fields) {
    TRY(const auto size, fields.number(1));
    if (size == 0)
        return {};
    if (size != 4)
        return fail(Code::bad_value, "query: policy key of neither 0 nor 4 bytes");
    TRY(query.policy_key, fields.number(4));
    return {};
}

/// Old devices send the 16 bytes of a GUID; the plain form writes the same in hexadecimal.
std::string device_id_of(std::string_view field) {
    constexpr std::size_t kGuidBytes = 16;
    if (field.size() == kGuidBytes && !is_device_id(field))
        return hex(field);
    return std::string(field);
}

Result<> read_encoded_parameters(Query& query, QueryFields& fields) {
    SeenParameters seen;
    while (!fields.empty()) {
        TRY(const auto tag, fields.number(1));
        TRY(const auto value, fields.counted());
        if (tag >= kBase64Parameters)
            continue;
        CHECK_OK(mark_seen(seen, tag));
        const auto parameter = static_cast<QueryParameter>(tag);
        if (parameter != QueryParameter::options) {
            CHECK_OK(set_query_text(query, parameter, std::string(value)));
            continue;
        }
        if (value.size() != 1)
            return fail(Code::bad_value, "query: options are not one byte");
        const auto options = static_cast<std::uint8_t>(value.front());
        query.save_in_sent = (options & kOptionSaveInSent) != 0;
        query.accept_multi_part = (options & kOptionAcceptMultiPart) != 0;
    }
    return {};
}

Result<Query> parse_base64_query(std::string_view raw_query) {
    TRY(const auto text, percent_decode(raw_query));
    TRY(const auto bytes, unbase64(text));
    QueryFields fields(bytes);
    Query query;
    TRY(const auto version, fields.number(1));
    query.version = wbxml::version_of(version);
    if (!query.version)
        return fail(Code::bad_value, "query: unknown protocol version");
    TRY(const auto command, fields.number(1));
    TRY(const auto locale, fields.number(2));
    query.locale = static_cast<std::uint16_t>(locale);
    TRY(const auto device_id, fields.counted());
    CHECK_OK(read_policy_key(query, fields));
    TRY(const auto device_type, fields.counted());
    set_device(query, device_id_of(device_id), std::string(device_type));
    CHECK_OK(read_encoded_parameters(query, fields));
    // Last, so that a malformed query is not mistaken for a command of the future.
    CHECK_OK(set_command(query, command_of(static_cast<std::uint8_t>(command))));
    return query;
}

Result<> set_save_in_sent(Query& query, std::string_view value) {
    if (!iequals(value, "T") && !iequals(value, "F"))
        return fail(Code::bad_value, "query: SaveInSent is neither T nor F");
    query.save_in_sent = iequals(value, "T");
    return {};
}

/// What the plain form must carry.
struct PlainQueryHead {
    std::string command;
    std::string device_id;
    std::string device_type;
};

Result<> take_plain_parameter(
    Query& query, PlainQueryHead& head, QueryParameter parameter, std::string value
) {
    switch (parameter) {
    case QueryParameter::command:
        head.command = std::move(value);
        return {};
    case QueryParameter::device_id:
        head.device_id = std::move(value);
        return {};
    case QueryParameter::device_type:
        head.device_type = std::move(value);
        return {};
    case QueryParameter::save_in_sent:
        return set_save_in_sent(query, value);
    default:
        return set_query_text(query, parameter, std::move(value));
    }
}

Result<Query> parse_plain_query(std::string_view raw_query) {
    Query query;
    PlainQueryHead head;
    SeenParameters seen;
    for (const auto part : split(raw_query, '&')) {
        if (part.empty())
            continue;
        const auto equals = std::min(part.find('='), part.size());
        TRY(const auto name, percent_decode(part.substr(0, equals)));
        const auto known = std::ranges::find_if(kParameterNames, [&](std::string_view candidate) {
            return iequals(candidate, name);
        });
        if (known == kParameterNames.end())
            continue;
        const auto index = static_cast<std::size_t>(known - kParameterNames.begin());
        CHECK_OK(mark_seen(seen, index));
        // '+' stays: these are addresses and ids, not the fields of a form.
        TRY(auto value, percent_decode(part.substr(std::min(equals + 1, part.size()))));
        CHECK_OK(
            take_plain_parameter(query, head, static_cast<QueryParameter>(index), std::move(value))
        );
    }
    const auto came = [&seen](QueryParameter needed) {
        return seen.test(static_cast<std::size_t>(needed));
    };
    if (!came(QueryParameter::command))
        return fail(Code::bad_syntax, "query: Cmd is missing");
    set_device(query, std::move(head.device_id), std::move(head.device_type));
    query.has_device_type = query.has_device_type && came(QueryParameter::device_type);
    CHECK_OK(set_command(query, command_of(head.command)));
    return query;
}

/// Base64 has '=' at its end only, and never '&'.
bool looks_plain(std::string_view raw_query) {
    const auto content = raw_query.substr(0, raw_query.find_last_not_of('=') + 1);
    return content.contains('&') || content.contains('=');
}

} // namespace

Result<Query> parse_query(std::string_view raw_query) {
    if (raw_query.empty())
        return fail(Code::bad_syntax, "query: empty");
    if (raw_query.size() > limits::kHttpHeader)
        return fail(Code::too_large, "query: too long");
    return looks_plain(raw_query) ? parse_plain_query(raw_query) : parse_base64_query(raw_query);
}

std::optional<std::string_view> command_of(std::uint8_t code) {
    if (code >= kCommands.size())
        return std::nullopt;
    return kCommands[code];
}

std::optional<std::string_view> command_of(std::string_view name) {
    const auto found = std::ranges::find_if(kCommands, [&](std::string_view command) {
        return iequals(command, name);
    });
    if (found == kCommands.end())
        return std::nullopt;
    return *found;
}

} // namespace lockstep::eas
