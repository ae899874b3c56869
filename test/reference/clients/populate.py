"""Runs `omero metadata populate` on files and prints the tables it made: HOST PORT USER PASSWORD.

Standard input: JSON, a list of {name, target: [type, id], text}; output: {name: {columns: [[name, type, size]], rows} or {error}}.
"""
import json
import os
import sys
import tempfile

import omero
import omero.clients
from omero.cli import CLI
from omero.rtypes import unwrap

host, port, user, password = sys.argv[1:]
cases = json.load(sys.stdin)
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
# What the commands print is not wanted.
os.dup2(2, 1)
client = omero.client(host, int(port))
session = client.createSession(user, password)
key = client.getSessionId()
cli = CLI()
cli.loadplugins()


def attached(kind, oid):
    """Id of the file that was attached last."""
    params = omero.sys.ParametersI().addId(oid)
    links = session.getQueryService().projection(
        "select l.child.id from %sAnnotationLink l where l.parent.id = :id" % kind, params, {"omero.group": "-1"})
    params = omero.sys.ParametersI().addId(max(unwrap(row[0]) for row in links))
    return unwrap(session.getQueryService().projection(
        "select a.file.id from FileAnnotation a where a.id = :id", params, {"omero.group": "-1"})[0][0])


def table(file_id):
    opened = session.sharedResources().openTable(omero.model.OriginalFileI(file_id, False))
    headers, count = opened.getHeaders(), opened.getNumberOfRows()
    columns = opened.read(list(range(len(headers))), 0, count).columns
    opened.close()
    described = [[h.name, type(h).__name__[:-len("Column")], getattr(h, "size", 1)] for h in headers]
    return {"columns": described, "rows": [[column.values[row] for column in columns] for row in range(count)]}


def populate(case):
    kind, oid = case["target"]
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(case["text"])
        file.flush()
        cli.invoke(["metadata", "-s", host, "-p", port, "-k", key, "populate", "--file", file.name, "%s:%d" % (kind, oid)],
                   strict=True)
    return table(attached(kind, oid))


def answer(case):
    try:
        return populate(case)
    except Exception as error:
        return {"error": repr(error)}


json.dump({case["name"]: answer(case) for case in cases}, answers, ensure_ascii=False)
answers.flush()
client.closeSession()
