"""TileDB's own writing of the benchmark's rows: `tiledb_peer.py JSON` prints JSON with seconds and peak memory.

JSON: `pickle`, the rows (`make_table.py`), and `array`, the path to write, which must not exist. The arguments are those of
omero2pandas. Importing and loading the rows are not timed. Operations: `create` (default) and `read`, of an array there is.
"""
import json
import os
import resource
import sys
import time
import warnings

import pandas as pd
import tiledb

warnings.showwarning = lambda *arguments, **options: None
LIKE_OMERO2PANDAS = dict(sparse=True, full_domain=True, tile=10000, attr_filters=None, allows_duplicates=False)

task = json.loads(sys.argv[1])
operation = task.get("operation", "create")
frame = pd.read_pickle(task["pickle"]) if operation == "create" else None
before, started = os.times(), time.perf_counter()
if operation == "create":
    tiledb.from_pandas(task["array"], frame, **LIKE_OMERO2PANDAS)
elif operation == "read":
    frame = tiledb.open_dataframe(task["array"])
else:
    raise SystemExit("unknown operation " + operation)
seconds, after = time.perf_counter() - started, os.times()
result = {
    "seconds": seconds,
    "cpuSeconds": after.user + after.system - before.user - before.system,
    "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "rows": len(frame),
}
sys.stdout.write("\n" + json.dumps(result) + "\n")
