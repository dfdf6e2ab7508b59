// Version 2 of the schema: what was added after the first store. One block a subject, in the order
// of their coming. Invariants: as schema.cpp says; this entry is open until the next release, then
// frozen.
#pragma once

namespace lockstep::store {

inline constexpr const char* kControl2 =
    // What an owner lets others do with one of its collections (coll_id 0: with all of them);
    // and the rules of the server, a domain, a group or an account (directory/rules.cpp).
    R"sql(
CREATE TABLE share (
  owner_id {I64} NOT NULL, coll_id {I64} NOT NULL, grantee_id {I64} NOT NULL, granted {I64} NOT NULL,
  PRIMARY KEY (owner_id, coll_id, grantee_id)){KEYED};
CREATE INDEX share_grantee ON share (grantee_id, owner_id, coll_id);
CREATE TABLE rule (scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (scope, name)){KEYED};
)sql"
    // Browsers that are signed in, and what a person proves beside the password
    // (directory/web_sessions.hpp, second_factor.hpp).
    R"sql(
CREATE TABLE web_session (
  token {BLOB} NOT NULL, session_id {I64} NOT NULL, account_id {I64} NOT NULL, remember {I64} NOT NULL,
  created_us {I64} NOT NULL, seen_us {I64} NOT NULL, proved_us {I64} NOT NULL, agent TEXT NOT NULL, address TEXT NOT NULL,
  PRIMARY KEY (token)){KEYED};
CREATE INDEX web_session_account ON web_session (account_id, session_id);
CREATE TABLE second_factor (
  account_id {I64} NOT NULL, factor_id {I64} NOT NULL, kind {I64} NOT NULL, name TEXT NOT NULL, secret {BLOB} NOT NULL,
  public_key {BLOB} NOT NULL, counter {I64} NOT NULL, created_us {I64} NOT NULL, used_us {I64} NOT NULL,
  PRIMARY KEY (account_id, factor_id)){KEYED};
CREATE INDEX second_factor_secret ON second_factor (secret);
)sql";

inline constexpr const char* kShard2 =
    // What an account, or one of its devices, was set to (settings.hpp).
    R"sql(
CREATE TABLE setting (
  account_id {I64} NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (account_id, scope, name)){KEYED};
)sql"
    // Messages about meetings that are on their way out, and what was last told to whom
    // (office/scheduling_queue.hpp).
    R"sql(
CREATE TABLE meeting_out (
  account_id {I64} NOT NULL, job_id {I64} NOT NULL, sender_id {I64} NOT NULL, letter {BLOB} NOT NULL,
  created_us {I64} NOT NULL, PRIMARY KEY (account_id, job_id)){KEYED};
CREATE TABLE meeting_told (
  account_id {I64} NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, at_us {I64} NOT NULL,
  PRIMARY KEY (account_id, name)){KEYED};
)sql"
    // Bytes that a client sent and has not yet put into an item (uploads.hpp).
    R"sql(
CREATE TABLE upload (
  account_id {I64} NOT NULL, upload_id {I64} NOT NULL, type TEXT NOT NULL, blob_hash {BLOB} NOT NULL, size {I64} NOT NULL,
  expires_us {I64} NOT NULL, PRIMARY KEY (account_id, upload_id)){KEYED};
)sql"
    // A device's name, whether it is paused, which policy it acknowledged, and how far a wipe is;
    // and its log, newest entries only (devices.hpp).
    R"sql(
ALTER TABLE device ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN paused {I64} NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN policy_mark {I64} NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN wipe_kind {I64} NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN wipe_state {I64} NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN wipe_us {I64} NOT NULL DEFAULT 0;
CREATE TABLE device_event (
  account_id {I64} NOT NULL, device_id TEXT NOT NULL, event_id {I64} NOT NULL, at_us {I64} NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (account_id, device_id, event_id)){KEYED};
)sql"
    // Ready texts of a mail for IMAP, and mail that is gone but may be brought back
    // (mail_rows.hpp).
    R"sql(
