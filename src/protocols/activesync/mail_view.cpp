// Packing of follow-ups into the office's properties, and the ids of conversations.
#include "protocols/activesync/mail_view.hpp"

#include "base/crypto.hpp"
#include "base/pack.hpp"
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

std::string conversation_id(const mime::Digest& digest) {
    const std::string& root = !digest.references.empty()    ? digest.references.front()
                              : !digest.in_reply_to.empty() ? digest.in_reply_to.front()
                              : !digest.message_id.empty()  ? digest.message_id
                                                            : digest.subject;
    return std::string(blake2b256(root).raw().substr(0, 16));
}

std::string conversation_index(const mime::Digest& digest, std::int64_t received_us) {
    // The upper 40 bits of a FILETIME (100 ns since 1601) behind a leading 1 bit are what clients
    // compare.
    const auto seconds = digest.date.value_or(received_us / 1'000'000);
    const auto filetime = static_cast<std::uint64_t>(seconds + 11'644'473'600LL) * 10'000'000ULL;
    std::string index;
    for (int shift = 56; shift >= 24; shift -= 8)
        index += static_cast<char>((filetime >> static_cast<unsigned>(shift)) & 0xFF);
    return index;
}

} // namespace lockstep::activesync
