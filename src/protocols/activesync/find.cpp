// Find: mail and people by what somebody types, for 16.1.
// Spec: MS-ASCMD 2.2.1.2; Status 2.2.3.177.2 (1 success, 2 invalid, 3 FolderSync required, 4 a
// first range that does not begin with 0). iPhones were seen sending it at 14.0: it is answered at
// every version, in the words of 16.1.
#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "codec/eas/options.hpp"
#include "codec/mime/digest.hpp"
#include "protocols/activesync/mailbox_query.hpp"
#include "protocols/activesync/search_commands.hpp"
#include "protocols/activesync/search_people.hpp"

namespace lockstep::activesync {
namespace {

namespace fd = wbxml::find;
namespace as = wbxml::air_sync;
using wbxml::Version;

constexpr int kFindOk = 1;
constexpr int kFindInvalid = 2;
constexpr int kFindFolderSync = 3;
constexpr int kFindRangeZero = 4;

/// `inner`: the Status of the Response; 0: there is none.
Result<Reply> answer_find(int outer, int inner, std::string_view store = {}) {
    wbxml::Writer out(Version::v16_1);
    out.open(fd::Find);
    out.element(fd::Status, outer);
    if (inner != 0) {
        out.open(fd::Response);
        out.element(wbxml::item_operations::Store, store);
        out.element(fd::Status, inner);
        out.close();
    }
    out.close();
    return reply_of(out);
}

struct Search {
    std::string id;
    const wbxml::Node* criterion = nullptr;
    bool people = false;
    ResultRange range;
};

std::string_view store_of(const Search& search) { return search.people ? "GAL" : "Mailbox"; }

std::expected<Search, int> read_search(const wbxml::Node& root) {
    Search search;
    search.id = trim(root.text_of(fd::SearchId));
    const auto* execute = root.find(fd::ExecuteSearch);
    if (search.id.empty() || search.id.size() > 64 || execute == nullptr)
        return std::unexpected(kFindInvalid);
    const auto* mail = execute->find(fd::MailBoxSearchCriterion);
    const auto* people = execute->find(fd::GalSearchCriterion);
    if ((mail == nullptr) == (people == nullptr))
        return std::unexpected(kFindInvalid);
    search.people = people != nullptr;
    search.criterion = search.people ? people : mail;
    if (!search.criterion->has(fd::Query))
        return std::unexpected(kFindInvalid);
    const auto* options = search.criterion->find(fd::Options);
    if (options != nullptr && options->has(fd::Range)) {
        const auto range = parse_result_range(options->text_of(fd::Range));
        if (!range)
            return std::unexpected(kFindInvalid);
        search.range = *range;
    }
    search.range.last =
        std::min(search.range.last, search.range.first + limits::kEasSearchResults - 1);
    return search;
}

std::expected<MailboxQuery, int>
read_criterion(const Exchange& exchange, const wbxml::Node& criterion) {
    MailboxQuery query;
    const auto& node = *criterion.find(fd::Query);
    query.terms = parse_keywords(node.text_of(fd::FreeText));
    if (query.terms.empty())
        return std::unexpected(kFindInvalid);
    query.classes.insert(model::ItemClass::mail);
    const auto item_class = node.text_of(as::Class, "Email");
    if (item_class != "Email")
        return std::unexpected(kFindInvalid);
    for (const auto& folder : node.all(as::CollectionId)) {
        const auto ref = parse_folder_id(folder.text, exchange.actor.account.id);
        if (!ref)
            return std::unexpected(kFindFolderSync);
        query.folders.push_back(*ref);
    }
    const auto* options = criterion.find(fd::Options);
    query.with_subfolders = options != nullptr && options->has(fd::DeepTraversal);
    return query;
}

/// Names as a list shows them.
std::string shown_names(const std::vector<mime::Address>& list) {
    std::string out;
    for (const auto& address : list) {
        const auto name = address.name.empty() ? address.text() : address.name;
        if (name.empty() || out.size() + name.size() > 1'024)
            continue;
        out += (out.empty() ? "" : "; ") + name;
    }
    return out;
}

void write_found_mail(wbxml::Writer& out, const model::Item& item, const mime::Digest& digest) {
    namespace em = wbxml::email;
    const auto if_some = [&out](wbxml::Tag tag, const std::string& text) {
        if (!text.empty())
            out.element(tag, text);
    };
    out.element(em::Subject, digest.subject);
    out.element(em::DateReceived, eas::iso_date(item.received_us / 1'000'000));
    if_some(em::DisplayTo, shown_names(digest.to));
    if_some(fd::DisplayCc, shown_names(digest.cc));
    if_some(fd::DisplayBcc, shown_names(digest.bcc));
    out.element(em::Importance, digest.importance);
    out.element(em::Read, (item.flags & model::flag::seen) != 0 ? 1 : 0);
    out.element(wbxml::email2::IsDraft, (item.flags & model::flag::draft) != 0 ? 1 : 0);
    if_some(fd::Preview, digest.preview);
    out.element(fd::HasAttachments, digest.has_attachments);
    if_some(em::From, shown_names(digest.from));
}

Task<Result<bool>> write_found(Exchange& exchange, wbxml::Writer& out, const MailboxHit& hit) {
    std::function<Result<bool>(office::Snapshot&)> work = [&](office::Snapshot& snapshot
                                                          ) -> Result<bool> {
        const auto item =
            office::find_item(snapshot, hit.folder.owner, hit.folder.collection, hit.uid);
        if (!item)
            return false;
        const auto digest = mime::decode(office::find_digest(snapshot, item->owner, item->id));
        if (!digest)
            return false;
        const auto self = exchange.actor.account.id;
        out.open(fd::Result);
        out.element(as::Class, "Email");
        out.element(as::ServerId, item_id(hit.folder, hit.uid, self));
        out.element(as::CollectionId, folder_id(hit.folder, self));
        out.open(fd::Properties);
        write_found_mail(out, *item, *digest);
        out.close();
        out.close();
        return true;
    };
    co_return co_await exchange.office().db.read<bool>(hit.folder.owner, std::move(work));
}

void begin_found(wbxml::Writer& out, const Search& search) {
    out.open(fd::Find);
    out.element(fd::Status, kFindOk);
    out.open(fd::Response);
    out.element(wbxml::item_operations::Store, store_of(search));
    out.element(fd::Status, kFindOk);
}

Result<Reply>
end_found(wbxml::Writer& out, const Search& search, std::size_t count, std::size_t total) {
    const auto first = count == 0 ? 0 : search.range.first;
    out.element(fd::Range, fmt::format("{}-{}", first, first + (count == 0 ? 0 : count - 1)));
    out.element(fd::Total, total);
    out.close();
    out.close();
    return reply_of(out);
}

Task<Result<Reply>> find_mail(Exchange& exchange, const Search& search) {
    const auto query = read_criterion(exchange, *search.criterion);
    if (!query)
        co_return query.error() == kFindInvalid
            ? answer_find(kFindInvalid, kFindInvalid, store_of(search))
            : answer_find(query.error(), 0);
    const auto found = co_await search_mailbox(
        exchange, *query, search.range.first, search.range.last - search.range.first + 1
    );
    if (!found && (found.error().code == Code::not_found || found.error().code == Code::forbidden))
        co_return answer_find(kFindFolderSync, 0);
    if (!found)
        co_return std::unexpected(found.error());
    wbxml::Writer out(Version::v16_1);
    begin_found(out, search);
    std::size_t written = 0;
    for (const auto& hit : found->hits) {
        CO_TRY(const bool there, co_await write_found(exchange, out, hit));
        written += there ? 1 : 0;
    }
    co_return end_found(out, search, written, found->total);
}

Task<Result<Reply>> find_people_listed(Exchange& exchange, const Search& search) {
    const auto text = trim(search.criterion->text_of(fd::Query));
    const auto* options = search.criterion->find(fd::Options);
    auto picture = read_gal_picture(
        options != nullptr ? options->find(fd::Picture) : nullptr, fd::MaxSize, fd::MaxPictures
    );
    if (text.empty() || text.size() > limits::kPeopleQuery || !picture)
        co_return answer_find(kFindInvalid, kFindInvalid, store_of(search));
    CO_TRY(
        const auto found,
        co_await search_people(
            exchange, text, search.range.first, search.range.last - search.range.first + 1
        )
    );
    wbxml::Writer out(Version::v16_1);
    begin_found(out, search);
    eas::ItemOptions item;
    item.version = Version::v16_1;
    for (const auto& card : found.cards) {
        out.open(fd::Result);
        out.open(fd::Properties);
        CO_CHECK_OK(eas::write_gal_entry(out, card, item, *picture));
        out.close();
        out.close();
    }
    co_return end_found(out, search, found.cards.size(), found.total);
}

/// A search begins with its first result; only its own further pages may begin elsewhere.
Task<Result<bool>> begins_or_goes_on(Exchange& exchange, const Search& search) {
    std::function<Result<bool>(office::Txn&)> work =
        [account = exchange.actor.account.id, author = exchange.actor.author,
         name = "find:" + search.id, first = search.range.first,
         now = exchange.office().clock.now_us()](office::Txn& txn) -> Result<bool> {
        const bool known = office::find_client_op(txn, account, author, {}, name).has_value();
        if (!known && first == 0)
            office::add_client_op(txn, account, author, {}, name, {}, now);
        return known || first == 0;
    };
    co_return co_await exchange.office().db.write<bool>(exchange.actor.account.id, std::move(work));
}

} // namespace

Task<Result<Reply>> find(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    exchange.root.reset();
    const auto search = read_search(root);
    if (!search)
        co_return answer_find(search.error(), 0);
    CO_TRY(const bool known, co_await begins_or_goes_on(exchange, *search));
    if (!known)
        co_return answer_find(kFindOk, kFindRangeZero, store_of(*search));
    if (search->people)
        co_return co_await find_people_listed(exchange, *search);
    co_return co_await find_mail(exchange, *search);
}

} // namespace lockstep::activesync
