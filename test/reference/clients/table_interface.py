"""Calls every operation of omero.grid.Table, also wrongly: `table_interface.py PORT` prints each answer as JSON."""
import json
import sys

import omero
import omero.clients
import omero.grid as grid
from omero.rtypes import rbool, rdouble, rfloat, rint, rlong, rstring, unwrap

port = int(sys.argv[1])
router = "OMERO.Glacier2/router:tcp -h 127.0.0.1 -p %d" % port
client = omero.client(["--omero.host=127.0.0.1", "--Ice.Default.Router=" + router])
session = client.createSession("user", "pass")
resources = session.sharedResources()
repository = resources.repositories().descriptions[0].id.val
answers = {}


def long_column(name, values=()):
    return grid.LongColumn(name, "", list(values))


def text_column(name, values=(), size=4):
    return grid.StringColumn(name, "", size, list(values))


def values_of(data):
    return [column.values for column in data.columns]


def attempt(name, call, *args):
    try:
        answer = call(*args)
    except omero.ServerError as e:
        answer = type(e).__name__
    except Exception as e:
        answer = type(e).__name__
    answers[name] = answer


def new_table(columns=None):
    table = resources.newTable(repository, "table.h5")
    if columns is not None:
        table.initialize(columns)
    return table


table = new_table([long_column("a"), text_column("s"), grid.DoubleColumn("x y", "what", [])])
rows = range(10)
table.addData([long_column("a", rows), text_column("s", ["abc"] * 10), grid.DoubleColumn("x y", "", [r / 2 for r in rows])])
other = resources.openTable(table.getOriginalFile())

attempt("rows", other.getNumberOfRows)
attempt("headers", lambda: [(type(c).__name__, c.name, c.description) for c in other.getHeaders()])
attempt("text width", lambda: other.getHeaders()[1].size)
table.addData([long_column("a", [10]), text_column("s", ["é"]), grid.DoubleColumn("x y", "", [float("inf")])])
attempt("rows after another's", other.getNumberOfRows)
for start, stop in ((0, 3), (0, 0), (5, 11), (7, 3), (-3, -1), (10, 11)):
    attempt("read %d %d" % (start, stop), lambda: (values_of(other.read([0, 1], start, stop)), other.read([2], start, stop).rowNumbers)
            if (start, stop) not in ((7, 3), (-3, -1)) else values_of(other.read([0, 1], start, stop)))
attempt("read twice the same", lambda: values_of(other.read([0, 0], 0, 2)))
attempt("read beyond", lambda: values_of(other.read([0], 8, 1000)))
attempt("read column 9", lambda: other.read([9], 0, 1))
attempt("read nothing", lambda: other.read([], 0, 1))
attempt("without row numbers", lambda: other.read([0], 0, 2, {"omero.tables.include_row_numbers": "false"}).rowNumbers)
attempt("slice", lambda: (values_of(other.slice([1, 0], [3, 3, 1])), other.slice([0], [3, 1]).rowNumbers))
attempt("slice everything", lambda: values_of(other.slice([], [])))
attempt("slice row 11", lambda: other.slice([0], [11]))
attempt("slice column 9", lambda: other.slice([9], [0]))
attempt("coordinates", lambda: values_of(other.readCoordinates([2, 0])))
attempt("no coordinates", lambda: other.readCoordinates([]))
attempt("coordinate 11", lambda: other.readCoordinates([11]))

for name, condition, variables, start, stop, step in (
    ("simple", "a > 5", {}, 0, 11, 1),
    ("stop -1", "a > 5", {}, 0, -1, 1),
    ("no stop", "a > 5", {}, 0, 0, 2),
    ("neither", "a >= 0", {}, 3, 0, 0),
    ("neither, before the end", "a >= 0", {}, -2, 0, 0),
    ("neither, after the end", "a >= 0", {}, 20, 0, 0),
    ("step", "a >= 0", {}, 1, 11, 4),
    ("negative step", "a >= 0", {}, 0, 11, -1),
    ("empty range", "a >= 0", {}, 5, 2, 1),
    ("text", "s == 'abc'", {}, 0, 3, 1),
    ("column with a space", "c > 4", {"c": rstring("x y")}, 0, 11, 1),
    ("number", "a > n", {"n": rlong(8)}, 0, 11, 1),
    ("real number", "a > n", {"n": rdouble(8.5)}, 0, 11, 1),
    ("truth", "(a > 8) == t", {"t": rbool(True)}, 0, 11, 1),
    ("text variable", "s == t", {"t": rstring("abc")}, 0, 11, 1),
    ("unknown name", "q > 1", {}, 0, 11, 1),
    ("no condition", "", {}, 0, 11, 1),
    ("not true or false", "a", {}, 0, 11, 1),
    ("syntax", "a >", {}, 0, 11, 1),
    ("kinds", "a == 'x'", {}, 0, 11, 1),
):
    attempt("where: " + name, other.getWhereList, condition, variables, start, stop, step)