CREATE TABLE mail_text (
  account_id {I64} NOT NULL, item_id {I64} NOT NULL, content {I64} NOT NULL, envelope TEXT NOT NULL, body TEXT NOT NULL,
  structure TEXT NOT NULL, PRIMARY KEY (account_id, item_id)){KEYED};
CREATE TABLE buried (
  account_id {I64} NOT NULL, gone_us {I64} NOT NULL, item_id {I64} NOT NULL, coll_id {I64} NOT NULL, blob_hash {BLOB} NOT NULL,
  digest {BLOB} NOT NULL, message_id TEXT NOT NULL, props TEXT NOT NULL, size {I64} NOT NULL, flags {I64} NOT NULL,
  received_us {I64} NOT NULL, PRIMARY KEY (account_id, gone_us, item_id)){KEYED};
)sql"
    // Which mails belong together, and by which hashes of message id and subject
    // (conversations.hpp).
    R"sql(
CREATE TABLE conversation_mail (
  account_id {I64} NOT NULL, item_id {I64} NOT NULL, conversation_id {I64} NOT NULL, PRIMARY KEY (account_id, item_id)){KEYED};
CREATE INDEX conversation_mails ON conversation_mail (account_id, conversation_id, item_id);
CREATE TABLE conversation_key (
  account_id {I64} NOT NULL, hash {I64} NOT NULL, conversation_id {I64} NOT NULL, PRIMARY KEY (account_id, hash)){KEYED};
CREATE INDEX conversation_keys ON conversation_key (account_id, conversation_id);
)sql"
    // The search index (search.hpp): what it does not know yet, texts, signatures, and words. Every
    // item that is there is due.
    R"sql(
CREATE TABLE search_due (account_id {I64} NOT NULL, item_id {I64} NOT NULL, PRIMARY KEY (account_id, item_id)){KEYED};
CREATE TABLE search_text (account_id {I64} NOT NULL, item_id {I64} NOT NULL, packed {BLOB} NOT NULL, PRIMARY KEY (account_id, item_id)){KEYED};
CREATE TABLE search_signature (
  account_id {I64} NOT NULL, item_id {I64} NOT NULL, signature {BLOB} NOT NULL, PRIMARY KEY (account_id, item_id)){KEYED};
INSERT INTO search_due (account_id, item_id) SELECT account_id, item_id FROM item;
{WORDS}
)sql"
    // Whom a person knows, lets in or keeps out (office/detained.hpp).
    R"sql(
CREATE TABLE sender (account_id {I64} NOT NULL, sender TEXT NOT NULL, mark {I64} NOT NULL, PRIMARY KEY (account_id, sender)){KEYED};
)sql"
    // Mail on its way to other servers, and what is left of its recipients (queue.hpp).
    R"sql(
CREATE TABLE queue (
  account_id {I64} NOT NULL, queue_id {I64} NOT NULL, sender TEXT NOT NULL, envid TEXT NOT NULL, ret {I64} NOT NULL,
  utf8 {I64} NOT NULL, held {I64} NOT NULL, created_us {I64} NOT NULL, blob_hash {BLOB} NOT NULL, size {I64} NOT NULL,
  PRIMARY KEY (account_id, queue_id)){KEYED};
CREATE TABLE queue_rcpt (
  account_id {I64} NOT NULL, queue_id {I64} NOT NULL, number {I64} NOT NULL, address TEXT NOT NULL, notify {I64} NOT NULL,
  orcpt TEXT NOT NULL, attempts {I64} NOT NULL, next_us {I64} NOT NULL, delayed {I64} NOT NULL, reply TEXT NOT NULL,
  PRIMARY KEY (account_id, queue_id, number)){KEYED};
CREATE INDEX queue_due ON queue_rcpt (next_us);
)sql";

} // namespace lockstep::store
