"""`exchanged_files.py read FOLDER`: every file there as every program reads it that can, by file and program, as JSON.
`exchanged_files.py write FOLDER`: one table by polars, DuckDB, pyarrow and pandas in the formats each of them writes."""
import json
import os
import struct
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.feather
import pyarrow.parquet as pq
import tables
import tiledb


def cell(value):
    """int64 as digits, doubles by their bits."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return value if value is None else bool(value)
    if isinstance(value, (float, np.floating)):
        return "nan" if value != value else struct.pack(">d", value).hex()
    if isinstance(value, (int, np.integer)):
        return "%d" % value
    return value.decode() if isinstance(value, bytes) else str(value)


def columns(names, values):
    return {name: [cell(one) for one in column] for name, column in zip(names, values)}


def of_polars(frame):
    return columns(frame.columns, [column.to_list() for column in frame.get_columns()])


def of_arrow(table):
    return columns(table.column_names, [column.to_pylist() for column in table.columns])


def of_pandas(frame):
    return columns(frame.columns, [frame[name].tolist() for name in frame.columns])


def of_duckdb(statement):
    found = duckdb.sql(statement)
    rows = found.fetchall()
    return columns(found.columns, zip(*rows) if rows else [[] for _ in found.columns])


def of_pytables(path):
    with tables.open_file(path) as file:
        rows = file.get_node("/OME/Measurements").read()
        return columns(rows.dtype.names, [rows[name].tolist() for name in rows.dtype.names])


def of_tiledb(path):
    with tiledb.open(path) as array:
        found = array[:]
        names = [name for name in found.keys() if name != "__tiledb_rows"]
        return columns(names, [found[name].tolist() for name in names])


CSV = {"keep_default_na": False, "na_values": {"double": [""]}, "float_precision": "round_trip"}
READERS = {
    "parquet": {
        "polars": lambda path: of_polars(pl.read_parquet(path)),
        "duckdb": lambda path: of_duckdb("from read_parquet('%s')" % path),
        "pyarrow": lambda path: of_arrow(pq.read_table(path)),
        "pandas": lambda path: of_pandas(pd.read_parquet(path)),
    },
    "arrow": {
        "polars": lambda path: of_polars(pl.read_ipc(path)),
        "pyarrow": lambda path: of_arrow(pa.ipc.open_file(path).read_all()),
        "pandas": lambda path: of_pandas(pd.read_feather(path)),
    },
    "arrows": {
        "polars": lambda path: of_polars(pl.read_ipc_stream(path)),
        "pyarrow": lambda path: of_arrow(pa.ipc.open_stream(path).read_all()),
    },
    "csv": {"pandas": lambda path: of_pandas(pd.read_csv(path, index_col=0, **CSV))},
    "csv.gz": {"pandas": lambda path: of_pandas(pd.read_csv(path, index_col=0, **CSV))},
    "tsv": {"pandas": lambda path: of_pandas(pd.read_csv(path, sep="\t", index_col=0, **CSV))},
    "ndjson": {
        "polars": lambda path: of_polars(pl.read_ndjson(path)),
        "duckdb": lambda path: of_duckdb("from read_json('%s', maximum_object_size = 100000000)" % path),
        "pandas": lambda path: of_pandas(pd.read_json(path, lines=True, precise_float=True)),
    },
    "json": {
        "duckdb": lambda path: of_duckdb("from read_json('%s', maximum_object_size = 100000000)" % path),
        "pandas": lambda path: of_pandas(pd.read_json(path, orient="records", precise_float=True)),
    },
    "h5": {"pytables": of_pytables},
    "tiledb": {"tiledb": of_tiledb},
    "by-rows": {
        "polars": lambda path: of_polars(pl.read_parquet(path + "/*.parquet")),
        "duckdb": lambda path: of_duckdb("from read_parquet('%s/*.parquet')" % path),
        "pyarrow": lambda path: of_arrow(pa.dataset.dataset(path).to_table()),
        "pandas": lambda path: of_pandas(pd.read_parquet(path)),
    },
    "by-text": {
        "polars": lambda path: of_polars(pl.read_parquet(path + "/**/*.parquet", hive_partitioning=True).sort("int")),
        "duckdb": lambda path: of_duckdb("from read_parquet('%s/*/*.parquet', hive_partitioning = true) order by int" % path),
        "pyarrow": lambda path: of_arrow(pa.dataset.dataset(path, partitioning="hive").to_table().sort_by("int")),
        "pandas": lambda path: of_pandas(pd.read_parquet(path).sort_values("int")),
    },
}


def read(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        ending = name if name in READERS else name.split(".", 1)[1]
        for reader, of in READERS[ending].items():
            found["%s by %s" % (name, reader)] = of(os.path.join(folder, name))
    print(json.dumps(found))


def table():
    """Extremes, missing doubles, empty and foreign text, texts by their numbers."""
    count = 300
    ints = [-(2**63), 2**63 - 1, 0, 2**53 + 1] + list(range(count - 4))
    doubles = [float("inf"), -0.0, 5e-324, 1.7976931348623157e308] + [None if i % 7 == 0 else i / 3 for i in range(count - 4)]
    texts = ["", "größe", "日本", "a\tb\n\"c\", d"] + ["text %d" % i for i in range(count - 4)]
    words = ["Nucleus", "Zelle ä", ""] * (count // 3)
    flags = [i % 3 == 0 for i in range(count)]
    return {"int": ints, "double": doubles, "text": texts, "word": words, "flag": flags}


def write(folder):
    at = lambda name: os.path.join(folder, name)
    values = table()
    frame = pl.DataFrame(values).with_columns(pl.col("word").cast(pl.Categorical))
    for codec in ["zstd", "snappy", "gzip", "brotli", "lz4", "uncompressed"]:
        frame.write_parquet(at("polars-%s.parquet" % codec), compression=codec, row_group_size=100)
    for codec in ["zstd", "lz4", "uncompressed"]:
        frame.write_ipc(at("polars-%s.arrow" % codec), compression=codec)
    frame.write_ipc_stream(at("polars.arrows"))
    frame.write_csv(at("polars.csv"))
    frame.write_ndjson(at("polars.ndjson"))
    arrow = pa.table(values).set_column(3, "word", pa.array(values["word"]).dictionary_encode())
    duckdb.register("t", arrow)
    for codec in ["zstd", "snappy", "gzip", "uncompressed"]:
        for version in ["V1", "V2"]:
            to = at("duckdb-%s-%s.parquet" % (codec, version))
            duckdb.sql("copy t to '%s' (format parquet, compression %s, parquet_version %s)" % (to, codec, version))
    duckdb.sql("copy t to '%s' (format csv, header true)" % at("duckdb.csv"))
    # DuckDB would write the word Infinity, which is no JSON.
    finite = "(select * replace (nullif(double, 'inf'::double) as double) from t)"
    duckdb.sql("copy %s to '%s' (format json)" % (finite, at("duckdb.ndjson")))
    duckdb.sql("copy %s to '%s' (format json, array true)" % (finite, at("duckdb.json")))
    pq.write_table(arrow, at("pyarrow-delta.parquet"), use_dictionary=False, data_page_version="2.0",
                   column_encoding={"int": "DELTA_BINARY_PACKED", "double": "BYTE_STREAM_SPLIT", "text": "DELTA_LENGTH_BYTE_ARRAY", "word": "DELTA_BYTE_ARRAY"})
    pa.feather.write_feather(arrow, at("pyarrow.feather"), compression="zstd")
    pa.csv.write_csv(pa.table(values), at("pyarrow.csv"))
    arrow.to_pandas().to_parquet(at("pandas.parquet"))
    arrow.to_pandas().to_csv(at("pandas.csv"), index=False)
    print(json.dumps(columns(values.keys(), values.values())))


{"read": read, "write": write}[sys.argv[1]](sys.argv[2])
