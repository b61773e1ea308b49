"""A converted directory, and three ways to read its files."""

import functools
import json
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

# The integers that are not 64 bits wide; stated here once more, so that a reader finds it out when
# the tables' declaration changes.
INT32 = {
    "position", "depth", "group_type", "online_socket", "offline_socket", "error_socket",
    "reference_type", "amount_of_sockets", "max_watts", "max_voltage", "max_amperage", "socket_id",
}  # fmt: skip
ARROW = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "string": pa.string(),
    "datetime": pa.timestamp("us", tz="UTC"),
}


class Package:
    """A directory, as its datapackage.json describes it."""

    def __init__(self, directory):
        self.directory = directory
        self.json = json.loads((directory / "datapackage.json").read_text())
        self.tables = [Table(directory, resource) for resource in self.json["resources"]]

    def database(self):
        """All tables in a DuckDB."""
        database = connect()
        for table in self.tables:
            database.execute(f'CREATE TABLE "{table.name}" AS {table.sql()}')
        return database


class Table:
    """A table, as its resource in datapackage.json describes it."""

    def __init__(self, directory, resource):
        self.json = resource
        self.name = resource["name"]
        self.path = directory / resource["path"]
        self.format = resource["format"]
        dialect = resource.get("dialect", {})
        self.delimiter = dialect.get("delimiter", ",")
        self.null = dialect.get("nullSequence", "")
        schema = resource["schema"]
        self.key = listed(schema.get("primaryKey"))
        self.foreign_keys = [
            (
                listed(key["fields"]),
                key["reference"].get("resource") or self.name,
                listed(key["reference"]["fields"]),
            )
            for key in schema.get("foreignKeys", [])
        ]
        self.schema = pa.schema([(f["name"], self.type(f)) for f in schema["fields"]])

    def type(self, field):
        is_int32 = field["name"] in INT32 or (self.name, field["name"]) == ("sockets", "id")
        return pa.int32() if is_int32 else ARROW[field["type"]]

    def sql(self):
        """The query that reads the file in DuckDB."""
        path = quoted(str(self.path))
        if self.format == "parquet":
            return f"SELECT * FROM read_parquet({path})"
        names = {"int64": "BIGINT", "int32": "INTEGER", "double": "DOUBLE", "bool": "BOOLEAN"}
        names |= {"string": "VARCHAR", "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}
        columns = {field.name: names[str(field.type)] for field in self.schema}
        return f"""SELECT * FROM read_csv({path}, auto_detect=false, header=true,
            columns={columns}, delim={quoted(self.delimiter)}, quote='"', escape='"',
            nullstr={quoted(self.null)}, allow_quoted_nulls=false, parallel=false)"""


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def listed(names):
    return [names] if isinstance(names, str) else list(names or [])


def connect():
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    return database


@functools.cache
def connected():
    """A DuckDB for queries that leave nothing in it: a new one takes more time than most of them."""
    return connect()


def by_duckdb(table):
    return connected().sql(table.sql()).to_arrow_table()


def parquet_by_pyarrow(table):
    return pyarrow.parquet.read_table(table.path)


def parquet_by_polars(table):
    return polars.read_parquet(table.path).to_arrow(compat_level=polars.CompatLevel.oldest())


def csv_by_pyarrow(table):
    return pyarrow.csv.read_csv(
        table.path,
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=table.delimiter, newlines_in_values=True
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=table.schema,
            null_values=[table.null],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def csv_by_polars(table):
    types = {
        "int64": polars.Int64,
        "int32": polars.Int32,
        "double": polars.Float64,
        "bool": polars.Boolean,
        "string": polars.String,
        "timestamp[us, tz=UTC]": polars.Datetime("us", "UTC"),
    }
    overrides = {field.name: types[str(field.type)] for field in table.schema}
    frame = polars.read_csv(
        table.path,
        separator=table.delimiter,
        null_values=table.null or None,
        empty_string_is_null=table.null == "",
        schema_overrides=overrides,
    )
    return frame.to_arrow(compat_level=polars.CompatLevel.oldest())


READERS = {
    "parquet": {"pyarrow": parquet_by_pyarrow, "duckdb": by_duckdb, "polars": parquet_by_polars},
    "csv": {"pyarrow": csv_by_pyarrow, "duckdb": by_duckdb, "polars": csv_by_polars},
}
