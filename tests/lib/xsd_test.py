"""The schema check finds what is wrong and lets pass what is right; runs only where Microsoft's files are at hand."""

import os
import unittest

import wbxml
import xsd
from wbxml import E

FOLDER = os.environ.get("LOCKSTEP_EAS_XSD", "")


def errors(tree):
    return SCHEMAS.errors(wbxml.to_xml(wbxml.resolve(tree)))


SCHEMAS = xsd.SchemaSet(FOLDER) if os.path.isdir(FOLDER) else None


@unittest.skipUnless(SCHEMAS, "LOCKSTEP_EAS_XSD names no folder with Microsoft's schemas")
class XsdTest(unittest.TestCase):
    def test_a_good_sync_answer_passes(self):
        self.assertEqual([], errors(E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", "2"),
            E("CollectionId", "5"), E("Status", 1), E("Commands", E("Add", E("ServerId", "5:1"), E("ApplicationData",
            E("Email:Subject", "Hello"), E("Email:DateReceived", "2026-11-22T12:00:00.000Z"), E("Email:Read", 0)))))))))

    def test_a_command_of_another_namespace_is_found(self):
        self.assertTrue(errors(E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", "2"),
            E("CollectionId", "5"), E("Status", 1), E("Ping:Folder", "x"))))))

    def test_children_in_the_wrong_order_are_found(self):
        good = [E("ServerId", "1"), E("ParentId", "0"), E("DisplayName", "Inbox"), E("Type", 2)]
        tree = lambda children: E("FolderHierarchy:FolderSync", E("Status", 1), E("SyncKey", "1"),
                                  E("Changes", E("Count", 1), E("Add", children)))
        self.assertEqual([], errors(tree(good)))
        self.assertTrue(errors(tree(list(reversed(good)))))

    def test_a_value_outside_its_type_is_found(self):
        self.assertTrue(errors(E("Ping:Ping", E("Status", "fine"))))
        self.assertTrue(errors(E("FolderHierarchy:FolderSync", E("Status", 1), E("SyncKey", "x" * 65))))

    def test_an_unknown_root_is_found(self):
        self.assertTrue(errors(E("Move:Response")))

    def test_every_command_has_its_root(self):
        for root in ("AirSync:Sync", "FolderHierarchy:FolderSync", "FolderHierarchy:FolderCreate",
                     "FolderHierarchy:FolderUpdate", "FolderHierarchy:FolderDelete", "Ping:Ping", "Move:MoveItems",
                     "GetItemEstimate:GetItemEstimate", "ItemOperations:ItemOperations", "Settings:Settings",
                     "Provision:Provision", "ComposeMail:SendMail", "ComposeMail:SmartReply", "Search:Search",
                     "Find:Find", "ResolveRecipients:ResolveRecipients", "ValidateCert:ValidateCert",
                     "MeetingResponse:MeetingResponse"):
            namespace, _, tag = root.partition(":")
            self.assertIn(f"{{{namespace}}}{tag}", SCHEMAS.roots)


if __name__ == "__main__":
    unittest.main()
