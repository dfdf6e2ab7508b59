// verify: the control file, and which accounts a shard file holds.
#include <fmt/format.h>

#include "store/verify_exam.hpp"

namespace lockstep::store {
namespace {

constexpr Sql kExamAddresses{
    "SELECT x.address, x.account_id FROM address x LEFT JOIN account a ON a.account_id = "
    "x.account_id WHERE a.account_id IS NULL"
};
constexpr Sql kExamAccounts{
    "SELECT a.account_id, a.domain_id, a.local, d.name, x.account_id FROM account a "
    "LEFT JOIN domain d ON d.domain_id = a.domain_id "
    "LEFT JOIN address x ON x.address = a.local || '@' || d.name"
};
constexpr Sql kExamMembers{"SELECT m.owner_id, m.account_id FROM member m "
                           "LEFT JOIN account o ON o.account_id = m.owner_id "
                           "LEFT JOIN account a ON a.account_id = m.account_id "
                           "WHERE o.account_id IS NULL OR a.account_id IS NULL"};
constexpr Sql kExamShares{"SELECT s.owner_id, s.coll_id, s.grantee_id FROM share s "
                          "LEFT JOIN account o ON o.account_id = s.owner_id "
                          "LEFT JOIN account a ON a.account_id = s.grantee_id "
                          "WHERE o.account_id IS NULL OR a.account_id IS NULL"};
constexpr Sql kMendDropShare{
    "DELETE FROM share WHERE owner_id = $1 AND coll_id = $2 AND grantee_id = $3"
};
constexpr Sql kExamPasswords{
    "SELECT p.account_id, p.password_id FROM app_password p LEFT JOIN account a ON a.account_id = "
    "p.account_id WHERE a.account_id IS NULL"
};
constexpr Sql kExamSessions{"SELECT DISTINCT s.account_id FROM web_session s LEFT JOIN account a "
                            "ON a.account_id = s.account_id WHERE a.account_id IS NULL"};
constexpr Sql kMendDropSessions{"DELETE FROM web_session WHERE account_id = $1"};
constexpr Sql kExamFactors{"SELECT DISTINCT f.account_id FROM second_factor f LEFT JOIN account a "
                           "ON a.account_id = f.account_id WHERE a.account_id IS NULL"};
constexpr Sql kMendDropFactors{"DELETE FROM second_factor WHERE account_id = $1"};
constexpr Sql kExamLastSession{"SELECT max(session_id) FROM web_session"};
constexpr Sql kExamLastFactor{"SELECT max(factor_id) FROM second_factor"};
constexpr Sql kExamCounter{"SELECT value FROM counter WHERE name = $1"};
constexpr Sql kExamLastDomain{"SELECT max(domain_id) FROM domain"};
constexpr Sql kExamLastAccount{"SELECT max(account_id) FROM account"};
constexpr Sql kExamLastPassword{"SELECT max(password_id) FROM app_password"};
constexpr Sql kMendDropAddress{"DELETE FROM address WHERE address = $1"};
constexpr Sql kMendAddAddress{"INSERT INTO address (address, account_id) VALUES ($1, $2)"};
constexpr Sql kMendDropMember{"DELETE FROM member WHERE owner_id = $1 AND account_id = $2"};
constexpr Sql kMendDropPassword{
    "DELETE FROM app_password WHERE account_id = $1 AND password_id = $2"
};
constexpr Sql kMendCounter{
    "INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO "
    "UPDATE SET value = excluded.value"
};
constexpr Sql kNextKnown{"SELECT account_id FROM account WHERE account_id > $1 AND status <> 0 "
                         "ORDER BY account_id LIMIT 1"};
constexpr Sql kIsKnown{"SELECT 1 FROM account WHERE account_id = $1"};

/// Every table of a shard: rows of an account may be left in any of them.
constexpr Sql kNextHere[] = {
    {"SELECT min(account_id) FROM account_state WHERE account_id > $1"},
    {"SELECT min(account_id) FROM collection WHERE account_id > $1"},
    {"SELECT min(account_id) FROM collection_tombstone WHERE account_id > $1"},
    {"SELECT min(account_id) FROM item WHERE account_id > $1"},
    {"SELECT min(account_id) FROM item_digest WHERE account_id > $1"},
    {"SELECT min(account_id) FROM tombstone WHERE account_id > $1"},
    {"SELECT min(account_id) FROM window_move WHERE account_id > $1"},
    {"SELECT min(account_id) FROM blob WHERE account_id > $1"},
    {"SELECT min(account_id) FROM device WHERE account_id > $1"},
    {"SELECT min(account_id) FROM device_event WHERE account_id > $1"},
    {"SELECT min(account_id) FROM sync_state WHERE account_id > $1"},
    {"SELECT min(account_id) FROM client_op WHERE account_id > $1"},
    {"SELECT min(account_id) FROM outbox WHERE account_id > $1"},
    {"SELECT min(account_id) FROM delivered WHERE account_id > $1"},
    {"SELECT min(account_id) FROM setting WHERE account_id > $1"},
    {"SELECT min(account_id) FROM meeting_out WHERE account_id > $1"},
    {"SELECT min(account_id) FROM meeting_told WHERE account_id > $1"},
    {"SELECT min(account_id) FROM upload WHERE account_id > $1"},
    {"SELECT min(account_id) FROM mail_text WHERE account_id > $1"},
    {"SELECT min(account_id) FROM buried WHERE account_id > $1"},
    {"SELECT min(account_id) FROM conversation_mail WHERE account_id > $1"},
    {"SELECT min(account_id) FROM conversation_key WHERE account_id > $1"},
    {"SELECT min(account_id) FROM search_due WHERE account_id > $1"},
    {"SELECT min(account_id) FROM search_text WHERE account_id > $1"},
    {"SELECT min(account_id) FROM search_signature WHERE account_id > $1"},
    {"SELECT min(account_id) FROM sender WHERE account_id > $1"},
    {"SELECT min(account_id) FROM queue WHERE account_id > $1"},
    {"SELECT min(account_id) FROM queue_rcpt WHERE account_id > $1"},
};

void examine_accounts(Snapshot& snapshot, Examined& out) {
    for (auto row = snapshot.query(kExamAccounts); row.next();) {
        const auto id = row.i64(0);
        const auto where = fmt::format("account {}", id);
        if (row.null(3)) {
            out.add("account-domain", where, fmt::format("domain {} is not there", row.i64(1)));
            continue;
        }
        const auto address = row.str(2) + "@" + row.str(3);
        if (row.null(4))
            out.add(
                "account-address", where, address + " leads nowhere", Remedy::repair,
                [address, id](Txn& txn) { txn.exec(kMendAddAddress, address, id); }
            );
        else if (row.i64(4) != id)
            out.add(
                "account-address", where, fmt::format("{} leads to account {}", address, row.i64(4))
            );
    }
}

void examine_counter(Snapshot& snapshot, Examined& out, const char* name, const Sql& newest) {
    const auto last = snapshot.scalar(newest).value_or(0);
    const auto stored = snapshot.scalar(kExamCounter, std::string_view(name)).value_or(0);
    if (stored >= last)
        return;
    out.add(
        "counter", fmt::format("counter {}", name), fmt::format("stored {}, used {}", stored, last),
        Remedy::recount,
        [name, last](Txn& txn) { txn.exec(kMendCounter, std::string_view(name), last); }
    );
}

} // namespace

void examine_control(Snapshot& snapshot, Examined& out) {
    examine_accounts(snapshot, out);
    for (auto row = snapshot.query(kExamAddresses); row.next();)
        out.add(
            "address", "address " + row.str(0),
            fmt::format("leads to account {}, which is not there", row.i64(1)), Remedy::repair,
            [address = row.str(0)](Txn& txn) { txn.exec(kMendDropAddress, address); }
        );
    for (auto row = snapshot.query(kExamMembers); row.next();)
        out.add(
            "member", fmt::format("account {} owner {}", row.i64(1), row.i64(0)),
            "one of both is not there", Remedy::repair,
            [owner = row.i64(0), account = row.i64(1)](Txn& txn) {
                txn.exec(kMendDropMember, owner, account);
            }
        );
    for (auto row = snapshot.query(kExamShares); row.next();)
        out.add(
            "share", fmt::format("account {} owner {}", row.i64(2), row.i64(0)),
            "one of both is not there", Remedy::repair,
            [owner = row.i64(0), coll = row.i64(1), grantee = row.i64(2)](Txn& txn) {
                txn.exec(kMendDropShare, owner, coll, grantee);
            }
        );
    for (auto row = snapshot.query(kExamPasswords); row.next();)
        out.add(
            "app-password", fmt::format("account {}", row.i64(0)), "the account is not there",
            Remedy::repair,
            [account = row.i64(0), password = row.i64(1)](Txn& txn) {
                txn.exec(kMendDropPassword, account, password);
            }
        );
    for (auto row = snapshot.query(kExamSessions); row.next();)
        out.add(
            "web-session", fmt::format("account {}", row.i64(0)), "the account is not there",
            Remedy::repair,
            [account = row.i64(0)](Txn& txn) { txn.exec(kMendDropSessions, account); }
        );
    for (auto row = snapshot.query(kExamFactors); row.next();)
        out.add(
            "second-factor", fmt::format("account {}", row.i64(0)), "the account is not there",
            Remedy::repair,
            [account = row.i64(0)](Txn& txn) { txn.exec(kMendDropFactors, account); }
        );
    examine_counter(snapshot, out, "web_session", kExamLastSession);
    examine_counter(snapshot, out, "second_factor", kExamLastFactor);
    examine_counter(snapshot, out, "domain", kExamLastDomain);
    examine_counter(snapshot, out, "account", kExamLastAccount);
    examine_counter(snapshot, out, "app_password", kExamLastPassword);
}

std::optional<model::AccountId> next_account_here(Snapshot& snapshot, model::AccountId after) {
    std::optional<model::AccountId> next;
    for (const auto& table : kNextHere) {
        const auto found = snapshot.scalar(table, after);
        if (found && (!next || *found < next->value))
            next = model::AccountId{*found};
    }
    return next;
}

std::optional<model::AccountId> next_known_account(Snapshot& snapshot, model::AccountId after) {
    const auto found = snapshot.scalar(kNextKnown, after);
    if (!found)
        return std::nullopt;
    return model::AccountId{*found};
}

bool account_is_known(Snapshot& snapshot, model::AccountId account) {
    return snapshot.scalar(kIsKnown, account).has_value();
}

} // namespace lockstep::store
