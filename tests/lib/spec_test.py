"""The tables of docs/spec: their form, and that the files they name exist."""

import os
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPEC = os.path.join(ROOT, "docs", "spec")
COLUMNS = ["section", "requirement", "code", "test", "state"]


def rows(name):
    with open(os.path.join(SPEC, name), encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


class SpecTablesTest(unittest.TestCase):
    def tables(self):
        return sorted(name for name in os.listdir(SPEC) if name.endswith(".tsv"))

    def test_each_row_has_its_five_columns_and_a_state(self):
        for name in self.tables():
            table = rows(name)
            self.assertEqual(COLUMNS, table[0], name)
            for row in table[1:]:
                self.assertEqual(len(COLUMNS), len(row), (name, row))
                self.assertTrue(row[0] and row[1], (name, row))
                self.assertTrue(row[4].startswith(("done", "open", "not applicable: ")), (name, row))

    def test_the_files_exist(self):
        for name in self.tables():
            for row in rows(name)[1:]:
                for cell in row[2:4]:
                    for part in cell.split(";"):
                        path = part.strip().split(" ")[0]
                        if path.startswith(("src/", "tests/")):
                            self.assertTrue(os.path.exists(os.path.join(ROOT, path)), (name, row[0], path))

    def test_what_is_done_names_code_and_test(self):
        for name in self.tables():
            for row in rows(name)[1:]:
                if row[4] == "done":
                    self.assertTrue(row[2] and row[3], (name, row))


if __name__ == "__main__":
    unittest.main()
