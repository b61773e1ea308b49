"""What was checked, and what did not hold."""

from contextlib import contextmanager

import pyarrow.compute as pc


# One mistake may show in every column: what is printed has an end.
PRINTED = 60


class Report:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self._place = []

    @contextmanager
    def at(self, place):
        """Within, failures name this place; an exception (a reader that gives up) is one."""
        self._place.append(place)
        try:
            yield
        except Exception as error:  # whatever a reader raises is its verdict on the file
            self.check(False, f"{type(error).__name__}: {error}")
        finally:
            self._place.pop()

    def check(self, holds, otherwise):
        """Counts one check; `otherwise` says what is wrong where it does not hold."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            if self.failed <= PRINTED:
                print("FAIL", ": ".join([*self._place, otherwise]))
            elif self.failed == PRINTED + 1:
                print("FAIL and more")
        return holds

    def print(self, tables):
        """A line for each table, and the sum."""
        print(f"{'table':28} {'rows':>9} {'null':>9} {'empty text':>11}")
        for name, cells in tables.items():
            if cells is None:
                print(f"{name:28} unreadable")
                continue
            nulls = sum(column.null_count for column in cells.columns)
            texts = (column for column in cells.columns if column.type == "string")
            empty = sum(pc.sum(pc.equal(column, "")).as_py() or 0 for column in texts)
            print(f"{name:28} {cells.num_rows:9} {nulls:9} {empty:11}")
        print(f"{self.passed} passed, {self.failed} failed")
