"""An iPhone as servers see it: headers, order of commands and habits of iOS at protocol version 16.1.

Spec: MS-ASHTTP 2.2.1, MS-ASPROV 3.1.5.1; observed behaviour: docs/clients/iphone.md.
Invariants: speaks TLS only; sends the query in iOS's order; never sends what an iPhone would not.
"""

import phone as phone_module
from eas import E, body_preference, sync_options
from phone import CALENDAR, CONTACTS, INBOX, NOTES, TASKS, USER_CALENDAR, USER_CONTACTS, USER_TASKS

SYNCED_AT_ONCE = (INBOX, CALENDAR, CONTACTS, TASKS, NOTES, USER_CALENDAR, USER_CONTACTS, USER_TASKS)
WINDOW = 50


class IPhone(phone_module.Phone):
    """`enrol` does what the Settings app does when an account is added."""

    def __init__(self, server, user, password, **options):
        options.setdefault("device_id", None)
        super().__init__(server, user, password, "16.1", tls=True, agent="Apple-iPhone14C2/2006.75", **options)
        self.versions = []

    def headers(self):
        return [("Accept", "*/*"), ("Accept-Language", "en-GB,en;q=0.9"), ("Accept-Encoding", "br, gzip, deflate"),
                *super().headers(), ("Connection", "keep-alive")]

    # -- adding the account ------------------------------------------------------------------------------------------

    def enrol(self):
        """OPTIONS, Settings, Provision, FolderSync; returns the answers by name."""
        answers = {"options without name": self.options(authorised=False)}
        answers["options"] = self.options()
        self.versions = (answers["options"].header("MS-ASProtocolVersions") or "").replace(" ", "").split(",")
        self.policy_key = 0
        answers["settings"] = self.settings(E("UserInformation", E("Get")), self.device_information())
        answers["first"], answers["second"] = self.provision()
        if answers["settings"].code != 1:
            answers["settings"] = self.settings(E("UserInformation", E("Get")), self.device_information())
        self.learn_folders()
        return answers

    def kinds(self):
        """Folders that are synchronised from the beginning, in the order of the list."""
        return [f for kind in SYNCED_AT_ONCE for f in self.folders.values() if f.kind == kind]

    def default_options(self, box):
        kind = box.folder.item_class
        if kind == "Email":
            return sync_options(3, [body_preference(1, 500, preview=None), body_preference(2, 500)], mime=2)
        if kind == "Calendar":
            return sync_options(6, [body_preference(1)])
        return sync_options(None, [body_preference(1)])

    def first_fill(self):
        """Key 0 for each folder, then windows until nothing more is available."""
        for folder in self.kinds():
            box = self.start(folder, deletes_as_moves=1 if folder.item_class == "Email" else None)
            box.window = WINDOW
        for folder in self.kinds():
            self.pull(folder)

    # -- everyday ----------------------------------------------------------------------------------------------------

    def ping_folders(self):
        return [(folder.id, folder.item_class) for folder in self.kinds()]

    def listen(self, heartbeat=3540, **options):
        """One Ping over everything; later ones may be empty (pass heartbeat None and `repeat`)."""
        return self.ping(self.ping_folders(), heartbeat, **options)

    def refresh(self):
        """What a woken iPhone does: folders when told so, then each folder that was named."""
        for folder in self.kinds():
            self.pull(folder)

    def open_mail(self, server_id, where=INBOX):
        """The whole mail as MIME, as when the user taps it."""
        answer = self.fetch(self.box(where).folder.id, server_id, options=E("ItemOperations:Options",
            E("AirSync:MIMESupport", 2), body_preference(4)))
        assert answer.code == 1 and answer.root.number("Response/Fetch/Status") == 1, answer
        return answer.root.find("Response/Fetch/Properties/Body/Data").bytes()


