"""Tables of wrong requests: each row is sent at each version, and the Status at its place is compared.

Spec: MS-ASCMD 2.2.2 (common status codes; HTTP before 14.0), 2.2.3.177 (those of each command).
Invariants: a row that does not apply to a version gives None from its maker; all differences of a walk are told at once.
"""

from case import ServerCase

VERSIONS = ("12.1", "14.1", "16.1")


def http(status):
    return f"HTTP {status}"


class Old:
    """What a row expects: one thing before 14.0, another since."""

    def __init__(self, before, since):
        self.before, self.since = before, since


def common(status, before=400):
    """A common status code, which is HTTP up to 12.1."""
    return Old(http(before), status)


def outcome(answer, path):
    """The number at `path` below the root, "HTTP n", or "empty" for 200 without a body."""
    if answer.status != 200:
        return http(answer.status)
    if answer.root is None:
        return "empty"
    node = answer.root.find(path)
    return int(node.text()) if node is not None else f"no {path}"


class WalkCase(ServerCase):
    def walk(self, rows, prepare, path="Status", versions=VERSIONS):
        """`rows` are (name, expected, make[, path]); `prepare(version)` gives what each `make` is called with."""
        wrong = []
        for version in versions:
            things = prepare(version)
            for name, expected, make, *other in rows:
                answer = make(things)
                if answer is None:
                    continue
                if isinstance(expected, Old):
                    expected = expected.before if float(version) < 14 else expected.since
                seen = outcome(answer, other[0] if other else path)
                if seen != expected:
                    wrong.append(f"{version} {name}: {seen}, not {expected}")
        self.assertEqual([], wrong, "\n" + "\n".join(wrong))
