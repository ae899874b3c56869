"""Stores and fetches tables with ezomero: `ezomero_tables.py TLS_PORT` prints what came of it as JSON."""
import json
import sys

import ezomero
import pandas as pd
from omero.gateway import BlitzGateway

port = int(sys.argv[1])
conn = BlitzGateway("user", "pass", host="127.0.0.1", port=port, secure=True)
if not conn.connect():
    raise conn.getLastError()
frame = pd.DataFrame({"id": [1, 2, 3], "x": [0.5, 1.5, -2.25], "name": ["a", "bb", "ccc"]})
told = {}
first = ezomero.post_table(conn, frame, "Image", 1, title="frame")
told["frame"] = ezomero.get_table(conn, first).equals(frame)
rows = [["ID", "X", "n", "ok"], [1, 10.5, "e", True], [2, 30.25, "zz", False]]
second = ezomero.post_table(conn, rows, "Dataset", 1, title="rows")
told["rows"] = ezomero.get_table(conn, second).values.tolist()
told["missing"] = ezomero.get_table(conn, 12345) is None
told["linked"] = first in ezomero.get_file_annotation_ids(conn, "Image", 1)
told["group"] = ezomero.get_group_id(conn, "lab")
conn.close()
print(json.dumps(told))
