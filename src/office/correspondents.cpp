// The list as one packed setting of the account.
#include "office/correspondents.hpp"

#include <algorithm>
#include <ranges>

#include "base/pack.hpp"
#include "base/text.hpp"
#include "store/settings.hpp"

namespace lockstep::office {
namespace {

constexpr std::uint64_t kListForm = 1;
const std::string kListName = "correspondents";
const std::string kToldName = "told-correspondents";
constexpr std::int64_t kOneMail = 256;
constexpr std::int64_t kHalfLifeUs = 30LL * 86'400 * 1'000'000;
constexpr std::size_t kNameBytes = 256; ///< of a name that is kept

std::vector<Correspondent> read_list(Snapshot& snapshot, model::AccountId account) {
    std::vector<Correspondent> list;
    const auto kept = store::find_setting(snapshot, account, {}, kListName);
    if (!kept)
        return list;
    Unpacker in(*kept);
    if (in.number() != kListForm)
        return list;
    const auto count = in.count();
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        Correspondent one;
        one.address = in.text();
        one.name = in.text();
        one.weight = in.integer();
        one.last_us = in.integer();
        list.push_back(std::move(one));
    }
    return in.ok() ? list : std::vector<Correspondent>{};
}

std::int64_t weight_at(const Correspondent& one, std::int64_t now_us) {
    const auto months = std::max<std::int64_t>(0, now_us - one.last_us) / kHalfLifeUs;
    return months >= 40 ? 0 : one.weight >> months;
}

void sort_by_weight(std::vector<Correspondent>& list, std::int64_t now_us) {
    std::ranges::stable_sort(list, [now_us](const Correspondent& a, const Correspondent& b) {
        const auto left = weight_at(a, now_us), right = weight_at(b, now_us);
        return left != right ? left > right : a.last_us > b.last_us;
    });
}

std::string name_in(const mime::Digest& digest, std::string_view address) {
    for (const auto* list : {&digest.to, &digest.cc})
        for (const auto& each : *list)
            if (iequals(each.text(), address))
                return std::string(utf8_prefix(each.name, std::min(each.name.size(), kNameBytes)));
    return {};
}

} // namespace

std::vector<Correspondent>
correspondents(Snapshot& snapshot, model::AccountId account, std::int64_t now_us) {
    auto list = read_list(snapshot, account);
    sort_by_weight(list, now_us);
    for (auto& one : list)
        one.weight = weight_at(one, now_us);
    return list;
}

void note_correspondents(
    Txn& txn, model::AccountId account, const std::vector<std::string>& addresses,
    const mime::Digest& digest, std::int64_t now_us
) {
    auto list = read_list(txn, account);
    // A mail to hundreds says little of whom one writes to.
    for (const auto& address : addresses | std::views::take(kCorrespondents)) {
        auto known = std::ranges::find_if(list, [&](const Correspondent& one) {
            return iequals(one.address, address);
        });
        if (known == list.end())
            known = list.insert(list.end(), Correspondent{lower(address), {}, 0, now_us});
        known->weight = weight_at(*known, now_us) + kOneMail;
        known->last_us = now_us;
        if (auto name = name_in(digest, address); !name.empty())
            known->name = std::move(name);
    }
    sort_by_weight(list, now_us);
    if (list.size() > kCorrespondents)
        list.resize(kCorrespondents);
    Packer out;
    out.number(kListForm);
    out.number(list.size());
    for (const auto& one : list) {
        out.text(one.address);
        out.text(one.name);
        out.integer(one.weight);
        out.integer(one.last_us);
    }
    store::put_setting(txn, account, {}, kListName, out.take());
}

std::string
find_told_correspondents(Snapshot& snapshot, model::AccountId account, const std::string& device) {
    return store::find_setting(snapshot, account, "device:" + device, kToldName)
        .value_or(std::string());
}

void put_told_correspondents(
    Txn& txn, model::AccountId account, const std::string& device, std::string_view packed
) {
    store::put_setting(txn, account, "device:" + device, kToldName, packed);
}

} // namespace lockstep::office
