"""One timed operation of omero2pandas: `omero2pandas_peer.py PORT JSON` prints JSON with seconds and peak memory.

Logging in and importing are not timed. Operations: `read`, `download`, `upload`, `upload_csv`; what is uploaded is
removed afterwards.
"""
import json
import os
import re
import sys
import tempfile
import time

import omero
import omero.clients
import omero.cmd
import omero2pandas
import pandas as pd

port, task = int(sys.argv[1]), json.loads(sys.argv[2])
router = "OMERO.Glacier2/router:tcp -h 127.0.0.1 -p %d" % port
client = omero.client(["--omero.host=127.0.0.1", "--omero.port=%d" % port, "--Ice.Default.Router=" + router,
                       "--Ice.Override.Compress=0"])
client.createSession("user", "pass")
common = dict(omero_connector=omero2pandas.connect_to_omero(client=client, interactive=False))
chunk = {} if task.get("chunkSize") is None else {"chunk_size": task["chunkSize"]}
result, frame = {}, None
if task["operation"] == "upload":
    frame = pd.read_pickle(task["pickle"])
started = time.perf_counter()
if task["operation"] == "read":
    frame = omero2pandas.read_table(file_id=task["fileId"], query=task.get("query"), **chunk, **common)
    result["rows"] = len(frame)
elif task["operation"] == "download":
    target = os.path.join(tempfile.mkdtemp(), "table.csv")
    omero2pandas.download_table(target, file_id=task["fileId"], query=task.get("query"), **chunk, **common)
    result["bytes"] = os.path.getsize(target)
    os.remove(target)
elif task["operation"] == "upload":
    result["annotationId"] = omero2pandas.upload_table(frame, "bench", 1, "Image", **chunk, **common)
elif task["operation"] == "upload_csv":
    result["annotationId"] = omero2pandas.upload_table(task["csv"], "bench", 1, "Image", **chunk, **common)
else:
    raise SystemExit("unknown operation " + task["operation"])
result["seconds"] = time.perf_counter() - started
with open("/proc/self/status") as status:
    result["peakMiB"] = int(re.search(r"VmHWM:\s*(\d+) kB", status.read()).group(1)) / 1024
if "annotationId" in result:
    client.submit(omero.cmd.Delete2(targetObjects={"FileAnnotation": [result["annotationId"]]}), ms=100)
client.closeSession()
sys.stdout.write("\n" + json.dumps(result) + "\n")
