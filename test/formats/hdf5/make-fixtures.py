"""Makes the files in `fixtures/`: OMERO.tables files as omero-py and PyTables write them, compressed with gzip, and
`fixtures.json`, what they hold. Run with a Python that has omero-py and PyTables."""
import gzip
import json
import os
import random
import tempfile

import numpy
import tables

from hdfstorage import Storage

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixtures")
random.seed(1)


def field(name, type, size=1, description=""):
    return {"name": name, "type": type, "size": size, "description": description}


EVERY_TYPE = [
    field("file", "File"), field("image id", "Image"), field("dataset", "Dataset"), field("roi", "Roi"),
    field("well", "Well"), field("plate", "Plate"), field("is ok", "Bool"), field("mean area", "Double"),
    field("größe", "Long", 1, '{"unit": "px"}'), field("名前", "String", 7, "a name"), field("floats", "FloatArray", 2),
    field("one double", "DoubleArray", 1), field("longs", "LongArray", 3), field("mask", "Mask"),
]


def every_type_cells(rows):
    numbers = list(range(rows))
    ids = [[str(10 * column + row) for row in numbers] for column in range(6)]
    doubles = [["NaN", "Infinity", -0.0, 1.5][row % 4] for row in numbers]
    longs = [str([2**63 - 1, -2**63, 0, 2**53 + 1][row % 4]) for row in numbers]
    texts = [["", "plain", "é ß", "seven.."][row % 4] for row in numbers]
    mask = [[str(row), row, -row, row / 2, row / 4, 10.0, 20.0, [(row * 7 + bit) % 256 for bit in range(row % 5)]]
            for row in numbers]
    return [*ids, [row % 3 == 0 for row in numbers], doubles, longs, texts, [[row / 2, -row] for row in numbers],
            [[row / 3] for row in numbers], [[str(row), str(-row), str(2**40 + row)] for row in numbers], mask]


def save(name, path, description=None):
    with open(path, "rb") as source, open(os.path.join(HERE, name + ".h5.gz"), "wb") as target:
        with gzip.GzipFile("", "wb", 9, target, mtime=0) as packed:
            packed.write(source.read())
    if description is None:
        with Storage(path, read_only=True) as storage:
            description = storage.describe()
    described[name] = description


def compress(source, target, chunkshape=None, **filters):
    """Copies a file, its table compressed."""
    new_chunks = {} if chunkshape is None else {"chunkshape": chunkshape}
    with tables.open_file(source) as original, tables.open_file(target, "w") as copy:
        group = copy.create_group("/", "OME")
        for node in original.root.OME._f_list_nodes():
            node.copy(group, **({"filters": tables.Filters(**filters), **new_chunks} if isinstance(node, tables.Table) else {}))


#: What HDF5 has of itself, alone and together; three chunks, the last of them not full.
FILTERS = {
    "deflate": {"complevel": 9, "complib": "zlib", "shuffle": False},
    "checksums": {"complevel": 0, "fletcher32": True},
    "deflate-checksums": {"complevel": 1, "complib": "zlib", "shuffle": False, "fletcher32": True},
    "all-filters": {"complevel": 6, "complib": "zlib", "shuffle": True, "fletcher32": True},
}
described = {}
with tempfile.TemporaryDirectory() as directory:
    def new(name):
        return os.path.join(directory, name + ".h5")

    with Storage(new("every-type")) as storage:
        storage.initialize(EVERY_TYPE)
        for rows in (3, 1, 5):
            storage.append(EVERY_TYPE, every_type_cells(rows))
        storage.set_metadata({"text": {"text": "größer"}, "none": {"text": ""}, "long": {"int": str(-2**62)},
                              "double": {"float": 0.1}})
    save("every-type", new("every-type"))

    with Storage(new("no-rows")) as storage:
        storage.initialize([field("a", "Long"), field("m", "Mask"), field("b", "Bool")])
    save("no-rows", new("no-rows"))

    two = [field("a", "Mask"), field("id", "Long"), field("b", "Mask")]
    with Storage(new("two-masks")) as storage:
        storage.initialize(two)
        cells = every_type_cells(3)[-1]
        storage.append(two, [cells, ["1", "2", "3"], cells])
    save("two-masks", new("two-masks"))

    # One row a chunk: the index of chunks gets two levels.
    wide = [field("n", "Long"), field("wide", "String", 66_000)]
    with Storage(new("many-chunks")) as storage:
        storage.initialize(wide)
        for start in range(0, 150, 50):
            numbers = range(start, start + 50)
            storage.append(wide, [[str(row) for row in numbers], ["row %d" % row for row in numbers]])
    save("many-chunks", new("many-chunks"))

    many = [field("column %d" % index, "Double" if index % 2 else "Long") for index in range(500)]
    with Storage(new("many-columns")) as storage:
        storage.initialize(many)
        storage.append(many, [[str(index)] if index % 2 == 0 else [index / 2] for index in range(500)])
    save("many-columns", new("many-columns"))

    with Storage(new("edited-metadata")) as storage:
        storage.initialize([field("a", "Long")])
        storage.append([field("a", "Long")], [["1", "2"]])
        for turn in range(40):
            key = "key %d" % random.randrange(12)
            storage.set_metadata({key: {"text": "x" * random.randrange(300)} if turn % 3 else {"int": str(turn)}})
    save("edited-metadata", new("edited-metadata"))

    with Storage(new("other-kinds")) as storage:
        storage.initialize(EVERY_TYPE[:13])
        storage.append(EVERY_TYPE[:13], every_type_cells(20)[:13])
        storage.set_metadata({"text": {"text": "größer"}})
    compress(new("other-kinds"), new("compressed"), complevel=5, complib="zlib")
    save("compressed", new("compressed"))
    compress(new("other-kinds"), new("blosc"), complevel=5, complib="blosc")
    save("blosc", new("blosc"))
    for name, filters in FILTERS.items():
        compress(new("other-kinds"), new(name), chunkshape=7, **filters)
        save(name, new(name))
    tables.copy_file(new("other-kinds"), new("user-block"), user_block_size=512)
    save("user-block", new("user-block"))

    with tables.open_file(new("other-file"), "w") as other:
        other.create_table("/", "data", {"a": tables.Int64Col()})
    save("other-file", new("other-file"), {})

    with Storage(new("odd-metadata")) as storage:
        storage.initialize([field("a", "Long")])
    with tables.open_file(new("odd-metadata"), "a") as odd:
        odd.root.OME.Measurements.attrs.listed = numpy.array([1, 2, 3])
    save("odd-metadata", new("odd-metadata"), {})

with open(os.path.join(HERE, "fixtures.json"), "w") as target:
    json.dump(described, target, ensure_ascii=False, indent=None, separators=(",", ":"))
    target.write("\n")
