"""Runs Python code for a test: one request a line of standard input, one answer a line of standard output, as JSON.

A request is `{"code": ..., "inputs": {...}}`: the inputs become variables, the code runs in one namespace that lasts,
and what it leaves in `result` is the answer. DataFrames and lists of columns are answered as in
test/support/stated-cells.ts.
"""
import base64
import json
import os
import struct
import sys
import traceback

import numpy as np

COLUMN_KINDS = {bool: "Bool", int: "Long", float: "Double", str: "String"}


def bits(value):
    return struct.pack(">d", value).hex()


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def kind_of(values):
    first = plain(values[0])
    if not isinstance(first, (list, tuple, np.ndarray)):
        return COLUMN_KINDS[type(first)]
    return {"Long": "LongArray", "Double": "DoubleArray"}[kind_of(first)]


def stated_cells(values):
    """The kind of a column's values, and the values as JSON states them exactly."""
    if len(values) == 0:
        return "String", []
    kind = kind_of(values)
    state = {"Long": str, "Double": bits}.get(kind.replace("Array", ""), lambda value: value)
    if kind.endswith("Array"):
        return kind, [[state(plain(element)) for element in value] for value in values]
    return kind, [state(plain(value)) for value in values]


def stated_masks(column):
    return [{"imageId": str(column.imageId[i]), "theZ": column.theZ[i], "theT": column.theT[i],
             **{name: bits(getattr(column, name)[i]) for name in "xywh"}, "bytes": list(column.bytes[i])}
            for i in range(len(column.imageId))]


def stated_column(column):
    """Field and cells of an omero.grid column; the field has the column's own type."""
    own = type(column).__name__.replace("Column", "").rstrip("I")
    cells = stated_masks(column) if own == "Mask" else stated_cells(column.values)[1]
    return {"name": column.name, "type": own, "size": getattr(column, "size", None) or 1}, cells


def stated_frame(frame):
    columns = [stated_cells(frame.iloc[:, i].tolist()) for i in range(frame.shape[1])]
    fields = [{"name": str(name), "type": kind} for name, (kind, _) in zip(frame.columns, columns)]
    return {"index": [int(row) for row in frame.index], "fields": fields, "cells": [cells for _, cells in columns]}


def encode(value):
    value = plain(value)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2 ** 53 else {"$int": str(value)}
    if isinstance(value, float):
        return value if np.isfinite(value) else {"$float": bits(value)}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, np.ndarray)):
        return [encode(item) for item in value]
    if hasattr(value, "iloc"):
        return stated_frame(value)
    import omero.rtypes
    return encode(omero.rtypes.unwrap(value))


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$int" in value:
        return int(value["$int"])
    if "$float" in value:
        return struct.unpack(">d", bytes.fromhex(value["$float"]))[0]
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    return {key: decode(item) for key, item in value.items()}


def log_in(port, user="user", password="pass"):
    """An omero-py client on the plain port of a server of this machine."""
    import omero.clients
    router = "OMERO.Glacier2/router:tcp -h 127.0.0.1 -p %d" % port
    client = omero.client(["--omero.host=127.0.0.1", "--omero.port=%d" % port, "--Ice.Default.Router=" + router])
    client.createSession(user, password)
    return client


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    namespace = {"log_in": log_in, "stated_column": stated_column}
    for line in sys.stdin:
        request = json.loads(line)
        namespace.update(decode(request["inputs"]), result=None)
        try:
            exec(request["code"], namespace)
            answer = {"result": encode(namespace["result"])}
        except BaseException as e:
            message = str(getattr(e, "message", None) or e)
            answer = {"error": {"type": type(e).__name__, "message": message, "trace": traceback.format_exc()}}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    os._exit(0)  # sessions that are still open are the tests' own to close


main()
