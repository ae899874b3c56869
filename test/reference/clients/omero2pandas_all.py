"""Uses every function of omero2pandas: `omero2pandas_all.py PORT` prints what came of it as JSON."""
import json
import os
import sys
import tempfile

import numpy as np
import omero
import omero.clients
import omero2pandas
import pandas as pd
from omero.gateway import BlitzGateway
from omero.rtypes import rstring

port = int(sys.argv[1])
router = "OMERO.Glacier2/router:tcp -h 127.0.0.1 -p %d" % port
client = omero.client(["--omero.host=127.0.0.1", "--omero.port=%d" % port, "--Ice.Default.Router=" + router])
client.createSession("user", "pass")
connector = {"omero_connector": omero2pandas.connect_to_omero(client=client, interactive=False)}
directory = tempfile.mkdtemp()
told = {}

rng = np.random.default_rng(1)
count = 20000
frame = pd.DataFrame({
    "image": rng.integers(1, 20, count),
    "label": rng.integers(-2 ** 62, 2 ** 62, count),
    "value": rng.normal(size=count),
    "class": rng.choice(["Nucleus", "Cytoplasm", ""], count),
    "good": rng.random(count) > 0.5,
    "a b": np.arange(count),
})
links = [("Dataset", 1), ("Well", 2), ("roi", 3), ("Plate", 1), ("Screen", 1), ("Project", 1)]
annotation = omero2pandas.upload_table(frame, "frame", 1, "Image", links=links, **connector)
told["size"] = omero2pandas.get_table_size(annotation_id=annotation, **connector)
told["columns"] = omero2pandas.get_table_columns(annotation_id=annotation, **connector)
told["whole"] = omero2pandas.read_table(annotation_id=annotation, chunk_size=7000, **connector).equals(frame)
file = BlitzGateway(client_obj=client).getObject("FileAnnotation", annotation).getFile().getId()
told["by file"] = omero2pandas.read_table(file_id=file, chunk_size=20000, **connector).equals(frame)
rows = [5, 3, 19999]
told["rows"] = omero2pandas.read_table(
    annotation_id=annotation, rows=rows, column_names=["label", "class"], **connector
).equals(frame.loc[rows, ["label", "class"]])
hits = omero2pandas.read_table(annotation_id=annotation, query="(value > 1) & (label < 0)", chunk_size=900, **connector)
expected = frame.iloc[:-1]  # omero2pandas asks for the rows before the last
told["query"] = hits.equals(expected[(expected["value"] > 1) & (expected["label"] < 0)])
named = omero2pandas.read_table(annotation_id=annotation, query="x < 4", variables={"x": rstring("a b")}, **connector)
told["variables"] = named["a b"].tolist()
target = os.path.join(directory, "table.csv")
omero2pandas.download_table(target, annotation_id=annotation, chunk_size=9000, **connector)
told["downloaded"] = pd.read_csv(target, index_col=0, keep_default_na=False, float_precision="round_trip").equals(frame)

source = os.path.join(directory, "source.csv")
frame.to_csv(source, index=False)
from_csv = omero2pandas.upload_table(source, "from CSV", 2, "Image", chunk_size=3000, **connector)
told["from CSV"] = omero2pandas.get_table_size(annotation_id=from_csv, **connector)
attached = BlitzGateway(client_obj=client).createFileAnnfromLocalFile(source, mimetype="text/csv")
told["read CSV"] = omero2pandas.read_csv(annotation_id=attached.getId(), **connector).equals(pd.read_csv(source))
copy = os.path.join(directory, "copy.csv")
omero2pandas.download_csv(copy, file_id=attached.getFile().getId(), **connector)
told["download CSV"] = open(copy, "rb").read() == open(source, "rb").read()


def error_of(call):
    try:
        return repr(call())
    except Exception as e:
        return "%s: %s" % (type(e).__name__, getattr(e, "message", e))


told["no table"] = error_of(lambda: omero2pandas.read_table(file_id=attached.getFile().getId(), **connector))
told["no file"] = error_of(lambda: omero2pandas.read_table(file_id=12345, **connector))
told["no image"] = error_of(lambda: omero2pandas.upload_table(frame.head(2), "t", 12345, "Image", **connector))
told["wide text"] = error_of(lambda: omero2pandas.upload_table(pd.DataFrame({"s": ["é" * 4]}), "t", 1, "Image", **connector))
client.closeSession()
print(json.dumps(told))
