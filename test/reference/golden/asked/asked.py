"""Asks a server queries, and what users of groups with other permissions may do: asked.py PORT ROOT_PASSWORD ASKED.json OUT.json

It makes groups, users and objects of its own; their ids are written as names, numbers in errors as N.
"""
import sys, os, re, json, time, hashlib, numpy, logging
logging.disable(logging.CRITICAL)
import omero, omero.clients, omero.grid, omero.cmd, omero.gateway, omero.romio, omero.callbacks
from omero.rtypes import *
from omero.model import *
from omero.gateway import BlitzGateway
PORT, PW, ASKED, OUT = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
TAG = "ps%06d" % (int(time.time()) % 1000000)
root = omero.client("127.0.0.1", PORT); rs = root.createSession("root", PW); adm = rs.getAdminService()
names = {}
def group(n, perms):
    g = ExperimenterGroupI(); g.name = rstring(TAG + n); g.ldap = rbool(False); g.details.permissions = PermissionsI(perms); i = adm.createGroup(g); names[("ExperimenterGroup", i)] = n; return i
def user(n, groups):
    e = ExperimenterI(); e.omeName = rstring(TAG + n); e.firstName = rstring(n.title()); e.lastName = rstring("Probe"); e.ldap = rbool(False)
    i = adm.createExperimenterWithPassword(e, rstring("pass"), ExperimenterGroupI(groups[0], False), [ExperimenterGroupI(x, False) for x in groups[1:]] + [ExperimenterGroupI(1, False)]); names[("Experimenter", i)] = n; return i
G = {"priv": group("priv", "rw----"), "ro": group("ro", "rwr---"), "ra": group("ra", "rwra--"), "rw": group("rw", "rwrw--")}
U = {"ann": user("ann", list(G.values())), "ben": user("ben", list(G.values())), "cat": user("cat", list(G.values()))}
for g in ("priv", "ra"): adm.setGroupOwner(ExperimenterGroupI(G[g], False), ExperimenterI(U["cat"], False))
C, S = {"root": root}, {"root": rs}
for n in U: C[n] = omero.client("127.0.0.1", PORT); S[n] = C[n].createSession(TAG + n, "pass")
def ctx(g, **k): return dict({"omero.group": str(G.get(g, g))}, **{"omero." + a: str(b) for a, b in k.items()})
I = {}
def known(n, o):
    k = type(o).__name__; k = k[:-1] if k.endswith("I") else k
    names[(k, o.id.val)] = n; I[n] = o.id.val; return o
def save(u, g, o, n=None):
    o = S[u].getUpdateService().saveAndReturnObject(o, ctx(g)); return known(n, o) if n else o
def named(u, g, cls, n, desc=None):
    o = cls(); o.name = rstring(n)
    if desc: o.description = rstring(desc)
    return save(u, g, o, n)
def link(u, g, cls, p, c):
    l = cls(); l.parent = type(p)(p.id.val, False); l.child = type(c)(c.id.val, False); return save(u, g, l)
def tag(u, g, t, n, ns=None, cls=TagAnnotationI):
    a = cls(); a.textValue = rstring(t)
    if ns: a.ns = rstring(ns)
    return save(u, g, a, n)
def ramp(sx, sy, sz, sc, st, dtype="uint16"):
    for z in range(sz):
        for ch in range(sc):
            for t in range(st):
                y, x = numpy.mgrid[0:sy, 0:sx]; yield ((x * 7 + y * 13 + z * 101 + ch * 31 + t * 17) % 1000).astype(dtype)
def image(u, g, n, *dims):
    conn = BlitzGateway(client_obj=C[u]); conn.SERVICE_OPTS.setOmeroGroup(str(G[g]))
    i = conn.createImageFromNumpySeq(ramp(*dims), n, dims[2], dims[3], dims[4], description="about " + n)
    o = S[u].getQueryService().findByQuery("select i from Image i join fetch i.pixels p where i.id = %d" % i.getId(), None, ctx(g)); known(n, o); known("px" + n, o.copyPixels()[0]); return o
