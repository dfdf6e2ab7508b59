"""A conversation holds together: its id is shared, its index grows with each answer (MS-ASCON 2.2.2.3, 2.2.2.4)."""

import unittest

import smtp
from case import ServerCase
from eas import E, body_preference, sync_options
from phone import INBOX


class ConversationsTest(ServerCase):
    def test_the_index_grows_with_each_answer(self):
        for version in ("14.0", "14.1", "16.1"):
            one, two = self.phone(version=version), self.phone(version=version)
            self.mail(one.user, "Topic", sender=two.user)
            (first,) = one.pull(INBOX).items.values()
            held, sender, receiver = [first], one, two
            for command in ("SmartReply", "SmartReply", "SmartForward"):
                mime = smtp.message(receiver.user, "Re: Topic", text="answer\r\n", sender=sender.user)
                before = set(receiver.pull(INBOX).items)
                answer = sender.smart(command, mime, f"r{len(held)}", sender.folder(INBOX).id, held[-1].id)
                self.assertEqual((200, b""), (answer.status, answer.body))
                (new,) = [i for key, i in receiver.pull(INBOX).items.items() if key not in before]
                held.append(new)
                sender, receiver = receiver, sender
            texts = [(i.node("Email2:ConversationId").bytes(), i.node("Email2:ConversationIndex").bytes()) for i in held]
            self.assertEqual(1, len({t[0] for t in texts}), "one conversation")
            self.assertEqual([5, 10, 15, 20], [len(t[1]) for t in texts])
            for earlier, later in zip(texts, texts[1:]):
                self.assertTrue(later[1].startswith(earlier[1]), "each answer continues the index of what it answers")

    def test_a_body_part_is_html(self):
        for version in ("14.1", "16.1"):
            phone = self.phone(version=version)
            self.mail(phone.user, "Part")
            phone.start(INBOX)
            good, bad = (sync_options(0, [body_preference(2)]) for _ in range(2))
            good.children.append(E("AirSyncBase:BodyPartPreference", E("Type", 2), E("TruncationSize", 500)))
            bad.children.append(E("AirSyncBase:BodyPartPreference", E("Type", 1), E("TruncationSize", 500)))
            self.assertEqual(164, phone.sync_box(INBOX, options=bad).status)
            result = phone.sync_box(INBOX, options=good)
            self.assertEqual((1, 1), (result.status, len(result.adds)))
            (item,) = phone.box(INBOX).items
            fetch = phone.fetch(phone.folder(INBOX).id, item, options=E("ItemOperations:Options", E("AirSyncBase:BodyPartPreference", E("Type", 4))))
            self.assertEqual("164", fetch.root.text("Response/Fetch/Status"))

    def test_preferences_out_of_order_or_twice_are_an_error(self):
        phone = self.phone()
        phone.start(INBOX)
        twice = sync_options(0, [body_preference(1, 10), body_preference(1, 20)])
        disorder = sync_options(0, [E("AirSyncBase:BodyPreference", E("TruncationSize", 10), E("Type", 1))])
        doubled = sync_options(0, [E("AirSyncBase:BodyPreference", E("Type", 1), E("TruncationSize", 10), E("AllOrNone", 1), E("AllOrNone", 1))])
        odd = sync_options(0, [E("AirSyncBase:BodyPreference", E("Type", 1), E("TruncationSize", 10), E("AllOrNone", 7))])
        for name, options in (("twice", twice), ("order", disorder), ("doubled", doubled), ("no boolean", odd)):
            with self.subTest(name):
                self.assertEqual(4, phone.sync_box(INBOX, options=options).status, "MS-ASAIRS 3.2.5.1")


if __name__ == "__main__":
    unittest.main()
