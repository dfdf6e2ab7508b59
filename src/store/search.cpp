// SQL of the search index. The word index is one FTS5 table of the shard, without contents: its
// rowid holds account and item, so that the rows of an account are one range.
#include "store/search.hpp"

#include <zstd.h>

#include "base/limits.hpp"
#include "base/pack.hpp"
#include "base/text.hpp"
#include "store/search_signature.hpp"

namespace lockstep::store {
namespace {

using model::AccountId;
using model::ItemId;

constexpr int kItemBits = 40; ///< of the rowid
constexpr std::int64_t kLastItem = (std::int64_t{1} << kItemBits) - 1;
constexpr std::uint64_t kTextVersion = 1;
constexpr int kTextLevel = 1; ///< of zstd: written once, read often

constexpr Sql kMarkDue{"INSERT INTO search_due (account_id, item_id) VALUES ($1, $2) "
                       "ON CONFLICT (account_id, item_id) DO NOTHING"};
constexpr Sql kMarkAllDue{"INSERT INTO search_due (account_id, item_id) SELECT account_id, item_id "
                          "FROM item WHERE account_id = $1 "
                          "ON CONFLICT (account_id, item_id) DO NOTHING"};
constexpr Sql kDue{"SELECT account_id, item_id FROM search_due ORDER BY account_id, item_id LIMIT "
                   "$1"};
constexpr Sql kDueOf{
    "SELECT item_id FROM search_due WHERE account_id = $1 ORDER BY item_id LIMIT $2"
};
constexpr Sql kNotDue{"DELETE FROM search_due WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kFindSearchText{
    "SELECT packed FROM search_text WHERE account_id = $1 AND item_id = $2"
};
constexpr Sql kPutSearchText{
    "INSERT INTO search_text (account_id, item_id, packed) VALUES ($1, $2, $3)"
};
constexpr Sql kPutSignature{
    "INSERT INTO search_signature (account_id, item_id, signature) VALUES ($1, $2, $3)"
};
constexpr Sql kDropSearchText{"DELETE FROM search_text WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kDropSignature{"DELETE FROM search_signature WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kSignatures{
    "SELECT item_id, signature FROM search_signature WHERE account_id = $1 ORDER BY item_id"
};
constexpr Sql kIndexedItems{"SELECT item_id FROM search_text WHERE account_id = $1 AND item_id > "
                            "$2 ORDER BY item_id LIMIT $3"};
constexpr Sql kAddWords{
    "INSERT INTO search_words (rowid, sender, rcpt, cc, bcc, subject, body, attachment) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
};
constexpr Sql kTakeWords{"INSERT INTO search_words (search_words, rowid, sender, rcpt, cc, bcc, "
                         "subject, body, attachment) VALUES ('delete', $1, $2, $3, $4, $5, $6, $7, "
                         "$8)"};
constexpr Sql kMatchWords{"SELECT rowid FROM search_words WHERE search_words MATCH $1 AND rowid "
                          "BETWEEN $2 AND $3 ORDER BY rowid"};

std::int64_t row_of(AccountId account, ItemId item) {
    return account.value << kItemBits | item.value;
}

std::string pack_text(const SearchText& text) {
    Packer out;
    out.number(kTextVersion);
    out.text(text.header);
    out.text(text.body);
    const auto plain = out.take();
    std::string packed(ZSTD_compressBound(plain.size()), '\0');
    const auto size =
        ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), kTextLevel);
    if (ZSTD_isError(size) != 0U)
        throw SqlFailure(Code::internal, ZSTD_getErrorName(size));
    packed.resize(size);
    return packed;
}

Result<SearchText> unpack_text(std::string_view packed) {
    constexpr auto kMost = limits::kSearchText + limits::kSearchHeader;
    const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    // Folding makes a text up to eighteen times longer in theory; three times is cut before.
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMost * 4)
        return fail(Code::corrupt, "an indexed text of no known size");
    thread_local const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(
        ZSTD_createDCtx(), ZSTD_freeDCtx
    );
    std::string plain(static_cast<std::size_t>(size), '\0');
    const auto got = ZSTD_decompressDCtx(
        context.get(), plain.data(), plain.size(), packed.data(), packed.size()
    );
    if (got != plain.size())
        return fail(Code::corrupt, "an indexed text that does not unpack");
    Unpacker in(plain);
    SearchText text;
    if (in.number() != kTextVersion)
        return fail(Code::corrupt, "an indexed text of an unknown version");
    text.header = in.text();
    text.body = in.text();
    if (!in.ok() || !in.at_end())
        return fail(Code::corrupt, "an indexed text that is cut short");
    return text;
}

void add_words(Txn& txn, const Sql& sql, std::int64_t row, const SearchText& text) {
    const auto words = words_of(text);
    txn.exec(
        sql, row, words.from, words.to, words.cc, words.bcc, words.subject, words.body,
        words.attachment
    );
}

