"""What omero-py's storage and PyTables make of OMERO.tables files. Reads steps as a JSON list from standard input, each
[name, file, argument...], and prints the list of their results; `STEPS` names them. Formats are those of
`test/formats/hdf5/hdfstorage.py`."""
import json
import os
import sys
import warnings

import tables

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "formats", "hdf5"))

from hdfstorage import Storage  # noqa: E402

warnings.simplefilter("ignore")


def describe(file):
    """All there is in a table, by the storage."""
    with Storage(file, read_only=True) as storage:
        return storage.describe()


def where(file, conditions):
    """Row numbers for each condition, by the storage, or the error."""
    with Storage(file, read_only=True) as storage:
        return [rows_or_error(storage, *condition) for condition in conditions]


def rows_or_error(storage, condition, variables=None):
    try:
        return storage.where(condition, variables, 0, storage.storage.rows())
    except Exception as error:
        return str(error)


def create(file, fields, cells):
    with Storage(file) as storage:
        storage.initialize(fields)
        if cells:
            storage.append(fields, cells)


def append(file, fields, cells):
    with Storage(file) as storage:
        storage.append(fields, cells)


def update(file, field, rows, cells):
    with Storage(file) as storage:
        storage.update(field, rows, cells)


def set_metadata(file, metadata):
    with Storage(file) as storage:
        storage.set_metadata(metadata)


def structure(file):
    """What PyTables says of the file's structure, and whether all of it can be read."""
    with tables.open_file(file) as opened:
        table = opened.root.OME.Measurements
        column = {name: str(table.coltypes.get(name, "nested")) for name in table.colnames}
        for node in opened.walk_nodes("/", "Leaf"):
            node.read()
        return {
            "format": str(opened.format_version),
            "isPyTables": bool(opened._isPTFile),
            "title": str(opened.title),
            "nodes": sorted(node._v_pathname for node in opened.walk_nodes("/")),
            "columns": column,
            "rows": int(table.nrows),
            "rowsAttribute": int(table.attrs.NROWS),
            "fieldNames": [str(table.attrs["FIELD_%d_NAME" % index]) for index in range(len(table.colnames))],
            "byteorder": table.byteorder,
            "chunkRows": int(table.chunkshape[0]),
        }


def rewrite(file, copy):
    """Copies the whole file with PyTables, and checks that the table in it is equal."""
    tables.copy_file(file, copy)
    with tables.open_file(file) as a, tables.open_file(copy) as b:
        return a.root.OME.Measurements[:].tobytes() == b.root.OME.Measurements[:].tobytes()


def index(file, column):
    """Makes a PyTables index on a column, and removes it again."""
    with tables.open_file(file, "a") as opened:
        table = opened.root.OME.Measurements
        rows = table.cols._f_col(column).create_index()
        table.cols._f_col(column).remove_index()
        return int(rows)


def remove_rows(file, start, stop):
    """Removes rows with PyTables, which truncates the table."""
    with tables.open_file(file, "a") as opened:
        return int(opened.root.OME.Measurements.remove_rows(start, stop))


STEPS = {
    "describe": describe,
    "where": where,
    "create": create,
    "append": append,
    "update": update,
    "setMetadata": set_metadata,
    "structure": structure,
    "rewrite": rewrite,
    "index": index,
    "removeRows": remove_rows,
}

results = [STEPS[name](*arguments) for name, *arguments in json.load(sys.stdin)]
json.dump(results, sys.stdout)
