"""Stores tables with omero-py and reads them with omero2pandas: `read_tables.py PORT` prints JSON for read.test.ts.

Cells are stated as in test/support/stated-cells.ts.
"""
import json
import os
import struct
import sys
import tempfile

import numpy as np
import omero
import omero.clients
import omero.grid as grid
import omero2pandas

ROWS = 2500
port = int(sys.argv[1])
router = "OMERO.Glacier2/router:tcp -h 127.0.0.1 -p %d" % port
client = omero.client(["--omero.host=127.0.0.1", "--omero.port=%d" % port, "--Ice.Default.Router=" + router])
session = client.createSession("user", "pass")
rng = np.random.default_rng(7)


def bits(value):
    return struct.pack(">d", value).hex()


def store(name, columns):
    table = session.sharedResources().newTable(1, name)
    table.initialize(columns)
    table.addData(columns)
    file = table.getOriginalFile()
    table.close()
    annotation = omero.model.FileAnnotationI()
    annotation.setFile(omero.model.OriginalFileI(file.id.val, False))
    annotation = session.getUpdateService().saveAndReturnObject(annotation)
    return file.id.val, annotation.id.val


def stated(kind, values):
    if kind == "Double":
        return [bits(value) for value in values]
    if kind in ("FloatArray", "DoubleArray"):
        return [[bits(element) for element in value] for value in values]
    if kind == "LongArray":
        return [[str(element) for element in value] for value in values]
    if kind in ("String", "Bool"):
        return values
    return [str(value) for value in values]


def column(name, kind, values, size=None):
    make = getattr(grid, kind + "Column")
    made = make(name, name + " of a cell", values) if size is None else make(name, name + " of a cell", size, values)
    return made, {"name": name, "type": kind, "size": 1 if size is None else size}, stated(kind, values)


texts = ["", "a", "Größe", "日本", 'say "x"', "a,b", "two\nlines", "plain text"]
singles = np.float32(rng.normal(size=(ROWS, 3))).astype(float).tolist()
# omero2pandas searches up to row -1 and so never finds the last row: it must meet no condition compared with it.
ok = (rng.random(ROWS) > 0.5).tolist()[:-1] + [False]
columns = [column(kind.lower(), kind, rng.integers(0, 2**62, ROWS).tolist())
           for kind in ("File", "Image", "Dataset", "Roi", "Well", "Plate")]
columns += [
    column("row", "Long", list(range(ROWS))),
    column("mean area", "Double", [float("nan") if i % 17 == 0 else v for i, v in enumerate(rng.normal(size=ROWS).tolist())]),
    column("size", "Double", (rng.integers(0, 10**6, ROWS) / 100).tolist()),
    column("ok", "Bool", ok),
    column("text", "String", [texts[i % len(texts)] for i in range(ROWS)], 16),
    column("floats", "FloatArray", singles, 3),
    column("doubles", "DoubleArray", rng.normal(size=(ROWS, 2)).tolist(), 2),
    column("longs", "LongArray", rng.integers(-2**62, 2**62, (ROWS, 1)).tolist(), 1),
]
every_file, every_annotation = store("every", [made for made, _, _ in columns])

mask = grid.MaskColumn("mask", "")
mask.imageId, mask.theZ, mask.theT = list(range(100, 120)), list(range(20)), [-i for i in range(20)]
mask.x, mask.y, mask.w, mask.h = [i / 4 for i in range(20)], [1.0] * 20, [2.5] * 20, [float(i) for i in range(20)]
mask.bytes = [bytes(rng.integers(0, 256, 3 * i).tolist()) for i in range(20)]
mask_file, mask_annotation = store("masks", [grid.LongColumn("n", "", list(range(20))), mask])
masks = [{"imageId": str(mask.imageId[i]), "theZ": mask.theZ[i], "theT": mask.theT[i], "x": bits(mask.x[i]), "y": bits(mask.y[i]),
          "w": bits(mask.w[i]), "h": bits(mask.h[i]), "bytes": list(mask.bytes[i])} for i in range(20)]

empty = session.sharedResources().newTable(1, "empty")
empty.initialize([grid.LongColumn("n", "", []), grid.StringColumn("s", "", 4, [])])
empty_file = empty.getOriginalFile().id.val
empty.close()


def downloaded(**selection):
    path = os.path.join(tempfile.mkdtemp(), "table.csv")
    omero2pandas.download_table(path, file_id=every_file, omero_connector=client, chunk_size=700, **selection)
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


print(json.dumps({
    "every": {"fileId": every_file, "annotationId": every_annotation, "fields": [field for _, field, _ in columns],
              "cells": [cells for _, _, cells in columns]},
    "masks": {"fileId": mask_file, "annotationId": mask_annotation,
              "fields": [{"name": "n", "type": "Long"}, {"name": "mask", "type": "Mask"}],
              "cells": [stated("Long", list(range(20))), masks]},
    "emptyFile": empty_file,
    "csv": {
        "whole": downloaded(),
        "rows": downloaded(rows=[2400, 3, 3, 77]),
        "query": downloaded(query="(size > 5000) & ok"),
        "columns": downloaded(column_names=["text", "mean area"], rows=range(10)),
    },
}))
client.closeSession()
