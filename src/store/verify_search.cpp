// verify: what stands beside mail (search index, conversations, ready texts, what was removed for
// good) against the items.
#include <fmt/format.h>

#include "store/conversations.hpp"
#include "store/mail_rows.hpp"
#include "store/search.hpp"
#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

#define NOT_DUE(row)                                                                               \
    " AND NOT EXISTS (SELECT 1 FROM search_due s WHERE s.account_id = " row                        \
    ".account_id AND s.item_id = " row ".item_id)"

constexpr Sql kExamUnindexed{"SELECT i.item_id FROM item i WHERE i.account_id = $1" NOT_DUE("i"
) " AND NOT (EXISTS (SELECT 1 FROM search_text t WHERE t.account_id = i.account_id AND "
  "t.item_id = i.item_id) AND EXISTS (SELECT 1 FROM search_signature g WHERE g.account_id = "
  "i.account_id AND g.item_id = i.item_id))"};
constexpr Sql kExamLeftTexts{"SELECT t.item_id FROM search_text t WHERE t.account_id = $1" NOT_DUE(
    "t"
) " AND NOT EXISTS (SELECT 1 FROM item i WHERE i.account_id = t.account_id AND i.item_id = "
  "t.item_id)"};
constexpr Sql kExamConversations{
    "SELECT c.item_id FROM conversation_mail c LEFT JOIN item i ON i.account_id = c.account_id AND "
    "i.item_id = c.item_id WHERE c.account_id = $1 AND (i.item_id IS NULL OR i.class <> 1)"
};

/// A text is of an older body when it is of no use, never of one that was not there yet.
constexpr Sql kExamReadyTexts{
    "SELECT t.item_id FROM mail_text t LEFT JOIN item i ON i.account_id = t.account_id AND "
    "i.item_id = t.item_id WHERE t.account_id = $1 AND (i.item_id IS NULL OR i.class <> 1 OR "
    "t.content > i.content)"
};
constexpr Sql kDropReadyText{"DELETE FROM mail_text WHERE account_id = $1 AND item_id = $2"};
constexpr Sql kExamGoneAlive{
    "SELECT b.item_id FROM buried b JOIN item i ON i.account_id = b.account_id AND i.item_id = "
    "b.item_id WHERE b.account_id = $1"
};

#undef NOT_DUE

/// Forgets mail that was taken for removed and is there.
void forget_buried(Txn& txn, model::AccountId account, model::ItemId item) {
    for (const auto& each : list_buried(txn, account, SIZE_MAX >> 1U))
        if (each.id == item)
            drop_buried(txn, account, each);
}

} // namespace

void AccountExam::check_search() {
    for (const auto* sql : {&kExamUnindexed, &kExamLeftTexts})
        for (auto row = snapshot_.query(*sql, account_); row.next();) {
            const auto item = row.id<model::ItemId>(0);
            out_.add(
                "search-index", here(fmt::format("item {}", item.value)),
                sql == &kExamUnindexed ? "is neither indexed nor due" : "is gone, its text is not",
                Remedy::recount,
                [account = account_, item](Txn& txn) { mark_for_search(txn, account, item); }
            );
        }
    for (auto row = snapshot_.query(kExamConversations, account_); row.next();) {
        const auto item = row.id<model::ItemId>(0);
        out_.add(
            "conversation", here(fmt::format("item {}", item.value)),
            "is in a conversation and no mail", Remedy::repair,
            [account = account_, item](Txn& txn) { leave_conversation(txn, account, item); }
        );
    }
}

void AccountExam::check_beside_mail() {
    for (auto row = snapshot_.query(kExamReadyTexts, account_); row.next();) {
        const auto item = row.id<model::ItemId>(0);
        out_.add(
            "mail-text", here(fmt::format("item {}", item.value)),
            "has ready texts that are not its own", Remedy::recount,
            [account = account_, item](Txn& txn) { txn.exec(kDropReadyText, account, item); }
        );
    }
    for (auto row = snapshot_.query(kExamGoneAlive, account_); row.next();) {
        const auto item = row.id<model::ItemId>(0);
        out_.add(
            "buried", here(fmt::format("item {}", item.value)), "is there, and removed for good",
            Remedy::repair,
            [account = account_, item](Txn& txn) { forget_buried(txn, account, item); }
        );
    }
}

} // namespace lockstep::store
