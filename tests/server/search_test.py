"""Search: mail by its words and marks, people by their names (MS-ASCMD 2.2.1.16)."""

import unittest

import smtp
from case import ServerCase
from eas import E, body_preference
from phone import CONTACTS, INBOX
from server import PASSWORD

VERSIONS = ("12.1", "14.0", "14.1", "16.0", "16.1")


def free_text(*words, more=()):
    return E("Search:And", *more, *[E("Search:FreeText", word) for word in words])


class SearchCase(ServerCase):
    def search(self, phone, query, name="Mailbox", span=None, *options):
        more = [E("Search:Range", span) if span else None, *options]
        answer = phone.post("Search", E("Search:Search", E("Search:Store", E("Search:Name", name), E("Search:Query", query) if query is not None else None,
            E("Search:Options", *more) if any(part is not None for part in more) else None)))
        self.assertEqual((200, 1), (answer.status, answer.code), answer)
        return answer.root.find("Response/Store")

    def status(self, *arguments, **options):
        return self.search(*arguments, **options).number("Status")

    def subjects(self, store):
        return [result.text("Properties/Email:Subject") for result in store.all("Result") if result.has("Properties")]


class MailSearchTest(SearchCase):
    def test_words_are_found_in_subject_people_and_text(self):
        for version in VERSIONS:
            with self.subTest(version):
                phone = self.phone(version=version)
                self.mail(phone.user, "The harvest report", text="Nothing else.\r\n")
                self.mail(phone.user, "Lunch", text="We talk of the harvest.\r\n")
                self.mail(phone.user, "Holiday", text="Sunshine.\r\n")
                store = self.search(phone, free_text("harvest"))
                self.assertEqual(1, store.number("Status"))
                self.assertEqual({"The harvest report", "Lunch"}, set(self.subjects(store)))
                self.assertEqual(("0-1", 2), (store.text("Range"), store.number("Total")))
                for result in store.all("Result"):
                    self.assertEqual("Email", result.text("AirSync:Class"))
                    self.assertTrue(result.text("LongId") and result.text("AirSync:CollectionId"), result)

    def test_quirk_2_a_long_id_is_fetched_without_collection(self):
        phone = self.phone()
        self.mail(phone.user, "Deep treasure", text="Gold and silver.\r\n")
        result = self.search(phone, free_text("treasure")).find("Result")
        answer = phone.fetch(long_id=result.text("LongId"), options=E("ItemOperations:Options", body_preference(1)))
        self.assertEqual(1, answer.root.number("Response/Fetch/Status"), answer)
        self.assertIn("Gold and silver.", answer.root.text("Response/Fetch/Properties/AirSyncBase:Body/Data"))

    def test_bodies_come_only_when_they_are_asked_for(self):
        phone = self.phone()
        self.mail(phone.user, "Wanted", text="Body here.\r\n")
        self.assertFalse(self.search(phone, free_text("wanted")).has("Result/Properties/AirSyncBase:Body"))
        store = self.search(phone, free_text("wanted"), "Mailbox", None, body_preference(1))
        self.assertIn("Body here.", store.text("Result/Properties/AirSyncBase:Body/Data"))

    def test_ranges_page_through_the_results(self):
        phone = self.phone()
        for number in range(5):
            self.mail(phone.user, f"Series {number}")
        store = self.search(phone, free_text("series"), span="0-1")
        self.assertEqual(("0-1", 5, 2), (store.text("Range"), store.number("Total"), len(store.all("Result"))))
        rest = self.search(phone, free_text("series"), span="2-9")
        self.assertEqual(("2-4", 3), (rest.text("Range"), len(rest.all("Result"))))
        self.assertEqual(set(), set(self.subjects(store)) & set(self.subjects(rest)))

    def test_quirk_16_no_result_has_range_and_total_too(self):
        store = self.search(self.phone(), free_text("nowhere"))
        self.assertEqual((1, 0), (store.number("Status"), store.number("Total")))
        self.assertTrue(store.has("Range") and store.has("Result"))

    def test_a_range_beyond_the_limit_is_said(self):
        self.assertEqual(12, self.status(self.phone(), free_text("x"), span="0-500"))

    def test_malformed_ranges_are_invalid(self):
        phone = self.phone()
        for span in ("x", "5", "9-1", "-", "1-x"):
            self.assertEqual(2, self.status(phone, free_text("x"), span=span), span)

    def test_a_folder_and_its_subfolders(self):
        phone = self.phone()
        parent = phone.make_folder("Projects", 12)
        child = phone.make_folder("Alpha", 12, parent.id)
        for name, folder in (("plan one", parent), ("plan two", child), ("plan three", None)):
            self.mail(phone.user, name)
            box = phone.pull(INBOX)
            if folder is not None:
                phone.move(box.by("Email:Subject", name).id, INBOX, folder)
        within = [E("AirSync:CollectionId", parent.id)]
        self.assertEqual(["plan one"], self.subjects(self.search(phone, free_text("plan", more=within))))
        deep = self.search(phone, free_text("plan", more=within), "Mailbox", None, E("Search:DeepTraversal"), E("Search:RebuildResults"))
        self.assertEqual({"plan one", "plan two"}, set(self.subjects(deep)))
        self.assertEqual({"plan one", "plan two", "plan three"}, set(self.subjects(self.search(phone, free_text("plan")))))

    def test_an_unknown_folder_asks_for_folder_sync(self):
        self.assertEqual(11, self.status(self.phone(), free_text("x", more=[E("AirSync:CollectionId", "99999")])))

    def test_dates_bound_the_results(self):
        phone = self.phone()
        self.mail(phone.user, "Dated")
        bound = lambda tag, at: E("Search:" + tag, E("Email:DateReceived"), E("Search:Value", at))
        past, future = "2001-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z"
        count = lambda *bounds: self.search(phone, free_text("dated", more=bounds)).number("Total")
        self.assertEqual((1, 0, 1, 0), (count(bound("GreaterThan", past)), count(bound("GreaterThan", future)), count(bound("LessThan", future)), count(bound("LessThan", past))))
        self.assertEqual(2, self.status(phone, free_text("dated", more=[bound("GreaterThan", "tomorrow")])))

    def test_a_conversation_is_found_by_its_id(self):
        phone = self.phone(version="14.1")
        self.mail(phone.user, "Talk", headers=[("References", "<root@example.net>")])
        self.mail(phone.user, "Other")
        talk = phone.pull(INBOX).by("Email:Subject", "Talk").node("Email2:ConversationId")
        store = self.search(phone, E("Search:And", E("Search:ConversationId", talk.bytes())))
        self.assertEqual(["Talk"], self.subjects(store))

    def test_classes_limit_the_results(self):
        phone = self.phone()
        self.mail(phone.user, "Zebra mail")
        phone.start(CONTACTS)
        phone.add(CONTACTS, E("Contacts:FirstName", "Zebra"), E("Contacts:LastName", "Person"), E("Contacts:FileAs", "Zebra Person"))
        of = lambda *names: [r.text("AirSync:Class") for r in self.search(phone, free_text("zebra", more=[E("AirSync:Class", n) for n in names])).all("Result")]
        self.assertEqual(["Email"], of("Email"))
        self.assertEqual(["Contacts"], of("Contacts"))
        self.assertEqual({"Email", "Contacts"}, set(of()))
        self.assertEqual(2, self.status(phone, free_text("zebra", more=[E("AirSync:Class", "Nonsense")])))

    def test_notes_are_no_class_before_14(self):
        self.assertEqual(2, self.status(self.phone(version="12.1"), free_text("x", more=[E("AirSync:Class", "Notes")])))
        self.assertEqual(1, self.status(self.phone(version="14.0"), free_text("x", more=[E("AirSync:Class", "Notes")])))

    def test_what_is_not_in_one_and_is_too_complex(self):
        phone = self.phone()
        self.assertEqual(8, self.status(phone, E("Search:FreeText", "x")))
        self.assertEqual(8, self.status(phone, E("Search:Or", E("Search:FreeText", "x"))))
        self.assertEqual(8, self.status(phone, E("AirSync:CollectionId", "1")))
        self.assertEqual(8, self.status(phone, E("Search:And", E("Search:And", E("Search:FreeText", "x")))))

    def test_an_element_of_a_class_is_no_condition(self):
        phone = self.phone()
        for element in ("Calendar:Subject", "Contacts:FirstName", "Tasks:Subject"):
            self.assertEqual(2, self.status(phone, free_text("x", more=[E(element, "x")])), element)

    def test_nothing_to_look_for_is_invalid(self):
        phone = self.phone()
        self.assertEqual(2, self.status(phone, E("Search:And", E("AirSync:Class", "Email"))))
        self.assertEqual(2, self.status(phone, None))
        self.assertEqual(2, self.status(phone, free_text("x"), name="Nothing"))

    def test_document_libraries_are_blocked(self):
        link = E("Search:EqualTo", E("DocumentLibrary:LinkId"), E("Search:Value", "\\\\server\\share"))
        self.assertEqual(13, self.status(self.phone(), link, name="DocumentLibrary"))

    def test_nobody_finds_what_is_anothers(self):
        mine, other = self.phone(), self.phone()
        self.mail(other.user, "Confidential")
        self.assertEqual(0, self.search(mine, free_text("confidential")).number("Total"))


