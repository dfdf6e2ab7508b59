// Packing of follow-ups into the office's properties, and the ids of conversations.
#include "protocols/activesync/mail_view.hpp"

#include "base/pack.hpp"
#include "office/conversation_moves.hpp"
#include "office/keywords.hpp"

namespace lockstep::activesync {
namespace {

constexpr std::optional<std::int64_t> eas::MailFlag::* kTimes[] = {
    &eas::MailFlag::start_utc, &eas::MailFlag::start_local, &eas::MailFlag::due_utc,
    &eas::MailFlag::due_local, &eas::MailFlag::completed,   &eas::MailFlag::date_completed,
    &eas::MailFlag::reminder,  &eas::MailFlag::ordinal,
};

std::string pack_flag(const eas::MailFlag& flag) {
    Packer out;
    out.text(flag.subject);
    out.text(flag.sub_ordinal);
    out.integer(flag.reminder_set ? (*flag.reminder_set ? 1 : 0) : -1);
    for (const auto time : kTimes) {
        out.number((flag.*time).has_value() ? 1 : 0);
        out.integer((flag.*time).value_or(0));
    }
    return out.take();
}

void unpack_flag(std::string_view bytes, eas::MailFlag& flag) {
    if (bytes.empty())
        return;
    Unpacker in(bytes);
    flag.subject = in.text();
    flag.sub_ordinal = in.text();
    const auto reminder = in.integer();
    if (reminder >= 0)
        flag.reminder_set = reminder == 1;
    for (const auto time : kTimes) {
        const bool has = in.number() != 0;
        const auto value = in.integer();
        if (has && in.ok())
            flag.*time = value;
    }
}

// MS-OXOMSG 2.2.1.3: a reserved byte, five of time and a GUID; then five for each reply.
constexpr std::size_t kIndexTime = 5;
constexpr std::size_t kIndexHead = 22;
constexpr std::size_t kIndexStep = 5;
constexpr std::size_t kIndexSteps = 50;

/// Units of 100 ns since 1601.
std::uint64_t ticks_of(std::int64_t seconds) {
    return static_cast<std::uint64_t>(seconds + 11'644'473'600LL) * 10'000'000ULL;
}

/// Bytes 2 to 6 of a FILETIME; the first is 01 for centuries and is the reserved one of the index.
std::string file_time(std::int64_t seconds) {
    std::string bytes;
    for (int shift = 48; shift >= 16; shift -= 8)
        bytes += static_cast<char>(ticks_of(seconds) >> static_cast<unsigned>(shift) & 0xFFU);
    return bytes;
}

} // namespace

eas::MailFlags mail_flags(const model::Item& item) {
    const auto props = office::unpack_mail_props(item.props);
    eas::MailFlags flags;
    flags.read = (item.flags & model::flag::seen) != 0;
    flags.draft = (item.flags & model::flag::draft) != 0;
    flags.categories = office::shown_categories(props);
    flags.last_verb = props.last_verb;
    if (props.last_verb_us != 0)
        flags.last_verb_time = props.last_verb_us / 1'000'000;
    if (props.follow_up != 0) {
        flags.flag.emplace();
        flags.flag->status = props.follow_up;
        flags.flag->type = props.follow_up_text;
        unpack_flag(props.follow_up_fields, *flags.flag);
    } else if ((item.flags & model::flag::flagged) != 0) {
        // Flagged by a door that knows only the bit.
        flags.flag.emplace();
        flags.flag->status = 2;
        flags.flag->type = "Flag for follow up";
    }
    return flags;
}

FlagChange apply_flags(const model::Item& item, const eas::EmailChange& change) {
    FlagChange result{item.flags, office::unpack_mail_props(item.props)};
    const auto set = [&](std::int64_t bit, bool on) {
        result.flags = on ? result.flags | bit : result.flags & ~bit;
    };
    if (change.read)
        set(model::flag::seen, *change.read);
    if (change.categories)
        office::show_categories(result.props, *change.categories);
    if (change.flag) {
        result.props.follow_up = change.flag->status;
        result.props.follow_up_text = change.flag->status == 0 ? std::string() : change.flag->type;
        result.props.follow_up_fields =
            change.flag->status == 0 ? std::string() : pack_flag(*change.flag);
        set(model::flag::flagged, change.flag->status == 2);
    }
    return result;
}

std::string conversation_id(const mime::Digest& digest) { return office::conversation_key(digest); }

std::string conversation_index(const mime::Digest& digest, std::int64_t received_us) {
    if (digest.thread_index.size() >= kIndexHead) {
        const auto& index = digest.thread_index;
        const auto replies = std::min((index.size() - kIndexHead) / kIndexStep, kIndexSteps);
        return index.substr(1, kIndexTime) + index.substr(kIndexHead, replies * kIndexStep);
    }
    auto index = file_time(digest.date.value_or(received_us / 1'000'000));
    // When those before it were sent is unknown here; that there were some is not.
    index.append(std::min(digest.references.size(), kIndexSteps) * kIndexStep, '\0');
    return index;
}

std::string reply_index(const mime::Digest& original, std::int64_t now) {
    auto index = original.thread_index;
    if (index.size() < kIndexHead)
        index = '\x01' + file_time(original.date.value_or(now)) + conversation_id(original);
    if (index.size() >= kIndexHead + kIndexStep * kIndexSteps)
        return index;
    std::uint64_t began = 0;
    for (std::size_t i = 1; i <= kIndexTime; ++i)
        began = began << 8U | static_cast<unsigned char>(index[i]);
    began <<= 16U; // the leading byte of the time is the reserved one, the last two are not kept
    const auto ticks = ticks_of(now) & 0x00FFFFFFFFFFFFFFULL;
    const auto passed = ticks > began ? ticks - began : 0;
    const bool coarse = (passed >> 49U) != 0; // more than 1.7 years
    const auto delta = passed >> (coarse ? 23U : 18U) & 0x7FFFFFFFU;
    const auto word = delta | (coarse ? 0x80000000U : 0U);
    for (int shift = 24; shift >= 0; shift -= 8)
        index += static_cast<char>(word >> static_cast<unsigned>(shift) & 0xFFU);
    index += random_bytes(1);
    return index;
}

} // namespace lockstep::activesync
