"""Makes the arrays under `fixtures/` with TileDB-Py, and `fixtures.json` with what the engine reads of them.

    python make-fixtures.py

Each array is one file: the paths and bytes (base64) of its files as JSON, compressed by gzip.
"""
import base64
import gzip
import json
import os
import shutil
import tempfile
import warnings

import numpy as np
import pandas as pd
import tiledb

warnings.showwarning = lambda *arguments, **options: None
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
LIKE_OMERO2PANDAS = dict(sparse=True, full_domain=True, tile=10000, attr_filters=None, allows_duplicates=False)
TEXTS = ["", "a", "Größe", "日本語", "👩‍🔬", "two words", "line\nbreak", "x" * 40]


def frame(rows, start=0):
    n = np.arange(start, start + rows)
    return pd.DataFrame({
        "count": n * 3 - 10,
        "mean area": np.where(n % 5 == 4, np.nan, (n - 7) / 3),
        "ok": n % 3 == 0,
        "name": np.array([TEXTS[i % len(TEXTS)] for i in n], dtype=object),
    })


def write(path, data, chunk, **options):
    for start in range(0, len(data), chunk):
        tiledb.from_pandas(path, data.iloc[start:start + chunk], row_start_idx=0, mode="append" if start else "ingest",
                           **{**LIKE_OMERO2PANDAS, **options})


def overwrite(path, rows, data):
    with tiledb.open(path, "w") as array:
        array[np.array(rows)] = {name: data[name].values for name in data}


def tidy(path, *steps):
    for step in steps:
        what, mode = step.split()
        kind = "sm.consolidation.mode" if what == "consolidate" else "sm.vacuum.mode"
        getattr(tiledb, what)(path, config=tiledb.Config({kind: mode}))


def simple(path):
    write(path, frame(25), 10)


def empty(path):
    tiledb.from_pandas(path, frame(1), mode="schema_only", **LIKE_OMERO2PANDAS)


def widths(path):
    values = {"%s%d" % (kind, width): np.array([1, 2, 100], dtype="%s%d" % (kind, width))
              for kind in "iu" for width in (1, 2, 4, 8)}
    values["f4"] = np.array([0.1, -2.0**100, np.nan], dtype="f4")
    write(path, pd.DataFrame(values), 3)


def filtered(*names):
    filters = [getattr(tiledb, name)() for name in names]

    def make(path):
        data = frame(30)
        write(path, data.drop(columns="name") if "RleFilter" in names else data, 30, attr_filters=filters,
              coords_filters=filters, offsets_filters=filters)
    return make


def overwritten(path):
    write(path, frame(25), 10)
    overwrite(path, [0, 5, 9, 10, 24, 30], frame(6, 100))
    overwrite(path, [5, 11], frame(2, 200))


def consolidated(path):
    overwritten(path)
    tidy(path, "consolidate fragments")
    overwrite(path, [5, 12], frame(2, 300))


def vacuumed(path):
    consolidated(path)
    tidy(path, "consolidate commits", "vacuum commits", "consolidate fragments", "vacuum fragments",
         "consolidate array_meta")


def metadata(path):
    write(path, frame(1), 1)
    with tiledb.open(path, "w") as array:
        array.meta.update({"text": "später", "empty": "", "whole": 2**60, "real": 0.5, "bytes": b"abc", "gone": 1,
                           "list": (1, 2, 3), "yes": True})
    with tiledb.open(path, "w") as array:
        array.meta["text"] = "noch später"
        del array.meta["gone"]


def cells(path):
    rows = tiledb.Dim("__tiledb_rows", domain=(0, 999), tile=10, dtype=np.int64)
    kinds = {"floats": ("f4", 3), "doubles": ("f8", 5), "longs": ("i8", 4)}
    attributes = [tiledb.Attr(name, dtype=np.dtype([("", kind)] * size)) for name, (kind, size) in kinds.items()]
    tiledb.Array.create(path, tiledb.ArraySchema(domain=tiledb.Domain(rows), attrs=attributes, sparse=True))
    with tiledb.open(path, "w") as array:
        array[np.arange(5)] = {name: np.arange(5 * size).astype(kind).view(np.dtype([("", kind)] * size))
                               for name, (kind, size) in kinds.items()}


def deleted(path):
    write(path, frame(10), 10)
    with tiledb.open(path, "d") as array:
        array.query(cond="count > 5").submit()


def deleted_then_consolidated(path):
    deleted(path)
    tidy(path, "consolidate commits", "vacuum commits")


def nullable(path):
    write(path, pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}), 2)


def category(path):
    write(path, pd.DataFrame({"a": pd.Categorical(["x", "y"])}), 2)


ARRAYS = {
    "simple": simple, "empty": empty, "widths": widths, "gzip": filtered("GzipFilter"), "none": filtered("NoOpFilter"),
    "zstd": filtered("ZstdFilter"), "rle": filtered("RleFilter"), "lz4": filtered("LZ4Filter"),
    "two-filters": filtered("GzipFilter", "ZstdFilter"), "overwritten": overwritten, "consolidated": consolidated,
    "vacuumed": vacuumed, "metadata": metadata, "cells": cells, "deleted": deleted,
    "deleted-consolidated": deleted_then_consolidated, "nullable": nullable, "category": category,
}
REFUSED = {"lz4", "two-filters", "deleted", "deleted-consolidated", "nullable", "category"}


def json_cell(value):
    if isinstance(value, np.void):
        return [json_cell(element) for element in value.tolist()]
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float) and not np.isfinite(value):
        return str(value).replace("nan", "NaN")
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def stored(path):
    with tiledb.open(path) as array:
        found = array[:]
        names = [array.schema.attr(index).name for index in range(array.schema.nattr)]
        bools = {name for name in names if array.schema.attr(name).dtype == np.bool_}
        return {"names": names, "rows": [str(row) for row in found["__tiledb_rows"]],
                "cells": [[json_cell(bool(cell) if name in bools else cell) for cell in found[name]] for name in names]}


def pack(path):
    files = {}
    for folder, _, names in sorted(os.walk(path)):
        for name in sorted(names):
            with open(os.path.join(folder, name), "rb") as file:
                content = file.read()
            files[os.path.relpath(os.path.join(folder, name), path)] = base64.b64encode(content).decode()
    return json.dumps(files, indent=0).encode()


os.makedirs(HERE, exist_ok=True)
described = {}
for name, make in ARRAYS.items():
    path = os.path.join(tempfile.mkdtemp(), name)
    make(path)
    if name not in REFUSED:
        described[name] = stored(path)
    with open(os.path.join(HERE, name + ".json.gz"), "wb") as file:
        file.write(gzip.compress(pack(path), mtime=0))
    shutil.rmtree(os.path.dirname(path))
with open(os.path.join(HERE, "fixtures.json"), "w") as file:
    json.dump(described, file, ensure_ascii=False)
    file.write("\n")
