// Search: the mailbox and the address list.
// Spec: MS-ASCMD 2.2.1.16; Status 2.2.3.177.13 (of Store: 1 success, 2 invalid, 8 too complex, 11
// FolderSync required, 12 the range ends where results may no longer be had, 13 blocked); ranges
// 2.2.3.143.3. Quirks: 16 (an empty Picture is a request for photos; Range and Total always come).
#include "base/text.hpp"
#include "codec/eas/dates.hpp"
#include "protocols/activesync/item_writer.hpp"
#include "protocols/activesync/mailbox_query.hpp"
#include "protocols/activesync/search_commands.hpp"
#include "protocols/activesync/search_people.hpp"
#include "protocols/activesync/sync_options.hpp"

namespace lockstep::activesync {
namespace {

namespace sr = wbxml::search;
namespace as = wbxml::air_sync;
using model::ItemClass;

enum SearchStatus : int {
    kSearchOk = 1,
    kSearchInvalid = 2,
    kSearchTooComplex = 8,
    kSearchFolderSync = 11,
    kSearchPastEnd = 12,
    kSearchBlocked = 13,
};

Result<Reply> answer_store(const Exchange& exchange, int status) {
    wbxml::Writer out(exchange.version);
    out.open(sr::Search);
    out.element(sr::Status, 1);
    out.open(sr::Response);
    out.open(sr::Store);
    out.element(sr::Status, status);
    out.close();
    out.close();
    out.close();
    return reply_of(out);
}

/// Opens everything down to the results.
void begin_results(wbxml::Writer& out, int status) {
    out.open(sr::Search);
    out.element(sr::Status, 1);
    out.open(sr::Response);
    out.open(sr::Store);
    out.element(sr::Status, status);
}

void end_results(wbxml::Writer& out, std::size_t first, std::size_t count, std::size_t total) {
    if (count == 0) {
        out.empty(sr::Result);
        out.element(sr::Range, "0-0");
    } else {
        out.element(sr::Range, fmt::format("{}-{}", first, first + count - 1));
    }
    out.element(sr::Total, total);
    out.close();
    out.close();
    out.close();
}

/// What the range asks for, cut to what may be had.
struct Page {
    std::size_t first = 0;
    std::size_t count = limits::kEasSearchResults;
    int status = kSearchOk;
};

std::expected<Page, int> read_page(const wbxml::Node* options) {
    Page page;
    const auto* node = options != nullptr ? options->find(sr::Range) : nullptr;
    if (node == nullptr)
        return page;
    const auto range = parse_result_range(node->text);
    if (!range)
        return std::unexpected(kSearchInvalid);
    page.first = range->first;
    page.count = std::min(range->last - range->first + 1, limits::kEasSearchResults);
    if (range->last - range->first >= limits::kEasSearchResults)
        page.status = kSearchPastEnd;
    return page;
}

/// A comparison with DateReceived: microseconds.
std::optional<std::int64_t> read_bound(const wbxml::Node& comparison) {
    if (!comparison.has(wbxml::email::DateReceived))
        return std::nullopt;
    const auto at = eas::parse_wire_date(trim(comparison.text_of(sr::Value)));
    if (!at)
        return std::nullopt;
    return *at * 1'000'000;
}

/// The classes that a client of this version may name; none for other names.
std::optional<ItemClass> searchable_class(std::string_view name, wbxml::Version version) {
    const auto found = class_of_name(name);
    if (found == ItemClass::note && version < wbxml::Version::v14_0)
        return std::nullopt;
    return found;
}

int read_condition(const Exchange& exchange, const wbxml::Node& node, MailboxQuery& query) {
    if (node.tag == sr::FreeText) {
        // Every word must be there; Search has no operators in its text.
        for (const auto word : split(node.text, ' '))
            if (!trim(word).empty())
                query.terms.push_back({{QueryTerm::Field::any, std::string(trim(word)), false}});
    } else if (node.tag == as::Class) {
        if (node.text == "SMS" && exchange.at_least(wbxml::Version::v14_0)) {
            query.classes.insert(ItemClass::mail);
            return kSearchOk;
        }
        const auto wanted = searchable_class(node.text, exchange.version);
        if (!wanted)
            return kSearchInvalid;
        query.classes.insert(*wanted);
    } else if (node.tag == as::CollectionId) {
        const auto ref = parse_folder_id(node.text, exchange.actor.account.id);
        if (node.text == "0")
            return kSearchOk;
        if (!ref)
            return kSearchFolderSync;
        query.folders.push_back(*ref);
    } else if (node.tag == sr::ConversationId) {
        if (!query.conversation.empty() || node.text.empty())
            return kSearchInvalid;
        query.conversation = node.text;
    } else if (node.tag == sr::GreaterThan || node.tag == sr::LessThan) {
        auto& bound = node.tag == sr::GreaterThan ? query.after_us : query.before_us;
        const auto at = read_bound(node);
        if (bound || !at)
            return kSearchInvalid;
        bound = at;
    } else {
        // An element of a class is no condition (MS-ASCAL 3.2.5.2 and its like).
        return node.tag.page == sr::kPage ? kSearchTooComplex : kSearchInvalid;
    }
    return kSearchOk;
}

/// Everything stands in the one And of the Query.
std::expected<MailboxQuery, int>
read_mailbox_query(const Exchange& exchange, const wbxml::Node& store) {
    const auto* query_node = store.find(sr::Query);
    if (query_node == nullptr || query_node->children.empty())
        return std::unexpected(kSearchInvalid);
    if (query_node->children.size() > 1 || query_node->children.front().tag != sr::And)
        return std::unexpected(kSearchTooComplex);
    const auto& conditions = query_node->children.front().children;
    if (conditions.empty())
        return std::unexpected(kSearchInvalid);
    if (conditions.size() > limits::kEasSearchTerms)
        return std::unexpected(kSearchTooComplex);
    MailboxQuery query;
    for (const auto& condition : conditions)
        if (const int status = read_condition(exchange, condition, query); status != kSearchOk)
            return std::unexpected(status);
    const bool asks =
        !query.terms.empty() || !query.conversation.empty() || query.after_us || query.before_us;
    if (!asks || query.terms.size() > limits::kEasSearchTerms)
        return std::unexpected(asks ? kSearchTooComplex : kSearchInvalid);
    const auto* options = store.find(sr::Options);
    query.with_subfolders = options != nullptr && options->has(sr::DeepTraversal);
    return query;
}

/// Of an item, what the answer's schema has a place for (MS-ASCMD 6.37).
bool in_search_schema(wbxml::Tag tag) {
    return tag != wbxml::calendar::Categories && tag != wbxml::calendar::OnlineMeetingConfLink &&
           tag != wbxml::calendar::OnlineMeetingExternalLink && tag != wbxml::calendar::ClientUid &&
           tag != wbxml::tasks::OrdinalDate && tag != wbxml::tasks::SubOrdinalDate;
}

void write_properties(
    wbxml::Writer& out, office::Snapshot& snapshot, const Exchange& exchange,
    const model::Item& item, const eas::ItemOptions& options
) {
    wbxml::Writer whole(exchange.version);
    whole.open(sr::Properties);
    write_item(whole, snapshot, exchange, item, options);
    whole.close();
    const auto bytes = whole.finish();
    const auto root = bytes ? wbxml::parse(*bytes) : Result<wbxml::Node>(wbxml::Node{});
    out.open(sr::Properties);
    if (root)
        for (const auto& property : root->children)
            if (in_search_schema(property.tag))
                wbxml::write(out, property);
    out.close();
}

/// Writes one hit; false when it is gone meanwhile.
Task<Result<bool>> write_hit(
    Exchange& exchange, wbxml::Writer& out, const MailboxHit& hit, const eas::ItemOptions& options
) {
    std::function<Result<bool>(office::Snapshot&)> work = [&](office::Snapshot& snapshot
                                                          ) -> Result<bool> {
        const auto item =
            office::find_item(snapshot, hit.folder.owner, hit.folder.collection, hit.uid);
        if (!item)
            return false;
        const auto self = exchange.actor.account.id;
        out.open(sr::Result);
        out.element(as::Class, class_name(item->item_class));
        out.element(sr::LongId, item_id(hit.folder, hit.uid, self));
        out.element(as::CollectionId, folder_id(hit.folder, self));
        write_properties(out, snapshot, exchange, *item, options);
        out.close();
        return true;
    };
    co_return co_await exchange.office().db.read<bool>(hit.folder.owner, std::move(work));
}

Task<Result<Reply>> search_store(Exchange& exchange, const wbxml::Node& store) {
    const auto query = read_mailbox_query(exchange, store);
    if (!query)
        co_return answer_store(exchange, query.error());
    const auto* request = store.find(sr::Options);
    const auto page = read_page(request);
    auto options = request != nullptr ? read_options(*request, std::nullopt) : CollectionOptions{};
    if (!page || !options.valid)
        co_return answer_store(exchange, kSearchInvalid);
    options.item.version = exchange.version;
    options.item.without_body =
        options.item.body_preferences.empty() && options.item.body_part_preferences.empty();
    const auto found = co_await search_mailbox(exchange, *query, page->first, page->count);
    if (!found && (found.error().code == Code::not_found || found.error().code == Code::forbidden))
        co_return answer_store(exchange, kSearchFolderSync);
    if (!found)
        co_return std::unexpected(found.error());
    wbxml::Writer out(exchange.version);
    begin_results(out, page->status);
    std::size_t written = 0;
    for (const auto& hit : found->hits) {
        if (out.size() > limits::kEasAnswerBytes)
            break;
        CO_TRY(const bool there, co_await write_hit(exchange, out, hit, options.item));
        written += there ? 1 : 0;
    }
    end_results(out, page->first, written, found->total);
    co_return reply_of(out);
}

Task<Result<Reply>> search_list(Exchange& exchange, const wbxml::Node& store) {
    const auto* query = store.find(sr::Query);
    const auto* options = store.find(sr::Options);
    const auto page = read_page(options);
    auto picture = read_gal_picture(
        options != nullptr ? options->find(sr::Picture) : nullptr, sr::MaxSize, sr::MaxPictures
    );
    if (query == nullptr || !query->children.empty() || trim(query->text).empty() || !page ||
        !picture || query->text.size() > limits::kPeopleQuery)
        co_return answer_store(exchange, kSearchInvalid);
    CO_TRY(
        const auto found, co_await search_people(exchange, query->text, page->first, page->count)
    );
    wbxml::Writer out(exchange.version);
    begin_results(out, page->status);
    eas::ItemOptions item;
    item.version = exchange.version;
    for (const auto& card : found.cards) {
        out.open(sr::Result);
        out.open(sr::Properties);
        CO_CHECK_OK(eas::write_gal_entry(out, card, item, *picture));
        out.close();
        out.close();
    }
    end_results(out, page->first, found.cards.size(), found.total);
    co_return reply_of(out);
}

} // namespace

Task<Result<Reply>> search(Exchange& exchange) {
    const auto root = std::move(*exchange.root);
    exchange.root.reset();
    const auto* store = root.find(sr::Store);
    const auto name = store != nullptr ? trim(store->text_of(sr::Name)) : std::string_view();
    if (iequals(name, "Mailbox"))
        co_return co_await search_store(exchange, *store);
    if (iequals(name, "GAL"))
        co_return co_await search_list(exchange, *store);
    // There are no document libraries here, and access to none.
    if (iequals(name, "DocumentLibrary") || iequals(name, "Document Library"))
        co_return answer_store(exchange, store->has(sr::Query) ? kSearchBlocked : kSearchInvalid);
    co_return answer_store(exchange, kSearchInvalid);
}

} // namespace lockstep::activesync
