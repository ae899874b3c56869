"""Makes the benchmark's data: `make_table.py PORT ROWS COLUMNS [PICKLE] [CSV]` has omero2pandas store a table, prints its
file id.

With 10 columns: 2 int64, 6 float64, text of three values, bool; with more, float64 in place of the six.
"""
import sys

import numpy as np
import omero
import omero.clients
import omero2pandas
import pandas as pd

port, rows, columns = (int(a) for a in sys.argv[1:4])
router = "OMERO.Glacier2/router:tcp -h 127.0.0.1 -p %d" % port
client = omero.client(["--omero.host=127.0.0.1", "--omero.port=%d" % port, "--Ice.Default.Router=" + router])
session = client.createSession("user", "pass")
rng = np.random.default_rng(1)
classes = np.array(["Nucleus", "Cytoplasm", "Membrane"])
doubles = ["f%d" % i for i in range(columns - 4)]


def frame(start, count):
    data = {"image": rng.integers(1, 20, count), "label": np.arange(start, start + count)}
    data.update({name: rng.normal(size=count) for name in doubles})
    data["cls"] = classes[rng.integers(0, 3, count)]
    data["ok"] = rng.random(count) > 0.5
    return pd.DataFrame(data)


if len(sys.argv) > 4:
    whole = frame(0, rows)
    whole.to_pickle(sys.argv[4])
    whole.to_csv(sys.argv[5], index=False)
    print(0)
    client.closeSession()
    raise SystemExit

connector = omero2pandas.connect_to_omero(client=client, interactive=False)
annotation = omero2pandas.upload_table(frame(0, rows), "bench", 1, "Image", omero_connector=connector)
print(session.getQueryService().get("FileAnnotation", annotation).file.id.val)
client.closeSession()
