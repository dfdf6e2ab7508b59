"""Checks ActiveSync answers against Microsoft's schemas, when their folder is at hand.

Spec: the XSD files published with MS-ASCMD, MS-ASAIRS, MS-ASCAL and the other class documents.
Invariants: the folder named by LOCKSTEP_EAS_XSD is only read. The files reference each other's namespaces without
importing them, so the parts of one namespace are merged in memory and the imports are added there.
"""

import os

from lxml import etree

XS = "http://www.w3.org/2001/XMLSchema"
_QNAMES = ("ref", "type", "base", "itemType", "substitutionGroup")


class SchemaSet:
    """All schemas of one folder, compiled as one; validates any response root element."""

    def __init__(self, folder):
        self._folder = folder
        parts = {}
        for name in sorted(os.listdir(folder)):
            if name.endswith(".xsd"):
                root = etree.parse(os.path.join(folder, name), etree.XMLParser(remove_comments=True)).getroot()
                parts.setdefault(root.get("targetNamespace"), []).append((name, root))
        self._namespaces = sorted(parts)
        self._prefix = {space: f"n{index}" for index, space in enumerate(self._namespaces)}
        self._documents = {space: self._merge(space, files) for space, files in parts.items()}
        self._schema = self._compile()
        self.roots = {
            etree.QName(space, element.get("name")).text
            for space, document in self._documents.items()
            for element in document.findall(f"{{{XS}}}element")
        }

    def _merge(self, space, files):
        """One schema document per namespace; of two components with one name the response file's wins."""
        nsmap = {"xs": XS, **{prefix: uri for uri, prefix in self._prefix.items()}}
        merged = etree.Element(f"{{{XS}}}schema", nsmap=nsmap)
        merged.set("targetNamespace", space)
        merged.set("elementFormDefault", "qualified")
        seen, used = set(), set()
        for _, root in sorted(files, key=lambda part: not part[0].endswith("Response.xsd")):
            for component in list(root):
                key = (component.tag, component.get("name"))
                if key in seen:
                    continue
                seen.add(key)
                self._canonical(component, used)
                merged.append(component)
        for uri in sorted(used - {space, XS}):
            imported = etree.Element(f"{{{XS}}}import", namespace=uri, schemaLocation=f"mem:{self._prefix[uri]}")
            merged.insert(0, imported)
        return merged

    def _canonical(self, component, used):
        """Rewrites the qualified names in attribute values to the common prefixes."""
        for element in component.iter(etree.Element):
            for attribute in _QNAMES + ("memberTypes",):
                value = element.get(attribute)
                if value is not None:
                    names = [self._qualify(element, name, used) for name in value.split()]
                    element.set(attribute, " ".join(names))

    def _qualify(self, element, name, used):
        prefix, _, local = name.rpartition(":")
        uri = element.nsmap.get(prefix or None)
        if uri == XS:
            return f"xs:{local}"
        used.add(uri)
        return f"{self._prefix[uri]}:{local}"

    def _compile(self):
        texts = {f"mem:{self._prefix[space]}": etree.tostring(doc) for space, doc in self._documents.items()}

        class Memory(etree.Resolver):
            def resolve(self, url, public_id, context):
                return self.resolve_string(texts[url], context) if url in texts else None

        parser = etree.XMLParser()
        parser.resolvers.add(Memory())
        driver = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
        for space in self._namespaces:
            etree.SubElement(
                driver, f"{{{XS}}}import", namespace=space, schemaLocation=f"mem:{self._prefix[space]}"
            )
        return etree.XMLSchema(etree.fromstring(etree.tostring(driver), parser))

    def errors(self, tree):
        """Lines that say where the tree breaks the schema; empty when it is valid."""
        if tree.tag not in self.roots:
            return [f"no schema knows the root {tree.tag}"]
        if self._schema.validate(tree):
            return []
        return [f"{error.path}: {error.message}" for error in self._schema.error_log]


class Counter:
    """Counts validated answers of this process; `errors` gives the findings of one answer."""

    def __init__(self):
        self.validated = 0
        self.skipped = 0
        self.reason = ""
        self._schemas = None
        folder = os.environ.get("LOCKSTEP_EAS_XSD", "")
        if not folder:
            self.reason = "LOCKSTEP_EAS_XSD is not set"
        elif not os.path.isdir(folder):
            self.reason = f"LOCKSTEP_EAS_XSD names no folder: {folder}"
        else:
            self._schemas = SchemaSet(folder)

    def errors(self, tree):
        if self._schemas is None:
            self.skipped += 1
            return []
        self.validated += 1
        return self._schemas.errors(tree)


COUNTER = Counter()
