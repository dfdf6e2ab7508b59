"""JMAP and the folders of others: what is shared is seen, nothing else is, and rights end at once (RFC 8620 1.6.2; hardening W12)."""

import unittest

from case import ServerCase
from jmap import Jmap


class JmapSharingTest(ServerCase):
    def setUp(self):
        self.owner, self.viewer = self.person(), self.person()
        self.own = Jmap(self.server, self.owner)
        self.mail(self.owner, "In the inbox")
        self.folder = self.own.create("Mailbox", name="Shown")["id"]
        self.shown = self.own.create("Email", mailboxIds={self.folder: True}, subject="Shown mail")["id"]
        self.hidden = self.own.call("Email/query", filter={"inMailbox": self.own.mailbox("inbox")})["ids"][0]

    def share(self, right="read"):
        self.server.cli("share", "grant", self.owner, self.viewer, "--folder", self.folder[1:], "--right", right)
        return Jmap(self.server, self.viewer)

    def test_only_the_shared_mailbox_is_seen(self):
        self.assertNotIn(self.own.account, Jmap(self.server, self.viewer).session["accounts"])
        viewer = self.share()
        account = viewer.session["accounts"][self.own.account]
        self.assertEqual((False, True), (account["isPersonal"], account["isReadOnly"]))
        there = {"accountId": self.own.account}
        self.assertEqual([self.folder], [box["id"] for box in viewer.get("Mailbox", **there)])
        self.assertEqual([self.shown], viewer.call("Email/query", **there)["ids"])
        self.assertEqual([self.shown], [mail["id"] for mail in viewer.get("Email", [self.shown, self.hidden], **there)])
        blob = self.own.one("Email", self.hidden)["blobId"]
        self.assertEqual(404, viewer.download(blob, account=self.own.account).status)
        self.assertEqual([], viewer.call("Email/query", filter={"text": "inbox"}, **there)["ids"])

    def test_a_right_to_read_changes_nothing(self):
        viewer = self.share()
        there = {"accountId": self.own.account}
        self.assertEqual("accountReadOnly", viewer.error("Email/set", destroy=[self.shown], **there))
        viewer = self.share("add")
        answer = viewer.call("Email/set", destroy=[self.shown], update={self.hidden: {"keywords/$seen": True}},
                             create={"k": {"mailboxIds": {self.folder: True}, "subject": "Added"},
                                     "x": {"mailboxIds": {self.own.mailbox("inbox"): True}}}, **there)
        self.assertEqual("forbidden", answer["notDestroyed"][self.shown]["type"])
        self.assertEqual("notFound", answer["notUpdated"][self.hidden]["type"])
        self.assertEqual(["k"], list(answer["created"]))
        self.assertEqual(["x"], list(answer["notCreated"]))

    def test_other_rights_end_every_state(self):
        viewer = self.share()
        there = {"accountId": self.own.account}
        state = viewer.call("Email/get", ids=[], **there)["state"]
        self.assertEqual([], viewer.call("Email/changes", sinceState=state, **there)["created"])
        self.server.cli("share", "grant", self.owner, self.viewer, "--folder", self.folder[1:], "--right", "edit")
        self.assertEqual("cannotCalculateChanges", viewer.error("Email/changes", sinceState=state, **there))
        self.server.cli("share", "revoke", self.owner, self.viewer, "--folder", self.folder[1:])
        self.assertEqual("accountNotFound", viewer.error("Email/get", ids=[], **there))


if __name__ == "__main__":
    unittest.main()
