/** The examples about objects beside the same done with BlitzGateway, on one world. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PythonSession } from "../python-session.js";
import { GoldenWorld, ROOT_PASSWORD } from "./golden-world.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const USER = { OMERO_USER: "user", OMERO_PASSWORD: "pass" };
const ADMIN = { OMERO_USER: "root", OMERO_PASSWORD: ROOT_PASSWORD };
let world: GoldenWorld;
let python: PythonSession;
let ids: Record<string, number>;

beforeAll(async () => {
  world = await GoldenWorld.make();
  ids = await world.json("ids.json");
  python = await PythonSession.start(`
    from omero.gateway import BlitzGateway, FileAnnotationWrapper
    from omero.rtypes import unwrap
    import omero`);
  await python.run(
    `def connect(user="user", password="pass"):
    conn = BlitzGateway(user, password, host="127.0.0.1", port=port)
    assert conn.connect()
    return conn
conn = connect()
def show(o, indent=0): return "%s%s:%s Name:%s owner=%s" % (" " * indent, o.OMERO_CLASS, o.getId(), o.getName(), o.getOwnerOmeName())
result = None`,
    { port: world.server.tlsPort, ids },
  );
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

async function example(name: string, user: object, ...words: (string | number)[]): Promise<string[]> {
  const args = ["--import", "tsx", `examples/gateway/${name}`, ...words.map(String)];
  const login = { OMERO_HOST: `tcp://127.0.0.1:${world.server.port}`, ...user };
  const options = { cwd: root, env: { ...process.env, ...login } };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return stdout.trimEnd().split("\n");
}

describe("an example says what BlitzGateway says about", () => {
  it("users and groups", async () => {
    const theirs = await python.run(`user = conn.getUser()
result = ["user: %s %s %s" % (user.getId(), user.getName(), user.getFullName())]
result += ["member of: %s %s" % (g.getId(), g.getName()) for g in conn.getGroupsMemberOf()]
result.append("current group: " + conn.getGroupFromContext().getName())
result += ["colleague: %s %s %s" % (e.getId(), e.getOmeName(), e.getFullName()) for e in conn.listColleagues()]
result += ["leads: %s %s" % (g.getId(), g.getName()) for g in conn.listOwnedGroups()]
result.append("administrator: %s privileges: %s" % (str(conn.isAdmin()).lower(), len(conn.getCurrentAdminPrivileges())))
result += ["administrator: %s %s" % (a.getId(), a.getOmeName()) for a in conn.getAdministrators()]`);
    expect(await example("connect.ts", USER)).toEqual(theirs);
  });

  it("projects, datasets and images, screens, plates and wells", async () => {
    const theirs = await python.run(`result = []
me = conn.getUser().getId()
for p in conn.listProjects(me):
    result.append(show(p))
    for d in p.listChildren():
        result.append(show(d, 2))
        result += [show(i, 4) for i in d.listChildren()]
params = omero.sys.ParametersI(); params.exp(me)
result += [show(d) for d in conn.getObjects("Dataset", params=params)]
result += [show(i) for i in conn.getObject("Dataset", ids["dataset"]).listChildren()]
i = conn.getObject("Image", ids["image"])
result.append(" ".join(str(v) for v in (i.getName(), i.getDescription(), i.getSizeX(), i.getSizeY(), i.getSizeZ(), i.getSizeC(), i.getSizeT())))
for s in conn.getObjects("Screen"):
    result.append(show(s))
    for p in s.listChildren():
        result.append(show(p, 2))
        p = conn.getObject("Plate", p.getId())
        grid = p.getGridSize()
        result.append("fields: %s to %s grid: %s x %s" % (*p.getNumberOfFields(), grid["rows"], grid["columns"]))
        for w in sorted(p.listChildren(), key=lambda w: (w.row, w.column)):
            result.append("well: %s %s %s fields: %s" % (w.getWellPos(), w.row, w.column, w.countWellSample()))
            for n in range(w.countWellSample()):
                result.append("  image: %s %s" % (w.getImage(n).getName(), w.getImage(n).getId()))`);
    expect(await example("read-data.ts", USER, ids.image!, ids.dataset!)).toEqual(theirs);
    expect((theirs as string[]).length).toBeGreaterThan(15);
  });

  it("groups and permissions", async () => {
    const theirs =
      await python.run(`names = {"rw----": "PRIVATE", "rwr---": "READ-ONLY", "rwra--": "READ-ANNOTATE", "rwrw--": "READ-WRITE"}
text = str(conn.getGroupFromContext().getDetails().getPermissions())
result = ["permissions: %s %s" % (names[text], text)]
result += ["%s owner: %s" % (p.getName(), p.getDetails().getOwner().getFullName()) for p in conn.listProjects()]
other = connect()
other.SERVICE_OPTS.setOmeroGroup("-1")
image = other.getObject("Image", ids["image"])
group = image.getDetails().getGroup()
result.append("found in %s %s" % (group.getId(), group.getName()))
other.SERVICE_OPTS.setOmeroGroup(group.getId())
result.append("%s %s" % (len(list(other.listProjects())), other.getObject("Image", ids["image"]).getName()))
other.close()`);
    expect(await example("groups.ts", USER, ids.image!)).toEqual(theirs);
  });

  it("what was written", async () => {
    await writeFile(world.path("README.txt"), "hello\n".repeat(1000));
    const [made, ...written] = await example("write-data.ts", USER, ids.project!, world.path("README.txt"));
    const id = Number(/^dataset: (\d+)/.exec(made!)![1]);
    const theirs = await python.run(
      `d = conn.getObject("Dataset", id)
result = ["dataset: %s %s in %s" % (id, d.getName(), ",".join(str(p.getId()) for p in d.listParents()))]
anns = [a for a in d.listAnnotations() if isinstance(a, FileAnnotationWrapper)]
result += ["attached: %s %s %s" % (a.getId(), a.getFile().getName(), a.getFile().getSize()) for a in anns]
result += ["read: %s %s %s %s" % (a.getId(), a.getFile().getName(), a.getFile().getSize(), len(b"".join(a.getFileInChunks()))) for a in anns]
found = conn.getMetadataService().loadSpecifiedAnnotations("omero.model.FileAnnotation", ["imperial.training.demo"], [], None)
result += ["found: %s" % a.getId().getValue() for a in found]
result.append("of the namespace: " + d.getAnnotation("imperial.training.demo").getNs())`,
      { id },
    );
    expect([made, ...written]).toEqual(theirs);
  });

  it("a table", async () => {
    const lines = await example("tables.ts", USER, ids.dataset!);
    const theirs = await python.run(`d = conn.getObject("Dataset", ids["dataset"])
a = [a for a in d.listAnnotations() if isinstance(a, FileAnnotationWrapper) and a.getFile().getName().startswith("TablesDemo")][0]
o = conn.getObject("OriginalFile", attributes={"name": a.getFile().getName()})
t = conn.c.sf.sharedResources().openTable(o._obj)
n = t.getNumberOfRows()
result = ["rows 3 to 6: " + " ".join(t.read([1], 3, 7).columns[0].values)]
q = t.getWhereList("(Uid > 2) & (Uid <= 8)", variables={}, start=0, stop=n, step=0)
result.append("found: %s with %s" % (" ".join(str(r) for r in q), " ".join(str(v) for v in t.readCoordinates(q).columns[0].values)))
result += ["rows: %s" % n, "attached: 1"]
t.close()`);
    expect(lines).toEqual(theirs);
  });

  it("deleting", async () => {
    const before = await python.run(`result = conn.getObject("Project", ids["project2"]) is not None`);
    const lines = await example("delete.ts", USER, ids.project2!);
    const after = await python.run(`result = conn.getObject("Project", ids["project2"]) is None`);
    expect([before, after]).toEqual([true, true]);
    expect(lines).toEqual(["would delete: Project", `deleted: [${ids.project2}]`, "left: undefined"]);
  });

  it("services", async () => {
    const theirs = await python.run(`ps = conn.getContainerService().loadContainerHierarchy("Project", None, None)
result = ["%s %s" % (p.getName().getValue(), " ".join(d.getName().getValue() for d in p.linkedDatasetList())) for p in ps]
i = conn.getObject("Image", ids["image"])
result.append("%s,%s" % (i.getId(), i.getName()))
counts = conn.getContainerService().getCollectionCount(i._obj.__class__.__name__, type(i._obj).ANNOTATIONLINKS, [i._oid], None)
result.append("%s has %s annotations" % (i.getName(), counts[i._oid]))`);
    expect((await example("services.ts", USER, ids.image!)).sort()).toEqual((theirs as string[]).sort());
  });

  it("sessions", async () => {
    const theirs = await python.run(
      `admin = connect("root", password)
result = ["connected: connected administrator: %s" % str(admin.isAdmin()).lower()]
again = BlitzGateway(client_obj=admin.c); result.append("joined, closed: closed other: connected" if again.getUser() is not None else "")
user = admin.suConn(admin.getObject("Experimenter", ids["bob"]).getName())
result.append("acting as: %s projects: %s" % (user.getUser().getName(), len(list(user.listProjects()))))
user.close()
wrong = BlitzGateway("bob", "wrong", host="127.0.0.1", port=port)
result.append("refused: WRONG_CREDENTIALS" if not wrong.connect() else "")
admin.close()`,
      { port: world.server.tlsPort, password: ROOT_PASSWORD },
    );
    expect(await example("sessions.ts", ADMIN, "bob")).toEqual(theirs);
  });
});
