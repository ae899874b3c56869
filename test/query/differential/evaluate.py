"""Answers the cases of write-cases.ts with PyTables, bound as omero-py's hdfstorageV2.HdfStorage.getWhereList does.

Reads the cases from standard input and writes them with their outcomes to standard output. Each condition runs in a
process of its own: some divisions end the process they run in.
"""
import json
import os
import resource
import signal
import sys
import tempfile
import warnings

import numexpr
import numpy
import tables

warnings.simplefilter("ignore")
numexpr.set_num_threads(1)

NUMBERS = {"Bool": tables.BoolCol, "Double": tables.Float64Col}
ARRAYS = {"FloatArray": tables.Float32Col, "DoubleArray": tables.Float64Col, "LongArray": tables.Int64Col}


def definition(column, position):
    kind, size = column["type"], column["size"]
    if kind == "String":
        return tables.StringCol(pos=position, itemsize=size)
    if kind in ARRAYS:
        return ARRAYS[kind](pos=position, shape=size)
    return NUMBERS.get(kind, tables.Int64Col)(pos=position)


def values(column):
    kind, written = column["type"], column["values"]
    if kind == "String":
        return [bytes.fromhex(value) for value in written]
    number = float if kind in ("Double", "FloatArray", "DoubleArray") else int
    numbers = [number(value.replace("Infinity", "inf")) for value in written]
    if kind in ARRAYS:
        return numpy.array(numbers).reshape(-1, column["size"]).tolist()
    return numbers


def create(path, columns):
    with tables.open_file(path, mode="w") as file:
        table = file.create_table("/", "table", {c["name"]: definition(c, i) for i, c in enumerate(columns)})
        table.append(list(zip(*map(values, columns))))


def unwrapped(variable):
    kind, value = variable["type"], variable["value"]
    if kind == "String":
        return value
    if kind == "Bool":
        return value == "true"
    if kind in ("Int", "Long"):
        return int(value)
    number = float(value.replace("Infinity", "inf"))
    return float(numpy.float32(number)) if kind == "Float" else number


def where(table, condition, variables):
    bound = {name: unwrapped(variable) for name, variable in variables.items()}
    for name, value in bound.items():
        if isinstance(value, str):
            bound[name] = getattr(table.cols, value)
    return table.get_where_list(condition, bound).tolist()


def outcome(table, condition, variables):
    """The rows, or the name of the exception, worked out in a child process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))
        signal.alarm(20)
        try:
            answer = where(table, condition, variables)
        except Exception as error:
            answer = type(error).__name__
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        written = pipe.read()
    os.waitpid(child, 0)
    return json.loads(written) if written else "crash"


def main():
    fixture = json.load(sys.stdin)
    fixture["evaluator"] = f"PyTables {tables.__version__}, numexpr {numexpr.__version__}, numpy {numpy.__version__}"
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "table.h5")
        create(path, fixture["table"])
        with tables.open_file(path) as file:
            for case in fixture["cases"]:
                for part in (case, case.get("sent")):
                    if part:
                        part["outcome"] = outcome(file.root.table, part["condition"], part["variables"])
    cases = ",\n".join(json.dumps(case, separators=(",", ":")) for case in fixture["cases"])
    table = json.dumps(fixture["table"], separators=(",", ":"))
    print(f'{{"evaluator":{json.dumps(fixture["evaluator"])},\n"table":{table},\n"cases":[\n{cases}\n]}}')


main()