other.close()

attempt("add nothing", table.addData, [])
attempt("add no rows", table.addData, [long_column("a"), text_column("s"), grid.DoubleColumn("x y", "", [])])
attempt("add long text", table.addData, [long_column("a", [1]), text_column("s", ["ééé"]), grid.DoubleColumn("x y", "", [1])])
attempt("add unequal columns", table.addData, [long_column("a", [1, 2]), text_column("s", ["a"]), grid.DoubleColumn("x y", "", [1])])
attempt("update", table.update, grid.Data(0, [3, 0], [long_column("a", [33, 30]), text_column("s", ["u", "v"])]))
attempt("update no rows", table.update, grid.Data(0, [], []))
attempt("update row 99", table.update, grid.Data(0, [99], [long_column("a", [1])]))
attempt("update nothing", table.update, None)
attempt("contents", lambda: values_of(table.read([0, 1, 2], 0, 11)))
attempt("add column", table.addColumn, long_column("z"))

attempt("meta long", table.setMetadata, "long", rlong(2 ** 60))
attempt("meta int", table.setMetadata, "int", rint(-1))
attempt("meta float", table.setMetadata, "float", rfloat(0.5))
attempt("meta text", table.setMetadata, "text", rstring("é"))
attempt("meta double", table.setMetadata, "double", rdouble(1))
attempt("meta bool", table.setMetadata, "bool", rbool(True))
attempt("meta none", table.setMetadata, "none", None)
attempt("meta reserved", table.setMetadata, "__version", rstring("3"))
attempt("meta one", lambda: unwrap(table.getMetadata("long")))
attempt("meta missing", lambda: unwrap(table.getMetadata("missing")))
attempt("meta", lambda: {k: (type(v).__name__, unwrap(v)) for k, v in table.getAllMetadata().items() if k != "__initialized"})
attempt("meta replace", table.setAllMetadata, {"only": rlong(1)})
attempt("meta replaced", lambda: sorted(table.getAllMetadata()))
attempt("close", table.close)
attempt("close again", table.close)
attempt("read closed", table.getNumberOfRows)

for name, columns in (
    ("none", []),
    ("unnamed", [long_column("")]),
    ("reserved", [long_column("__x")]),
    ("twice", [long_column("a"), long_column("a")]),
    ("no width", [text_column("s", size=0)]),
    ("no length", [grid.LongArrayColumn("q", "", 0, [])]),
    ("dot", [long_column("a.b")]),
    ("not ASCII", [long_column("é ü")]),
    ("blank", [long_column(" ")]),
):
    fresh = new_table()
    attempt("initialize: " + name, fresh.initialize, columns)
    attempt("close after: " + name, fresh.close)

fresh = new_table()
for name, call in (
    ("headers", fresh.getHeaders),
    ("rows", fresh.getNumberOfRows),
    ("metadata", fresh.getAllMetadata),
    ("add", lambda: fresh.addData([long_column("a")])),
    ("read", lambda: fresh.read([0], 0, 0)),
    ("set metadata", lambda: fresh.setMetadata("a", rlong(1))),
):
    attempt("before initialize: " + name, call)
attempt("initialize", fresh.initialize, [long_column("a")])
attempt("initialize again", fresh.initialize, [long_column("a")])
attempt("empty: read", lambda: values_of(fresh.read([0], 0, 0)))
attempt("empty: slice", lambda: fresh.slice([], []))
attempt("empty: where", fresh.getWhereList, "a > 1", {}, 0, 0, 1)
fresh.close()
client.closeSession()
print(json.dumps(answers))
