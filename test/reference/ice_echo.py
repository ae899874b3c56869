"""Sends messages through ZeroC's Ice: it decodes them into omero-py's objects and encodes these again.

Reads a line of JSON for each message, `{"kind": "objects" | "columns" | "rtypes", "params": base64}`: parameters of
IUpdate.saveAndReturnArray, Table.addData or Table.setAllMetadata. Writes a line of base64 for each: the result of
IUpdate.saveAndReturnArray, Table.getHeaders or Table.getAllMetadata. With the argument `classes`, reads one line with a
list of class ids, and writes the list of those of which Ice can make instances.
"""
import base64
import json
import struct
import sys

import Ice
import omero
import omero.all  # noqa: F401
from omero import ObjectFactoryRegistrar
from omero.columns import ObjectFactories as COLUMN_FACTORIES
from omero.rtypes import ObjectFactories as RTYPE_FACTORIES

Idempotent, Normal = Ice.OperationMode.Idempotent, Ice.OperationMode.Normal


class Update(omero.api.IUpdate):
    def saveAndReturnArray_async(self, callback, objects, current=None):
        callback.ice_response(objects)


class Table(omero.grid.Table):
    def addData(self, columns, current=None):
        self.columns = columns

    def getHeaders(self, current=None):
        return self.columns

    def setAllMetadata(self, metadata, current=None):
        self.metadata = metadata

    def getAllMetadata(self, current=None):
        return self.metadata


def encapsulated(content):
    return struct.pack("<iBB", len(content) + 6, 1, 0) + content


EMPTY = encapsulated(b"")


def start():
    properties = Ice.createProperties()
    properties.setProperty("Ice.Default.EncodingVersion", "1.0")
    settings = Ice.InitializationData()
    settings.properties = properties
    communicator = Ice.initialize([], settings)
    ObjectFactoryRegistrar.registerObjectFactory(communicator, None)
    for factories in (RTYPE_FACTORIES, COLUMN_FACTORIES):
        for factory in factories.values():
            factory.register(communicator)
    return communicator


def can_be_made(communicator, class_id):
    if communicator.findObjectFactory(class_id):
        return True
    python_class = getattr(omero.grid, class_id.split("::")[-1], None)
    return class_id == "::omero::model::Details" or (python_class is not None and class_id.startswith("::omero::grid::"))


def invoke(proxy, operation, mode, params):
    ok, out = proxy.ice_invoke(operation, mode, params)
    if not ok:
        raise RuntimeError("%s failed: %r" % (operation, bytes(out)))
    return bytes(out)


def echo(update, table, kind, params):
    if kind == "objects":
        return invoke(update, "saveAndReturnArray", Normal, params)
    if kind == "columns":
        invoke(table, "addData", Normal, params)
        return invoke(table, "getHeaders", Idempotent, EMPTY)
    invoke(table, "setAllMetadata", Idempotent, params)
    return invoke(table, "getAllMetadata", Idempotent, EMPTY)


def main():
    communicator = start()
    try:
        if sys.argv[1:] == ["classes"]:
            ids = json.loads(sys.stdin.readline())
            print(json.dumps([class_id for class_id in ids if can_be_made(communicator, class_id)]))
            return
        adapter = communicator.createObjectAdapterWithEndpoints("echo", "tcp -h 127.0.0.1")
        update, table = adapter.addWithUUID(Update()), adapter.addWithUUID(Table())
        adapter.activate()
        for line in sys.stdin:
            message = json.loads(line)
            result = echo(update, table, message["kind"], encapsulated(base64.b64decode(message["params"])))
            print(base64.b64encode(result[6:]).decode("ascii"))
    finally:
        communicator.destroy()


if __name__ == "__main__":
    main()