class GalSearchTest(SearchCase):
    def prepare_people(self):
        phone = self.phone()
        name = phone.user.split("@")[0]
        return phone, name

    def test_people_are_found_by_the_beginning_of_their_names(self):
        for version in VERSIONS:
            with self.subTest(version):
                phone = self.phone(version=version)
                store = self.search(phone, phone.user.split("@")[0], "GAL")
                self.assertEqual(1, store.number("Status"))
                found = [r.text("Properties/GAL:EmailAddress") for r in store.all("Result") if r.has("Properties")]
                self.assertIn(phone.user, found)
                self.assertTrue(store.has("Result/Properties/GAL:DisplayName") and store.has("Result/Properties/GAL:Alias"))
                self.assertEqual(store.number("Total"), len(found))

    def test_an_empty_query_is_invalid_and_a_short_one_finds_nobody(self):
        phone = self.phone()
        self.assertEqual(2, self.status(phone, "", name="GAL"))
        self.assertEqual(0, self.search(phone, "p", "GAL").number("Total"))

    def test_ranges_count_people(self):
        phone = self.phone()
        self.person(), self.person()
        domain = phone.user.split("@")[1]
        store = self.search(phone, domain, "GAL", "0-0")
        self.assertEqual(("0-0", 1), (store.text("Range"), len(store.all("Result"))))
        self.assertGreaterEqual(store.number("Total"), 3)

    def test_quirk_16_an_empty_picture_asks_for_photos(self):
        phone = self.phone()
        store = self.search(phone, phone.user, "GAL", None, E("Search:Picture"))
        self.assertEqual(173, store.number("Result/Properties/GAL:Picture/Status"))
        old = self.phone(phone.user, version="14.0")
        self.assertFalse(self.search(old, phone.user, "GAL", None, E("Search:Picture")).has("Result/Properties/GAL:Picture"))

    def test_a_limit_that_is_no_number_is_invalid(self):
        phone = self.phone()
        self.assertEqual(2, self.status(phone, phone.user, "GAL", None, E("Search:Picture", E("Search:MaxSize", "x"))))

    def test_w13_people_of_other_domains_are_not_listed(self):
        self.server.add_domain("elsewhere.example")
        self.server.cli("account", "add", "stranger@elsewhere.example", "--password-stdin", stdin=PASSWORD)
        store = self.search(self.phone(), "stranger", "GAL")
        self.assertEqual(0, store.number("Total"))


