"""DuckDB: one nested column for each list, as Parquet with zstd."""

import os
import sys

import duckdb

payload, out = sys.argv[1:]
# A response is one object, and so has to fit whole.
whole = os.path.getsize(payload) + 1024
duckdb.execute(
    f"""
    COPY (
        SELECT * FROM read_json(?, format = 'unstructured', records = true, maximum_object_size = {whole})
    ) TO '{out}/operators.parquet' (FORMAT parquet, COMPRESSION zstd)
    """,
    [payload],
)
