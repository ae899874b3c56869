"""OMERO.tables files through omero-py's own storage (`omero.hdfstorageV2` on PyTables): made, filled and read as JSON.

In JSON an int64 is a text, some float64 are "NaN", "Infinity", "-Infinity" and "-0", text is text, an array a
list, a mask [image, z, t, x, y, w, h, bytes].
"""
import atexit
import math
import os
import warnings
from types import SimpleNamespace

import Ice
import omero
import omero.columns as columns
from omero.hdfstorageV2 import HDFLIST
from omero.rtypes import rfloat, rlong, rstring, unwrap
from omero_ext.path import path

warnings.simplefilter("ignore")

ID_TYPES = ("File", "Image", "Dataset", "Roi", "Well", "Plate", "Long")
ARRAY_TYPES = ("FloatArray", "DoubleArray", "LongArray")
MASK_PARTS = ("imageId", "theZ", "theT", "x", "y", "w", "h", "bytes")


communicator = Ice.initialize()
atexit.register(communicator.destroy)
for factory in columns.ObjectFactories.values():
    factory.register(communicator)
#: What storage needs of a call: a communicator that makes column objects.
CURRENT = SimpleNamespace(adapter=SimpleNamespace(getCommunicator=lambda: communicator), ctx={})


def column(field, cells=()):
    """A column of the storage, from its field and cells as in JSON."""
    made = getattr(columns, field["type"] + "ColumnI")(field["name"])
    made.description = field.get("description", "")
    if field["type"] == "String" or field["type"] in ARRAY_TYPES:
        made.size = field["size"]
    if field["type"] == "Mask":
        for index, part in enumerate(MASK_PARTS):
            setattr(made, part, [from_json(cell[index]) for cell in cells])
        # Sequences of bytes stay lists of numbers, ids become numbers.
        made.imageId = [int(cell[0]) for cell in cells]
    elif field["type"] == "LongArray":
        made.values = [[int(value) for value in cell] for cell in cells]
    elif field["type"] in ID_TYPES:
        made.values = [int(cell) for cell in cells]
    else:
        made.values = [from_json(cell) for cell in cells]
    return made


def from_json(value):
    if value in ("NaN", "Infinity", "-Infinity", "-0"):
        return float(value)
    return [from_json(each) for each in value] if isinstance(value, list) else value


def to_json(value, type):
    if isinstance(value, (list, tuple)):
        return [to_json(each, "Long" if type == "LongArray" else type) for each in value]
    if type in ID_TYPES:
        return str(int(value))
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, float) and value == 0 and math.copysign(1, value) < 0:
        return "-0"
    return value


class Storage:
    """One file, opened as the table service opens it."""

    def __init__(self, file, read_only=False):
        self.storage = HDFLIST.getOrCreate(path(os.path.abspath(file)), self, read_only)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.storage.decr(self)

    def initialize(self, fields):
        self.storage.initialize([column(field) for field in fields])

    def append(self, fields, cells):
        self.storage.append([column(field, cells[index]) for index, field in enumerate(fields)])

    def update(self, field, rows, cells):
        data = omero.grid.Data()
        data.rowNumbers = rows
        data.columns = [column(field, cells)]
        self.storage.update(self.stamp(), data)

    def stamp(self):
        return self.storage._stamp

    def set_metadata(self, metadata):
        made = {}
        for key, value in metadata.items():
            made[key] = rlong(int(value["int"])) if "int" in value else (
                rfloat(value["float"]) if "float" in value else rstring(value["text"]))
        self.storage.add_meta_map(made)

    def where(self, condition, variables=None, start=0, stop=None, step=None):
        return self.storage.getWhereList(self.stamp(), condition, dict(variables or {}), None, start, stop, step)

    def describe(self):
        """Everything in the table, as JSON."""
        headers = self.storage.cols(None, CURRENT)
        rows = int(self.storage.rows())
        fields = [self.field(header) for header in headers]
        data = self.storage.read(self.stamp(), list(range(len(fields))), 0, rows, CURRENT) if rows else None
        cells = [self.cells(fields[index], data.columns[index]) for index in range(len(fields))] if rows else []
        metadata = {key: self.metadata_value(value) for key, value in self.storage.get_meta_map().items()}
        return {"fields": fields, "rowCount": rows, "cells": cells, "metadata": metadata}

    def field(self, header):
        type = header.ice_staticId().split("::")[-1][: -len("Column")]
        size = int(header.size) if type == "String" or type in ARRAY_TYPES else 1
        return {"name": header.name, "type": type, "size": size, "description": header.description}

    def cells(self, field, column):
        if field["type"] != "Mask":
            return [to_json(value, field["type"]) for value in column.values]
        parts = [list(getattr(column, part)) for part in MASK_PARTS]
        return [[str(int(cell[0])), *[to_json(number(value), "Double") for value in cell[1:7]], list(cell[7])] for cell in zip(*parts)]

    def metadata_value(self, value):
        kind = {omero.RLong: "int", omero.RFloat: "float", omero.RString: "text"}
        name = next(kind[cls] for cls in kind if isinstance(value, cls))
        unwrapped = unwrap(value)
        return {name: str(int(unwrapped)) if name == "int" else to_json(float(unwrapped), "Double") if name == "float"
                else str(unwrapped)}


def number(value):
    return float(value) if isinstance(value, float) else int(value)
