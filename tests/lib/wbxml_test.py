"""The test clients' WBXML against libwbxml's tools and against broken documents."""

import random
import subprocess
import tempfile
import unittest

from lxml import etree

import wbxml
from tags import PAGES
from wbxml import E, WbxmlError, decode, encode

# Pages and tokens that libwbxml 0.11.8 does not know, and names that it spells its own way (SynCE's).
UNKNOWN_THERE = {("MeetingResponse", "ProposedStartTime"), ("MeetingResponse", "ProposedEndTime"),
                 ("Provision", "AccountOnlyRemoteWipe")}

SPELLED_OTHERWISE = {("Provision", "RequireStorageCardEncryption"): "DeviceEncryptionEnabled",
                     ("Settings", "RightsManagementInformation"): "ihsManagementInformation",
                     ("RightsManagement", "RemoveRightsManagementProtection"): "RemoveRightsManagementDistribution"}


def bare(tag):
    """A tag without the prefixes that SynCE puts before or leaves out of Microsoft's names."""
    tag = tag.lower().replace("telephone", "phone")
    for word in ("-", "_", "address", "recurrence", "attendee", "exception", "organizer", "forwardee", "flag", "rm"):
        tag = tag.replace(word, "")
    return tag


def from_tool(data):
    """The document as libwbxml reads it: a list of (namespace, tag, text) in document order."""
    with tempfile.NamedTemporaryFile(suffix=".wbxml") as file:
        file.write(data)
        file.flush()
        done = subprocess.run(["wbxml2xml", "-k", "-m", "0", "-l", "ACTIVESYNC", "-o", "-", file.name],
                              capture_output=True, check=False)
    if done.returncode != 0 or not done.stdout:
        raise AssertionError(f"wbxml2xml: {done.stderr.decode()}")
    root = etree.fromstring(done.stdout, etree.XMLParser(load_dtd=False, no_network=True))
    return [(etree.QName(e).namespace.rstrip(":"), etree.QName(e).localname, e.text or "") for e in root.iter()]


def flat(node):
    nodes = [(node.ns, node.tag, node.text())]
    for child in node.children:
        nodes += flat(child)
    return nodes


def random_tree(dice, depth=0):
    page = dice.choice([p for p in PAGES if PAGES[p][1]])
    name = f"{PAGES[page][0]}:{dice.choice(list(PAGES[page][1]))}"
    kind = dice.randrange(4 if depth < 6 else 3)
    if kind == 0:
        return E(name)
    if kind == 1:
        return E(name, "".join(dice.choice("aä€😀 <&\r\n") for _ in range(1 + dice.randrange(300))))
    if kind == 2:
        return E(name, bytes(dice.randrange(256) for _ in range(1 + dice.randrange(300))))
    return E(name, [random_tree(dice, depth + 1) for _ in range(1 + dice.randrange(5))])


class WbxmlTest(unittest.TestCase):
    def test_every_token_means_to_libwbxml_what_it_means_here(self):
        compared = 0
        for ns, tags in PAGES.values():
            if ns in ("AirNotify", "Find"):
                continue
            for tag in tags:
                if (ns, tag) in UNKNOWN_THERE:
                    continue
                ((_, theirs, _),) = from_tool(encode(E(f"{ns}:{tag}", "x")))
                if bare(tag) != bare(theirs):
                    self.assertEqual(SPELLED_OTHERWISE.get((ns, tag)), theirs, f"{ns}:{tag}")
                compared += 1
        self.assertGreater(compared, 500)

    def test_a_sync_request_reads_the_same_in_libwbxml(self):
        tree = E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", "0"), E("CollectionId", "5"),
            E("Options", E("FilterType", 3), E("AirSyncBase:BodyPreference", E("Type", 2), E("TruncationSize", 512))))))
        self.assertEqual(flat(wbxml.resolve(tree)), from_tool(encode(tree)))

    def test_what_is_encoded_decodes_to_the_same_tree(self):
        for seed in range(300):
            tree = wbxml.resolve(random_tree(random.Random(seed)))
            self.assertTrue(decode(encode(tree)).same(tree), f"seed {seed}")

    def test_a_document_cut_anywhere_is_refused(self):
        data = encode(
            E("AirSync:Sync", E("Collections", E("Collection", E("SyncKey", "0"), E("Email:Subject", b"\x00\xff" * 9)))))
        for end in range(len(data)):
            with self.assertRaises(WbxmlError):
                decode(data[:end])

    def test_what_activesync_never_uses_is_refused(self):
        head = wbxml.HEADER
        for bad in (b"\x03\x01\x6a\x01a" + b"\x05", b"\x02\x01\x6a\x00\x05", head + b"\x84\x00", head + b"\xc5\x01",
                    head + b"\x45\x02\x20\x01", head + b"\x45\x83\x00\x01", head + b"\x3f", head + b"\x00\x1a\x05",
                    head + b"\x05\x01", head + b"\x05\x05", head + b"\x03a\x00", head + b"\x45\x03\xff\x00\x01",
                    head + b"\x45\xc3\x8f\xff\xff\xff\xff\x7f\x01"):
            with self.assertRaises(WbxmlError, msg=bad.hex()):
                decode(bad)

    def test_xml_keeps_namespaces_and_text(self):
        tree = wbxml.resolve(E("AirSync:Sync", E("Email:Subject", "a & b"), E("Email2:ConversationId", b"\xff\x00")))
        xml = wbxml.to_xml(tree)
        self.assertEqual("{AirSync}Sync", xml.tag)
        self.assertEqual("a & b", xml.findtext("{Email}Subject"))
        self.assertEqual("/wA=", xml.findtext("{Email2}ConversationId"))



if __name__ == "__main__":
    unittest.main()
