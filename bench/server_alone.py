"""The table service's own time: `server_alone.py ROWS CHUNK...` prints JSON with the seconds of each kind of work.

omero-py's table servant is called in this process, as bytes in and bytes out, by Ice's collocated dispatch: decoding
the call, PyTables, encoding the answer, and no network, router or client. The table is that of make_table.py with 10
columns. Each work is done in calls of each CHUNK rows, and the least time counts: `upload` (addData), `read` (the whole
table), `frequent` and `rare` (getWhereList once, then the hits by slice).
"""
import json
import logging
import os
import shutil
import struct
import sys
import tempfile
import time

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "test", "reference"))

import Ice  # noqa: E402
import omero  # noqa: E402
import omero.grid as grid  # noqa: E402
from omero import tables  # noqa: E402
from omero.hdfstorageV2 import HDFLIST  # noqa: E402
from server.__main__ import Server, communicator  # noqa: E402
from server.session import ServiceFactory, TableContext, TableFactory  # noqa: E402

rows, chunks = int(sys.argv[1]), [int(a) for a in sys.argv[2:]]
FREQUENT, RARE = "(f0>1)&(cls=='Nucleus')", "label<%d" % max(1, round(rows / 10000))
IDEMPOTENT, NORMAL = Ice.OperationMode.Idempotent, Ice.OperationMode.Normal
CLASSES = np.array(["Nucleus", "Cytoplasm", "Membrane"])
DOUBLES = ["f%d" % i for i in range(6)]


def size(count):
    return struct.pack("<B", count) if count < 255 else struct.pack("<Bi", 255, count)


def longs(values):
    return size(len(values)) + np.asarray(values, "<i8").tobytes()


def text(value):
    return size(len(value)) + value.encode()


def encapsulated(content):
    return struct.pack("<iBB", len(content) + 6, 1, 0) + content


class Recorder(Ice.Blobject):
    """Keeps the bytes of the call it got."""

    def ice_invoke(self, params, current):
        self.params = bytes(params)
        return True, encapsulated(b"")


def call(proxy, operation, mode, params):
    ok, answer = proxy.ice_invoke(operation, mode, params)
    if not ok:
        raise RuntimeError("%s failed: %r" % (operation, bytes(answer)[:500]))
    return answer


def blank():
    columns = [grid.ImageColumn("image", "", []), grid.LongColumn("label", "", [])]
    columns += [grid.DoubleColumn(name, "", []) for name in DOUBLES]
    return columns + [grid.StringColumn("cls", "", 9, []), grid.BoolColumn("ok", "", [])]


def filled(start, count, rng):
    columns = blank()
    columns[0].values = rng.integers(1, 20, count).tolist()
    columns[1].values = list(range(start, start + count))
    for column in columns[2:8]:
        column.values = rng.normal(size=count).tolist()
    columns[8].values = CLASSES[rng.integers(0, 3, count)].tolist()
    columns[9].values = (rng.random(count) > 0.5).tolist()
    return columns


class Alone:
    def __init__(self, directory):
        logging.disable(logging.CRITICAL)
        self.communicator = communicator(1 << 21)
        self.adapter = self.communicator.createObjectAdapter("")
        server = Server(directory, self.adapter, 600, 1, 0)
        self.factory = ServiceFactory(server, server.new_session(server.world.users["user"]), "bench")
        self.recorder = Recorder()
        self.recording = grid.TablePrx.uncheckedCast(self.adapter.addWithUUID(self.recorder))
        self.adapter.activate()

    def new_table(self, name):
        file = omero.model.OriginalFileI()
        file.name = file.path = omero.rtypes.rstring(name)
        file.mimetype, file.size = omero.rtypes.rstring("OMERO.tables"), omero.rtypes.rlong(0)
        world = self.factory.scope.world
        saved = world.save(file, self.factory.gid, self.factory.user, self.factory.uuid)
        table = tables.TableI(TableContext(self.factory), saved, world.path(saved.id.val), TableFactory(self.factory),
                              HDFLIST, uuid=name, call_context={}, adapter=self.adapter)
        return grid.TablePrx.uncheckedCast(self.adapter.add(table, table.id))

    def upload(self, chunk):
        """The open table and the time of its calls."""
        table, rng, seconds = self.new_table("rows-%d" % chunk), np.random.default_rng(1), 0
        table.initialize(blank())
        for start in range(0, rows, chunk):
            self.recording.addData(filled(start, min(chunk, rows - start), rng))
            params, self.recorder.params = self.recorder.params, None
            started = time.perf_counter()
            call(table, "addData", NORMAL, params)
            seconds += time.perf_counter() - started
        return table, seconds

    def read(self, table, chunk):
        for start in range(0, rows, chunk):
            stop = min(start + chunk, rows)
            call(table, "read", IDEMPOTENT, encapsulated(longs(range(10)) + struct.pack("<qq", start, stop)))

    def query(self, table, chunk, condition):
        # No variables; at the end, no objects that they could refer to.
        params = text(condition) + size(0) + struct.pack("<qqq", 0, rows, 1) + size(0)
        found = bytes(call(table, "getWhereList", IDEMPOTENT, encapsulated(params)))[6:]
        hits = np.frombuffer(found[5 if found[0] == 255 else 1:], "<i8")
        for start in range(0, len(hits), chunk):
            call(table, "slice", IDEMPOTENT, encapsulated(longs(range(10)) + longs(hits[start:start + chunk])))


def timed(work, *args):
    started = time.perf_counter()
    work(*args)
    return time.perf_counter() - started


def main():
    directory = tempfile.mkdtemp(prefix="server-alone")
    try:
        alone, times = Alone(directory), {"upload": [], "read": [], "frequent": [], "rare": []}
        # As OMERO's clients ask for it: the row numbers stay out of the answer.
        alone.communicator.getImplicitContext().put("omero.tables.include_row_numbers", "false")
        for chunk in chunks:
            table, seconds = alone.upload(chunk)
            times["upload"].append(seconds)
            times["read"].append(timed(alone.read, table, chunk))
            times["frequent"].append(timed(alone.query, table, chunk, FREQUENT))
            times["rare"].append(timed(alone.query, table, chunk, RARE))
            table.close()
        print(json.dumps({work: min(seconds) for work, seconds in times.items()}))
        sys.stdout.flush()
        alone.communicator.destroy()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main()
