"""JMAP and sending: identities, submissions, the away reply, quotas (RFC 8621 6-8, RFC 9425)."""

import unittest

from case import ServerCase
from jmap import BLOB, CORE, MAIL, Jmap

SUBMISSION = "urn:ietf:params:jmap:submission"
VACATION = "urn:ietf:params:jmap:vacationresponse"
QUOTA = "urn:ietf:params:jmap:quota"


class JmapSubmissionTest(ServerCase):
    def setUp(self):
        self.user, self.other = self.person(), self.person()
        self.jmap = Jmap(self.server, self.user)
        self.jmap.using = [CORE, MAIL, BLOB, SUBMISSION, VACATION, QUOTA]
        self.identity = self.jmap.get("Identity")[0]
        self.drafts, self.sent = self.jmap.mailbox("drafts"), self.jmap.mailbox("sent")

    def draft(self, **values):
        values.setdefault("from", [{"email": self.user}])
        values.setdefault("to", [{"email": self.other}])
        return self.jmap.create("Email", mailboxIds={self.drafts: True}, keywords={"$draft": True}, subject="Sent by JMAP", **values)["id"]

    def submit(self, mail, **more):
        return self.jmap.call("EmailSubmission/set", create={"s": {"identityId": self.identity["id"], "emailId": mail, **more}})

    def test_the_address_has_an_identity_that_stays(self):
        self.assertEqual((self.user, False), (self.identity["email"], self.identity["mayDelete"]))
        answer = self.jmap.call("Identity/set", update={self.identity["id"]: {"name": "Änne", "textSignature": "-- \nÄ"}}, destroy=[self.identity["id"]],
                                create={"more": {"name": "Work", "email": self.user, "replyTo": [{"name": None, "email": "x@example.net"}]},
                                        "foreign": {"email": self.other}, "none": {"name": "x"}})
        self.assertEqual([self.identity["id"]], list(answer["updated"]))
        self.assertEqual("forbidden", answer["notDestroyed"][self.identity["id"]]["type"])
        self.assertEqual("forbiddenFrom", answer["notCreated"]["foreign"]["type"])
        self.assertEqual(["email"], answer["notCreated"]["none"]["properties"])
        self.assertEqual("Änne", self.jmap.one("Identity", self.identity["id"])["name"])
        made = answer["created"]["more"]["id"]
        self.assertEqual("x@example.net", self.jmap.one("Identity", made)["replyTo"][0]["email"])
        self.assertEqual([made], self.jmap.call("Identity/set", destroy=[made])["destroyed"])

    def test_a_draft_is_sent_and_filed_in_one_request(self):
        mail = self.draft(bcc=[{"email": self.user}])
        responses = self.jmap.calls(["EmailSubmission/set", {
            "accountId": self.jmap.account, "create": {"s": {"identityId": self.identity["id"], "emailId": mail}},
            "onSuccessUpdateEmail": {"#s": {f"mailboxIds/{self.drafts}": None, f"mailboxIds/{self.sent}": True, "keywords/$draft": None}}}, "0"])
        self.assertEqual(["EmailSubmission/set", "Email/set"], [name for name, _, _ in responses])
        made = responses[0][1]["created"]["s"]
        self.assertEqual("final", made["undoStatus"])
        self.assertEqual({mail: None}, responses[1][1]["updated"])
        got = self.jmap.one("Email", mail)
        self.assertEqual(({self.sent: True}, {}), (got["mailboxIds"], got["keywords"]))
        other = Jmap(self.server, self.other)
        there = other.get("Email", other.call("Email/query")["ids"], ["subject", "bcc"])
        self.assertEqual([{"id": there[0]["id"], "subject": "Sent by JMAP", "bcc": None}], there)
        one = self.jmap.one("EmailSubmission", made["id"])
        self.assertEqual((mail, {self.other, self.user}), (one["emailId"], {to["email"] for to in one["envelope"]["rcptTo"]}))
        self.assertEqual([made["id"]], self.jmap.call("EmailSubmission/query", filter={"emailIds": [mail]})["ids"])
        self.assertEqual("cannotUnsend", self.jmap.call("EmailSubmission/set", update={made["id"]: {"undoStatus": "canceled"}})["notUpdated"][made["id"]]["type"])

    def test_what_cannot_be_sent_is_refused(self):
        mail = self.draft()
        cases = [("invalidProperties", {"emailId": "i999"}), ("invalidProperties", {"identityId": "nobody"}), ("invalidProperties", {"sendAt": "x"}),
                 ("noRecipients", {"emailId": self.draft(to=[])}), ("noRecipients", {"envelope": {"mailFrom": {"email": self.user}, "rcptTo": []}}),
                 ("forbiddenFrom", {"emailId": self.draft(**{"from": [{"email": self.other}]})}),
                 ("invalidEmail", {"emailId": self.draft(**{"from": []})})]
        for kind, values in cases:
            answer = self.jmap.call("EmailSubmission/set", create={"s": {"identityId": self.identity["id"], "emailId": mail, **values}})
            self.assertIsNone(answer["created"], values)
            self.assertEqual(kind, answer["notCreated"]["s"]["type"], (values, answer["notCreated"]))
        other = Jmap(self.server, self.other)
        self.assertEqual([], other.call("Email/query")["ids"])

    def test_changes_tell_new_submissions(self):
        state = self.jmap.call("EmailSubmission/get", ids=[])["state"]
        made = self.submit(self.draft())["created"]["s"]["id"]
        self.assertEqual([made], self.jmap.call("EmailSubmission/changes", sinceState=state)["created"])

    def test_the_away_reply_is_one_object(self):
        away = self.jmap.one("VacationResponse", "singleton")
        self.assertEqual((False, None), (away["isEnabled"], away["textBody"]))
        answer = self.jmap.call("VacationResponse/set", create={"k": {}}, destroy=["singleton"], update={
            "singleton": {"isEnabled": True, "toDate": "2027-01-02T00:00:00Z", "subject": "Away", "textBody": "Back in January"}, "other": {}})
        self.assertEqual("singleton", answer["notCreated"]["k"]["type"])
        self.assertEqual("singleton", answer["notDestroyed"]["singleton"]["type"])
        self.assertEqual("notFound", answer["notUpdated"]["other"]["type"])
        away = self.jmap.one("VacationResponse", "singleton")
        self.assertEqual((True, None, "2027-01-02T00:00:00Z", "Away", "Back in January"),
                         tuple(away[name] for name in ("isEnabled", "fromDate", "toDate", "subject", "textBody")))
        self.assertEqual(["isEnabled"], self.jmap.call("VacationResponse/set", update={"singleton": {"isEnabled": 1}})["notUpdated"]["singleton"]["properties"])

    def test_quota_is_told_when_there_is_one(self):
        self.assertEqual([], self.jmap.get("Quota"))
        self.server.cli("account", "quota", self.user, "10M")
        quota = self.jmap.get("Quota")[0]
        self.assertEqual((10 * 1024 * 1024, "octets", "account"), (quota["hardLimit"], quota["resourceType"], quota["scope"]))
        self.draft()
        self.assertGreater(self.jmap.get("Quota")[0]["used"], quota["used"])


if __name__ == "__main__":
    unittest.main()
