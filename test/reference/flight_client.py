"""pyarrow's client of Arrow Flight, as anybody would use it. Says on standard output, as JSON, what it found."""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import tables
from pyarrow import flight

url, file_id, path = sys.argv[1:]
client = flight.connect(url)


def refusal(function):
    try:
        function()
        return "let in"
    except flight.FlightUnauthenticatedError as error:
        assert "wrong-secret" not in str(error), error
        return "refused"


def bearer(token):
    return flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {token}".encode())])


def strangers():
    return [
        refusal(lambda: list(client.list_flights())),
        refusal(lambda: list(client.list_flights(options=bearer("wrong-secret")))),
        refusal(lambda: client.authenticate_basic_token("user", "wrong-secret")),
    ]


refused = strangers()
options = flight.FlightCallOptions(headers=[client.authenticate_basic_token("user", "pass")])


def info_of(command):
    return client.get_flight_info(flight.FlightDescriptor.for_command(json.dumps(command)), options)


def read(info, threads=1):
    with ThreadPoolExecutor(threads) as pool:
        return pa.concat_tables(pool.map(lambda one: client.do_get(one.ticket, options).read_all(), info.endpoints))


def put(name, table, parent=("Image", "1"), split=False):
    command = {"name": name, "parentType": parent[0], "parentId": parent[1], "split": split}
    path = flight.FlightDescriptor.for_path(*parent, name)
    descriptor = flight.FlightDescriptor.for_command(json.dumps(command)) if split else path
    writer, answers = client.do_put(descriptor, table.schema, options)
    with writer:
        writer.write_table(table, max_chunksize=20_000)
        writer.done_writing()
        return json.loads(answers.read().to_pybytes())


def put_and_read(name, table, split=False):
    made = put(name, table, split=split)
    info = info_of({"fileId": made["fileId"], "partitions": 3})
    back = read(info, threads=3)
    assert back.num_rows == table.num_rows == made["rowCount"] == info.total_records, (name, made)
    assert back.schema.equals(info.schema), name
    for column in table.column_names:
        # NaN equals nothing, but is written as "nan".
        assert str(back[column.replace("/", "\\")].to_pylist()) == str(table[column].to_pylist()), (name, column)
    return made["fileId"]


def files():
    return {int(info.descriptor.path[0]) for info in client.list_flights(options=options)}


# What is read is what PyTables finds in the file.
info = info_of({"fileId": int(file_id), "partitions": 7})
whole = read(info, threads=4)
assert info.total_records == whole.num_rows and info.schema.equals(whole.schema, check_metadata=True)
with tables.open_file(path) as file:
    measured = file.get_node("/OME/Measurements")
    expected = measured[:]
    hits = measured.read_where("area > 100")
for name in ("image", "area"):
    assert np.array_equal(whole[name].to_numpy(), expected[name]), name
assert [text.encode() for text in whole["name"].to_pylist()] == list(expected["name"])
some = read(info_of({"fileId": int(file_id), "query": "area > 100", "columns": ["area"], "partitions": 3}), threads=3)
assert np.array_equal(some["area"].to_numpy(), hits["area"])
assert client.get_schema(flight.FlightDescriptor.for_path(file_id), options).schema.equals(whole.schema)

# What is put comes back.
extremes = pa.table({
    "n": pa.array([-(2**63), -1, 0, 2**53 + 1, 2**63 - 1]),
    "x": pa.array([float("-inf"), -0.0, 5e-324, 1.7976931348623157e308, float("inf")]),
    "größe µ": pa.array(["", "ß", "日本語", "\U0001f600", "e\u0301"]),
    "ok": pa.array([True, False, True, True, False]),
    "list": pa.array([[1.0, 2.0]] * 5, pa.list_(pa.float64(), 2)),
})
made = [
    put_and_read("extremes", extremes),
    put_and_read("none", extremes.slice(0, 0).select(["n", "x", "größe µ", "ok"])),
    put_and_read("one", extremes.slice(2, 1)),
    put_and_read("wide", pa.table({f"c{n}": pa.array([n / 2, -n / 3]) for n in range(400)})),
    put_and_read("wider", pa.table({f"Fläche/µm² {n}": pa.array([n / 2, float("nan")]) for n in range(2000)}), split=True),
    put_and_read("long texts", pa.table({"t": pa.array(["ä" * 50_000, "b"])})),
    put_and_read("large", pa.table({"n": np.arange(300_000), "x": np.arange(300_000) / 7})),
]

# One that is given up has the server go on, and leaves nothing.
before = files()
reader = client.do_get(info.endpoints[0].ticket, options)
reader.read_chunk()
reader.cancel()
descriptor = flight.FlightDescriptor.for_path("Image", "1", "given up")
brief = flight.FlightCallOptions(headers=[client.authenticate_basic_token("user", "pass")], timeout=0.5)
writer, answers = client.do_put(descriptor, whole.schema, brief)
writer.write_table(whole.slice(0, 1000))
try:
    answers.read()
    writer.close()
    given_up = "answered"
except flight.FlightTimedOutError:
    given_up = "timed out"
late = flight.FlightCallOptions(headers=[client.authenticate_basic_token("user", "pass")], timeout=0.001)
try:
    client.do_get(info.endpoints[0].ticket, late).read_all()
    timed_out = "in time"
except flight.FlightTimedOutError:
    timed_out = "timed out"

failed = []
for parent, table in ((("Image", "987654321"), extremes), (("Image", "1"), pa.table({"d": pa.array([[{"a": 1}]])}))):
    try:
        put("broken", table, parent)
    except (flight.FlightError, pa.ArrowException, KeyError) as error:
        failed.append(type(error).__name__)

for file in made:
    list(client.do_action(flight.Action("delete-table", json.dumps({"fileId": file}).encode()), options))
left = sorted(files() - (before - set(made)))
print(json.dumps({"refused": refused, "timed out": [given_up, timed_out], "failed": failed, "left": left, "rows": whole.num_rows}))
