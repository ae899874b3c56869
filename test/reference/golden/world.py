"""Makes a small world on any OMERO server, through the API alone: world.py PORT ROOT_PASSWORD IDS.json"""
import sys, os, json, numpy, omero, omero.clients, omero.grid
from omero.rtypes import *
from omero.model import *
from omero.gateway import BlitzGateway
PORT, PW, OUT = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ids = {}
root = omero.client("127.0.0.1", PORT); rs = root.createSession("root", PW); adm = rs.getAdminService()
def group(name, perms):
    g = ExperimenterGroupI(); g.name = rstring(name); g.ldap = rbool(False); g.details.permissions = PermissionsI(perms); return adm.createGroup(g)
def user(n, full, groups):
    e = ExperimenterI(); e.omeName = rstring(n); e.firstName = rstring(full.split()[0]); e.lastName = rstring(full.split()[1]); e.email = rstring(n + "@example.org"); e.ldap = rbool(False)
    return adm.createExperimenterWithPassword(e, rstring("pass"), ExperimenterGroupI(groups[0], False), [ExperimenterGroupI(x, False) for x in groups[1:]])
ids["lab"], ids["other"], ids["private"] = group("lab", "rwra--"), group("other", "rwr---"), group("private", "rw----")
ids["user"] = user("user", "Ann User", [ids["lab"], ids["other"], ids["private"], 1]); ids["bob"] = user("bob", "Bob Other", [ids["lab"], 1])
adm.setGroupOwner(ExperimenterGroupI(ids["lab"], False), ExperimenterI(ids["user"], False))
root.closeSession()
conn = BlitzGateway("user", "pass", host="127.0.0.1", port=PORT); assert conn.connect(), conn.getLastError()
u = conn.getUpdateService()
def ramp(dtype, sx=64, sy=48, sz=3, sc=3, st=2):
    k = 0
    for z in range(sz):
        for c in range(sc):
            for t in range(st):
                y, x = numpy.mgrid[0:sy, 0:sx]
                yield ((x * 7 + y * 13 + z * 101 + c * 31 + t * 17) % 1000).astype(dtype)
def image(name, dtype="uint16", **k):
    d = dict(sx=64, sy=48, sz=3, sc=3, st=2); d.update(k)
    return conn.createImageFromNumpySeq(ramp(dtype, **d), name, d["sz"], d["sc"], d["st"], description=k.get("desc", "first image"))
i1, i2 = image("img1"), image("img2"); ids["image"], ids["image2"] = i1.getId(), i2.getId()
ids["pixels"] = i1.getPrimaryPixels().getId() if i1.getPrimaryPixels() else None
for name in ("int8", "uint8", "int16", "int32", "uint32", "float", "double"):
    ids["image_" + name] = image("im_" + name, name if name not in ("float", "double") else {"float": "float32", "double": "float64"}[name], sz=1, sc=1, st=1, sx=16, sy=8).getId()
def save(o): return u.saveAndReturnObject(o)
def named(cls, n, desc=None):
    o = cls(); o.name = rstring(n)
    if desc: o.description = rstring(desc)
    return save(o)
ids["dataset"], ids["dataset2"] = named(DatasetI, "ds1").id.val, named(DatasetI, "ds2").id.val
ids["project"], ids["project2"] = named(ProjectI, "pr1", "proj").id.val, named(ProjectI, "todelete").id.val
def link(cls, P, p, C, c):
    l = cls(); l.parent = P(p, False); l.child = C(c, False); return save(l)
link(ProjectDatasetLinkI, ProjectI, ids["project"], DatasetI, ids["dataset"])
for i in ("image", "image2"): link(DatasetImageLinkI, DatasetI, ids["dataset"], ImageI, ids[i])
ids["screen"] = named(ScreenI, "scr1").id.val
p = PlateI(); p.name = rstring("plate1"); p.rows = rint(2); p.columns = rint(3); p.rowNamingConvention = rstring("letter"); p.columnNamingConvention = rstring("number"); ids["plate"] = save(p).id.val
link(ScreenPlateLinkI, ScreenI, ids["screen"], PlateI, ids["plate"])
r = PlateAcquisitionI(); r.name = rstring("run1"); r.plate = PlateI(ids["plate"], False); ids["run"] = save(r).id.val
for n, im in enumerate(("image", "image2")):
    w = WellI(); w.plate = PlateI(ids["plate"], False); w.row = rint(0); w.column = rint(n)
    ws = WellSampleI(); ws.image = ImageI(ids[im], False); ws.plateAcquisition = PlateAcquisitionI(ids["run"], False); w.addWellSample(ws)
    w = save(w); ids["well" if n == 0 else "well2"] = w.id.val
roi = RoiI(); roi.image = ImageI(ids["image"], False)
rect = RectangleI(); rect.x, rect.y, rect.width, rect.height, rect.theZ, rect.theT, rect.textValue = rdouble(5), rdouble(6), rdouble(10), rdouble(8), rint(0), rint(0), rstring("R")
roi.addShape(rect); roi = save(roi); ids["roi"] = roi.id.val; ids["shape"] = roi.copyShapes()[0].id.val
t = conn.c.sf.sharedResources().newTable(1, "webtable"); t.initialize([omero.grid.LongColumn('Uid','',[]), omero.grid.StringColumn('Name','',64,[]), omero.grid.ImageColumn('Image','',[])])
t.addData([omero.grid.LongColumn('Uid','',list(range(10))), omero.grid.StringColumn('Name','',64,["n%d"%i for i in range(10)]), omero.grid.ImageColumn('Image','',[ids["image"]]*10)])
ids["table"] = t.getOriginalFile().id.val; t.close()
fa = FileAnnotationI(); fa.setFile(OriginalFileI(ids["table"], False)); fa.setNs(rstring(omero.constants.namespaces.NSBULKANNOTATIONS)); fa = save(fa); ids["fileann"] = fa.id.val
link(DatasetAnnotationLinkI, DatasetI, ids["dataset"], FileAnnotationI, fa.id.val)
tag = TagAnnotationI(); tag.textValue = rstring("tag one"); tag = save(tag); ids["tag"] = tag.id.val; link(ImageAnnotationLinkI, ImageI, ids["image"], TagAnnotationI, tag.id.val)
m = MapAnnotationI(); m.setMapValue([NamedValue("k", "v"), NamedValue("k2", "v2")]); m.setNs(rstring(omero.constants.metadata.NSCLIENTMAPANNOTATION)); m = save(m); ids["map"] = m.id.val; link(ImageAnnotationLinkI, ImageI, ids["image"], MapAnnotationI, m.id.val)
json.dump(ids, open(OUT, "w")); conn.close(); os._exit(0)
