"""Deleting and moving mail (MS-ASCMD 2.2.3.43 DeletesAsMoves, 2.2.1.12 MoveItems, 2.2.3.177.10)."""

import unittest

from case import ServerCase
from eas import E
from phone import CALENDAR, INBOX, TRASH, USER_MAIL
from wire import Lost


class MailDeleteMoveTest(ServerCase):
    def pair(self, *subjects):
        user = self.person()
        for subject in subjects or ("Hello",):
            self.mail(user, subject)
        one, two = self.phone(user), self.phone(user)
        one.pull(INBOX)
        two.pull(INBOX)
        return one, two

    def id_of(self, phone, subject="Hello", where=INBOX):
        return phone.box(where).by("Email:Subject", subject).id

    # -- Delete ----------------------------------------------------------------------------------------------------

    def test_deleting_moves_to_the_trash_by_default(self):
        one, two = self.pair()
        one.delete(INBOX, self.id_of(one))
        self.assertEqual([], two.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(["Hello"], two.pull(TRASH).texts("Email:Subject"))

    def test_deletes_as_moves_1_moves_and_0_destroys(self):
        one, two = self.pair("keep", "destroy")
        one.delete(INBOX, self.id_of(one, "keep"), deletes_as_moves=1)
        one.delete(INBOX, self.id_of(one, "destroy"), deletes_as_moves=0)
        self.assertEqual([], two.pull(INBOX).texts("Email:Subject"))
        self.assertEqual(["keep"], two.pull(TRASH).texts("Email:Subject"))

    def test_deleting_in_the_trash_destroys(self):
        one, two = self.pair()
        one.delete(INBOX, self.id_of(one))
        one.pull(TRASH)
        one.delete(TRASH, self.id_of(one, where=TRASH), deletes_as_moves=1)
        self.assertEqual([], one.pull(TRASH).texts("Email:Subject"))
        self.assertEqual([], two.pull(TRASH).texts("Email:Subject"))

    def test_deleting_what_is_gone_is_no_failure_of_the_round(self):
        one, two = self.pair()
        item = self.id_of(one)
        one.delete(INBOX, item, deletes_as_moves=0)
        result = two.sync_box(INBOX, [two.delete_command(item)])
        self.assertEqual(1, result.status)
        response = result.deleted.get(item)
        self.assertTrue(response is None or response.number("Status") == 8, result.node)
        two.box(INBOX).items.pop(item, None)
        self.assertTrue(two.sync_box(INBOX).quiet)

    def test_many_deletes_in_one_request(self):
        subjects = [f"Mail {number}" for number in range(20)]
        one, two = self.pair(*subjects)
        one.sync_box(INBOX, [one.delete_command(i) for i in list(one.box(INBOX).items)[:15]])
        self.assertEqual(5, len(two.pull(INBOX).items))
        self.assertEqual(15, len(two.pull(TRASH).items))

    def test_emptying_the_trash(self):
        one, two = self.pair("a", "b")
        one.sync_box(INBOX, [one.delete_command(i) for i in list(one.box(INBOX).items)])
        two.pull(INBOX)
        self.assertEqual(2, len(two.pull(TRASH).items))
        answer = one.empty_folder(one.folder(TRASH).id)
        self.assertEqual((1, 1), (answer.code, answer.root.number("Response/EmptyFolderContents/Status")), answer)
        self.assertEqual([], two.pull(TRASH).texts("Email:Subject"))

    def test_emptying_with_subfolders_removes_them(self):
        one, two = self.pair()
        trash = one.folder(TRASH)
        one.make_folder("Below", USER_MAIL, trash.id)
        two.learn_folders()
        answer = one.empty_folder(trash.id, subfolders=True)
        self.assertEqual(1, answer.root.number("Response/EmptyFolderContents/Status"), answer)
        two.learn_folders()
        self.assertNotIn("Below", [f.name for f in two.folders.values()])

    # -- MoveItems -------------------------------------------------------------------------------------------------

    def test_a_move_arrives_as_delete_and_add(self):
        one, two = self.pair()
        target = one.make_folder("Filed", USER_MAIL)
        two.learn_folders()
        one.start(target)
        two.pull(target.id)
        new_id = one.move(self.id_of(one), INBOX, target)
        self.assertTrue(new_id)
        for phone in (one, two):
            self.assertEqual([], phone.pull(INBOX).texts("Email:Subject"))
            box = phone.pull(target.id)
            self.assertEqual(["Hello"], box.texts("Email:Subject"))
            self.assertEqual(new_id, box.by("Email:Subject", "Hello").id)

    def test_a_move_keeps_flags_and_body(self):
        one, two = self.pair()
        target = one.make_folder("Filed", USER_MAIL)
        two.learn_folders()
        item = self.id_of(one)
        one.change(INBOX, item, E("Email:Read", 1), E("Email:Categories", E("Category", "Kept")))
        one.move(item, INBOX, target)
        moved = two.pull(target.id).by("Email:Subject", "Hello")
        self.assertEqual(("1", "Kept"), (moved.text("Email:Read"), moved.text("Email:Categories/Category")))
        self.assertIn("Good morning.", moved.text("AirSyncBase:Body/Data"))

    def statuses(self, answer):
        self.assertEqual(200, answer.status, answer)
        return [node.number("Status") for node in answer.root.all("Response")]

    def test_each_bad_move_has_its_status(self):
        one, _ = self.pair("stays")
        item, inbox, trash = self.id_of(one, "stays"), one.folder(INBOX).id, one.folder(TRASH).id
        self.assertEqual([1], self.statuses(one.move_items([(item, "98765", trash)])))
        self.assertEqual([1], self.statuses(one.move_items([(inbox + ":98765", inbox, trash)])))
        self.assertEqual([2], self.statuses(one.move_items([(item, inbox, "98765")])))
        self.assertEqual([4], self.statuses(one.move_items([(item, inbox, inbox)])))
        self.assertEqual(["stays"], one.pull(INBOX).texts("Email:Subject"))

    def test_mail_cannot_be_moved_into_a_calendar(self):
        one, _ = self.pair("mail")
        answer = one.move_items([(self.id_of(one, "mail"), one.folder(INBOX).id, one.folder(CALENDAR).id)])
        self.assertNotIn(3, self.statuses(answer))
        self.assertEqual(["mail"], one.pull(INBOX).texts("Email:Subject"))

    def test_one_request_moves_the_good_and_names_the_bad(self):
        one, _ = self.pair("a", "b", "c")
        inbox, trash = one.folder(INBOX).id, one.folder(TRASH).id
        moves = [(self.id_of(one, "a"), inbox, trash), (inbox + ":98765", inbox, trash), (self.id_of(one, "c"), inbox, trash)]
        answer = one.move_items(moves)
        self.assertEqual([3, 1, 3], self.statuses(answer))
        self.assertEqual([m[0] for m in moves], [n.text("SrcMsgId") for n in answer.root.all("Response")])

    def test_moving_back_and_forth_ends_where_it_began(self):
        one, two = self.pair()
        target = one.make_folder("There", USER_MAIL)
        two.learn_folders()
        two.pull(target.id)
        item = self.id_of(one)
        for _ in range(3):
            item = one.move(item, INBOX, target)
            item = one.move(item, target, INBOX)
        for phone in (one, two):
            self.assertEqual(["Hello"], phone.pull(INBOX).texts("Email:Subject"))
            self.assertEqual([], phone.pull(target.id).texts("Email:Subject"))

    def test_w4_a_lost_move_repeated_moves_once_and_succeeds(self):
        one, two = self.pair()
        item, trash = self.id_of(one), one.folder(TRASH).id
        move = [(item, one.folder(INBOX).id, trash)]
        for lose in ("unread", 40, 150):
            with self.assertRaises(Lost):
                one.move_items(move, lose=lose)
        answer = one.move_items(move)
        self.assertEqual([3], self.statuses(answer), "a repeat of a move that was done is answered as done")
        self.assertEqual(["Hello"], two.pull(TRASH).texts("Email:Subject"))
        self.assertEqual(answer.root.text("Response/DstMsgId"), two.box(TRASH).by("Email:Subject", "Hello").id)
        self.assertEqual([], two.pull(INBOX).texts("Email:Subject"))

    def test_a_phone_that_never_saw_a_mail_gets_no_delete_for_it(self):
        user = self.person()
        one, two = self.phone(user), self.phone(user)
        one.pull(INBOX)
        two.pull(INBOX)
        self.mail(user, "Short stay")
        one.pull(INBOX)
        one.move(self.id_of(one, "Short stay"), INBOX, TRASH)
        result = two.sync_box(INBOX)
        self.assertTrue(result.quiet, result.node)


if __name__ == "__main__":
    unittest.main()
