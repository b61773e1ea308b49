"""dlt: a table for each nesting path, as Parquet in a folder."""

import os
import sys

payload, out = sys.argv[1:]
os.environ |= {
    "DLT_DATA_DIR": f"{out}/.dlt",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "NORMALIZE__WORKERS": str(os.cpu_count()),
    "NORMALIZE__DATA_WRITER__DISABLE_COMPRESSION": "true",
    "EXTRACT__DATA_WRITER__DISABLE_COMPRESSION": "true",
}

import dlt  # noqa: E402 (reads the environment)
import orjson  # noqa: E402

with open(payload, "rb") as file:
    response = orjson.loads(file.read())
pipeline = dlt.pipeline(
    "operators",
    pipelines_dir=f"{out}/.pipelines",
    destination=dlt.destinations.filesystem(bucket_url=f"file://{out}"),
    dataset_name="tables",
)
pipeline.run([response], table_name="operators", loader_file_format="parquet")