# one project > dataset > image per group by ann; ben has his own in shared groups
for g in G:
    pr, ds, d2 = named("ann", g, ProjectI, "p" + g, "project"), named("ann", g, DatasetI, "d" + g, "dataset"), named("ann", g, DatasetI, "e" + g)
    link("ann", g, ProjectDatasetLinkI, pr, ds); im = image("ann", g, "i" + g, 20, 12, 2 if g == "ra" else 1, 3 if g == "ra" else 1, 1); link("ann", g, DatasetImageLinkI, ds, im)
    t = tag("ann", g, "tag " + g, "t" + g, "probe.ns"); link("ann", g, ImageAnnotationLinkI, im, t); link("ann", g, DatasetAnnotationLinkI, ds, t)
    if g in ("ra", "rw"):
        c = tag("ben", g, "comment of ben", "c" + g, cls=CommentAnnotationI); link("ben", g, ImageAnnotationLinkI, im, c)
        bt = tag("ben", g, "tag of ben", "bt" + g); link("ben", g, ImageAnnotationLinkI, im, bt); link("ann", g, DatasetAnnotationLinkI, ds, bt)
    bd = named("ben", g, DatasetI, "bd" + g); bi = image("ben", g, "bi" + g, 8, 8, 1, 1, 1)
    link("ben", g, DatasetImageLinkI, bd, bi)
QA = S["ann"].getQueryService()
IRA, DRA, PRA = QA.get("Image", I["ira"], ctx("ra")), QA.get("Dataset", I["dra"], ctx("ra")), QA.get("Project", I["pra"], ctx("ra"))
im2 = image("ann", "ra", "i2", 10, 10, 1, 1, 1); link("ann", "ra", DatasetImageLinkI, DRA, im2)
orph = image("ann", "ra", "orph", 6, 6, 1, 1, 1)
ts = tag("ann", "ra", "set", "ts", "openmicroscopy.org/omero/insight/tagset"); te = tag("ann", "ra", "empty set", "te", "openmicroscopy.org/omero/insight/tagset")
tin = tag("ann", "ra", "inner", "tin"); link("ann", "ra", AnnotationAnnotationLinkI, ts, tin); link("ann", "ra", ImageAnnotationLinkI, im2, tin); link("ann", "ra", ProjectAnnotationLinkI, PRA, tin)
def ann(cls, n, **k):
    a = cls()
    for m, v in k.items():
        if m == "mapValue": a.setMapValue(v)
        else: setattr(a, m, v)
    return save("ann", "ra", a, n)
lo = ann(LongAnnotationI, "lo", longValue=rlong(3), ns=rstring("openmicroscopy.org/omero/insight/rating")); link("ann", "ra", ImageAnnotationLinkI, IRA, lo)
do = ann(DoubleAnnotationI, "do", doubleValue=rdouble(2.5)); link("ann", "ra", ImageAnnotationLinkI, IRA, do)
bo = ann(BooleanAnnotationI, "bo", boolValue=rbool(True)); link("ann", "ra", DatasetAnnotationLinkI, DRA, bo)
mp = ann(MapAnnotationI, "mp", mapValue=[NamedValue("k", "v"), NamedValue("k2", "w")], ns=rstring("map.ns")); link("ann", "ra", ImageAnnotationLinkI, IRA, mp); link("ann", "ra", ImageAnnotationLinkI, im2, mp)
xm = ann(XmlAnnotationI, "xm", textValue=rstring("<a/>")); tm = ann(TimestampAnnotationI, "tm", timeValue=rtime(1e12)); te2 = ann(TermAnnotationI, "term", termValue=rstring("term"))
of = OriginalFileI(); of.name, of.path, of.size, of.hash, of.mimetype = rstring("f.txt"), rstring("/p/"), rlong(4), rstring("h"), rstring("text/plain"); of = save("ann", "ra", of, "of")
fa = FileAnnotationI(); fa.file = OriginalFileI(of.id.val, False); fa.ns = rstring("file.ns"); fa = save("ann", "ra", fa, "fa"); link("ann", "ra", ImageAnnotationLinkI, IRA, fa)
sc = named("ann", "ra", ScreenI, "sc", "screen"); pl = PlateI(); pl.name = rstring("pl"); pl.rows, pl.columns = rint(2), rint(3); pl = save("ann", "ra", pl, "pl"); link("ann", "ra", ScreenPlateLinkI, sc, pl)
pl2 = named("ann", "ra", PlateI, "pl2"); run = PlateAcquisitionI(); run.name = rstring("run"); run.plate = PlateI(pl.id.val, False); run = save("ann", "ra", run, "run")
for n, (r, c, i) in enumerate(((0, 0, IRA), (1, 2, im2))):
    w = WellI(); w.plate = PlateI(pl.id.val, False); w.row, w.column = rint(r), rint(c)
    for f in range(2 - n):
        ws = WellSampleI(); ws.image = ImageI(i.id.val, False); ws.plateAcquisition = PlateAcquisitionI(run.id.val, False); w.addWellSample(ws)
    w = save("ann", "ra", w, "w%d" % n)
    for f, x in enumerate(w.copyWellSamples()): known("ws%d%d" % (n, f), x)
