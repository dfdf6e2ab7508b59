"""WBXML as ActiveSync uses it: a tree of nodes, an encoder and a strict decoder, for test clients.

Spec: MS-ASWBXML 2.1.2, WBXML 1.2 section 5.
Errors: WbxmlError for every byte the server has no business to send: other headers, literals, string tables, entities,
attributes, tokens the tables do not know, unbalanced ends, bytes behind the root.
"""

from lxml import etree

from tags import PAGE_OF, PAGES, TAG_OF

HEADER = bytes((0x03, 0x01, 0x6A, 0x00))
SWITCH_PAGE, END, STR_I, OPAQUE = 0x00, 0x01, 0x03, 0xC3
HAS_CONTENT = 0x40
MAX_DEPTH = 64


class WbxmlError(Exception):
    """The bytes are not WBXML as ActiveSync allows it."""


class Node:
    """An element: namespace, tag, and text, bytes or children."""

    __slots__ = ("ns", "tag", "children", "value")

    def __init__(self, ns, tag, children=(), value=None):
        self.ns, self.tag, self.children, self.value = ns, tag, list(children), value

    @property
    def name(self):
        return f"{self.ns}:{self.tag}"

    def matches(self, step):
        return step == "*" or step == self.tag or step == self.name

    def all(self, path):
        """Every node under this one that the path names; a step is Tag, Namespace:Tag or *."""
        found = [self]
        for step in path.split("/"):
            found = [child for node in found for child in node.children if child.matches(step)]
        return found

    def find(self, path):
        found = self.all(path)
        return found[0] if found else None

    def has(self, path):
        return self.find(path) is not None

    def text(self, path=None, default=None):
        node = self if path is None else self.find(path)
        if node is None:
            return default
        if isinstance(node.value, bytes):
            return node.value.decode("utf-8")
        return node.value or ""

    def number(self, path, default=None):
        text = self.text(path)
        return default if text is None else int(text)

    def bytes(self, path=None):
        node = self if path is None else self.find(path)
        if node is None:
            return None
        return node.value if isinstance(node.value, bytes) else (node.value or "").encode("utf-8")

    def same(self, other):
        return (
            self.name == other.name
            and (self.value or None) == (other.value or None)
            and len(self.children) == len(other.children)
            and all(a.same(b) for a, b in zip(self.children, other.children))
        )

    def __repr__(self):
        return self.show()

    def show(self, indent=0):
        pad = "  " * indent
        if self.children:
            inner = "\n".join(child.show(indent + 1) for child in self.children)
            return f"{pad}<{self.name}>\n{inner}"
        value = self.value
        if value is not None and len(value) > 200:
            value = value[:200] + (b"..." if isinstance(value, bytes) else "...")
        return f"{pad}<{self.name}>{'' if value is None else repr(value)}"


def E(name, *parts):
    """Builds an element. `name` is Namespace:Tag, or Tag inside a parent whose namespace it takes over.
    Parts: nodes, lists of nodes, text, numbers, bytes (sent as OPAQUE); None is left out."""
    ns, _, tag = name.rpartition(":")
    node = Node(ns or None, tag)
    for part in parts:
        if part is None:
            continue
        if isinstance(part, Node):
            node.children.append(part)
        elif isinstance(part, (list, tuple)):
            node.children.extend(child for child in part if child is not None)
        elif isinstance(part, (str, bytes)):
            node.value = part
        else:
            node.value = str(int(part))
    return node


def resolve(node, ns=None):
    """Fills in the namespaces that were taken over from the parents; returns the node."""
    node.ns = node.ns or ns
    for child in node.children:
        resolve(child, node.ns)
    return node


def _mb_u_int32(value):
    out = [value & 0x7F]
    while value > 0x7F:
        value >>= 7
        out.append(0x80 | (value & 0x7F))
    return bytes(reversed(out))


def encode(root):
    """WBXML bytes of the tree."""
    out = bytearray(HEADER)
    page = 0

    def put(node):
        nonlocal page
        wanted = PAGE_OF[node.ns]
        if wanted != page:
            out.extend((SWITCH_PAGE, wanted))
            page = wanted
        token = PAGES[wanted][1][node.tag]
        if not node.children and node.value in (None, ""):
            out.append(token)
            return
        out.append(token | HAS_CONTENT)
        if isinstance(node.value, bytes):
            out.extend(bytes((OPAQUE,)) + _mb_u_int32(len(node.value)) + node.value)
        elif node.value:
            if "\0" in node.value:
                raise ValueError("an inline string cannot hold NUL")
            out.extend(bytes((STR_I,)) + node.value.encode("utf-8") + b"\0")
        for child in node.children:
            put(child)
        out.append(END)

    put(resolve(root))
    return bytes(out)


