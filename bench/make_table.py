"""Makes the benchmark's data: `make_table.py PORT ROWS COLUMNS [PICKLE] [CSV]` stores a table, prints its file id.

With 10 columns: 2 int64, 6 float64, text of three values, bool; with more, float64 in place of the six.
"""
import sys

import numpy as np
import omero
import omero.clients
import omero.grid as grid
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

table = session.sharedResources().newTable(1, "bench")
blank = [grid.ImageColumn("image", "", []), grid.LongColumn("label", "", [])]
blank += [grid.DoubleColumn(name, "", []) for name in doubles]
blank += [grid.StringColumn("cls", "", 9, []), grid.BoolColumn("ok", "", [])]
table.initialize(blank)
step = max(1, min(100000, 10000000 // columns))
for start in range(0, rows, step):
    part = frame(start, min(step, rows - start))
    for column, name in zip(blank, part):
        column.values = part[name].tolist()
    table.addData(blank)
print(table.getOriginalFile().id.val)
table.close()
client.closeSession()
