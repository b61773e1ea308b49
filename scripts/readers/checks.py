"""What holds of every table, whatever it is about."""

import hashlib

import pyarrow as pa
import pyarrow.compute as pc


def files(report, package):
    """The directory holds the files that datapackage.json lists, byte by byte, and no others."""
    listed = {table.path for table in package.tables} | {package.directory / "datapackage.json"}
    found = {path for path in package.directory.rglob("*") if path.is_file()}
    report.check(found == listed, f"listed and found differ in {sorted(found ^ listed)}")
    for table in package.tables:
        with report.at(table.name):
            content = table.path.read_bytes()
            report.check(table.json["bytes"] == len(content), f"{len(content)} bytes, not as listed")
            found = "sha256:" + hashlib.sha256(content).hexdigest()
            report.check(table.json["hash"] == found, f"{found}, not as listed")


def typed(report, table, cells):
    """Names and types are those of the schema; returns the cells in exactly these types."""
    texts = {pa.large_string(): pa.string(), pa.string_view(): pa.string()}
    found = [(field.name, texts.get(field.type, field.type)) for field in cells.schema]
    wanted = [(field.name, field.type) for field in table.schema]
    unlike = [f"{f[0]} {f[1]}, not {w[0]} {w[1]}" for f, w in zip(found, wanted) if f != w]
    if len(found) != len(wanted):
        unlike.append(f"{len(found)} columns, not {len(wanted)}")
    if report.check(not unlike, f"reads {'; '.join(unlike)}"):
        return cells.cast(table.schema)
    return None


def equal(report, wanted, found):
    """Cell by cell; null is not the empty text."""
    same = wanted.equals(found)
    report.check(same, "" if same else f"gives other cells: {difference(wanted, found)}")


def difference(wanted, found):
    if wanted.num_rows != found.num_rows:
        return f"{found.num_rows} rows, not {wanted.num_rows}"
    for name in wanted.column_names:
        pairs = zip(wanted[name].to_pylist(), found[name].to_pylist())
        for row, (want, have) in enumerate(pairs):
            if want != have:
                return f"{name} of row {row} is {have!r}, not {want!r}"
    return "though they print alike"


def rows(report, table, cells):
    """As many rows as listed, in the order of the key, of which no part is null."""
    count = cells.num_rows
    report.check(count == table.json["rows"], f"{count} rows, {table.json['rows']} listed")
    if table.key:
        order = pc.sort_indices(cells, sort_keys=[(name, "ascending") for name in table.key])
        report.check(order.equals(pa.array(range(count), pa.uint64())), "not in the key's order")
    nulls = [name for name in table.key if cells[name].null_count]
    report.check(not nulls, f"null in the key: {nulls}")


def keys(report, package):
    """By SQL: every key is unique, every reference finds its row."""
    database = package.database()

    def count(sql):
        return database.execute(sql).fetchone()[0]

    for table in package.tables:
        with report.at(table.name):
            if table.key:
                key = ", ".join(f'"{name}"' for name in table.key)
                repeated = f'SELECT {key} FROM "{table.name}" GROUP BY ALL HAVING count(*) > 1'
                repeats = count(f"SELECT count(*) FROM ({repeated})")
                report.check(repeats == 0, f"{repeats} keys stand more than once")
            for columns, target, references in table.foreign_keys:
                given = " AND ".join(f'a."{c}" IS NOT NULL' for c in columns)
                match = " AND ".join(f'a."{c}" = b."{r}"' for c, r in zip(columns, references))
                lost = count(
                    f'SELECT count(*) FROM "{table.name}" a WHERE {given} '
                    f'AND NOT EXISTS (SELECT 1 FROM "{target}" b WHERE {match})'
                )
                report.check(lost == 0, f"{lost} rows refer by {columns} to no row of {target}")


def truth(report, tables, wanted):
    """As many rows as the payload's generator says."""
    tables = {name: cells for name, cells in tables.items() if not name.startswith("lineage_")}
    report.check(tables.keys() == wanted.keys(), f"other tables: {tables.keys() ^ wanted.keys()}")
    for name in [name for name in wanted if name in tables]:
        rows = tables[name].num_rows if tables[name] is not None else "no"
        report.check(rows == wanted[name], f"{name}: {rows} rows, {wanted[name]} generated")


def same(report, wanted, tables):
    """The same cells as the first directory."""
    report.check(wanted.keys() == tables.keys(), f"other tables: {wanted.keys() ^ tables.keys()}")
    for name in [name for name in wanted if name in tables]:
        if wanted[name] is not None and tables[name] is not None:
            with report.at(name):
                equal(report, wanted[name], tables[name])