roi = RoiI(); roi.image = ImageI(IRA.id.val, False); roi.name = rstring("roi")
def shape(cls, z, t, **k):
    s = cls()
    for m, v in k.items(): setattr(s, m, rstring(v) if isinstance(v, str) else rdouble(v))
    if z is not None: s.theZ = rint(z)
    if t is not None: s.theT = rint(t)
    return s
for s in (shape(RectangleI, 0, 0, x=2, y=3, width=5, height=4, textValue="R"), shape(EllipseI, 1, 0, x=8, y=6, radiusX=3, radiusY=2), shape(PointI, None, None, x=1, y=1), shape(PolylineI, 0, None, points="1,1 5,5 9,2"), shape(LabelI, 1, 0, x=3, y=3, textValue="lab")): roi.addShape(s)
roi = save("ann", "ra", roi, "roi")
for x in roi.copyShapes(): known(type(x).__name__[:-1].lower(), x)
r2 = RoiI(); r2.image = ImageI(IRA.id.val, False); r2.addShape(shape(RectangleI, 0, 0, x=1, y=1, width=2, height=2)); r2 = save("ben", "ra", r2, "broi"); known("brect", r2.copyShapes()[0])
r3 = RoiI(); r3.image = ImageI(IRA.id.val, False); r3 = save("ann", "ra", r3, "emptyroi")
fo = named("ann", "ra", FolderI, "fo"); fc = FolderI(); fc.name = rstring("fc"); fc.parentFolder = FolderI(fo.id.val, False); fc = save("ann", "ra", fc, "fc"); link("ann", "ra", FolderImageLinkI, fo, IRA); link("ann", "ra", FolderRoiLinkI, fc, roi)
PXRA = I["pxira"]
for n, ch in enumerate(QA.findByQuery("select p from Pixels p join fetch p.channels c join fetch c.logicalChannel where p.id = %d" % PXRA, None, ctx("ra")).copyChannels()): known("ch%d" % n, ch); known("lc%d" % n, ch.logicalChannel)
out = {}
SHAPE = ("Rectangle", "Ellipse", "Point", "Line", "Polygon", "Mask", "Polyline", "Label", "Path")
ORDERED = ("channels", "pixels", "wellSamples", "shapes", "waveRendering", "gem", "file")
def ident(k, i): return names.get((k, i), str(i) if i < 0 or k in ("ExperimenterGroup", "Experimenter") else "#")
def perms(p): return str(p) + " " + "".join("AELDGO"[j] for j, w in enumerate(("Annotate", "Edit", "Link", "Delete", "Chgrp", "Chown")) if getattr(p, "can" + w)())
def val(x, d=0):
    if isinstance(x, (bytes, bytearray)): return "bytes %d %s" % (len(x), hashlib.sha1(bytes(x)).hexdigest()[:10])
    if isinstance(x, str): return text(x)
    if isinstance(x, (list, tuple)):
        if len(x) > 60: return "list %d" % len(x)
        return [val(v, d + 1) for v in x]
    if isinstance(x, dict): return {keyname(k): val(v, d + 1) for k, v in sorted(x.items(), key=lambda p: str(p[0]))}
    if type(x).__name__.startswith("RTime"): return "RTime"
    if isinstance(x, omero.RType): return "%s %s" % (type(x).__name__, json.dumps(val(getattr(x, "_val", None), d))) if not isinstance(getattr(x, "_val", None), (list, dict, IObject)) else [type(x).__name__, val(x._val, d)]
    if isinstance(x, IObject):
        k = type(x).__name__; k = k[:-1] if k.endswith("I") else k; i = x.id.val if x.id else None
        head = "%s:%s" % (k, ident(k, i) if i is not None else None)
        if not x.isLoaded(): return head + " -"
        if d > 7: return head
        m = {}
        for n, v in sorted(vars(x).items()):
            if n in ("_id", "_loaded", "_version", "_details") or n.endswith("Loaded") or v is None: continue
            if n.endswith("Seq"):
                if vars(x).get(n[:-3] + "Loaded"):
                    l = [val(y, d + 2) for y in v]; m[n[1:-3]] = l if n[1:-3] in ORDERED and not (k == "Image" and n[1:-3] == "wellSamples") else sorted(l, key=lambda y: json.dumps(y, sort_keys=True, default=str))
            elif n.endswith("CountPerOwner"):
                if v: m[n[1:]] = {ident("Experimenter", a): b for a, b in v.items()}
            elif n == "_version" : pass
            else: m[n[1:]] = val(v, d + 2)
        if x.details is not None:
            e = x.details
            st = lambda o: "0" if o is None else "-" if not o.isLoaded() else "+"
            m["@"] = "%s%s %s%s %s" % (ident("Experimenter", e.owner.id.val) if e.owner else "", st(e.owner), ident("ExperimenterGroup", e.group.id.val) if e.group else "", st(e.group), st(e.creationEvent) + st(e.updateEvent)) + (" " + perms(e.permissions) if e.permissions is not None else "")
        return {head: m}
    if isinstance(x, float): return round(x, 5)
    if isinstance(x, (int, bool, type(None))): return x
    if hasattr(x, "ice_getIdentity"): return "proxy"
    if isinstance(x, omero.model.Permissions): return perms(x)
    if hasattr(x, "__dict__"): return {type(x).__name__: {k: {str(z): val(w, d + 2) for z, w in sorted(v.items())} if k in ("byZ", "byT") else val(v, d + 1) for k, v in sorted(vars(x).items()) if k not in ("serverStackTrace",)}}
    return text(str(x))
