"""Tasks and notes over JMAP (docs/jmap-extensions.md), also those that a phone keeps."""

import unittest

from case import ServerCase
from eas import E
from items import note, task
from jmap import CORE, MAIL, NOTES, TASKS, Jmap
from phone import NOTES as PHONE_NOTES
from phone import TASKS as PHONE_TASKS


class JmapTasksTest(ServerCase):
    def client(self, user=None):
        client = Jmap(self.server, user or self.person())
        client.using = [CORE, MAIL, TASKS, NOTES]
        return client

    def default(self, client, kind):
        return next(each["id"] for each in client.get(kind) if each["isDefault"])

    def task(self, client, **values):
        return client.create("Task", **{"taskListId": self.default(client, "TaskList"), "title": "Tax", **values})["id"]

    def test_a_list_and_its_tasks_live(self):
        client = self.client()
        state = client.call("Task/get", ids=[])["state"]
        made = client.create("TaskList", name="House", color="teal")["id"]
        self.assertEqual(("House", "teal", False), tuple(client.one("TaskList", made)[key] for key in ("name", "color", "isDefault")))
        one = self.task(client, taskListId=made, due="2026-12-01T18:00:00", timeZone="Europe/Berlin", priority=1, keywords={"money": True}, sortOrder=5, workflowStatus="waiting")
        held = client.one("Task", one)
        self.assertEqual((made, "Tax", "2026-12-01T18:00:00", 1, "needs-action", 5, "waiting"),
                         tuple(held[key] for key in ("taskListId", "title", "due", "priority", "progress", "sortOrder", "workflowStatus")))
        self.assertEqual([one], client.call("Task/changes", sinceState=state)["created"])
        client.call("Task/set", update={one: {"progress": "completed"}})
        self.assertEqual("completed", client.one("Task", one)["progress"])
        client.call("Task/set", update={one: {"taskListId": self.default(client, "TaskList")}})
        self.assertEqual(self.default(client, "TaskList"), client.one("Task", one)["taskListId"])
        self.assertEqual("taskListHasTask", client.call("TaskList/set", destroy=[self.default(client, "TaskList")])["notDestroyed"].popitem()[1]["type"])
        self.assertEqual([made], client.call("TaskList/set", destroy=[made])["destroyed"])
        refused = client.call("Task/set", create={"a": {"title": "x"}, "b": {"taskListId": "c99", "title": "x"}, "c": {"taskListId": self.default(client, "TaskList"), "due": "soon"}})["notCreated"]
        self.assertEqual(["taskListId", "taskListId", "due"], [refused[key]["properties"][0] for key in "abc"])
        self.assertEqual([one], client.call("Task/set", destroy=[one])["destroyed"])

    def test_tasks_are_found_and_sorted(self):
        client = self.client()
        late = self.task(client, title="Late", due="2026-12-03T00:00:00", showWithoutTime=True)
        soon = self.task(client, title="Soon", due="2026-12-01T00:00:00", showWithoutTime=True, priority=9)
        never = self.task(client, title="Never", description="someday", priority=1)
        done = self.task(client, title="Done", progress="completed")
        def ids(sort="due", **condition):
            return client.call("Task/query", filter=condition, sort=[{"property": sort}])["ids"]
        self.assertEqual([soon, late, never], ids(isOpen=True))
        self.assertEqual([never, soon, late], ids("priority", isOpen=True))
        self.assertEqual([done], ids(progress="completed"))
        self.assertEqual([soon], ids(before="2026-12-02T00:00:00"))
        self.assertEqual([never], ids(text="someday"))

    def test_a_phone_and_the_page_see_the_same_task(self):
        user = self.person()
        client, phone = self.client(user), self.phone(user)
        phone.start(PHONE_TASKS)
        item = phone.add(PHONE_TASKS, *task("Call", E("Tasks:UtcDueDate", "2026-12-01T00:00:00.000Z"), E("Tasks:DueDate", "2026-12-01T00:00:00.000Z")))
        [one] = client.call("Task/query")["ids"]
        self.assertEqual("2026-12-01", client.one("Task", one)["due"][:10])
        client.call("Task/set", update={one: {"title": "Call again", "progress": "completed", "x:y": 1}})
        held = phone.pull(PHONE_TASKS).items[item]
        self.assertEqual(("Call again", 1), (held.text("Tasks:Subject"), held.number("Tasks:Complete")))
        phone.change(PHONE_TASKS, item, *task("Call", complete=0))
        held = client.one("Task", one)
        self.assertEqual(("Call", "needs-action", 1), (held["title"], held["progress"], held["x:y"]))

    def test_notes_live(self):
        user = self.person()
        client, phone = self.client(user), self.phone(user)
        phone.start(PHONE_NOTES)
        book = self.default(client, "NoteBook")
        state = client.call("Note/get", ids=[])["state"]
        made = client.create("Note", noteBookId=book, title="Ideas", bodyHtml="<p>One</p><p>Two</p>", keywords={"blue": True}, isPinned=True)
        held = client.one("Note", made["id"])
        self.assertEqual(("Ideas", "<p>One</p><p>Two</p>", {"blue": True}, True), tuple(held[key] for key in ("title", "bodyHtml", "keywords", "isPinned")))
        self.assertIn("One", held["bodyText"])
        box = phone.pull(PHONE_NOTES)
        [(item, shown)] = box.items.items()
        self.assertEqual("Ideas", shown.text("Notes:Subject"))
        phone.change(PHONE_NOTES, item, *note("Ideas", "Three"))
        held = client.one("Note", made["id"])
        self.assertEqual(("Three", True), (held["bodyText"].strip(), held["isPinned"]))
        self.assertNotIn("bodyHtml", held)
        client.call("Note/set", update={made["id"]: {"bodyText": "Four\nFive"}})
        self.assertEqual("Four\r\nFive", phone.pull(PHONE_NOTES).items[item].text("AirSyncBase:Body/Data").strip())
        self.assertEqual([made["id"]], client.call("Note/query", filter={"body": "four"})["ids"])
        self.assertEqual([], client.call("Note/query", filter={"title": "four"})["ids"])
        self.assertEqual([made["id"]], client.call("Note/changes", sinceState=state)["created"])
        other = client.create("NoteBook", name="Work")["id"]
        client.call("Note/set", update={made["id"]: {"noteBookId": other}})
        self.assertEqual([made["id"]], client.call("Note/query", filter={"inNoteBook": other})["ids"])
        self.assertEqual([made["id"]], client.call("Note/set", destroy=[made["id"]])["destroyed"])

    def test_changes_are_pushed(self):
        user = self.person()
        client, phone = self.client(user), self.phone(user)
        events = client.events(types="Task,Note")
        self.addCleanup(events.close)
        self.task(client)
        _, data = events.next()
        self.assertEqual(["Task"], list(data["changed"][client.account]))
        phone.start(PHONE_NOTES)
        phone.add(PHONE_NOTES, *note("n", "t"))
        _, data = events.next()
        self.assertEqual({"Note": client.call("Note/get", ids=[])["state"]}, data["changed"][client.account])


if __name__ == "__main__":
    unittest.main()
