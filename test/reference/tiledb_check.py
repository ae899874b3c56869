"""What TileDB's engine makes of arrays, and arrays it makes. Reads a step a line from standard input, a JSON list
[name, argument...], and prints its result as a line; `STEPS` names them. Rows come and go as Arrow files.

Checks give a list of what is wrong. References are made as omero2pandas makes its arrays (`omero2pandas.remote`).
"""
import json
import shutil
import sys
import traceback
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import tiledb

# TileDB-Py asks for its own warnings to be shown always.
warnings.showwarning = lambda *arguments, **options: None

ROWS = "__tiledb_rows"
LIKE_OMERO2PANDAS = dict(sparse=True, full_domain=True, tile=10000, attr_filters=None, allows_duplicates=False)
EVERYTHING = slice(None)
# TileDB takes gigabytes for a consolidation of any size unless told otherwise, which costs seconds each.
CONSOLIDATION = {"sm.mem.total_budget": str(256 << 20)}
# Columns of which conditions and aggregates are tried.
MOST_COLUMNS = 20


def version():
    return [list(tiledb.version()), list(tiledb.libtiledb.version())]


def read_frame(path):
    with pa.memory_map(path) as source:
        return pa.ipc.open_file(source).read_all().to_pandas()


def write_frame(path, frame):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def make(path, rows, chunk, **options):
    """The array of a frame, one fragment each `chunk` rows."""
    frame = read_frame(rows)
    shutil.rmtree(path, ignore_errors=True)
    options = {**LIKE_OMERO2PANDAS, **{name: filters(value) for name, value in options.items()}}
    if not len(frame):
        # The types of no values cannot be found out: those of one row are.
        row = pd.DataFrame({name: [""] if frame[name].dtype.kind == "O" else frame[name].dtype.type(0) for name in frame},
                           index=[0])
        tiledb.from_pandas(path, row, mode="schema_only", **options)
    for start in range(0, len(frame), chunk):
        tiledb.from_pandas(path, frame.iloc[start:start + chunk], row_start_idx=0,
                           mode="append" if start else "ingest", **options)


FILTERS = {"gzip": tiledb.GzipFilter, "zstd": tiledb.ZstdFilter, "rle": tiledb.RleFilter, "lz4": tiledb.LZ4Filter,
           "bzip2": tiledb.Bzip2Filter, "double delta": tiledb.DoubleDeltaFilter,
           "bit width reduction": tiledb.BitWidthReductionFilter, "bitshuffle": tiledb.BitShuffleFilter,
           "byteshuffle": tiledb.ByteShuffleFilter, "positive delta": tiledb.PositiveDeltaFilter,
           "MD5 checksum": tiledb.ChecksumMD5Filter, "SHA-256 checksum": tiledb.ChecksumSHA256Filter,
           "dictionary": tiledb.DictionaryFilter, "scale float": tiledb.FloatScaleFilter, "xor": tiledb.XORFilter,
           "delta": tiledb.DeltaFilter, "none": tiledb.NoOpFilter}
ENCRYPTION = {"sm.encryption_type": "AES_256_GCM", "sm.encryption_key": "0123456789abcdef0123456789abcdef"}


def filters(value):
    return tiledb.FilterList([FILTERS[name]() for name in value]) if isinstance(value, list) else value


# --- our arrays, judged

def judge(path, rows, reference):
    """Everything the engine reads of an array that should hold the rows, beside the engine's own array of them."""
    frame = read_frame(rows)
    wrong = []
    if tiledb.ArraySchema.load(path) != tiledb.ArraySchema.load(reference):
        wrong.append("schema: %s\n%s" % (tiledb.ArraySchema.load(path), tiledb.ArraySchema.load(reference)))
    wrong += judge_values(path, frame)
    with tiledb.open(path) as ours, tiledb.open(reference) as theirs:
        wrong += judge_metadata(ours.meta, theirs.meta)
        wrong += judge_conditions(ours, frame)
        if len(frame):
            wrong += judge_aggregates(ours, theirs, frame)
    mine, other = (tiledb.array_fragments(place, include_mbrs=True) for place in (path, reference))
    for name in ("nonempty_domain", "cell_num", "mbrs", "version", "sparse"):
        if getattr(mine, name) != getattr(other, name):
            wrong.append("fragments, %s: %s, %s" % (name, getattr(mine, name), getattr(other, name)))
    return wrong


