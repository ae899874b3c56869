"""`columnar_files.py read FOLDER`: what pyarrow and pandas find in the files there, as JSON.
`columnar_files.py write FOLDER`: files of pyarrow's own, by every codec and with every kind of column."""
import json
import math
import os
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq


def cell(value):
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return {"double": value.hex() if math.isfinite(value) else repr(value)}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    if isinstance(value, dict):
        return {key: cell(member) for key, member in value.items()}
    if isinstance(value, (list, np.ndarray)):
        return [cell(element) for element in value]
    return value


def described(table):
    fields = [
        {"name": field.name, "nullable": field.nullable, "notes": {k.decode(): v.decode() for k, v in (field.metadata or {}).items()}}
        for field in table.schema
    ]
    metadata = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    return {"fields": fields, "metadata": metadata, "cells": [[cell(v) for v in table.column(i).to_pylist()] for i in range(table.num_columns)]}


def read(folder):
    path = lambda name: os.path.join(folder, name)
    statistics = pq.ParquetFile(path("t.parquet")).metadata.row_group(0).column(0).statistics
    found = {
        "parquet": described(pq.read_table(path("t.parquet"))),
        "arrow": described(pa.ipc.open_file(path("t.arrow")).read_all()),
        "arrows": described(pa.ipc.open_stream(path("t.arrows")).read_all()),
        "statistics": [str(statistics.min), str(statistics.max), str(statistics.null_count)],
        "pandas": [int(pd.read_parquet(path("t.parquet"))["image"].sum()), int(pd.read_feather(path("t.arrow"))["image"].sum())],
        "ndjson": [cell(v) for v in pd.read_json(path("t.ndjson"), lines=True)["image"].tolist()],
        "json": [cell(v) for v in pd.read_json(path("t.json"), orient="records")["image"].tolist()],
    }
    print(json.dumps(found))


def write(folder):
    count = 3000
    index = np.arange(count)
    table = pa.table({
        "long": pa.array(2**60 + index, pa.int64()),
        "double": pa.array([None if i % 5 == 0 else i / 3 for i in range(count)], pa.float64()),
        "text": pa.array(["größe %d" % (i % 7) for i in range(count)]),
        "word": pa.array(["a", "bé", ""] * (count // 3)).dictionary_encode(),
        "flag": pa.array(index % 3 == 0),
        "when": pa.array(index * 1_000_000, pa.timestamp("us", tz="UTC")),
        "day": pa.array(index.astype("int32"), pa.date32()),
        "list": pa.array([[i / 2, 1.0] for i in range(count)], pa.list_(pa.float64())),
    })
    for codec in ["NONE", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4"]:
        pq.write_table(table, os.path.join(folder, codec + ".parquet"), compression=codec, row_group_size=1000)
    for version in ["1.0", "2.0"]:
        pq.write_table(table, os.path.join(folder, "pages%s.parquet" % version), data_page_version=version, use_dictionary=False)
    for codec in ["uncompressed", "lz4", "zstd"]:
        feather.write_feather(table, os.path.join(folder, codec + ".feather"), compression=codec, chunksize=1000)
    with pa.ipc.new_stream(os.path.join(folder, "stream.arrows"), table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table, 1000)
    pd.DataFrame({"id": index, "x": index / 3}).to_json(os.path.join(folder, "pandas.json"), orient="records")
    pd.DataFrame({"id": 2**60 + index, "x": index / 3}).to_json(os.path.join(folder, "pandas.ndjson"), orient="records", lines=True)


def dataset(folder):
    """What pyarrow and pandas find in folders of many files."""
    import pyarrow.dataset as ds
    found = {}
    for name in ["by-rows", "by-text"]:
        path = os.path.join(folder, name)
        table = ds.dataset(path, partitioning="hive").to_table().sort_by("image")
        frame = pd.read_parquet(path).sort_values("image")
        found[name] = {
            "pyarrow": [[str(value) for value in table[column].to_pylist()] for column in ["image", "text"]],
            "pandas": [[str(value) for value in frame[column]] for column in ["image", "text"]],
        }
    print(json.dumps(found))


{"read": read, "write": write, "dataset": dataset}[sys.argv[1]](sys.argv[2])
