"""Polars: one nested column for each list, as Parquet with zstd."""

import sys

import polars

payload, out = sys.argv[1:]
polars.read_json(payload).write_parquet(f"{out}/operators.parquet", compression="zstd")