def judge_values(path, frame):
    wrong = []
    with tiledb.open(path) as array:
        compare(wrong, "all", array[EVERYTHING], frame, np.arange(len(frame)))
        count = len(frame)
        for start, stop in {(0, 1), (count // 3, count // 2 + 1), (9_998, 10_003), (max(count - 5, 0), count)}:
            part = frame.iloc[start:stop]
            if len(part):
                compare(wrong, "slice %d:%d" % (start, stop), array[start:stop], part, part.index.values)
        wanted = np.unique(np.minimum([0, count // 7, count // 2, count - 1], count - 1)) if count else []
        if len(wanted):
            compare(wrong, "multi_index", array.multi_index[list(map(int, wanted))], frame.iloc[wanted], wanted)
    opened = tiledb.open_dataframe(path)
    if not len(frame):
        wrong += [] if list(opened.columns) == list(frame.columns) and not len(opened) else ["open_dataframe"]
        return wrong
    try:
        pd.testing.assert_frame_equal(opened, frame, check_index_type=False, check_names=False)
    except AssertionError as error:
        wrong.append("open_dataframe: %s" % error)
    return wrong


def compare(wrong, what, found, frame, rows):
    if not np.array_equal(found[ROWS], rows):
        wrong.append("%s: rows %s" % (what, found[ROWS]))
    for name in frame:
        if not same(found[name], frame[name].values):
            wrong.append("%s: %s %s" % (what, name, found[name]))


def same(found, expected):
    if len(found) != len(expected):
        return False
    if expected.dtype.kind == "f":
        return np.array_equal(found.view("u8"), np.ascontiguousarray(expected).view("u8"))
    return np.array_equal(found, expected)


def judge_metadata(ours, theirs):
    wrong = []
    for key, value in theirs.items():
        if key.startswith("__pandas") and json.loads(ours[key]) != json.loads(value):
            wrong.append("metadata %s: %s" % (key, ours[key]))
    extra = sorted(set(ours.keys()) - set(theirs.keys()))
    if extra != ["SecretToken", "__initialized", "__version"]:
        wrong.append("metadata: %s" % extra)
    if ours["__version"] != "3" or not isinstance(ours["__initialized"], float) or len(ours["SecretToken"]) != 43:
        wrong.append("metadata of the table")
    return wrong


def judge_conditions(array, frame):
    wrong = []
    for name in list(frame)[:MOST_COLUMNS]:
        column = frame[name]
        attribute = "attr('%s')" % name
        kind = column.dtype.kind
        # These cannot be written in a condition.
        if set(name) & set("'\\\n") or not len(column):
            continue
        value = column.iloc[len(column) // 2]
        if kind in "if" and np.isfinite(value) and value != -2**63:
            tried = {"%s > %s" % (attribute, repr(value.item())): column > value,
                     "%s == %s" % (attribute, repr(value.item())): column == value}
        elif kind == "O" and value.isascii() and value.isalnum():
            tried = {"%s == '%s'" % (attribute, value): column == value}
        elif kind == "b":
            tried = {"%s == %s" % (attribute, value): column == value}
        else:
            continue
        for text, mask in tried.items():
            found = array.query(cond=text, attrs=[name])[:]
            if not np.array_equal(found[ROWS], np.nonzero(mask.values)[0]):
                wrong.append("condition %s: %d rows, not %d" % (text, len(found[ROWS]), mask.sum()))
    return wrong


def judge_aggregates(ours, theirs, frame):
    wrong = []
    for name in list(frame)[:MOST_COLUMNS]:
        kind = frame[name].dtype.kind
        if kind not in "if" or frame[name].isna().any():
            continue
        # Sums that overflow differ from run to run in the engine itself.
        sums = ["sum", "mean"] if np.abs(frame[name].astype(float)).sum() < 2.0**62 else []
        wanted = {name: ["min", "max", "count"] + sums}
        (found, expected), first = (tuple(array.query(attrs=[name]).agg(wanted)[:] for array in (ours, theirs)), name)
        for key in expected:
            close = found[key] == expected[key] or (np.isfinite(expected[key]) and np.isclose(found[key], expected[key]))
            if not close:
                wrong.append("aggregate %s of %s: %s, not %s" % (key, first, found[key], expected[key]))
    return wrong


def arrays(path, columns):
    """Attributes of several values a cell, against lists of lists."""
    wrong = []
    with tiledb.open(path) as array:
        found = array[EVERYTHING]
        for name, dtype, cells in columns:
            expected = np.array(cells, dtype=dtype)
            values = found[name].view(dtype).reshape(expected.shape)
            if array.schema.attr(name).ncells != expected.shape[1] or not np.array_equal(values, expected, True):
                wrong.append(name)
    return wrong


def change(path, rows, more, expected):
    """Appends, overwrites, adds metadata, consolidates and vacuums; the array must hold the right rows after each."""
    frame, added = read_frame(rows), read_frame(more)
    wrong = []

    def check(what):
        wrong.extend("after %s: %s" % (what, fault) for fault in judge_values(path, frame))

    added.index = range(len(frame), len(frame) + len(added))
    tiledb.from_pandas(path, added, row_start_idx=0, mode="append", **LIKE_OMERO2PANDAS)
    frame = pd.concat([frame, added])
    check("append")
    picked = frame.iloc[::max(len(frame) // 50, 1)].iloc[::-1]
    places = frame.index[::max(len(frame) // 50, 1)]
    with tiledb.open(path, "w") as array:
        array[places.values] = {name: picked[name].values for name in frame}
    frame.loc[places] = picked.values
    frame = frame.astype(added.dtypes.to_dict())
    check("overwriting rows")
    with tiledb.open(path, "w") as array:
        array.meta["note"] = "später"
        array.meta["count"] = 2**40
    for mode in ("array_meta", "fragment_meta", "commits", "fragments"):
        for what in ("consolidate", "vacuum"):
            tidy(path, ["%s %s" % (what, mode)])
            check("%s %s" % (what, mode))
    with tiledb.open(path) as array:
        if array.meta["note"] != "später" or array.meta["count"] != 2**40 or len(array.meta["SecretToken"]) != 43:
            wrong.append("metadata after all")
    write_frame(expected, frame)
    return wrong


def delete_rows(path, condition):
    with tiledb.open(path, "d") as array:
        array.query(cond=condition).submit()


# --- their arrays, to be read

def overwrite(path, rows, places, at=None):
    """Writes the rows of a frame over rows of an array."""
    frame = read_frame(rows)
    with tiledb.open(path, "w", **({} if at is None else {"timestamp": at})) as array:
        array[np.array(places)] = {name: frame[name].values for name in frame}


def tidy(path, steps):
    """Consolidates ("consolidate MODE") and vacuums ("vacuum MODE")."""
    for step in steps:
        what, mode = step.split()
        if what == "consolidate":
            tiledb.consolidate(path, config=tiledb.Config({**CONSOLIDATION, "sm.consolidation.mode": mode}))
        else:
            tiledb.vacuum(path, config=tiledb.Config({"sm.vacuum.mode": mode}))


def dump(path, target):
    """All rows the engine finds in an array, as a frame."""
    frame = tiledb.open_dataframe(path)
    write_frame(target, frame.reset_index(drop=True))


def widths(path, most="9223372036854775807"):
    """Integers and floats of every width, at their limits; `most` is the largest of unsigned 64 bits."""
    values = {}
    for width in (1, 2, 4, 8):
        limits = np.iinfo("i%d" % width)
        values["i%d" % width] = np.array([limits.min, limits.max, 0], dtype="i%d" % width)
    for width in (1, 2, 4):
        values["u%d" % width] = np.array([0, np.iinfo("u%d" % width).max, 1], dtype="u%d" % width)
    values["u8"] = np.array([0, int(most), 1], dtype="u8")
    values["f4"] = np.array([0.1, -2.0**100, np.nan], dtype="f4")
    values["f8"] = np.array([0.1, -1e300, np.nan])
    tiledb.from_pandas(path, pd.DataFrame(values), **LIKE_OMERO2PANDAS)


def odd(path, kind, name=None, dtype="int64"):
    """Arrays that are not tables; "a filter" is one of `FILTERS`, for an attribute of a type it can be for."""
    shutil.rmtree(path, ignore_errors=True)
    rows = tiledb.Dim(ROWS, domain=(0, 99), tile=10, dtype=np.int64)
    text = tiledb.Dim("name", dtype="ascii", domain=(None, None))
    value = tiledb.Attr("a", dtype=np.float64)
    schemas = {
        "dense": lambda: dict(domain=tiledb.Domain(rows), attrs=[value], sparse=False),
        "two dimensions": lambda: dict(domain=tiledb.Domain(rows, tiledb.Dim("b", domain=(0, 9), tile=1, dtype=np.int64)),
                                       attrs=[value], sparse=True),
        "text dimension": lambda: dict(domain=tiledb.Domain(text), attrs=[value], sparse=True),
        "duplicates": lambda: dict(domain=tiledb.Domain(rows), attrs=[value], sparse=True, allows_duplicates=True),
        "nulls": lambda: dict(domain=tiledb.Domain(rows), attrs=[tiledb.Attr("a", dtype=np.int64, nullable=True)],
                              sparse=True),
        "dates": lambda: dict(domain=tiledb.Domain(rows), attrs=[tiledb.Attr("a", dtype="datetime64[ns]")], sparse=True),
        "category": lambda: dict(domain=tiledb.Domain(rows), sparse=True, enums=[tiledb.Enumeration("e", False, ["x", "y"])],
                                 attrs=[tiledb.Attr("a", dtype=np.int32, enum_label="e")]),
        "encrypted": lambda: dict(domain=tiledb.Domain(rows), attrs=[value], sparse=True),
        "a filter": lambda: dict(domain=tiledb.Domain(rows), sparse=True,
                                 attrs=[tiledb.Attr("a", dtype=dtype, var=dtype == "ascii", filters=filters([name]))]),
        "bytes": lambda: dict(domain=tiledb.Domain(rows), attrs=[tiledb.Attr("a", dtype="blob", var=True)], sparse=True),
    }
    context = tiledb.Ctx(tiledb.Config(ENCRYPTION)) if kind == "encrypted" else None
    tiledb.Array.create(path, tiledb.ArraySchema(**schemas[kind]()), ctx=context)


STEPS = {function.__name__: function for function in (
    version, make, judge, arrays, change, delete_rows, overwrite, tidy, dump, widths, odd)}

if __name__ == "__main__":
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        options = arguments.pop() if arguments and isinstance(arguments[-1], dict) else {}
        try:
            answer = {"result": STEPS[name](*arguments, **options)}
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)
