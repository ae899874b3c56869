"""What omero2pandas and PyTables find of uploaded tables: columns' names and types, the values as omero2pandas reads them
(unless there are masks, which it cannot), and the values and attributes as PyTables finds them in the server's file.
Doubles are given by `repr`, int64 as text."""
import os

import numpy as np
import omero2pandas
import tables


def plain(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(element) for element in value]
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def by_omero2pandas(client, file_id):
    frame = omero2pandas.read_table(file_id=file_id, omero_connector=client)
    return {name: [plain(value) for value in frame[name].tolist()] for name in frame.columns}


def by_pytables(directory, file_id):
    with tables.open_file(os.path.join(directory, str(file_id))) as file:
        table = file.root.OME.Measurements
        names = [name for name in table.colnames]
        attributes = {name: plain(table.attrs[name]) for name in table.attrs._v_attrnamesuser}
        types = [plain(kind) for kind in file.root.OME.ColumnTypes[:]]
        sizes = {name: table.description._v_dtype[name].itemsize for name in names}
        columns = {name: [plain(value) for value in table.col(name).tolist()] for name in names}
        return {"rows": int(table.nrows), "types": types, "sizes": sizes, "columns": columns, "attributes": attributes}


def look(client, directory, file_id):
    in_file = by_pytables(directory, file_id)
    masked = any("Mask" in kind for kind in in_file["types"])
    return {"pytables": in_file, "omero2pandas": None if masked else by_omero2pandas(client, file_id)}
