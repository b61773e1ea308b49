"""flatterer: a table for each nesting path, as Parquet."""

import sys

import flatterer

payload, out = sys.argv[1:]
# One object is work for one thread; a second one only adds the handing over.
flatterer.flatten(payload, out, json_stream=True, csv=False, parquet=True, threads=1, force=True)