class _Decoder:
    def __init__(self, data):
        self.data, self.at, self.page = data, 0, 0

    def byte(self):
        if self.at >= len(self.data):
            raise WbxmlError("the document ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count):
        if self.at + count > len(self.data):
            raise WbxmlError("a length points beyond the document")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self):
        value = 0
        for _ in range(5):
            byte = self.byte()
            value = (value << 7) | (byte & 0x7F)
            if not byte & 0x80:
                return value
        raise WbxmlError("an integer has more than five bytes")

    def string(self):
        end = self.data.find(b"\0", self.at)
        if end < 0:
            raise WbxmlError("a string has no end")
        text = self.take(end - self.at).decode("utf-8", "strict")
        self.at += 1
        return text

    def open(self, token):
        if token & 0x80:
            raise WbxmlError(f"token {token:#x} has attributes")
        tag = TAG_OF.get((self.page, token & 0x3F))
        if tag is None:
            raise WbxmlError(f"page {self.page} has no token {token & 0x3F:#x}")
        return Node(PAGES[self.page][0], tag)

    def document(self):
        if self.take(4) != HEADER:
            raise WbxmlError(f"header is {self.data[:4].hex()}")
        stack, root = [], None
        while root is None or stack:
            token = self.byte()
            if token == SWITCH_PAGE:
                self.page = self.byte()
                if self.page not in PAGES:
                    raise WbxmlError(f"there is no page {self.page}")
            elif token == END:
                if not stack:
                    raise WbxmlError("an END closes nothing")
                stack.pop()
            elif token in (STR_I, OPAQUE):
                self.content(stack, token)
            elif token in (0x02, 0x04, 0x40, 0x41, 0x42, 0x43, 0x44, 0x80, 0x81, 0x82, 0x83, 0x84, 0xC0, 0xC1, 0xC2, 0xC4):
                raise WbxmlError(f"global token {token:#x} has no place in ActiveSync")
            else:
                node = self.open(token)
                if stack:
                    if stack[-1].value is not None:
                        raise WbxmlError(f"{stack[-1].name} mixes text and elements")
                    stack[-1].children.append(node)
                else:
                    root = node
                if token & HAS_CONTENT:
                    stack.append(node)
                if len(stack) > MAX_DEPTH:
                    raise WbxmlError("nested too deep")
        if self.at != len(self.data):
            raise WbxmlError(f"{len(self.data) - self.at} bytes behind the root element")
        return root

    def content(self, stack, token):
        if not stack:
            raise WbxmlError("text outside the root element")
        node = stack[-1]
        value = self.string() if token == STR_I else bytes(self.take(self.integer()))
        if node.children:
            raise WbxmlError(f"{node.name} mixes text and elements")
        if node.value is None:
            node.value = value
        elif isinstance(node.value, bytes) or isinstance(value, bytes):
            as_bytes = lambda part: part if isinstance(part, bytes) else part.encode("utf-8")
            node.value = as_bytes(node.value) + as_bytes(value)
        else:
            node.value += value


def decode(data):
    """The tree of a WBXML document; raises WbxmlError."""
    try:
        return _Decoder(bytes(data)).document()
    except UnicodeDecodeError as error:
        raise WbxmlError(f"a string is not UTF-8: {error}") from error


def to_xml(node):
    """The tree as lxml element; binary content as base64. Raises ValueError for characters that XML cannot hold."""
    import base64

    nsmap = {}
    stack = [node]
    while stack:
        current = stack.pop()
        nsmap.setdefault(current.ns.lower(), current.ns)
        stack.extend(current.children)

    def build(current, parent):
        qname = f"{{{current.ns}}}{current.tag}"
        element = etree.Element(qname, nsmap=nsmap) if parent is None else etree.SubElement(parent, qname)
        value = current.value
        if isinstance(value, bytes):
            try:
                element.text = value.decode("utf-8")
            except (UnicodeDecodeError, ValueError):
                element.text = base64.b64encode(value).decode("ascii")
        elif value is not None:
            element.text = value
        for child in current.children:
            build(child, element)
        return element

    return build(node, None)
