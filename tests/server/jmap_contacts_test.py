"""Contacts over JMAP (RFC 9610): address books and cards, also those that a phone keeps."""

import base64
import unittest

from case import ServerCase
from eas import E
from items import contact
from jmap import BLOB, CONTACTS, CORE, MAIL, Jmap
from phone import CONTACTS as PHONE_CONTACTS

CARD = {"@type": "Card", "version": "1.0",
        "name": {"components": [{"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}], "full": "Ada Lovelace"},
        "emails": {"e1": {"address": "ada@example.net", "contexts": {"work": True}}},
        "phones": {"p1": {"number": "+44 1", "features": {"mobile": True}}}}


class JmapContactsTest(ServerCase):
    def client(self, user=None):
        client = Jmap(self.server, user or self.person())
        client.using = [CORE, MAIL, BLOB, CONTACTS]
        return client

    def book(self, client):
        return next(book["id"] for book in client.get("AddressBook") if book["isDefault"])

    def card(self, client, book=None, **more):
        answer = client.call("ContactCard/set", create={"k": {"addressBookIds": {book or self.book(client): True}, **CARD, **more}})
        self.assertIsNone(answer["notCreated"], answer)
        return answer["created"]["k"]["id"]

    def test_the_session_tells_the_capability(self):
        client = self.client()
        facts = client.session["accounts"][client.account]["accountCapabilities"][CONTACTS]
        self.assertEqual({"maxAddressBooksPerCard": 1, "mayCreateAddressBook": True}, facts)
        self.assertEqual(client.account, client.session["primaryAccounts"][CONTACTS])
        self.assertEqual({}, client.session["capabilities"][CONTACTS])

    def test_an_address_book_lives(self):
        client = self.client()
        state = client.call("AddressBook/get")["state"]
        book = client.create("AddressBook", name="Club", description="Rowing", sortOrder=3)
        self.assertEqual(False, book["isDefault"])
        held = client.one("AddressBook", book["id"])
        self.assertEqual(("Club", "Rowing", 3, True), (held["name"], held["description"], held["sortOrder"], held["isSubscribed"]))
        self.assertEqual({"mayRead": True, "mayWrite": True, "mayShare": True, "mayDelete": True}, held["myRights"])
        changes = client.call("AddressBook/changes", sinceState=state)
        self.assertEqual([book["id"]], changes["created"])
        answer = client.call("AddressBook/set", update={book["id"]: {"name": "Rowers", "sortOrder": 1}})
        self.assertEqual({book["id"]: None}, answer["updated"])
        changed = client.call("AddressBook/changes", sinceState=changes["newState"])
        self.assertEqual([book["id"]], changed["updated"])
        self.assertEqual("Rowers", client.one("AddressBook", book["id"])["name"])
        self.card(client, book["id"])
        answer = client.call("AddressBook/set", destroy=[book["id"]])
        self.assertEqual("addressBookHasContents", answer["notDestroyed"][book["id"]]["type"])
        answer = client.call("AddressBook/set", destroy=[book["id"]], onDestroyRemoveContents=True)
        self.assertEqual([book["id"]], answer["destroyed"])
        self.assertEqual([], client.call("ContactCard/query")["ids"])

    def test_another_book_becomes_the_default(self):
        client = self.client()
        before = self.book(client)
        answer = client.call("AddressBook/set", create={"k": {"name": "New"}}, onSuccessSetIsDefault="#k")
        self.assertEqual(True, answer["created"]["k"]["isDefault"])
        self.assertEqual({"isDefault": False}, answer["updated"][before])
        self.assertEqual(answer["created"]["k"]["id"], self.book(client))
        self.assertEqual("invalidProperties", client.call("AddressBook/set", create={"x": {"name": ""}})["notCreated"]["x"]["type"])
        answer = client.call("AddressBook/set", destroy=[before])
        self.assertEqual("forbidden", answer["notDestroyed"][before]["type"], "the folder that phones know stays")

    def test_a_card_is_made_read_changed_and_destroyed(self):
        client = self.client()
        book = self.book(client)
        state = client.call("ContactCard/get", ids=[])["state"]
        answer = client.call("ContactCard/set", create={"k": {**CARD, "addressBookIds": {book: True}, "uid": "one"}})
        made = answer["created"]["k"]
        self.assertEqual(state, answer["oldState"])
        self.assertEqual({"id", "created", "updated"}, set(made) - {"addressBookIds"})
        held = client.one("ContactCard", made["id"])
        self.assertEqual(CARD["name"], held["name"])
        self.assertEqual(CARD["emails"], held["emails"])
        self.assertEqual({book: True}, held["addressBookIds"])
        answer = client.call("ContactCard/set", update={made["id"]: {"emails/e1/address": "ada@example.org", "emails/e2": {"address": "b@example.org"}, "phones": None}})
        self.assertEqual([made["id"]], list(answer["updated"]))
        held = client.one("ContactCard", made["id"])
        self.assertEqual({"e1": {"address": "ada@example.org", "contexts": {"work": True}}, "e2": {"address": "b@example.org"}}, held["emails"])
        self.assertNotIn("phones", held)
        changes = client.call("ContactCard/changes", sinceState=state)
        self.assertEqual([made["id"]], changes["created"])
        answer = client.call("ContactCard/set", destroy=[made["id"], "i999"])
        self.assertEqual([made["id"]], answer["destroyed"])
        self.assertEqual("notFound", answer["notDestroyed"]["i999"]["type"])
        self.assertEqual([made["id"]], client.call("ContactCard/changes", sinceState=changes["newState"])["destroyed"])
        self.assertEqual(["i999"], client.call("ContactCard/get", ids=["i999"])["notFound"])

    def test_what_makes_no_sense_is_refused_by_its_property(self):
        client = self.client()
        book = {self.book(client): True}
        cards = {"noBook": CARD, "two": {**CARD, "addressBookIds": {**book, "c99": True}}, "wrongBook": {**CARD, "addressBookIds": {"c99": True}},
                 "mail": {**CARD, "addressBookIds": {client.mailbox("inbox"): True}}, "emails": {**CARD, "addressBookIds": book, "emails": {"e": {"address": 7}}},
                 "type": {"@type": "Group", "addressBookIds": book}, "id": {**CARD, "addressBookIds": book, "id": "i5"}}
        refused = client.call("ContactCard/set", create=cards)["notCreated"]
        self.assertEqual({key: "invalidProperties" for key in cards}, {key: error["type"] for key, error in refused.items()})
        self.assertEqual(["addressBookIds"] * 4, [refused[key]["properties"][0] for key in ("noBook", "two", "wrongBook", "mail")])
        self.assertEqual(["emails"], refused["emails"]["properties"])
        self.card(client, uid="same")
        refused = client.call("ContactCard/set", create={"k": {**CARD, "addressBookIds": book, "uid": "same"}})["notCreated"]["k"]
        self.assertEqual(("invalidProperties", ["uid"]), (refused["type"], refused["properties"]))
        card = self.card(client)
        self.assertEqual("invalidPatch", client.call("ContactCard/set", update={card: {"a/b/c": 1}})["notUpdated"][card]["type"])
        self.assertEqual("invalidProperties", client.call("ContactCard/set", update={card: {"uid": "other"}})["notUpdated"][card]["type"])
        self.assertEqual("stateMismatch", client.error("ContactCard/set", ifInState="0-0", destroy=[card]))

    def test_a_card_moves_between_books_and_keeps_its_id(self):
        client = self.client()
        one, other = self.book(client), client.create("AddressBook", name="Other")["id"]
        card = self.card(client)
        state = client.call("ContactCard/get", ids=[])["state"]
        client.call("ContactCard/set", update={card: {f"addressBookIds/{other}": True, f"addressBookIds/{one}": None}})
        self.assertEqual({other: True}, client.one("ContactCard", card)["addressBookIds"])
        self.assertEqual([card], client.call("ContactCard/changes", sinceState=state)["updated"])
        self.assertEqual([card], client.call("ContactCard/query", filter={"inAddressBook": other})["ids"])
        self.assertEqual([], client.call("ContactCard/query", filter={"inAddressBook": one})["ids"])
        refused = client.call("ContactCard/set", update={card: {f"addressBookIds/{one}": True}})
        self.assertEqual(["addressBookIds"], refused["notUpdated"][card]["properties"])

    def test_cards_are_found_and_sorted(self):
        client = self.client()
        def name(given, surname):
            return {"components": [{"kind": "given", "value": given}, {"kind": "surname", "value": surname}], "full": f"{given} {surname}"}
        b = self.card(client, name=name("Bert", "Alpha"), notes={"n": {"note": "likes Tea"}}, organizations={"o": {"name": "ACME"}})
        a = self.card(client, name=name("Anna", "Beta"), emails={"e": {"address": "anna@sample.example"}}, kind="group", members={"urn:x": True})
        c = self.card(client, name=name("Carl", "alpha"), phones={"p": {"number": "+1 555"}})
        def ids(sort=None, **condition):
            return client.call("ContactCard/query", filter=condition, sort=[{"property": key} for key in sort or []])["ids"]
        self.assertEqual([a, b, c], ids(["name/given"]))
        self.assertEqual([b, c, a], ids(["name/surname", "name/given"]))
        self.assertEqual([b], ids(text="tea"))
        self.assertEqual([b], ids(organization="acme"))
        self.assertEqual([a], ids(email="sample"))
        self.assertEqual([c], ids(phone="555"))
        self.assertEqual([a], ids(kind="group"))
        self.assertEqual([a], ids(hasMember="urn:x"))
        self.assertEqual([b, c], ids(["name/given"], **{"name/surname": "alpha"}))
        found = client.call("ContactCard/query", filter={"operator": "NOT", "conditions": [{"name": "anna"}, {"name": "carl"}]}, calculateTotal=True)
        self.assertEqual(([b], 1), (found["ids"], found["total"]))
        self.assertEqual("unsupportedFilter", client.error("ContactCard/query", filter={"shoeSize": 3}))
        self.assertEqual("unsupportedSort", client.error("ContactCard/query", sort=[{"property": "x"}]))
        state = client.call("ContactCard/query")["queryState"]
        client.call("ContactCard/set", destroy=[a])
        changed = client.call("ContactCard/queryChanges", sinceQueryState=state)
        self.assertEqual(([a], []), (changed["removed"], changed["added"]))

    def test_a_photo_is_a_blob(self):
        client = self.client()
        blob = client.upload(b"\x89PNG not really", "image/png")["blobId"]
        card = self.card(client, media={"m": {"kind": "photo", "blobId": blob, "mediaType": "image/png"}})
        media = client.one("ContactCard", card, ["media"])["media"]["m"]
        self.assertEqual({"kind", "blobId", "mediaType"}, set(media))
        answer = client.download(media["blobId"], content_type="image/png")
        self.assertEqual((200, b"\x89PNG not really"), (answer.status, answer.body))
        client.call("ContactCard/set", update={card: {"notes": {"n": {"note": "x"}}}})
        again = client.one("ContactCard", card)["media"]["m"]
        self.assertEqual(b"\x89PNG not really", client.download(again["blobId"]).body, "an edit of something else keeps the photo")
        refused = client.call("ContactCard/set", update={card: {"media/m/blobId": "u99999"}})
        self.assertEqual(["media"], refused["notUpdated"][card]["properties"])

    def test_a_phone_and_the_page_see_the_same(self):
        user = self.person()
        client, phone = self.client(user), self.phone(user)
        phone.start(PHONE_CONTACTS)
        state = client.call("ContactCard/get", ids=[])["state"]
        item = phone.add(PHONE_CONTACTS, *contact("Hopper", "Grace", E("Contacts:Email1Address", "grace@example.net"), E("Contacts:Picture", base64.b64encode(b"JPEG").decode())))
        [card] = client.call("ContactCard/changes", sinceState=state)["created"]
        held = client.one("ContactCard", card)
        self.assertEqual({"Grace", "Hopper"}, {part["value"] for part in held["name"]["components"]})
        self.assertEqual("grace@example.net", next(iter(held["emails"].values()))["address"])
        [photo] = held["media"].values()
        self.assertEqual(b"JPEG", client.download(photo["blobId"]).body)
        client.call("ContactCard/set", update={card: {"nicknames": {"n": {"name": "Amazing"}}, "example.com:shoe": 42}})
        phone.pull(PHONE_CONTACTS)
        shown = phone.box(PHONE_CONTACTS).items[item]
        self.assertEqual(("Amazing", "Grace"), (shown.text("Contacts2:NickName"), shown.text("Contacts:FirstName")))
        self.assertTrue(shown.text("Contacts:Picture"), "the photo stays")
        phone.change(PHONE_CONTACTS, item, *contact("Hopper-Murray", "Grace"))
        held = client.one("ContactCard", card)
        self.assertEqual(42, held["example.com:shoe"], "what only JSContact can say survives the phone")
        self.assertIn("Hopper-Murray", [part["value"] for part in held["name"]["components"]])

    def test_changes_are_pushed(self):
        user = self.person()
        client, other = self.client(user), self.client(user)
        events = client.events(types="ContactCard,AddressBook")
        self.addCleanup(events.close)
        self.card(other)
        kind, data = events.next()
        self.assertEqual("state", kind)
        self.assertEqual(client.call("ContactCard/get", ids=[])["state"], data["changed"][client.account]["ContactCard"])

    def test_sharing_gives_and_takes_a_book(self):
        owner, viewer = self.client(), self.client()
        book = owner.create("AddressBook", name="Team")["id"]
        card = self.card(owner, book)
        hidden = self.card(owner)
        self.assertIsNone(owner.one("AddressBook", book)["shareWith"])
        principal = "p" + viewer.account[1:]
        answer = owner.call("AddressBook/set", update={book: {f"shareWith/{principal}": {"mayRead": True, "mayWrite": False, "mayShare": False, "mayDelete": False}}})
        self.assertEqual({book: None}, answer["updated"], answer)
        self.assertEqual({principal: {"mayRead": True, "mayWrite": False, "mayShare": False, "mayDelete": False}}, owner.one("AddressBook", book)["shareWith"])
        viewer.session = viewer.fetch_session()
        there = {"accountId": owner.account}
        self.assertIn(owner.account, viewer.session["accounts"])
        [seen] = viewer.get("AddressBook", **there)
        self.assertEqual((book, "Team", False, None), (seen["id"], seen["name"], seen["isSubscribed"], seen["shareWith"]))
        self.assertEqual({"mayRead": True, "mayWrite": False, "mayShare": False, "mayDelete": False}, seen["myRights"])
        self.assertEqual([card], viewer.call("ContactCard/query", **there)["ids"])
        self.assertEqual([hidden], viewer.call("ContactCard/get", ids=[hidden], **there)["notFound"])
        self.assertEqual("accountReadOnly", viewer.error("ContactCard/set", destroy=[card], **there))
        viewer.call("AddressBook/set", update={book: {"isSubscribed": True, "name": "Theirs"}}, **there)
        self.assertEqual(("Theirs", True), tuple(viewer.one("AddressBook", book, **there)[key] for key in ("name", "isSubscribed")))
        self.assertEqual("Team", owner.one("AddressBook", book)["name"])
        owner.call("AddressBook/set", update={book: {f"shareWith/{principal}/mayWrite": True}})
        viewer.call("ContactCard/set", update={card: {"language": "de"}}, **there)
        self.assertEqual("de", owner.one("ContactCard", card)["language"])
        copied = viewer.call("ContactCard/copy", fromAccountId=owner.account, create={"k": {"id": card, "addressBookIds": {self.book(viewer): True}}}, onSuccessDestroyOriginal=True)
        self.assertEqual(["ContactCard/copy", "ContactCard/set"], [response[0] for response in viewer.last["methodResponses"]])
        self.assertEqual(CARD["emails"], viewer.one("ContactCard", copied["created"]["k"]["id"])["emails"])
        self.assertEqual([card], owner.call("ContactCard/get", ids=[card])["notFound"])
        owner.call("AddressBook/set", update={book: {"shareWith": None}})
        self.assertEqual("accountNotFound", viewer.error("AddressBook/get", **there))


if __name__ == "__main__":
    unittest.main()
