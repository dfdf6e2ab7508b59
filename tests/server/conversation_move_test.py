"""ItemOperations Move: whole conversations into a folder, and what comes later (MS-ASCMD 2.2.3.117.1)."""

import unittest

from case import ServerCase
from eas import E
from phone import CALENDAR, INBOX


class ConversationMoveTest(ServerCase):
    def move(self, phone, conversation, target, always=True):
        options = E("ItemOperations:Options", E("ItemOperations:MoveAlways")) if always else None
        answer = phone.post("ItemOperations", E("ItemOperations:ItemOperations", E("ItemOperations:Move",
            E("ItemOperations:ConversationId", conversation), E("ItemOperations:DstFldId", target), options)))
        self.assertEqual((200, 1), (answer.status, answer.code), answer)
        return answer.root.number("Response/Move/Status")

    def test_a_conversation_moves_with_what_is_to_come(self):
        phone = self.phone()
        thread = [("References", "<root@example.net>")]
        self.mail(phone.user, "First", headers=thread), self.mail(phone.user, "Second", headers=thread), self.mail(phone.user, "Other")
        folder = phone.make_folder("Thread", 12)
        conversation = phone.pull(INBOX).by("Email:Subject", "First").node("Email2:ConversationId").bytes()
        self.assertEqual(1, self.move(phone, conversation, folder.id))
        self.assertEqual(["Other"], phone.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(["First", "Second"], phone.pull(folder).texts("Email:Subject"))
        self.mail(phone.user, "Third", headers=thread)
        self.assertEqual(["First", "Second", "Third"], phone.pull(folder).texts("Email:Subject"))
        self.assertEqual(["Other"], phone.pull(INBOX).texts("Email:Subject"))

    def test_what_is_wrong_is_said(self):
        phone = self.phone(version="14.1")
        self.mail(phone.user, "One")
        conversation = phone.pull(INBOX).by("Email:Subject", "One").node("Email2:ConversationId").bytes()
        inbox = phone.folder(INBOX).id
        self.assertEqual(155, self.move(phone, conversation, inbox, always=False))
        self.assertEqual(156, self.move(phone, conversation, phone.folder(CALENDAR).id))
        self.assertEqual(6, self.move(phone, conversation, "99999"))
        self.assertEqual(6, self.move(phone, b"0123456789abcdef", inbox))


if __name__ == "__main__":
    unittest.main()
