// Searches through the office's index; a conversation is found by looking at the digests, which
// alone know the id that clients were told.
#include "protocols/activesync/mailbox_query.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/eas/email.hpp"
#include "office/folders.hpp"
#include "office/objects.hpp"
#include "office/search.hpp"
#include "protocols/activesync/mail_view.hpp"

namespace lockstep::activesync {
namespace {

using office::Condition;
using Field = QueryTerm::Field;
constexpr std::size_t kSearchPage = 500; ///< items read at once

bool any_address(const std::vector<mime::Address>& list, std::string_view word) {
    return std::ranges::any_of(list, [&](const mime::Address& address) {
        return ifind(address.name, word) != std::string_view::npos ||
               ifind(address.text(), word) != std::string_view::npos;
    });
}

bool any_attachment(const mime::Digest& digest, std::string_view word) {
    return std::ranges::any_of(digest.parts, [&](const mime::DigestPart& part) {
        return part.is_attachment() && ifind(part.filename, word) != std::string_view::npos;
    });
}

/// A mail under examination: its text is read when a term asks for it, and once.
class MailText {
public:
    MailText(
        office::Snapshot& snapshot, office::Office& office, const model::Item& item,
        const mime::Digest& digest
    )
        : snapshot_(snapshot), office_(office), item_(item), digest_(digest) {}

