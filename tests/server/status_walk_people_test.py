"""Every status of Search, Find, Settings, Provision, ResolveRecipients and ValidateCert that a client can cause
(MS-ASCMD 2.2.3.177.2, .12, .13, .15, .18; MS-ASPROV 2.2.2.54)."""

import unittest

from eas import E, body_preference
from phone import INBOX
from walk import WalkCase, common, http

S = lambda tag, *parts: E("Search:" + tag, *parts)


class PeopleWalk(WalkCase):
    def phone_at(self, version):
        phone = self.phone(version=version)
        self.mail(phone.user)
        phone.pull(INBOX)
        return phone

    def test_search(self):
        def ask(query=None, name="Mailbox", *options):
            return lambda phone: phone.post("Search", S("Search", S("Store", None if name is None else S("Name", name),
                query(phone) if callable(query) else query, S("Options", *options) if options else None)))
        q = lambda *parts: S("Query", *parts)
        both = lambda *parts: q(S("And", *parts))
        text, when = S("FreeText", "hello"), "2026-01-01T00:00:00.000Z"
        later = lambda value, *more: S("GreaterThan", E("Email:DateReceived"), S("Value", value) if value is not None else None, *more)
        self.walk([
            ("no name", 2, ask(both(text), None)), ("an unknown store", 2, ask(both(text), "Cupboard")), ("no query", 2, ask()), ("an empty query", 2, ask(q())),
            ("an empty And", 2, ask(both())), ("nothing to look for", 2, ask(both(E("AirSync:Class", "Email")))), ("an unknown class", 2, ask(both(text, E("AirSync:Class", "Mail")))),
            ("text outside the And", 8, ask(q(text))), ("a class outside the And", 8, ask(q(E("AirSync:Class", "Email"), S("And", text)))),
            ("a folder outside the And", 8, ask(q(E("AirSync:CollectionId", "1"), S("And", text)))), ("a bound outside the And", 8, ask(q(later(when)))),
            ("two And", 8, ask(q(S("And", text), S("And", text)))), ("an Or", 8, ask(q(S("Or", text)))), ("an Or in the And", 8, ask(both(S("Or", text)))),
            ("a bound that is no date", 2, ask(both(text, later("soon")))), ("a bound without value", 2, ask(both(text, later(None)))), ("two bounds", 2, ask(both(text, later(when), later(when)))),
            ("an unknown folder", 11, ask(both(text, E("AirSync:CollectionId", "99999")))), ("a folder that is no id", 11, ask(both(text, E("AirSync:CollectionId", "x")))),
            ("a range that is none", 2, ask(both(text), "Mailbox", S("Range", "all"))), ("one backwards", 2, ask(both(text), "Mailbox", S("Range", "5-1"))),
            ("one beyond the limit", 12, ask(both(text), "Mailbox", S("Range", "0-100"))), ("body type 9", 2, ask(both(text), "Mailbox", body_preference(9))),
            ("a document library", 13, ask(q(S("EqualTo", E("DocumentLibrary:LinkId"), S("Value", "x"))), "DocumentLibrary")),
            ("a document library without query", 2, ask(None, "DocumentLibrary")), ("people without query", 2, ask(None, "GAL")), ("an empty name", 2, ask(q(""), "GAL")),
            ("a name of 300 characters", 2, ask(q("x" * 300), "GAL")), ("people by a condition", 2, ask(both(text), "GAL")), ("a range of people that is none", 2, ask(q("anna"), "GAL", S("Range", "x"))),
            ("a good one", 1, ask(both(text))), ("people", 1, ask(q("anna"), "GAL")), ("the whole of it", 1, ask(both(text)), "Status"),
        ], self.phone_at, "Response/Store/Status")
        self.walk([("no conversation in it", 2, ask(both(S("ConversationId", b"")))), ("a conversation outside the And", 8, ask(q(S("ConversationId", b"x" * 16)))),
                   ("another root", 103, lambda phone: phone.post("Search", E("Ping:Ping")), "Status")], self.phone_at, "Response/Store/Status", ("14.1", "16.1"))
        self.walk([("a size that is no number", 2, ask(q("anna"), "GAL", S("Picture", S("MaxSize", "big"))))], self.phone_at, "Response/Store/Status", ("14.1", "16.1"))

    def test_find(self):
        F = lambda tag, *parts: E("Find:" + tag, *parts)
        mail = lambda *query: F("MailBoxSearchCriterion", *query)
        words = F("Query", E("AirSync:Class", "Email"), F("FreeText", "hello"))

        def ask(*criteria, search="s1", execute=True):
            return lambda phone: phone.post("Find", F("Find", None if search is None else F("SearchId", search), F("ExecuteSearch", *criteria) if execute else None))
        inner = "Response/Status"
        self.walk([
            ("no id", 2, ask(mail(words), search=None)), ("a long id", 2, ask(mail(words), search="x" * 65)), ("nothing to do", 2, ask(execute=False)), ("no criterion", 2, ask()),
            ("two criteria", 2, ask(mail(words), F("GalSearchCriterion", F("Query", "anna")))), ("no query", 2, ask(mail())),
            ("no words", 2, ask(mail(F("Query", E("AirSync:Class", "Email"))))), ("the class of events", 2, ask(mail(F("Query", E("AirSync:Class", "Calendar"), F("FreeText", "x"))))),
            ("an unknown folder", 3, ask(mail(F("Query", E("AirSync:Class", "Email"), E("AirSync:CollectionId", "99999"), F("FreeText", "x"))))),
            ("a range that is none", 2, ask(mail(words, F("Options", F("Range", "x"))))), ("a range that does not begin at 0", 4, ask(mail(words, F("Options", F("Range", "5-9"))), search="s2"), inner),
            ("no name", 2, ask(F("GalSearchCriterion", F("Query", ""))), inner), ("a good one", 1, ask(mail(words)), inner), ("people", 1, ask(F("GalSearchCriterion", F("Query", "anna"))), inner),
        ], self.phone_at, versions=("16.1",))

    def test_every_command_asks_for_the_policy(self):
        asks = {"MeetingResponse": E("MeetingResponse:MeetingResponse", E("Request", E("UserResponse", 1))), "FolderSync": E("FolderHierarchy:FolderSync", E("SyncKey", "0")),
                "Sync": E("AirSync:Sync", E("Collections")), "Ping": E("Ping:Ping"), "SendMail": E("ComposeMail:SendMail", E("ClientId", "x")), "Search": S("Search", S("Store")),
                "ItemOperations": E("ItemOperations:ItemOperations"), "MoveItems": E("Move:MoveItems"), "GetItemEstimate": E("GetItemEstimate:GetItemEstimate"),
                "ResolveRecipients": E("ResolveRecipients:ResolveRecipients"), "ValidateCert": E("ValidateCert:ValidateCert"), "FolderCreate": E("FolderHierarchy:FolderCreate")}
        rows = [(name, common(142, 449), lambda phone, name=name, root=root: phone.post(name, root), "Result/Status" if name == "MeetingResponse" else "Status") for name, root in asks.items()]
        self.walk(rows, lambda version: self.phone(version=version, set_up=False))
        self.walk([("Find", 142, lambda phone: phone.post("Find", E("Find:Find", E("SearchId", "x"))))], lambda version: self.phone(version=version, set_up=False), versions=("16.1",))

    def test_settings(self):
        T = lambda tag, *parts: E("Settings:" + tag, *parts)
        ask = lambda *parts: lambda phone: phone.settings(*parts)
        oof = lambda *parts: ask(T("Oof", *parts))
        put = lambda *parts: oof(T("Set", *parts))
        when = "2026-12-01T00:00:00.000Z"
        message = lambda *parts: T("OofMessage", *parts)
        self.walk([
            ("nothing", 2, ask()), ("a property twice", 2, ask(T("UserInformation", T("Get")), T("UserInformation", T("Get")))), ("a good one", 1, ask(T("UserInformation", T("Get")))),
            ("no operation", 2, oof(), "Oof/Status"), ("Get and Set", 2, oof(T("Get", T("BodyType", "Text")), T("Set", T("OofState", 0))), "Oof/Status"),
            ("Get without a type", 2, oof(T("Get")), "Oof/Status"), ("a type that is none", 5, oof(T("Get", T("BodyType", "RTF"))), "Oof/Status"),
            ("state 3", 5, put(T("OofState", 3)), "Oof/Status"), ("a state that is no number", 5, put(T("OofState", "on")), "Oof/Status"),
            ("a start alone", 2, put(T("OofState", 2), T("StartTime", when)), "Oof/Status"), ("an end alone", 2, put(T("OofState", 2), T("EndTime", when)), "Oof/Status"),
            ("an end that is the start", 5, put(T("OofState", 2), T("StartTime", when), T("EndTime", when)), "Oof/Status"), ("dates that are none", 5, put(T("OofState", 2), T("StartTime", "x"), T("EndTime", "y")), "Oof/Status"),
            ("a message to nobody", 2, put(T("OofState", 1), message(T("Enabled", 1))), "Oof/Status"),
            ("a message to two", 6, put(T("OofState", 1), message(T("AppliesToInternal"), T("AppliesToExternalKnown"), T("Enabled", 1))), "Oof/Status"),
            ("two to one", 6, put(T("OofState", 1), message(T("AppliesToInternal"), T("Enabled", 1)), message(T("AppliesToInternal"), T("Enabled", 1))), "Oof/Status"),
            ("Enabled 2", 5, put(message(T("AppliesToInternal"), T("Enabled", 2))), "Oof/Status"), ("a text of no type", 5, put(message(T("AppliesToInternal"), T("ReplyMessage", "x"))), "Oof/Status"),
            ("a good absence", 1, put(T("OofState", 0)), "Oof/Status"),
            ("device information without Set", 5, ask(T("DeviceInformation")), "DeviceInformation/Status"), ("user information without Get", 2, ask(T("UserInformation")), "UserInformation/Status"),
            ("a device password without Set", 2, ask(T("DevicePassword")), "DevicePassword/Status"),
            ("rights management", 1, lambda phone: phone.settings(T("RightsManagementInformation", T("Get"))) if phone.number >= 14.1 else None, "RightsManagementInformation/Status"),
        ], self.phone_at)

    def test_provision(self):
        P = lambda tag, *parts: E("Provision:" + tag, *parts)
        info = lambda phone: phone.device_information() if phone.number >= 14.1 else None
        policy = lambda *parts: P("Policies", P("Policy", *parts))
        kind = P("PolicyType", "MS-EAS-Provisioning-WBXML")

        def ask(*parts):
            return lambda phone: phone.post("Provision", P("Provision", info(phone), *parts))
        inner = "Policies/Policy/Status"
        self.walk([
            ("no policy", 2, lambda phone: phone.post("Provision", P("Provision", P("Policies")))), ("no type", 2, ask(policy())), ("an unknown type", 3, ask(policy(P("PolicyType", "MS-WAP-Provisioning-XML"))), inner),
            ("an acknowledgement of nothing", 5, lambda phone: phone.post("Provision", P("Provision", policy(kind, P("PolicyKey", 7), P("Status", 1)))), inner),
            ("one without Status", 2, lambda phone: phone.post("Provision", P("Provision", policy(kind, P("PolicyKey", 7))))),
            ("one with Status 9", 2, lambda phone: phone.post("Provision", P("Provision", policy(kind, P("PolicyKey", 7), P("Status", 9))))),
            ("an empty one", 1, lambda phone: phone.post("Provision", P("Provision"))), ("a good one", 1, ask(policy(kind)), inner),
            ("no description", 165, lambda phone: phone.post("Provision", P("Provision", policy(kind))) if phone.number >= 14.1 else None),
        ][:-1], lambda version: self.phone(version=version, set_up=False))
        self.walk([("no description", 165, lambda phone: phone.post("Provision", P("Provision", policy(kind))))],
            lambda version: self.phone(version=version, set_up=False), versions=("14.1", "16.1"))

    def test_resolve_recipients(self):
        R = lambda tag, *parts: E("ResolveRecipients:" + tag, *parts)
        ask = lambda *parts: lambda phone: phone.post("ResolveRecipients", R("ResolveRecipients", *parts))
        to = R("To", "anna")
        wrong = lambda *options: ask(to, R("Options", *options))
        busy = lambda *parts: lambda phone: wrong(R("Availability", *parts))(phone) if phone.number >= 14 else None
        start, at = R("StartTime", "2026-12-01T00:00:00.000Z"), lambda text: R("EndTime", text)
        self.walk([
            ("nobody asked for", 5, ask()), ("a name of 257 characters", 5, ask(R("To", "x" * 257))), ("101 names (MS-ASCMD 3.1.5.10)", 5, ask(*[to] * 101)),
            ("two Options", 5, ask(to, R("Options"), R("Options"))), ("retrieval 4", 5, wrong(R("CertificateRetrieval", 4))), ("retrieval 0", 5, wrong(R("CertificateRetrieval", 0))),
            ("10,000 certificates", 5, wrong(R("MaxCertificates", 10000))), ("10,000 suggestions", 5, wrong(R("MaxAmbiguousRecipients", 10000))), ("a word", 5, wrong(R("MaxCertificates", "all"))),
            ("no start", 5, busy(at("2026-12-02T00:00:00.000Z"))), ("a start that is no date", 5, busy(R("StartTime", "x"))), ("an end that is no date", 5, busy(start, at("x"))),
            ("29 minutes", 5, busy(start, at("2026-12-01T00:29:00.000Z"))), ("43 days", 5, busy(start, at("2027-01-13T00:00:00.000Z"))),
            ("nobody of that name", 4, ask(R("To", "nobody.at.all")), "Response/Status"), ("an empty name", 4, ask(R("To", "")), "Response/Status"),
            ("oneself", 1, lambda phone: ask(R("To", phone.user))(phone), "Response/Status"), ("the whole of it", 1, lambda phone: ask(R("To", phone.user))(phone)),
            ("no certificate", 7, lambda phone: ask(R("To", phone.user), R("Options", R("CertificateRetrieval", 2)))(phone), "Response/Recipient/Certificates/Status"),
            ("no photo", 173, lambda phone: ask(R("To", phone.user), R("Options", R("Picture")))(phone) if phone.number >= 14.1 else None, "Response/Recipient/Picture/Status"),
        ], self.phone_at)

    def test_validate_cert(self):
        V = lambda tag, *parts: E("ValidateCert:" + tag, *parts)
        ask = lambda *parts: lambda phone: phone.post("ValidateCert", V("ValidateCert", *parts))
        some = V("Certificates", V("Certificate", "AAAA"))
        self.walk([("nothing", 2, ask()), ("no certificate", 2, ask(V("Certificates"))), ("CheckCRL 2", 2, ask(some, V("CheckCRL", 2))), ("101 (MS-ASCMD 3.1.5.10)", 2, ask(V("Certificates", [V("Certificate", "AAAA")] * 101))),
                   ("no certificate inside", 10, ask(some), "Certificate/Status"), ("the whole of it", 1, ask(some))], self.phone_at)


if __name__ == "__main__":
    unittest.main()