class FindTest(ServerCase):
    def find(self, phone, query, people=False, search_id="s1", options=()):
        criterion = E("Find:GalSearchCriterion" if people else "Find:MailBoxSearchCriterion", query, E("Find:Options", *options) if options else None)
        return phone.post("Find", E("Find:Find", E("Find:SearchId", search_id) if search_id else None, E("Find:ExecuteSearch", criterion)))

    def text(self, words, *more):
        return E("Find:Query", E("Find:FreeText", words), E("AirSync:Class", "Email"), *more)

    def subjects(self, answer):
        return [r.text("Properties/Email:Subject") for r in answer.root.all("Response/Result")]

    def test_mail_is_found_with_what_a_list_shows(self):
        phone = self.phone()
        self.mail(phone.user, "Quarterly figures", text="Numbers and more.\r\n", attachments=[("a.pdf", "application/pdf", b"%PDF")])
        answer = self.find(phone, self.text("figures"))
        self.assertEqual((200, 1, 1), (answer.status, answer.code, answer.root.number("Response/Status")), answer)
        self.assertEqual("Mailbox", answer.root.text("Response/ItemOperations:Store"))
        properties = answer.root.find("Response/Result/Properties")
        self.assertEqual(("Quarterly figures", "1", "0"), (properties.text("Email:Subject"), properties.text("Find:HasAttachments"), properties.text("Email:Read")))
        self.assertIn("Numbers and more", properties.text("Find:Preview"))
        self.assertEqual(("0-0", 1), (answer.root.text("Response/Range"), answer.root.number("Response/Total")))
        fetched = phone.fetch(answer.root.text("Response/Result/AirSync:CollectionId"), answer.root.text("Response/Result/AirSync:ServerId"))
        self.assertEqual(1, fetched.root.number("Response/Fetch/Status"))

    def test_the_words_of_the_query_language(self):
        phone = self.phone()
        smtp.deliver(self.server, phone.user, smtp.message(phone.user, "Red apple", sender="Rose <rose@example.net>"), "rose@example.net")
        smtp.deliver(self.server, phone.user, smtp.message(phone.user, "Green pear", sender="Paul <paul@example.net>",
            attachments=[("list.txt", "text/plain", b"x")]), "paul@example.net")
        for words, found in (("subject:apple", {"Red apple"}), ("from:paul", {"Green pear"}), ("apple OR pear", {"Red apple", "Green pear"}),
                ('"green pear"', {"Green pear"}), ("hasattachment:true", {"Green pear"}), ("example.net NOT apple", {"Green pear"}), ("subject:paul", set())):
            self.assertEqual(found, set(self.subjects(self.find(phone, self.text(words)))), words)

    def test_a_search_begins_at_zero(self):
        phone = self.phone()
        self.mail(phone.user, "Paging one"), self.mail(phone.user, "Paging two")
        at = lambda span: [E("Find:Range", span)]
        self.assertEqual(4, self.find(phone, self.text("paging"), search_id="p", options=at("1-1")).root.number("Response/Status"))
        self.assertEqual(1, len(self.subjects(self.find(phone, self.text("paging"), search_id="p", options=at("0-0")))))
        further = self.find(phone, self.text("paging"), search_id="p", options=at("1-1"))
        self.assertEqual(("1-1", 2), (further.root.text("Response/Range"), further.root.number("Response/Total")))

    def test_what_is_wrong_is_said(self):
        phone = self.phone()
        self.assertEqual(2, self.find(phone, self.text("x"), search_id=None).code)
        self.assertEqual(2, self.find(phone, self.text("")).code)
        self.assertEqual(2, self.find(phone, self.text("x"), options=[E("Find:Range", "9-1")]).code)
        self.assertEqual(3, self.find(phone, self.text("x", E("AirSync:CollectionId", "99999"))).code)

    def test_people_are_found(self):
        phone = self.phone()
        answer = self.find(phone, E("Find:Query", phone.user), people=True, options=[E("Find:Picture")])
        self.assertEqual(("GAL", 1), (answer.root.text("Response/ItemOperations:Store"), answer.root.number("Response/Total")), answer)
        properties = answer.root.find("Response/Result/Properties")
        self.assertEqual((phone.user, 173), (properties.text("GAL:EmailAddress"), properties.number("GAL:Picture/Status")))


if __name__ == "__main__":
    unittest.main()
