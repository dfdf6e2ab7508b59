// Each kind of damage that verify knows is found, left alone unless asked, and mended as promised.
#include <ostream>

#include "store/verify_test_support.hpp"

namespace lockstep::store {
namespace {

enum class Cure { none, recount, repair };

struct Damage {
    const char* name;
    bool control;
    const char* sql;
    const char* word;
    Cure cure;
};

std::ostream& operator<<(std::ostream& out, const Damage& damage) { return out << damage.name; }

class VerifyDamage : public ::testing::TestWithParam<Damage> {};

TEST_P(VerifyDamage, IsFoundTouchedOnlyWhenAskedAndMended) {
    const auto& damage = GetParam();
    SampleStore store;
    store.fill();
    ASSERT_EQ(lines_of(store.verify()), "");
    ASSERT_GT(store.run_sql(damage.control, damage.sql), 0) << "the damage was not done";

    const auto found = store.verify();
    EXPECT_TRUE(has(found, damage.word)) << lines_of(found);
    EXPECT_FALSE(found.sound());
    EXPECT_EQ(lines_of(store.verify()), lines_of(found)) << "looking must change nothing";

    const auto recounted = store.verify({.recount = true});
    EXPECT_EQ(has(recounted, damage.word, true), damage.cure == Cure::recount)
        << lines_of(recounted);
    EXPECT_EQ(recounted.sound(), damage.cure == Cure::recount) << lines_of(recounted);

    if (damage.cure == Cure::recount) {
        EXPECT_EQ(lines_of(store.verify()), "");
        return;
    }
    const auto repaired = store.verify({.recount = true, .repair = true});
    EXPECT_EQ(has(repaired, damage.word, true), damage.cure == Cure::repair) << lines_of(repaired);
    EXPECT_EQ(repaired.sound(), damage.cure == Cure::repair) << lines_of(repaired);
    if (damage.cure == Cure::repair)
        EXPECT_EQ(lines_of(store.verify()), "");
}

// Folder 1: Inbox (mails 1, 2, 3 in a file; a tombstone). Folder 2: Calendar (an event that was
// moved). Folder 3: empty, child of 1. Folder 4: removed. Folder 5: only a tombstone.
INSTANTIATE_TEST_SUITE_P(
    Folders, VerifyDamage,
    ::testing::Values(
        Damage{
            "total", false, "UPDATE collection SET total = total + 1 WHERE coll_id = 1",
            "folder-total", Cure::recount
        },
        Damage{
            "unseen", false, "UPDATE collection SET unseen = unseen - 1 WHERE coll_id = 1",
            "folder-unseen", Cure::recount
        },
        Damage{
            "uidnext", false, "UPDATE collection SET uidnext = 2 WHERE coll_id = 1",
            "folder-uidnext", Cure::recount
        },
        Damage{
            "uidnext_of_a_tombstone", false, "UPDATE collection SET uidnext = 1 WHERE coll_id = 5",
            "folder-uidnext", Cure::recount
        },
        Damage{
            "highest_low", false, "UPDATE collection SET highest = 1 WHERE coll_id = 1",
            "folder-highest", Cure::recount
        },
        Damage{
            "highest_high", false, "UPDATE collection SET highest = 9999 WHERE coll_id = 1",
            "folder-highest", Cure::recount
        },
        Damage{
            "class", false, "UPDATE collection SET class = 9 WHERE coll_id = 3", "folder-class",
            Cure::none
        },
        Damage{
            "created_late", false, "UPDATE collection SET created = modseq + 1 WHERE coll_id = 1",
            "folder-sequence", Cure::repair
        },
        Damage{
            "uidvalidity", false, "UPDATE collection SET uidvalidity = 0 WHERE coll_id = 1",
            "folder-uidvalidity", Cure::repair
        },
        Damage{
            "two_of_a_role", false, "UPDATE collection SET role = 1 WHERE coll_id IN (1, 3)",
            "folder-role", Cure::repair
        },
        Damage{
            "parent_missing", false, "UPDATE collection SET parent_id = 77 WHERE coll_id = 3",
            "folder-parent", Cure::repair
        },
        Damage{
            "parent_circle", false, "UPDATE collection SET parent_id = 3 WHERE coll_id = 1",
            "folder-parent", Cure::repair
        },
        Damage{
            "folder_gone", false, "DELETE FROM collection WHERE coll_id = 1", "item-without-folder",
            Cure::repair
        },
        Damage{
            "live_and_buried", false, "INSERT INTO collection_tombstone VALUES (1, 3, 3, 1, 1, 0)",
            "folder-tombstone", Cure::repair
        }
    )
);

INSTANTIATE_TEST_SUITE_P(
    AccountStates, VerifyDamage,
    ::testing::Values(
        Damage{
            "modseq", false, "UPDATE account_state SET modseq = 2", "account-modseq", Cure::recount
        },
        Damage{
            "next_folder", false, "UPDATE account_state SET next_collection = 2",
            "account-next-folder", Cure::recount
        },
        Damage{
            "next_item", false, "UPDATE account_state SET next_item = 2", "account-next-item",
            Cure::recount
        },
        Damage{
            "used_bytes", false, "UPDATE account_state SET used_bytes = used_bytes + 1",
            "account-used-bytes", Cure::recount
        },
        Damage{
            "floor", false, "UPDATE account_state SET floor = modseq + 1", "account-floor",
            Cure::repair
        },
        Damage{"epoch", false, "UPDATE account_state SET epoch = 0", "account-epoch", Cure::none},
        Damage{
            "state_gone", false, "DELETE FROM account_state", "account-without-state", Cure::repair
        }
    )
);

INSTANTIATE_TEST_SUITE_P(
    Items, VerifyDamage,
    ::testing::Values(
        Damage{
            "class", false, "UPDATE item SET class = 3 WHERE class = 2", "item-class", Cure::none
        },
        Damage{
            "window", false, "UPDATE item SET win_low = 9, win_high = 8 WHERE uid = 1",
            "item-window", Cure::none
        },
        Damage{
            "digest_gone", false, "DELETE FROM item_digest WHERE item_id = 1", "item-digest",
            Cure::none
        },
        Damage{
            "size", false, "UPDATE item SET size = size + 1 WHERE coll_id = 1", "item-size",
            Cure::recount
        },
        Damage{
            "placed_late", false, "UPDATE item SET placed = modseq + 1 WHERE coll_id = 1",
            "item-sequence", Cure::repair
        },
        Damage{
            "content_late", false, "UPDATE item SET content = modseq + 1", "item-sequence",
            Cure::repair
        },
        Damage{
            "foreign_late", false, "UPDATE item SET foreign_seq = modseq", "item-sequence",
            Cure::repair
        },
        Damage{
            "seen_late", false, "UPDATE item SET seen_seq = modseq + 1", "item-sequence",
            Cure::repair
        },
        Damage{
            "labels_before_it_came", false, "UPDATE item SET labels_seq = placed - 1",
            "item-sequence", Cure::repair
        },
        Damage{"never_placed", false, "UPDATE item SET placed = 0", "item-sequence", Cure::repair},
        Damage{
            "buried_alive", false,
            "INSERT INTO tombstone SELECT account_id, coll_id, modseq, uid, item_id, placed, 0, "
            "0, 0, 0, 0 FROM item WHERE item_id = 1",
            "tombstone", Cure::repair
        },
        Damage{
            "buried_twice", false,
            "INSERT INTO tombstone SELECT account_id, coll_id, modseq - 1, uid, item_id, placed, "
            "0, 0, 0, 0, 0 FROM tombstone WHERE coll_id = 5",
            "tombstone", Cure::repair
        },
        Damage{
            "buried_unborn", false, "UPDATE tombstone SET placed = modseq + 1", "tombstone",
            Cure::repair
        },
        Damage{
            "buried_nowhere", false, "DELETE FROM collection WHERE coll_id = 5", "tombstone",
            Cure::repair
        },
        Damage{
            "window_of_nothing", false, "UPDATE window_move SET coll_id = 77", "window-move",
            Cure::repair
        },
        Damage{
            "digest_of_nothing", false, "INSERT INTO item_digest VALUES (1, 999, x'00')",
            "digest-without-mail", Cure::repair
        },
        Damage{
            "digest_of_an_event", false,
            "INSERT INTO item_digest SELECT 1, item_id, x'00' FROM item WHERE class = 2",
            "digest-without-mail", Cure::repair
        },
        Damage{
            "item_forgotten_by_the_index", false, "DELETE FROM search_due WHERE item_id = 1",
            "search-index", Cure::recount
        },
        Damage{
            "text_of_nothing", false, "INSERT INTO search_text VALUES (1, 999, x'00')",
            "search-index", Cure::recount
        },
        Damage{
            "conversation_of_nothing", false, "INSERT INTO conversation_mail VALUES (1, 999, 1)",
            "conversation", Cure::repair
        },
        Damage{
            "ready_text_of_nothing", false, "INSERT INTO mail_text VALUES (1, 999, 1, '', '', '')",
            "mail-text", Cure::recount
        },
        Damage{
            "ready_text_of_a_later_body", false,
            "INSERT INTO mail_text SELECT 1, item_id, content + 1, '', '', '' FROM item WHERE "
            "class = 1 LIMIT 1",
            "mail-text", Cure::recount
        },
        Damage{
            "removed_and_there", false,
            "INSERT INTO buried SELECT 1, 5, item_id, coll_id, blob_hash, x'', '', '', size, 0, 0 "
            "FROM item WHERE class = 1 LIMIT 1",
            "buried", Cure::repair
        }
    )
);

INSTANTIATE_TEST_SUITE_P(
    Bodies, VerifyDamage,
    ::testing::Values(
        Damage{"refs_high", false, "UPDATE blob SET refs = refs + 1", "blob-refs", Cure::recount},
        Damage{
            "refs_none", false, "UPDATE blob SET refs = 0 WHERE bytes IS NULL", "blob-refs",
            Cure::recount
        },
        Damage{"unreferenced", false, "DELETE FROM outbox", "blob-refs", Cure::recount},
        Damage{
            "small_body_gone", false, "DELETE FROM blob WHERE bytes IS NOT NULL", "blob-missing",
            Cure::none
        },
        Damage{
            "row_of_a_file_gone", false, "DELETE FROM blob WHERE bytes IS NULL", "blob-missing",
            Cure::repair
        },
        Damage{
            "small_body_changed", false,
            "UPDATE blob SET bytes = zeroblob(size) WHERE bytes IS NOT NULL", "blob-damaged",
            Cure::none
        },
        Damage{
            "size", false, "UPDATE blob SET size = size + 1 WHERE bytes IS NOT NULL", "blob-size",
            Cure::recount
        },
        Damage{
            "hash_of_an_item", false, "UPDATE item SET blob_hash = x'0102' WHERE coll_id = 2",
            "blob-missing", Cure::none
        }
    )
);

INSTANTIATE_TEST_SUITE_P(
    Devices, VerifyDamage,
    ::testing::Values(
        Damage{
            "author", false, "UPDATE device SET author = author - 2", "device-author", Cure::none
        },
        Damage{
            "device_gone", false, "DELETE FROM device", "sync-state-without-device", Cure::repair
        },
        Damage{
            "unreadable", false, "UPDATE sync_state SET state = x'FF'", "sync-state", Cure::repair
        },
        Damage{
            "ahead", false, "UPDATE sync_state SET state = '1234:999' WHERE owner_id = 1",
            "sync-state-ahead", Cure::repair
        },
        Damage{
            "ahead_of_another_owner", false,
            "UPDATE sync_state SET state = '1234:999' WHERE owner_id = 2", "sync-state-ahead",
            Cure::repair
        },
        Damage{
            "client_op", false, "UPDATE client_op SET uid = 99 WHERE coll_id = 1", "client-op",
            Cure::repair
        },
        Damage{
            "client_op_nowhere", false, "UPDATE client_op SET coll_id = 99 WHERE coll_id = 1",
            "client-op", Cure::repair
        },
        Damage{"job_for_nobody", false, "UPDATE outbox SET recipients = ''", "outbox", Cure::none},
        Damage{
            "meeting_of_nobody", false, "INSERT INTO meeting_out VALUES (1, 7, 0, x'00', 1)",
            "meeting-out", Cure::repair
        },
        Damage{
            "mark_of_nothing", false, "UPDATE delivered SET job_id = 0", "delivered", Cure::repair
        }
    )
);

INSTANTIATE_TEST_SUITE_P(
    Control, VerifyDamage,
    ::testing::Values(
        Damage{
            "address_of_nobody", true, "INSERT INTO address VALUES ('x@example.org', 99)",
            "address", Cure::repair
        },
        Damage{
            "account_without_address", true, "DELETE FROM address WHERE account_id = 1",
            "account-address", Cure::repair
        },
        Damage{
            "address_of_another", true, "UPDATE address SET account_id = 2 WHERE account_id = 1",
            "account-address", Cure::none
        },
        Damage{"domain_gone", true, "DELETE FROM domain", "account-domain", Cure::none},
        Damage{
            "member_of_nothing", true, "INSERT INTO member VALUES (99, 1, 3)", "member",
            Cure::repair
        },
        Damage{
            "member_nobody", true, "INSERT INTO member VALUES (2, 99, 3)", "member", Cure::repair
        },
        Damage{
            "password_of_nobody", true, "INSERT INTO app_password VALUES (99, 1, 'x', 0, x'00', 0)",
            "app-password", Cure::repair
        },
        Damage{
            "counter", true, "UPDATE counter SET value = 1 WHERE name = 'account'", "counter",
            Cure::recount
        },
        Damage{
            "removed_by_half", true, "DELETE FROM account WHERE account_id = 2",
            "account-left-over", Cure::repair
        },
        Damage{
            "never_made", true,
            "INSERT INTO account SELECT 3, domain_id, kind, 'carl', name, language, zone, "
            "verifier, generation, doors, quota_bytes, status, default_right, created_us FROM "
            "account WHERE account_id = 1",
            "account-without-rows", Cure::none
        }
    )
);

} // namespace
} // namespace lockstep::store
