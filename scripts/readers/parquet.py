"""What the metadata of a Parquet file promises to a reader that skips."""

import pyarrow.compute as pc
import pyarrow.parquet as pq

import load

# Tables of fewer rows gain nothing by compression.
FEW = 128


def metadata(report, table, cells, row_group_rows):
    file = pq.ParquetFile(table.path)
    found = file.metadata
    texts = found.metadata or {}
    for key in (b"voltree.schema_version", b"description"):
        report.check(key in texts, f"metadata lacks {key.decode()}")
    fields = [file.schema_arrow.field(i) for i in range(found.num_columns)]
    ids = [(field.metadata or {}).get(b"PARQUET:field_id") for field in fields]
    report.check(None not in ids and len(set(ids)) == len(ids), f"field ids are {ids}")
    for field in fields:
        report.check(field.nullable == (field.name not in table.key), f"nullability of {field.name}")

    sizes = [found.row_group(i).num_rows for i in range(found.num_row_groups)]
    report.check(sum(sizes) == cells.num_rows, f"row groups hold {sizes}")
    if row_group_rows:
        full = [size == row_group_rows for size in sizes[:-1]] + [max(sizes, default=0) <= row_group_rows]
        report.check(all(full), f"row groups hold {sizes}, not {row_group_rows} each")
    compression = "UNCOMPRESSED" if cells.num_rows < FEW else "ZSTD"
    promised = duckdb_bounds(table)
    start = 0
    for index, size in enumerate(sizes):
        with report.at(f"row group {index}"):
            row_group(report, table, found.row_group(index), cells.slice(start, size), compression)
            for name in [f.name for f in cells.schema if f.type == "double"]:
                values = cells[name].slice(start, size)
                if values.null_count < len(values):
                    have = promised.get((index, name))
                    want = min_max(values)
                    report.check(have == want, f"bounds of {name} are {have}, not {want}")
        start += size


def row_group(report, table, group, cells, compression):
    if not len(cells):
        return
    order = [(c.column_index, c.descending) for c in group.sorting_columns]
    wanted = [(index, False) for index in range(len(table.key))]
    report.check(order == wanted, f"declared order is {order}, not {wanted}")
    for index in range(group.num_columns):
        column = group.column(index)
        with report.at(column.path_in_schema):
            report.check(column.compression == compression, f"compressed as {column.compression}")
            report.check(column.has_column_index and column.has_offset_index, "no page index")
            statistics = column.statistics
            if not report.check(statistics is not None, "no statistics"):
                continue
            values = cells.column(index)
            nulls = values.null_count
            report.check(statistics.null_count == nulls, f"{statistics.null_count} nulls promised")
            if nulls < len(values) and values.type != "double":
                bounds(report, statistics, values)


def bounds(report, statistics, values):
    if not report.check(statistics.has_min_max, "no bounds"):
        return
    low, high = min_max(values)
    promised = (statistics.min, statistics.max)
    if isinstance(low, str):  # may be cut, so that only bounding is promised
        report.check(promised[0] <= low and high <= promised[1], f"{promised} do not bound")
    else:
        report.check(promised == (low, high), f"bounds {promised}, not {(low, high)}")


def min_max(values):
    return tuple(value.as_py() for value in pc.min_max(values).values())


def duckdb_bounds(table):
    """Bounds of the doubles: pyarrow does not read those in the order of IEEE 754."""
    rows = load.connected().execute(
        f"""SELECT row_group_id, path_in_schema, stats_min_value, stats_max_value
        FROM parquet_metadata({load.quoted(str(table.path))})
        WHERE type = 'DOUBLE' AND stats_min_value IS NOT NULL"""
    )
    return {(group, name): (float(low), float(high)) for group, name, low, high in rows.fetchall()}
