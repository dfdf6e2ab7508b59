// ResolveRecipients: names to addresses, with certificates, free and busy time, and photos.
// Spec: MS-ASCMD 2.2.1.15; Status 2.2.3.177.12; MergedFreeBusy 2.2.3.107;
// MaxCertificates 2.2.3.101; Picture 2.2.3.135.2. Hardening W13.
#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "codec/vcard/convert.hpp"
#include "codec/vcard/keys.hpp"
#include "net/mail_certificate.hpp"
#include "office/free_busy.hpp"
#include "office/people.hpp"
#include "protocols/activesync/search_commands.hpp"

namespace lockstep::activesync {
namespace {

namespace rr = wbxml::resolve_recipients;
using model::AccountKind;
using office::Person;

constexpr std::int64_t kSlot = 1'800;              ///< seconds of one digit
constexpr std::int64_t kDefaultSpan = 7 * 86'400;  ///< seconds, when EndTime is absent
constexpr std::int64_t kLongestSpan = 42 * 86'400; ///< seconds; as Exchange has it

struct Resolving {
    int certificates = 1; ///< CertificateRetrieval: 1 none, 2 whole ones, 3 mini ones
    std::size_t certificates_left = 9'999;
    std::size_t suggestions = limits::kEasSearchResults;
    bool availability = false;
    std::int64_t from = 0, to = 0; ///< UTC seconds
    bool pictures = false;
    std::size_t picture_size = limits::kEasPhoto;
    std::size_t pictures_each = limits::kEasPhotos;
};

/// A number within bounds; `fallback` when the element is absent. False for anything else.
bool read_number(
    const wbxml::Node& parent, wbxml::Tag tag, std::size_t least, std::size_t most,
    std::size_t& value
) {
    const auto* node = parent.find(tag);
    if (node == nullptr)
        return true;
    const auto number = parse_int<std::size_t>(trim(node->text));
    if (!number || *number < least || *number > most)
        return false;
    value = *number;
    return true;
}

bool read_span(const wbxml::Node& availability, Resolving& wanted) {
    const auto* start = availability.find(rr::StartTime);
    const auto* end = availability.find(rr::EndTime);
    if (start == nullptr)
        return false;
    const auto from = eas::parse_wire_date(trim(start->text));
    if (!from)
        return false;
    auto to = Result<std::int64_t>(*from + kDefaultSpan);
    if (end != nullptr)
        to = eas::parse_wire_date(trim(end->text));
    if (!to || *to < *from + kSlot || *to - *from > kLongestSpan)
        return false;
    wanted.availability = true;
    wanted.from = *from;
    wanted.to = *to;
    return true;
}

/// None: the request breaks the rules (Status 5).
std::optional<Resolving> read_resolving(const wbxml::Node& root, const wbxml::Writer& out) {
    Resolving wanted;
    if (std::ranges::distance(root.all(rr::Options)) > 1)
        return std::nullopt;
    const auto* options = root.find(rr::Options);
    if (options == nullptr)
        return wanted;
    std::size_t certificates = 1;
    if (!read_number(*options, rr::CertificateRetrieval, 1, 3, certificates) ||
        !read_number(*options, rr::MaxCertificates, 0, 9'999, wanted.certificates_left) ||
        !read_number(*options, rr::MaxAmbiguousRecipients, 0, 9'999, wanted.suggestions))
        return std::nullopt;
    wanted.certificates = static_cast<int>(certificates);
    wanted.suggestions = std::min(wanted.suggestions, limits::kEasSearchResults);
    const auto* availability = options->find(rr::Availability);
    if (availability != nullptr && out.allows(rr::Availability) &&
        !read_span(*availability, wanted))
        return std::nullopt;
    const auto* picture = options->find(rr::Picture);
    if (picture != nullptr && out.allows(rr::Picture)) {
        wanted.pictures = true;
        if (!read_number(*picture, rr::MaxSize, 0, limits::kEasPhoto, wanted.picture_size) ||
            !read_number(*picture, rr::MaxPictures, 0, 9'999, wanted.pictures_each))
            return std::nullopt;
    }
    return wanted;
}

/// One digit for each half hour from the very start; the higher one counts (2.2.3.107).
std::string merged_digits(const office::FreeBusy& busy, std::int64_t from, std::int64_t to) {
    std::string digits(static_cast<std::size_t>((to - from + kSlot - 1) / kSlot), '0');
    for (const auto& time : busy.times) {
        // Working elsewhere is no absence, and 4 would mean that nothing is known.
        const char digit = time.kind == ical::Busy::elsewhere
                               ? '0'
                               : static_cast<char>('0' + static_cast<int>(time.kind));
        const auto begin = std::max(time.from, from);
        const auto end = std::min(time.to, to);
        for (auto at = begin; at < end;) {
            const auto slot = (at - from) / kSlot;
            auto& place = digits[static_cast<std::size_t>(slot)];
            place = std::max(place, digit);
            at = from + (slot + 1) * kSlot;
        }
    }
    return digits;
}

struct Time {
    int status = 163;
    std::string digits;
};

Task<Time> time_of_account(Exchange& exchange, model::AccountId account, const Resolving& wanted) {
    const auto busy = co_await office::free_busy(
        exchange.office(), exchange.actor, account, wanted.from, wanted.to
    );
    if (busy)
        co_return Time{1, merged_digits(*busy, wanted.from, wanted.to)};
    co_return Time{busy.error().code == Code::unavailable ? 162 : 163, {}};
}

/// Of a group: that of all its members together.
Task<Result<Time>> time_of(Exchange& exchange, const Person& person, const Resolving& wanted) {
    if (!person.account)
        co_return Time{};
    if (person.kind != AccountKind::group)
        co_return co_await time_of_account(exchange, person.account, wanted);
    CO_TRY(const auto members, co_await exchange.office().directory.members(person.account));
    if (members.size() > limits::kEasMembers)
        co_return Time{161, {}};
    Time all;
    for (const auto& member : members) {
        const auto one = co_await time_of_account(exchange, member.account.id, wanted);
        if (one.status != 1)
            continue;
        if (all.digits.empty())
            all = one;
        for (std::size_t i = 0; i < one.digits.size(); ++i)
            all.digits[i] = std::max(all.digits[i], one.digits[i]);
    }
    co_return all;
}

void write_certificates(
    wbxml::Writer& out, const std::vector<std::string>& certificates, std::size_t members,
    Resolving& wanted
) {
    const int status = certificates.empty()                             ? 7
                       : certificates.size() > wanted.certificates_left ? 8
                                                                        : 1;
    out.open(rr::Certificates);
    out.element(rr::Status, status);
    out.element(rr::CertificateCount, certificates.size());
    out.element(rr::RecipientCount, members);
    if (status == 1) {
        wanted.certificates_left -= certificates.size();
        if (wanted.certificates == 2)
            for (const auto& certificate : certificates)
                out.element(rr::Certificate, base64(certificate));
        else
            out.element(rr::MiniCertificate, base64(net::issuer_and_serial(certificates.front())));
    }
    out.close();
}

void write_picture(
    wbxml::Writer& out, const vcard::Card& card, const Resolving& wanted, std::size_t& sent
) {
    const auto photo = vcard::photo_of(card);
    const int status = photo.bytes.empty()                        ? 173
                       : photo.bytes.size() > wanted.picture_size ? 174
                       : sent >= wanted.pictures_each             ? 175
                                                                  : 1;
    out.open(rr::Picture);
    out.element(rr::Status, status);
    if (status == 1) {
        out.opaque(rr::Data, photo.bytes);
        ++sent;
    }
    out.close();
}

/// The valid certificates of a card.
std::vector<std::string> certificates_of(const vcard::Card& card, std::int64_t now) {
    auto all = vcard::certificates_of(card);
    std::erase_if(all, [now](const std::string& der) { return !net::encrypts_mail(der, now); });
    return all;
}

struct Recipients {
    std::vector<Person> found;
    bool unique = false;
};

/// An address is exact; a name may be ambiguous unless exactly one person bears it.
Task<Result<Recipients>> find_recipients(Exchange& exchange, const std::string& to) {
    Recipients result;
    if (trim(to).empty())
        co_return result;
    CO_TRY(
        result.found, co_await office::find_people(
                          exchange.office(), exchange.actor, {std::string(trim(to)), true}
                      )
    );
    std::vector<Person> exact;
    for (const auto& person : result.found)
        if (iequals(person.address, trim(to)))
            exact.push_back(person);
    if (exact.empty())
        for (const auto& person : result.found)
            if (iequals(person.name, trim(to)))
                exact.push_back(person);
    if (exact.size() == 1)
        result.found = std::move(exact);
    std::erase_if(result.found, [](const Person& person) { return person.address.empty(); });
    result.unique = result.found.size() == 1;
    co_return result;
}

Task<Result<>>
answer_one(Exchange& exchange, wbxml::Writer& out, const std::string& to, Resolving& wanted) {
    CO_TRY(const auto recipients, co_await find_recipients(exchange, to));
    const auto& found = recipients.found;
    const auto shown = recipients.unique ? 1 : std::min(found.size(), wanted.suggestions);
    const int status = found.empty() ? 4 : recipients.unique ? 1 : shown < found.size() ? 3 : 2;
    out.open(rr::Response);
    out.element(rr::To, to);
    out.element(rr::Status, status);
    out.element(rr::RecipientCount, found.size());
    std::size_t pictures = 0;
    const auto now = exchange.office().clock.now_us() / 1'000'000;
    for (std::size_t i = 0; i < (found.empty() ? 0 : shown); ++i) {
        const auto& person = found[i];
        const auto card = vcard::parse(person.card).value_or(vcard::Card{});
        out.open(rr::Recipient);
        out.element(rr::Type, person.listed ? 1 : 2);
        out.element(rr::DisplayName, person.name);
        out.element(rr::EmailAddress, person.address);
        if (wanted.availability && recipients.unique) {
            CO_TRY(const auto time, co_await time_of(exchange, person, wanted));
            out.open(rr::Availability);
            out.element(rr::Status, time.status);
            if (time.status == 1)
                out.element(rr::MergedFreeBusy, time.digits);
            out.close();
        }
        if (wanted.certificates != 1 && recipients.unique)
            write_certificates(out, certificates_of(card, now), 1, wanted);
        if (wanted.pictures)
            write_picture(out, card, wanted, pictures);
        out.close();
    }
    out.close();
    co_return Result<>();
}

} // namespace

Task<Result<Reply>> resolve_recipients(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    exchange.root.reset();
    wbxml::Writer out(exchange.version);
    auto wanted = read_resolving(root, out);
    std::vector<std::string> names;
    for (const auto& to : root.all(rr::To))
        names.push_back(to.text);
    const bool overlong = std::ranges::any_of(names, [](const std::string& name) {
        return name.size() > limits::kPeopleQuery;
    });
    out.open(rr::ResolveRecipients);
    if (!wanted || names.empty() || names.size() > limits::kEasRecipients || overlong) {
        out.element(rr::Status, 5);
    } else {
        out.element(rr::Status, 1);
        for (const auto& name : names)
            CO_CHECK_OK(co_await answer_one(exchange, out, name, *wanted));
    }
    out.close();
    co_return reply_of(out);
}

} // namespace lockstep::activesync