    bool holds(const QueryTerm& term) {
        const auto& word = term.text;
        const auto has = [&word](std::string_view text) {
            return ifind(text, word) != std::string_view::npos;
        };
        switch (term.field) {
        case Field::any:
            return has(digest_.subject) || people(word) || any_attachment(digest_, word) ||
                   has(body());
        case Field::subject:
            return has(digest_.subject);
        case Field::from:
            return any_address(digest_.from, word);
        case Field::to:
            return any_address(digest_.to, word);
        case Field::cc:
            return any_address(digest_.cc, word);
        case Field::bcc:
            return any_address(digest_.bcc, word);
        case Field::participants:
            return people(word);
        case Field::body:
            return has(body());
        case Field::attachment:
            return any_attachment(digest_, word);
        case Field::has_attachment:
            return digest_.has_attachments;
        case Field::is_read:
            return (item_.flags & model::flag::seen) != 0;
        }
        return false;
    }

private:
    bool people(std::string_view word) const {
        return any_address(digest_.from, word) || any_address(digest_.to, word) ||
               any_address(digest_.cc, word) || any_address(digest_.bcc, word);
    }
    const std::string& body() {
        if (!body_) {
            eas::ItemOptions options;
            options.version = wbxml::Version::v16_1;
            options.body_preferences = {{1, 1U << 20U, false, 0}};
            eas::MailView view{
                .digest = digest_,
                .flags = {},
                .size = static_cast<std::uint64_t>(item_.size),
                .read = {}
            };
            view.read = [this](std::uint64_t offset, std::uint64_t length) {
                return office::read_bytes(snapshot_, office_, item_, offset, length);
            };
            wbxml::Writer out(options.version);
            out.open(wbxml::item_operations::Properties);
            const auto written = eas::write_email_body(out, view, options);
            out.close();
            const auto bytes = out.finish();
            const auto root =
                written && bytes ? wbxml::parse(*bytes) : Result<wbxml::Node>(wbxml::Node{});
            const auto* node = root ? root->find(wbxml::air_sync_base::Body) : nullptr;
            body_ = node != nullptr ? std::string(node->text_of(wbxml::air_sync_base::Data))
                                    : std::string();
        }
        return *body_;
    }
    office::Snapshot& snapshot_;
    office::Office& office_;
    const model::Item& item_;
    const mime::Digest& digest_;
    std::optional<std::string> body_;
};

template <class Holds> bool meets(const QueryTerms& terms, Holds holds) {
    return std::ranges::all_of(terms, [&](const std::vector<QueryTerm>& any) {
        return std::ranges::any_of(any, [&](const QueryTerm& term) {
            return holds(term) != term.negated;
        });
    });
}

bool matches(
    office::Snapshot& snapshot, office::Office& office, const model::Item& item,
    const MailboxQuery& query
) {
    if (query.after_us && item.received_us <= *query.after_us)
        return false;
    if (query.before_us && item.received_us >= *query.before_us)
        return false;
    if (item.item_class != model::ItemClass::mail) {
        if (!query.conversation.empty())
            return false;
        const auto bytes = office::object_bytes(snapshot, office, item);
        if (!bytes)
            return false;
        const auto text = replace_all(*bytes, "\r\n ", "");
        return meets(query.terms, [&](const QueryTerm& term) {
            return !term.text.empty() && ifind(text, term.text) != std::string::npos;
        });
    }
    const auto digest = mime::decode(office::find_digest(snapshot, item.owner, item.id));
    if (!digest || (!query.conversation.empty() && conversation_id(*digest) != query.conversation))
        return false;
    MailText text(snapshot, office, item, *digest);
    return meets(query.terms, [&](const QueryTerm& term) { return text.holds(term); });
}

Result<std::vector<MailboxHit>> search_collection(
    office::Snapshot& snapshot, office::Office& office, const model::Collection& collection,
    const MailboxQuery& query
) {
    std::vector<MailboxHit> hits;
    model::Uid below{office::kLastUid};
    for (bool more = true; more;) {
        const auto page = office::changed_items(
            snapshot, collection.owner, collection.id, {}, below, kSearchPage
        );
        more = page.size() == kSearchPage;
        for (const auto& item : page) {
            below = item.uid;
            if (matches(snapshot, office, item, query))
                hits.push_back(
                    {{item.owner, item.collection}, item.uid, item.item_class, item.received_us}
                );
        }
    }
    return hits;
}

/// The collections that the query names, with what lies below them when it asks for it.
Task<Result<std::vector<model::Collection>>>
collections_of(Exchange& exchange, const MailboxQuery& query) {
    const auto self = exchange.actor.account.id;
    std::vector<model::Collection> wanted;
    if (query.folders.empty()) {
        CO_TRY(wanted, co_await office::all_folders(exchange.office(), self));
        co_return wanted;
    }
    std::set<FolderRef> seen;
    for (const auto& ref : query.folders) {
        CO_TRY(
            const auto folder,
            co_await office::open_folder(
                exchange.office(), exchange.actor, ref.owner, ref.collection, model::Right::read
            )
        );
        if (seen.insert(ref).second)
            wanted.push_back(folder.collection);
        if (!query.with_subfolders)
            continue;
        CO_TRY(const auto all, co_await office::all_folders(exchange.office(), ref.owner));
        std::vector<model::CollectionId> below{ref.collection};
        for (std::size_t i = 0; i < below.size(); ++i)
            for (const auto& each : all)
                if (each.parent == below[i] && seen.insert({ref.owner, each.id}).second) {
                    below.push_back(each.id);
                    wanted.push_back(each);
                }
    }
    co_return wanted;
}

} // namespace

Task<Result<MailboxHits>>
search_mailbox(Exchange& exchange, MailboxQuery query, std::size_t first, std::size_t count) {
    CO_TRY(const auto collections, co_await collections_of(exchange, query));
    MailboxHits found;
    for (const auto& collection : collections) {
        if (!query.classes.empty() && !query.classes.contains(collection.item_class))
            continue;
        using Hits = std::vector<MailboxHit>;
        std::function<Result<Hits>(office::Snapshot&)> work =
            [&office = exchange.office(), &collection, &query](office::Snapshot& snapshot) {
                return search_collection(snapshot, office, collection, query);
            };
        CO_TRY(
            auto hits, co_await exchange.office().db.read<Hits>(collection.owner, std::move(work))
        );
        found.hits.insert(found.hits.end(), hits.begin(), hits.end());
    }
    std::ranges::sort(found.hits, [](const MailboxHit& a, const MailboxHit& b) {
        return std::tuple(b.received_us, b.folder, b.uid) <
               std::tuple(a.received_us, a.folder, a.uid);
    });
    found.total = found.hits.size();
    found.hits.erase(
        found.hits.begin(),
        found.hits.begin() + static_cast<std::ptrdiff_t>(std::min(first, found.total))
    );
    found.hits.resize(std::min(found.hits.size(), count));
    co_return found;
}

} // namespace lockstep::activesync