PROBE = ""
def keyname(k):
    if not isinstance(k, int) or isinstance(k, bool): return text(str(k))
    found = [(c, n) for (c, i), n in names.items() if i == k]
    words = re.findall(r" on (\w+)", PROBE) or re.findall(r"^IContainer count \w+ (?:ome.model.\w+.)?([A-Z][a-z]+)", PROBE) or (["TagAnnotation"] if re.search("content|tagged|counts as|count empty", PROBE) else ["Image"])
    def rank(p): return (0 if p[0] in words else 1, ["Image", "TagAnnotation", "Dataset", "Project", "Screen", "Plate", "Well", "Roi"].index(p[0]) if p[0] in ("Image", "TagAnnotation", "Dataset", "Project", "Screen", "Plate", "Well", "Roi") else 9)
    return "id " + min(found, key=rank)[1] if found else "id " + str(k if k < 0 else "?")
def text(t):
    t = t.replace(TAG, "").replace(TAG.title(), "")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}", "UUID", t)
def message(e):
    m = getattr(e, "message", None) or str(e)
    return "EXC %s: %s" % (type(e).__name__, re.sub(r"\s+", " ", re.sub(r"\d+", "N", text(m)))[:240])
def ask(name, f):
    global PROBE
    PROBE = name
    try: out[name] = val(f())
    except Exception as e: out[name] = message(e)
def P(**k):
    p = omero.sys.ParametersI()
    for n, v in k.items():
        if n in ("leaves", "noLeaves", "orphan", "noOrphan"): getattr(p, n)()
        elif n in ("exp", "grp"): getattr(p, n)(rlong(v))
        elif n in ("startTime", "endTime"): getattr(p, n)(rtime(v))
        elif n == "page": p.page(*v)
        else: p.map[n] = v if isinstance(v, omero.RType) else rlist([rlong(y) if isinstance(y, int) else rstring(y) for y in v]) if isinstance(v, list) else rlong(v) if isinstance(v, int) else rstring(v)
    return p
PM = {"idlong": rlong(I["ira"]), "idint": rint(I["ira"]), "idstr": rstring(str(I["ira"])), "listlong": rlist([rlong(I["ira"]), rlong(I["i2"])]), "listint": rlist([rint(I["ira"])]), "obj": robject(ImageI(I["ira"], False)), "objs": rlist([robject(ImageI(I["ira"], False))]), "name": rstring("ira"), "like": rstring("ir%"), "three": rint(3), "threelong": rlong(3), "hundred": rint(100), "double": rdouble(1.5), "bool": rbool(True), "time": rtime(1000), "annlong": rlong(U["ann"]), "empty": rlist([]), "nul": None, "names": rlist([rstring("int8"), rstring("float")])}
for h in [x[4:] for x in json.load(open(ASKED)) if x.startswith("hql ")]:
    t = re.sub(r"\$(\w+)", lambda m: str(I.get(m.group(1)) or U.get(m.group(1)) or G.get(m.group(1)[1:])), h)
    p = omero.sys.ParametersI(); p.map = {k: v for k, v in PM.items() if re.search(r":%s\b" % k, t)}
    ask("hql " + h, lambda: S["ann"].getQueryService().projection(t, p, ctx("ra")))
