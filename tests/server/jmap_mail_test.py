"""JMAP Mail: mailboxes, emails, threads, queries and their changes (RFC 8621)."""

import email
import email.policy
import unittest

import smtp
from case import ServerCase
from jmap import Jmap, MethodError


class JmapMailTest(ServerCase):
    def setUp(self):
        self.user = self.person()
        self.jmap = Jmap(self.server, self.user)
        self.inbox = self.jmap.mailbox("inbox")
        self.drafts = self.jmap.mailbox("drafts")

    def newest(self, **more):
        return self.jmap.call("Email/query", sort=[{"property": "receivedAt", "isAscending": False}], **more)["ids"]

    def draft(self, **values):
        return self.jmap.create("Email", mailboxIds={self.drafts: True}, **values)

    # -- mailboxes ---------------------------------------------------------------------------------------------------

    def test_every_account_has_its_roles(self):
        roles = [box["role"] for box in self.jmap.get("Mailbox") if box["role"]]
        self.assertEqual({"inbox", "drafts", "sent", "trash", "junk", "archive"}, set(roles))
        self.assertEqual(len(roles), len(set(roles)))

    def test_counters_follow_the_mail(self):
        state = self.jmap.call("Mailbox/get")["state"]
        self.mail(self.user, "One")
        box = self.jmap.one("Mailbox", self.inbox)
        self.assertEqual((1, 1), (box["totalEmails"], box["unreadEmails"]))
        self.assertEqual((1, 1), (box["totalThreads"], box["unreadThreads"]))
        changes = self.jmap.call("Mailbox/changes", sinceState=state)
        self.assertEqual([self.inbox], changes["updated"])
        self.assertIn("totalEmails", changes["updatedProperties"])

    def test_mailboxes_nest_are_renamed_and_removed(self):
        answer = self.jmap.call("Mailbox/set", create={
            "child": {"name": "Child", "parentId": "#top"}, "top": {"name": "Fam/ily"}, "none": {"name": ""},
            "twin": {"name": "inbox"}, "role": {"name": "R", "role": "inbox"}})
        top, child = answer["created"]["top"], answer["created"]["child"]
        self.assertEqual("Family", top["name"])
        self.assertEqual({"none", "twin", "role"}, set(answer["notCreated"]))
        self.assertEqual(top["id"], self.jmap.one("Mailbox", child["id"])["parentId"])
        answer = self.jmap.call("Mailbox/set", update={top["id"]: {"parentId": child["id"]}, child["id"]: {"name": "Kid"}, self.inbox: {"name": "x"}})
        self.assertEqual([child["id"]], list(answer["updated"]))
        self.assertEqual({top["id"], self.inbox}, set(answer["notUpdated"]))
        self.assertEqual("mailboxHasChild", self.jmap.call("Mailbox/set", destroy=[top["id"]])["notDestroyed"][top["id"]]["type"])
        self.jmap.create("Email", mailboxIds={child["id"]: True}, subject="kept")
        self.assertEqual("mailboxHasEmail", self.jmap.call("Mailbox/set", destroy=[child["id"]])["notDestroyed"][child["id"]]["type"])
        answer = self.jmap.call("Mailbox/set", destroy=[top["id"], child["id"]], onDestroyRemoveEmails=True)
        self.assertEqual({top["id"], child["id"]}, set(answer["destroyed"]))

    def test_set_heeds_the_state(self):
        self.assertEqual("stateMismatch", self.jmap.error("Mailbox/set", ifInState="other", create={"k": {"name": "x"}}))
        self.assertEqual("stateMismatch", self.jmap.error("Email/set", ifInState="other"))

    # -- reading -----------------------------------------------------------------------------------------------------

    def test_a_mail_is_shown_whole(self):
        self.mail(self.user, "Grüße", text="Hallo Welt\r\n", html="<p>Hallo <b>Welt</b></p>", attachments=[("a.txt", "text/plain", b"attached")])
        [mail] = self.newest()
        got = self.jmap.one("Email", mail, fetchAllBodyValues=True, properties=[
            "subject", "from", "to", "bodyStructure", "textBody", "htmlBody", "attachments", "bodyValues", "hasAttachment", "preview", "keywords",
            "mailboxIds", "size", "blobId", "header:Subject:asText", "header:subject:asRaw:all", "sentAt", "receivedAt"])
        self.assertEqual("Grüße", got["subject"])
        self.assertEqual([{"name": None, "email": self.user}], [dict(to, name=to["name"] or None) for to in got["to"]])
        self.assertEqual({self.inbox: True}, got["mailboxIds"])
        self.assertEqual({}, got["keywords"])
        self.assertTrue(got["hasAttachment"])
        self.assertEqual("text/plain", got["textBody"][0]["type"])
        self.assertEqual("text/html", got["htmlBody"][0]["type"])
        self.assertEqual("a.txt", got["attachments"][0]["name"])
        self.assertIn("Hallo Welt", got["bodyValues"][got["textBody"][0]["partId"]]["value"])
        self.assertIn("Hallo Welt", got["preview"])
        self.assertEqual("Grüße", got["header:Subject:asText"])
        self.assertEqual(1, len(got["header:subject:asRaw:all"]))
        self.assertEqual(b"attached", self.jmap.download(got["attachments"][0]["blobId"]).plain_body().strip())
        raw = self.jmap.download(got["blobId"]).plain_body()
        self.assertEqual(got["size"], len(raw))
        self.assertEqual("Grüße", email.message_from_bytes(raw, policy=email.policy.default)["Subject"])

    def test_unknown_properties_and_forbidden_forms_are_refused(self):
        for name in ("nope", "header:From:asDate", "header:Subject:asAddresses", "header:", "header:X:asFoo"):
            self.assertEqual("invalidArguments", self.jmap.error("Email/get", ids=[], properties=[name]), name)

    def test_body_values_are_cut_at_characters(self):
        self.mail(self.user, "Long", text="ü" * 100)
        got = self.jmap.one("Email", self.newest()[0], fetchTextBodyValues=True, maxBodyValueBytes=7)
        value = next(iter(got["bodyValues"].values()))
        self.assertEqual(("üüü", True), (value["value"], value["isTruncated"]))

    # -- writing -----------------------------------------------------------------------------------------------------

    def test_a_draft_is_made_as_described(self):
        picture = self.jmap.upload(b"\x89PNG picture", "image/png")["blobId"]
        made = self.draft(
            keywords={"$draft": True, "$seen": True}, subject="Schöne Grüße", **{"from": [{"name": "Änne", "email": self.user}]},
            to=[{"name": None, "email": "joe@example.net"}], textBody=[{"partId": "t", "type": "text/plain"}],
            htmlBody=[{"partId": "h", "type": "text/html"}], attachments=[
                {"blobId": picture, "type": "image/png", "name": "Bild ü.png"}, {"blobId": picture, "type": "image/png", "cid": "p1", "disposition": "inline"}],
            bodyValues={"t": {"value": "Hallö\nzwei"}, "h": {"value": "<p>Hallö</p>"}}, inReplyTo=["x@y"])
        raw = self.jmap.download(made["blobId"]).plain_body()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual("Schöne Grüße", message["Subject"])
        self.assertEqual(f"Änne <{self.user}>", str(message["From"]))
        self.assertEqual("<x@y>", message["In-Reply-To"])
        self.assertTrue(message["Message-ID"] and message["Date"])
        types = [part.get_content_type() for part in message.walk()]
        self.assertEqual(["multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png"], types)
        self.assertEqual("Hallö\nzwei", message.get_body(("plain",)).get_content().replace("\r", "").rstrip("\n"))
        self.assertEqual("Bild ü.png", list(message.iter_attachments())[-1].get_filename())
        self.assertEqual(len(raw), made["size"])

    def test_impossible_drafts_are_refused_with_the_property(self):
        part = [{"partId": "t", "type": "text/plain"}]
        cases = [
            ("invalidProperties", "mailboxIds", {"mailboxIds": {}}), ("invalidProperties", "keywords", {"keywords": {"$seen": False}}),
            ("invalidProperties", "keywords", {"keywords": {"a b": True}}), ("invalidProperties", "subject", {"subject": 7}),
            ("invalidProperties", "headers", {"headers": []}), ("invalidProperties", "bodyValues", {"textBody": part}),
            ("invalidProperties", "textBody", {"textBody": part, "bodyStructure": {"partId": "t"}, "bodyValues": {"t": {"value": ""}}}),
            ("invalidProperties", "header:Subject:asRaw", {"header:Subject:asRaw": " x\r\nBcc: evil@example.org"}),
            ("invalidProperties", "receivedAt", {"receivedAt": "yesterday"}), ("invalidProperties", "id", {"id": "i7"}),
            ("blobNotFound", None, {"attachments": [{"blobId": "u9", "type": "a/b"}]}),
            ("tooManyMailboxes", None, {"mailboxIds": {self.drafts: True, self.inbox: True}}),
        ]
        for kind, name, values in cases:
            answer = self.jmap.call("Email/set", create={"k": {"mailboxIds": {self.drafts: True}, **values}})
            self.assertIsNone(answer["created"], values)
            error = answer["notCreated"]["k"]
            self.assertEqual(kind, error["type"], (values, error))
            if name:
                self.assertEqual([name], error["properties"], values)
        answer = self.jmap.call("Email/set", create={"k": {"mailboxIds": {"c999": True}}})
        self.assertEqual(["mailboxIds"], answer["notCreated"]["k"]["properties"])

    def test_keywords_and_moves_reach_the_phone(self):
        phone = self.phone(self.user)
        self.mail(self.user, "Both doors")
        self.assertEqual(["Both doors"], self.inbox_subjects(phone))
        [mail] = self.newest()
        self.jmap.call("Email/set", update={mail: {"keywords/$seen": True}})
        archive = self.jmap.mailbox("archive")
        answer = self.jmap.call("Email/set", update={mail: {f"mailboxIds/{self.inbox}": None, f"mailboxIds/{archive}": True}})
        self.assertEqual({mail: None}, answer["updated"])
        self.assertEqual([], self.inbox_subjects(phone))
        got = self.jmap.one("Email", mail)
        self.assertEqual(({"$seen": True}, {archive: True}), (got["keywords"], got["mailboxIds"]))

    def test_wrong_updates_change_nothing(self):
        mail = self.draft(subject="x")["id"]
        for patch in ({"subject": "y"}, {"keywords/a b": True}, {"mailboxIds": {}}, {f"mailboxIds/{self.drafts}": None},
                      {"mailboxIds/c999": True, f"mailboxIds/{self.drafts}": None}, {"keywords/$seen": False}):
            answer = self.jmap.call("Email/set", update={mail: patch})
            self.assertIn(mail, answer["notUpdated"] or {}, patch)
        self.assertEqual("tooManyMailboxes", self.jmap.call("Email/set", update={mail: {f"mailboxIds/{self.inbox}": True}})["notUpdated"][mail]["type"])
        self.assertEqual("notFound", self.jmap.call("Email/set", update={"i999": {}})["notUpdated"]["i999"]["type"])
        answer = self.jmap.call("Email/set", update={mail: {"keywords/$seen": True}}, destroy=[mail])
        self.assertEqual(("willDestroy", [mail]), (answer["notUpdated"][mail]["type"], answer["destroyed"]))

    def test_import_and_parse(self):
        raw = smtp.message(self.user, "Imported", text="old mail")
        blob = self.jmap.upload(raw, "message/rfc822")["blobId"]
        parsed = self.jmap.call("Email/parse", blobIds=[blob, "u1"], properties=["subject", "preview"])
        self.assertEqual("Imported", parsed["parsed"][blob]["subject"])
        self.assertEqual(["u1"], parsed["notFound"])
        answer = self.jmap.call("Email/import", emails={
            "k": {"blobId": blob, "mailboxIds": {self.inbox: True}, "keywords": {"$seen": True}, "receivedAt": "2020-02-03T04:05:06Z"},
            "b": {"blobId": "u1", "mailboxIds": {self.inbox: True}}})
        got = self.jmap.one("Email", answer["created"]["k"]["id"])
        self.assertEqual(("Imported", "2020-02-03T04:05:06Z"), (got["subject"], got["receivedAt"]))
        self.assertEqual("blobNotFound", answer["notCreated"]["b"]["type"])

    # -- changes -----------------------------------------------------------------------------------------------------

    def test_changes_may_be_cut_anywhere(self):
        state = self.jmap.call("Email/get", ids=[])["state"]
        kept = [self.draft(subject=str(i))["id"] for i in range(7)]
        gone = self.draft(subject="gone")["id"]
        self.jmap.call("Email/set", destroy=[gone])
        seen, at = [], state
        for _ in range(20):
            answer = self.jmap.call("Email/changes", sinceState=at, maxChanges=2)
            self.assertLessEqual(len(answer["created"]) + len(answer["updated"]) + len(answer["destroyed"]), 2)
            seen += answer["created"]
            at = answer["newState"]
            if not answer["hasMoreChanges"]:
                break
        self.assertEqual(sorted(kept), sorted(seen))
        self.jmap.call("Email/set", update={kept[0]: {"keywords/$flagged": True}}, destroy=[kept[1]])
        answer = self.jmap.call("Email/changes", sinceState=at)
        self.assertEqual(([], [kept[0]], [kept[1]]), (answer["created"], answer["updated"], answer["destroyed"]))
        self.assertEqual("cannotCalculateChanges", self.jmap.error("Email/changes", sinceState="nonsense"))
        self.assertEqual("invalidArguments", self.jmap.error("Email/changes", sinceState=at, maxChanges=0))

    # -- queries and threads -----------------------------------------------------------------------------------------

    def test_queries_filter_and_sort(self):
        ids = {name: self.draft(subject=f"Subject {name}", keywords={"$seen": True} if name == "b" else {}, receivedAt=f"2024-01-0{day}T00:00:00Z",
                                **{"from": [{"email": f"{name}@example.net"}]}, textBody=[{"partId": "1", "type": "text/plain"}],
                                bodyValues={"1": {"value": f"the word {name}{name}{name} stands here"}})["id"]
               for day, name in enumerate("abc", 1)}

        def found(condition):
            return self.jmap.call("Email/query", filter=condition, sort=[{"property": "receivedAt"}])["ids"]

        a, b, c = ids["a"], ids["b"], ids["c"]
        self.assertEqual([a, b, c], found({"inMailbox": self.drafts}))
        self.assertEqual([], found({"inMailbox": self.inbox}))
        self.assertEqual([b], found({"hasKeyword": "$seen"}))
        self.assertEqual([a, c], found({"notKeyword": "$seen"}))
        self.assertEqual([b, c], found({"after": "2024-01-02T00:00:00Z"}))
        self.assertEqual([a], found({"before": "2024-01-02T00:00:00Z"}))
        self.assertEqual([c], found({"from": "c@example.net"}))
        self.assertEqual([a], found({"body": "aaa"}))
        self.assertEqual([a, c], found({"operator": "NOT", "conditions": [{"subject": "b"}]}))
        self.assertEqual([a, b], found({"operator": "OR", "conditions": [{"text": "aaa"}, {"text": "bbb"}]}))
        self.assertEqual([], found({"hasAttachment": True}))
        self.assertEqual([c, b, a], self.newest())
        page = self.jmap.call("Email/query", sort=[{"property": "receivedAt"}], position=1, limit=1, calculateTotal=True)
        self.assertEqual(([b], 1, 3), (page["ids"], page["position"], page["total"]))
        page = self.jmap.call("Email/query", sort=[{"property": "receivedAt"}], anchor=c, anchorOffset=-1, limit=1)
        self.assertEqual([b], page["ids"])
        self.assertEqual("anchorNotFound", self.jmap.error("Email/query", anchor="i999"))
        self.assertEqual("unsupportedSort", self.jmap.error("Email/query", sort=[{"property": "nope"}]))
        self.assertEqual("unsupportedFilter", self.jmap.error("Email/query", filter={"nope": 1}))
        self.assertEqual("invalidArguments", self.jmap.error("Email/query", filter={"operator": "XOR", "conditions": []}))

    def test_snippets_mark_the_words_and_nothing_else(self):
        mail = self.draft(subject="About <b>Lamps</b>", textBody=[{"partId": "1", "type": "text/plain"}],
                          bodyValues={"1": {"value": "x " * 300 + "the lamps & <i>lights</i> are here"}})["id"]
        got = self.jmap.call("SearchSnippet/get", filter={"text": "lamps"}, emailIds=[mail, "i999"])
        self.assertEqual(["i999"], got["notFound"])
        self.assertEqual("About &lt;b&gt;<mark>Lamps</mark>&lt;/b&gt;", got["list"][0]["subject"])
        self.assertIn("the <mark>lamps</mark> &amp; &lt;i&gt;lights", got["list"][0]["preview"])
        got = self.jmap.call("SearchSnippet/get", filter={"subject": "nothing"}, emailIds=[mail])
        self.assertEqual((None, None), (got["list"][0]["subject"], got["list"][0]["preview"]))

    def test_query_changes_lead_from_the_old_list_to_the_new(self):
        first = [self.draft(subject=str(i), receivedAt=f"2024-01-0{i}T00:00:00Z")["id"] for i in range(1, 6)]
        sort = [{"property": "receivedAt", "isAscending": False}]
        old = self.jmap.call("Email/query", sort=sort)
        self.assertEqual(first[::-1], old["ids"])
        self.draft(subject="new", receivedAt="2024-01-03T12:00:00Z")
        self.jmap.call("Email/set", destroy=[first[0]], update={first[3]: {"keywords/$seen": True}})
        answer = self.jmap.call("Email/queryChanges", sort=sort, sinceQueryState=old["queryState"], calculateTotal=True)
        now = [each for each in old["ids"] if each not in answer["removed"]]
        for each in answer["added"]:
            now.insert(each["index"], each["id"])
        self.assertEqual(self.newest(), now)
        self.assertEqual(len(now), answer["total"])

    def test_answers_are_one_thread_with_what_they_answer(self):
        self.mail(self.user, "Plan", headers=[("Message-ID", "<one@example.net>")])
        self.mail(self.user, "Re: Plan", headers=[
            ("Message-ID", "<two@example.net>"), ("In-Reply-To", "<one@example.net>"), ("References", "<one@example.net>")])
        self.mail(self.user, "Other")
        mails = self.jmap.get("Email", self.newest(), ["subject", "threadId"])
        threads = {mail["subject"]: mail["threadId"] for mail in mails}
        self.assertEqual(threads["Plan"], threads["Re: Plan"])
        self.assertNotEqual(threads["Plan"], threads["Other"])
        thread = self.jmap.one("Thread", threads["Plan"])
        self.assertEqual(["Plan", "Re: Plan"], [mail["subject"] for mail in self.jmap.get("Email", thread["emailIds"], ["subject"])])
        self.assertEqual(2, len(self.newest(collapseThreads=True)))
        self.assertEqual(2, self.jmap.one("Mailbox", self.inbox)["totalThreads"])
        state = self.jmap.call("Thread/get", ids=[])["state"]
        self.mail(self.user, "Re: Plan", headers=[("In-Reply-To", "<two@example.net>")])
        self.assertEqual([threads["Plan"]], self.jmap.call("Thread/changes", sinceState=state)["updated"])


if __name__ == "__main__":
    unittest.main()
