"""What pandas takes for the operations of bench/frames.ts: `frames_peer.py FOLDER TIMES`; prints JSON, seconds by operation."""
import json
import os
import sys
import time

import numpy as np
import pandas as pd

folder, times = sys.argv[1], int(sys.argv[2])


def frame(name):
    described = json.load(open(os.path.join(folder, f"{name}.json")))
    columns = {}
    for column in described["columns"]:
        values = np.fromfile(os.path.join(folder, column["file"]), "<f8")
        if column["type"] == "int32":
            values = values.astype("int64")
        elif column["type"] == "boolean":
            values = values.astype(bool)
        elif column["type"] == "string":
            values = np.array(column["texts"], dtype=object)[values.astype("int64")]
        columns[column["name"]] = values
    return pd.DataFrame(columns)


left, right = frame("left"), frame("right")
wide, other = frame("wide"), frame("other")
NUMBERS = [f"f{i}" for i in range(6)]


def three_joins():
    joined = wide
    for step in range(3):
        joined = joined.merge(other.rename(columns=lambda name: name if name == "label" else f"{name} {step}"), on="label")
    return joined


OPERATIONS = {
    "sort by a float": lambda: left.sort_values("f0"),
    "sort by a float, descending": lambda: left.sort_values("f0", ascending=False),
    "sort by text and float": lambda: left.sort_values(["cls", "f1"]),
    "merge, inner": lambda: left.merge(right, on="label"),
    "merge, left": lambda: left.merge(right, on="label", how="left"),
    "merge, right": lambda: left.merge(right, on="label", how="right"),
    "merge, outer": lambda: left.merge(right, on="label", how="outer"),
    "merge by two keys": lambda: left.merge(right, on=["label", "cls"]),
    "concat": lambda: pd.concat([left, right], ignore_index=True),
    "group by text, means": lambda: left.groupby("cls")[NUMBERS].mean(),
    "group by integer, means": lambda: left.groupby("image")[NUMBERS].mean(),
    "group by both, means": lambda: left.groupby(["image", "cls"])[NUMBERS].mean(),
    "group by integer, five aggregates": lambda: left.groupby("image").agg(
        {"f0": ["mean", "std", "min", "max"], "label": "count"}
    ),
    "isin": lambda: left.isin(["Nucleus", 3]),
    "quantile": lambda: left[NUMBERS].quantile([0.25, 0.5, 0.75]),
    "corr": lambda: left.corr(numeric_only=True),
    "nunique": lambda: left.nunique(),
    "dropDuplicates": lambda: left.drop_duplicates(["image", "cls"]),
    "three joins of 100,000 x 32": three_joins,
}


def least(operation):
    walls, processor = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        operation()
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - cpu)
    return {"seconds": min(walls), "processor": min(processor)}


print(json.dumps({name: least(operation) for name, operation in OPERATIONS.items()}))