/// Words and texts; what is due stays so.
void take_out(Txn& txn, AccountId account, ItemId item) {
    const auto before = find_search_text(txn, account, item);
    if (before)
        add_words(txn, kTakeWords, row_of(account, item), *before);
    txn.exec(kDropSearchText, account, item);
    txn.exec(kDropSignature, account, item);
}

std::string_view column_of(WordField field) {
    switch (field) {
    case WordField::any:
        return "";
    case WordField::from:
        return "sender : ";
    case WordField::to:
        return "rcpt : ";
    case WordField::cc:
        return "cc : ";
    case WordField::bcc:
        return "bcc : ";
    case WordField::subject:
        return "subject : ";
    case WordField::body:
        return "{body attachment} : ";
    case WordField::attachment:
        return "attachment : ";
    }
    return "";
}

} // namespace

std::string values_of(const SearchText& text, std::string_view name) {
    std::string out;
    std::string_view rest = text.header;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':') {
            out += line.substr(name.size() + 1);
            out += '\n';
        }
    }
    return out;
}

std::string without_marks(std::string_view folded) {
    std::string out;
    out.reserve(folded.size());
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const auto byte = static_cast<unsigned char>(folded[i]);
        const auto next = i + 1 < folded.size() ? static_cast<unsigned char>(folded[i + 1]) : 0;
        if (byte == 0xCC || (byte == 0xCD && next < 0xB0))
            ++i;
        else
            out += folded[i];
    }
    return out;
}

SearchWords words_of(const SearchText& text) {
    SearchWords words;
    const auto of = [&text](std::string_view name) { return without_marks(values_of(text, name)); };
    words.from = of("FROM") + of("SENDER") + of("REPLY-TO");
    words.to = of("TO");
    words.cc = of("CC");
    words.bcc = of("BCC");
    words.subject = of("SUBJECT");
    words.body = without_marks(text.body);
    words.attachment = of("\x01"
                          "FILE");
    return words;
}

void mark_for_search(Txn& txn, AccountId account, ItemId item) {
    txn.exec(kMarkDue, account, item);
}
void mark_all_for_search(Txn& txn, AccountId account) { txn.exec(kMarkAllDue, account); }

std::vector<DueItem> due_for_search(Snapshot& snapshot, std::size_t limit) {
    std::vector<DueItem> due;
    for (auto rows = snapshot.query(kDue, limit); rows.next();)
        due.push_back({rows.id<AccountId>(0), rows.id<ItemId>(1)});
    return due;
}

std::vector<ItemId> due_for_search(Snapshot& snapshot, AccountId account, std::size_t limit) {
    std::vector<ItemId> due;
    for (auto rows = snapshot.query(kDueOf, account, limit); rows.next();)
        due.push_back(rows.id<ItemId>(0));
    return due;
}

void put_search_text(Txn& txn, AccountId account, ItemId item, const SearchText& text) {
    take_out(txn, account, item);
    txn.exec(kPutSearchText, account, item, Bytes{pack_text(text)});
    txn.exec(kPutSignature, account, item, Bytes{signature_of(text.header, text.body)});
    add_words(txn, kAddWords, row_of(account, item), text);
    txn.exec(kNotDue, account, item);
}

void drop_search_text(Txn& txn, AccountId account, ItemId item) {
    take_out(txn, account, item);
    txn.exec(kNotDue, account, item);
}

void drop_search_texts(Txn& txn, AccountId account) {
    ItemId after;
    for (;;) {
        std::vector<ItemId> some;
        for (auto rows = txn.query(kIndexedItems, account, after, limits::kPruneStep); rows.next();)
            some.push_back(rows.id<ItemId>(0));
        if (some.empty())
            return;
        for (const auto item : some)
            take_out(txn, account, item);
        after = some.back();
    }
}

Result<SearchText> find_search_text(Snapshot& snapshot, AccountId account, ItemId item) {
    auto rows = snapshot.query(kFindSearchText, account, item);
    if (!rows.next())
        return fail(Code::not_found, "nothing is indexed");
    return unpack_text(rows.view(0));
}

std::vector<ItemId> may_contain(Snapshot& snapshot, AccountId account, std::string_view needle) {
    const Needle wanted(needle);
    std::vector<ItemId> found;
    for (auto rows = snapshot.query(kSignatures, account); rows.next();)
        if (wanted.may_be_in(rows.view(1)))
            found.push_back(rows.id<ItemId>(0));
    return found;
}

std::vector<ItemId> with_words(
    Snapshot& snapshot, AccountId account, WordField field, const std::vector<std::string>& words
) {
    std::string match;
    for (const auto& word : words) {
        if (!match.empty())
            match += " AND ";
        match += column_of(field);
        match += '"' + replace_all(word, "\"", "\"\"") + "\" *";
    }
    std::vector<ItemId> found;
    for (auto rows =
             snapshot.query(kMatchWords, match, row_of(account, {0}), row_of(account, {kLastItem}));
         rows.next();)
        found.push_back({rows.i64(0) & kLastItem});
    return found;
}

} // namespace lockstep::store