for u in ("root", "ann", "ben", "cat"):
    Q = S[u].getQueryService()
    for g in ("priv", "ro", "ra", "rw"):
        for cx in (g, -1):
            w = "as %s in %s%s" % (u, g, "" if cx == g else " by -1")
            for n in ("i", "d", "p", "t", "bd", "px"):
                nm = "pxi" + g if n == "px" else n + g; k = [a for (a, i), x in names.items() if x == nm][0]
                ask("perm %s %s" % (k if n != "bd" else "ben's dataset", w), lambda: [(lambda e: "%s %s" % (ident("Experimenter", e.owner.id.val) if e.owner else None, perms(e.permissions)))(o.details) if (o := Q.find(k, I[nm], ctx(cx))) else None])
            ask("perm link %s" % w, lambda: [perms(x.details.permissions) for x in Q.findAllByQuery("select l from DatasetImageLink l where l.parent.id in (%d, %d) order by l.id" % (I["d" + g], I["bd" + g]), None, ctx(cx))])
            ask("perm alink %s" % w, lambda: [perms(x._details.permissions) for x in Q.findAllByQuery("select l from ImageAnnotationLink l where l.parent.id = %d order by l.id" % I["i" + g], None, ctx(cx))])
            ask("perm projection %s" % w, lambda: Q.projection("select d.name, d.details.permissions from Dataset d where d.id in (%d, %d) order by d.name" % (I["d" + g], I["bd" + g]), None, ctx(cx)))
            ask("perm map %s" % w, lambda: Q.projection("select new map(d.name as name, d as d_details_permissions) from Dataset d where d.id in (%d, %d) order by d.name" % (I["d" + g], I["bd" + g]), None, ctx(cx)))
            ask("perm group %s" % w, lambda: Q.get("ExperimenterGroup", G[g], ctx(cx))); ask("perm experimenter %s" % w, lambda: Q.get("Experimenter", U["ann"], ctx(cx)))
            ask("perm members %s" % w, lambda: sorted((ident("Experimenter", x.child.id.val), perms(x.details.permissions)) for x in Q.findAllByQuery("from GroupExperimenterMap m where m.parent.id = %d" % G[g], None, ctx(cx))))
            ask("perm counted %s" % w, lambda: Q.projection("select count(*) from Image i where i.id in (%d, %d)" % (I["i" + g], I["bi" + g]), None, ctx(cx)))
        ask("perm event %s %s" % (u, g), lambda: (e := Q.get("Image", I["i" + g], ctx(g)).details.creationEvent, e.isLoaded())[1])
    for n, k in {"admin none": dict(g="ra"), "user context": dict(g="ra", user=U["ann"]), "group missing": dict(g=999999), "-1 user": dict(g=-1, user=U["ann"])}.items():
        k = dict(k); gg = k.pop("g"); ask("context %s %s" % (u, n), lambda: names_in(Q.findAllByQuery("from Dataset d where d.id in (%d, %d, %d) order by d.name" % (I["dra"], I["bdra"], I["dpriv"]), None, ctx(gg, **k)))) if False else ask("context %s %s" % (u, n), lambda: [ident("Dataset", x.id.val) for x in Q.findAllByQuery("from Dataset d where d.id in (%d, %d, %d) order by d.name" % (I["dra"], I["bdra"], I["dpriv"]), None, ctx(gg, **k))])
for n, h in {"where on fetched": "select i from Image i join fetch i.annotationLinks l join fetch l.child a where i.id = $ira and a.id = $tra", "where on fetched left": "select i from Image i left outer join fetch i.annotationLinks l left outer join fetch l.child a where i.id in ($ira, $i2) and a.ns = 'map.ns' order by i.name", "inner below": "select i from Image i join fetch i.rois r join fetch r.shapes where i.id = $ira", "left below": "select i from Image i join fetch i.rois r left outer join fetch r.shapes where i.id = $ira", "class": "select d from Dataset d left outer join fetch d.annotationLinks l left outer join fetch l.child c where d.id = $dra and c.class = TagAnnotation", "image in dataset": "select d from Dataset d join fetch d.imageLinks l join fetch l.child i where i.id = $i2", "project": "select p from Project p join fetch p.datasetLinks pl join fetch pl.child d join fetch d.imageLinks dl join fetch dl.child i where i.id = $ira", "wells": "select w from Well w join fetch w.wellSamples s join fetch s.image i where w.plate.id = $pl and i.id = $i2", "plain join": "select i from Image i join i.annotationLinks l join l.child a where i.id = $ira and a.id = $tra", "page": "select i from Image i left outer join fetch i.annotationLinks l where i.id in ($ira, $i2) order by i.name desc"}.items():
    t = re.sub(r"\$(\w+)", lambda m: str(I.get(m.group(1)) or U.get(m.group(1)) or G.get(m.group(1)[1:])), h)
    p = P(page=(0, 1)) if n == "page" else None
    ask("fetched " + n, lambda: S["ann"].getQueryService().findAllByQuery(t, p, ctx("ra")))
json.dump(out, open(OUT, "w"), indent=1, default=str)
sys.stdout.flush()
os._exit(0)
