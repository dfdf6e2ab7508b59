"""Principals, sharing and its news over JMAP (RFC 9670), availability (draft-ietf-jmap-calendars-29 2.2)."""

import unittest

from case import ServerCase
from jmap import CALENDARS, CORE, MAIL, PRINCIPALS, Jmap, MethodError

AVAILABILITY = PRINCIPALS + ":availability"


class JmapPrincipalsTest(ServerCase):
    def client(self, user=None):
        client = Jmap(self.server, user or self.person())
        client.using = [CORE, MAIL, CALENDARS, PRINCIPALS, AVAILABILITY]
        return client

    def principal(self, client):
        return client.session["accounts"][client.account]["accountCapabilities"][PRINCIPALS]["currentUserPrincipalId"]

    def test_the_session_names_the_principals(self):
        client = self.client()
        facts = client.session["accounts"][client.account]["accountCapabilities"]
        self.assertEqual({"accountIdForPrincipal": client.account, "principalId": self.principal(client)}, facts[PRINCIPALS + ":owner"])
        self.assertNotIn(PRINCIPALS + ":owner", client.session["capabilities"])
        self.assertRegex(facts[AVAILABILITY]["maxAvailabilityDuration"], r"^P\d+D$")

    def test_people_are_found(self):
        one, other = self.client(), self.client()
        mine, theirs = self.principal(one), self.principal(other)
        shown = one.get("Principal", [mine, theirs, "p9999"])
        self.assertEqual({mine, theirs}, {each["id"] for each in shown})
        me = one.one("Principal", mine)
        self.assertEqual(("individual", one.user), (me["type"], me["email"]))
        self.assertEqual([one.account], list(me["accounts"]))
        self.assertEqual(f"mailto:{one.user}", me["capabilities"][CALENDARS]["calendarAddress"])
        self.assertIsNone(one.one("Principal", theirs)["accounts"])
        self.assertEqual([theirs], one.call("Principal/query", filter={"email": other.user})["ids"])
        self.assertEqual([theirs], one.call("Principal/query", filter={"calendarAddress": f"mailto:{other.user}"})["ids"])
        self.assertEqual([mine], one.call("Principal/query", filter={"accountIds": [one.account]})["ids"])
        answer = one.call("Principal/set", update={mine: {"name": "x"}})
        self.assertEqual("forbidden", answer["notUpdated"][mine]["type"])
        state = one.call("Principal/get", ids=[])["state"]
        self.assertEqual([], one.call("Principal/changes", sinceState=state)["created"])
        self.client()
        self.assertEqual("cannotCalculateChanges", one.error("Principal/changes", sinceState=state))

    def test_availability_tells_times_only(self):
        one, other = self.client(), self.client()
        calendar = next(each["id"] for each in other.get("Calendar") if each["isDefault"])
        base = {"calendarIds": {calendar: True}, "start": "2026-12-01T10:00:00", "timeZone": "Etc/UTC", "duration": "PT1H", "title": "Secret"}
        other.create("CalendarEvent", **base)
        other.create("CalendarEvent", **{**base, "start": "2026-12-01T12:00:00", "freeBusyStatus": "free"})
        def ask(who, **more):
            arguments = {"id": who, "utcStart": "2026-12-01T00:00:00Z", "utcEnd": "2026-12-02T00:00:00Z", **more}
            return one.call("Principal/getAvailability", **arguments)["list"]
        busy = [{"utcStart": "2026-12-01T10:00:00Z", "utcEnd": "2026-12-01T11:00:00Z", "busyStatus": "confirmed", "event": None}]
        self.assertEqual(busy, ask(self.principal(other)))
        self.assertEqual([], ask(self.principal(one)))
        other.call("Calendar/set", update={calendar: {"includeInAvailability": "none"}})
        self.assertEqual([], ask(self.principal(other)))
        for expected, arguments in (("notFound", {"who": "p99999"}), ("notFound", {"who": "x"}), ("tooLarge", {"who": self.principal(other), "utcEnd": "2036-01-01T00:00:00Z"}),
                                    ("invalidArguments", {"who": self.principal(other), "utcEnd": "2026-12-01T00:00:00Z"})):
            with self.subTest(expected), self.assertRaises(MethodError) as caught:
                ask(**arguments)
            self.assertEqual(expected, caught.exception.type)

    def test_a_share_is_news(self):
        owner, viewer = self.client(), self.client()
        state = viewer.call("ShareNotification/get")["state"]
        calendar = owner.create("Calendar", name="Team")["id"]
        events = viewer.events(types="ShareNotification")
        self.addCleanup(events.close)
        rights = {"mayReadFreeBusy": True, "mayReadItems": True, "mayWriteAll": False, "mayWriteOwn": False, "mayUpdatePrivate": False, "mayRSVP": False, "mayShare": False, "mayDelete": False}
        owner.call("Calendar/set", update={calendar: {f"shareWith/{self.principal(viewer)}": rights}})
        _, data = events.next()
        self.assertIn("ShareNotification", data["changed"][viewer.account])
        [news] = viewer.get("ShareNotification")
        self.assertEqual(("Calendar", owner.account, calendar, "Team", None, True),
                         (news["objectType"], news["objectAccountId"], news["objectId"], news["name"], news["oldRights"], news["newRights"]["mayReadItems"]))
        self.assertEqual((owner.user, self.principal(owner)), (news["changedBy"]["email"], news["changedBy"]["principalId"]))
        self.assertEqual([news["id"]], viewer.call("ShareNotification/changes", sinceState=state)["created"])
        self.assertEqual([news["id"]], viewer.call("ShareNotification/query", filter={"objectType": "Calendar"})["ids"])
        self.assertEqual([], owner.get("ShareNotification"))
        answer = viewer.call("ShareNotification/set", destroy=[news["id"]], create={"k": {}})
        self.assertEqual(([news["id"]], "forbidden"), (answer["destroyed"], answer["notCreated"]["k"]["type"]))
        self.assertEqual([], viewer.get("ShareNotification"))
        owner.call("Calendar/set", destroy=[calendar])
        [gone] = viewer.get("ShareNotification")
        self.assertEqual(("Team", "Calendar", None), (gone["name"], gone["objectType"], gone["newRights"]))
        self.assertNotIn(owner.account, viewer.fetch_session()["accounts"])

    def test_a_mailbox_is_shared_too(self):
        owner, viewer = self.client(), self.client()
        box = owner.create("Mailbox", name="Shown")["id"]
        self.assertNotIn("shareWith", owner.one("Mailbox", box))
        who = self.principal(viewer)
        answer = owner.call("Mailbox/set", update={box: {f"shareWith/{who}": {"mayReadItems": True, "mayAddItems": True}}})
        self.assertEqual({box: None}, answer["updated"], answer)
        shared = owner.one("Mailbox", box, ["shareWith"])["shareWith"]
        self.assertEqual((True, True, False), tuple(shared[who][key] for key in ("mayReadItems", "mayAddItems", "mayRemoveItems")))
        self.assertEqual([box], [each["id"] for each in viewer.get("Mailbox", accountId=owner.account)])
        refused = viewer.call("Mailbox/set", update={box: {f"shareWith/{who}/mayRemoveItems": True}}, accountId=owner.account)
        self.assertEqual("forbidden", refused["notUpdated"][box]["type"])
        for wrong in ({"shareWith/p9999": {"mayReadItems": True}}, {f"shareWith/{self.principal(owner)}": {"mayReadItems": True}}, {"shareWith": 7}, {f"shareWith/{who}": 1}):
            refused = owner.call("Mailbox/set", update={box: wrong})
            self.assertEqual(("invalidProperties", ["shareWith"]), (refused["notUpdated"][box]["type"], refused["notUpdated"][box]["properties"]), wrong)


if __name__ == "__main__":
    unittest.main()
