"""Reads converted directories back with DuckDB, pyarrow and Polars, and says whether they hold.

    python scripts/readers DIR [DIR…] [--truth FILE] [--row-group-rows N]

The directories are conversions of one payload, each as Parquet or as CSV; all have to give the same
cells in every reader. `--truth` is what `voltree generate --truth` wrote for that payload. Exits
with 1 where anything does not hold.
"""

import argparse
import json
import sys
from pathlib import Path

import checks
import load
import parquet
import rules
from report import Report


def main():
    cli = argparse.ArgumentParser(prog="readers", description=__doc__.splitlines()[0])
    cli.add_argument("dirs", metavar="DIR", nargs="+", type=Path)
    cli.add_argument("--truth", metavar="FILE", type=Path)
    cli.add_argument("--row-group-rows", metavar="N", type=int)
    args = cli.parse_args()

    report = Report()
    reference = None
    for directory in args.dirs:
        with report.at(str(directory)):
            tables = check_directory(report, load.Package(directory), args)
            if reference is None:
                reference = tables
            else:
                checks.same(report, reference, tables)
    report.print(reference or {})
    return 1 if report.failed else 0


def check_directory(report, package, args):
    """All that can be said of one directory alone; returns its tables' cells."""
    checks.files(report, package)
    tables = {t.name: check_table(report, t, args.row_group_rows) for t in package.tables}
    with report.at("by SQL"):
        checks.keys(report, package)
        rules.derived(report, package)
    if args.truth:
        checks.truth(report, tables, json.loads(args.truth.read_text())["tables"])
    return tables


def check_table(report, table, row_group_rows):
    """All that can be said of one table alone; returns its cells."""
    cells = None
    with report.at(table.name):
        for reader, read in load.READERS[table.format].items():
            with report.at(reader):
                found = checks.typed(report, table, read(table))
                if found is not None and cells is not None:
                    checks.equal(report, cells, found)
                cells = found if cells is None else cells
        if cells is not None:
            checks.rows(report, table, cells)
            if table.format == "parquet":
                parquet.metadata(report, table, cells, row_group_rows)
    return cells


sys.exit(main())
