// Fills a store through the office, in batches of one commit each.
#include "bench/office_data.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "codec/mime/digest.hpp"
#include "office/demo_corpus.hpp"
#include "office/mail.hpp"
#include "office/objects.hpp"
#include "server/core.hpp"
#include "store/collections.hpp"

namespace lockstep::bench {
namespace {

using model::Role;

constexpr std::size_t kBatch = 200; ///< items of one commit
constexpr std::uint64_t kSeed = 1;

/// One item's worth of work inside a commit.
using Put =
    std::function<Result<>(store::Txn&, const office::Actor&, const office::Folder&, std::size_t)>;

Task<Result<>>
put_all(office::Office& office, model::AccountId id, Role role, std::size_t count, Put put) {
    CO_TRY(const auto account, co_await office.directory.find(id));
    const office::Actor actor{account, {}};
    for (std::size_t from = 0; from < count; from += kBatch) {
        std::function<Result<bool>(store::Txn&)> work = [&, from](store::Txn& txn) -> Result<bool> {
            office::Folder folder;
            const auto found = store::find_by_role(txn, id, role);
            if (!found)
                return fail(Code::not_found, "the account lacks a folder");
            folder.collection = *found;
            folder.right = model::Right::own;
            for (auto i = from; i < std::min(count, from + kBatch); ++i)
                CHECK_OK(put(txn, actor, folder, i));
            return true;
        };
        CO_CHECK_OK(co_await office.db.write<bool>(id, std::move(work)));
    }
    co_return Result<>();
}

Result<> put_mail(
    store::Txn& txn, office::Office& office, const office::Folder& folder, std::string bytes,
    std::int64_t received
) {
    const auto digest = mime::make_digest(bytes);
    TRY(auto blob, store::make_blob(office.files, std::move(bytes)));
    CHECK_OK(office::add_mail(
        txn, folder, std::move(blob), digest, mime::encode(digest), 0, received * 1'000'000, {},
        false
    ));
    return {};
}

Put object_put(
    office::Office& office, office::CorpusItem (*make)(std::uint64_t, std::uint64_t, std::int64_t)
) {
    return
        [&office, make](
            store::Txn& txn, const office::Actor& actor, const office::Folder& folder, std::size_t i
        ) -> Result<> {
            auto item = make(kSeed, i, office::kCorpusNow);
            CHECK_OK(office::add_object(txn, office, actor, folder, std::move(item.bytes), false));
            return {};
        };
}

Task<Result<std::vector<Person>>>
make_people(directory::Directory& directory, std::string name, std::size_t count) {
    std::vector<Person> people;
    for (std::size_t i = 1; i <= count; ++i) {
        directory::NewAccount wanted;
        wanted.address = fmt::format("{}{}@{}", name, i, kDomain);
        wanted.name = wanted.address;
        CO_TRY(const auto account, co_await directory.add_account(std::move(wanted)));
        CO_TRY(
            const auto password,
            co_await directory.add_app_password(account.id, "bench", directory::kAllDoors)
        );
        people.push_back({account.id, account.address, password.reveal()});
    }
    co_return people;
}

} // namespace

OfficeData::OfficeData(std::unique_ptr<server::Core> core) : core_(std::move(core)) {}
OfficeData::OfficeData(OfficeData&&) noexcept = default;
OfficeData::~OfficeData() = default;

Result<OfficeData> OfficeData::open(const std::filesystem::path& data) {
    TRY(auto core, server::Core::open(data, server::Config{}));
    return OfficeData(std::move(core));
}

Result<std::vector<Person>> OfficeData::add_people(std::string_view name, std::size_t count) {
    if (!std::exchange(has_domain_, true))
        CHECK_OK(block_on(core_->directory().add_domain(std::string(kDomain))));
    return block_on(make_people(core_->directory(), std::string(name), count));
}

Result<std::uint64_t> OfficeData::add_corpus(const Person& person, std::size_t count) {
    std::uint64_t bytes = 0;
    auto& office = core_->office();
    Put put = [&](store::Txn& txn, const office::Actor&, const office::Folder& folder,
                  std::size_t i) -> Result<> {
        auto item = office::corpus_message(kSeed, i, office::kCorpusNow);
        bytes += item.bytes.size();
        return put_mail(txn, office, folder, std::move(item.bytes), item.received);
    };
    CHECK_OK(block_on(put_all(office, person.id, Role::inbox, count, std::move(put))));
    return bytes;
}

Result<> OfficeData::add_small_mail(const Person& person, std::size_t count) {
    auto& office = core_->office();
    Put put = [&](store::Txn& txn, const office::Actor&, const office::Folder& folder,
                  std::size_t i) -> Result<> {
        auto bytes = small_message("sender@elsewhere.example", person.address, i, 300);
        const auto age = static_cast<std::int64_t>(count - i);
        return put_mail(txn, office, folder, std::move(bytes), office::kCorpusNow - age);
    };
    return block_on(put_all(office, person.id, Role::inbox, count, std::move(put)));
}

Result<> OfficeData::add_contacts(const Person& person, std::size_t count) {
    auto put = object_put(core_->office(), &office::corpus_contact);
    return block_on(put_all(core_->office(), person.id, Role::contacts, count, std::move(put)));
}

Result<> OfficeData::add_events(const Person& person, std::size_t count) {
    auto put = object_put(core_->office(), &office::corpus_event);
    return block_on(put_all(core_->office(), person.id, Role::calendar, count, std::move(put)));
}

std::string
small_message(std::string_view from, std::string_view to, std::uint64_t number, std::size_t bytes) {
    auto out = fmt::format(
        "From: <{}>\r\nTo: <{}>\r\nSubject: Message number {}\r\n"
        "Date: Tue, 24 Nov 2026 11:40:08 +0000\r\nMessage-ID: <{}.bench@elsewhere.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
        from, to, number, number
    );
    do
        out += "Seventy bytes of text that say nothing, so that a mail has its size.\r\n";
    while (out.size() < bytes);
    return out;
}

} // namespace lockstep::bench
