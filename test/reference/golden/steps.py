"""Runs examples of omero-py's BlitzGateway step by step, and says what failed and why: steps.py PORT ROOT_PASSWORD OUT.json"""
import sys, os, io, json, tempfile, time
import omero, omero.model, omero.grid, omero.callbacks, omero.cmd, omero.sys
from omero.rtypes import rstring, rdouble, rint, rlong
import omero.gateway
from omero.gateway import BlitzGateway
from PIL import Image as PILImage
import numpy
HOST, PORT = "127.0.0.1", int(sys.argv[1])
ROOT_PASSWORD, OUT = sys.argv[2], sys.argv[3]
results = []
def step(name, fn):
    try:
        v = fn()
        results.append((name, None))
        return v
    except BaseException as e:
        results.append((name, "%s: %s" % (type(e).__name__, str(getattr(e, "message", None) or e)[:200])))
def connect(u="user", p="pass", **k):
    c = BlitzGateway(u, p, host=HOST, port=PORT, **k)
    assert c.connect(), c.getLastError()
    return c
imageId, datasetId, projectId = 1, 1, 1
conn = step("000.01a connect", connect)
def f(): conn.setSecure(True); conn.setSecure(False); return conn.isSecure()
step("000.01b setSecure", f)
step("000.01c getUser", lambda: (conn.getUser().getId(), conn.getUser().getName(), conn.getUser().getFullName()))
step("000.01d getGroupsMemberOf", lambda: [(g.getId(), g.getName()) for g in conn.getGroupsMemberOf()])
step("000.01e getGroupFromContext", lambda: conn.getGroupFromContext().getName())
step("000.01f listColleagues", lambda: [(e.getId(), e.getOmeName(), e.getFullName()) for e in conn.listColleagues()])
step("000.01g listOwnedGroups", lambda: [(g.getId(), g.getName()) for g in conn.listOwnedGroups()])
step("000.01h getEventContext", lambda: conn.getEventContext().userName)
def pr(o): return "%s:%s Name:%s owner=%s" % (o.OMERO_CLASS, o.getId(), o.getName(), o.getOwnerOmeName())
def f():
    out = []
    for p in conn.listProjects(conn.getUser().getId()):
        out.append(pr(p))
        for d in p.listChildren():
            out.append(pr(d))
            for i in d.listChildren(): out.append(pr(i))
    assert len(out) >= 5, out
    return out
step("000.02a listProjects>Datasets>Images", f)
def f():
    params = omero.sys.ParametersI(); params.exp(conn.getUser().getId())
    r = [pr(d) for d in conn.getObjects("Dataset", params=params)]
    assert r; return r
step("000.02b getObjects Dataset params.exp", f)
step("000.02c getObject Dataset listChildren", lambda: [pr(i) for i in conn.getObject("Dataset", datasetId).listChildren()])
def f():
    i = conn.getObject("Image", imageId)
    return (i.getName(), i.getDescription(), i.getSizeX(), i.getSizeY(), i.getSizeZ(), i.getSizeC(), i.getSizeT())
step("000.02d getObject Image sizes", f)
def f():
    i = conn.getObject("Image", imageId); r = i.renderImage(i.getSizeZ()//2, 0)
    assert r is not None, "None"; return r.size
step("000.02e renderImage", f)
def f():
    out = []
    for s in conn.getObjects("Screen"):
        out.append(pr(s))
        for p in s.listChildren(): out.append(pr(p))
    assert len(out) >= 2; return out
step("000.02f Screens>Plates", f)
def f():
    p = conn.getObject("Plate", 1); out = []
    out.append(p.getNumberOfFields())
    return out
step("000.02g plate.getNumberOfFields", f)
step("000.02h plate.getGridSize", lambda: conn.getObject("Plate", 1).getGridSize())
def f():
    p = conn.getObject("Plate", 1); out = []
    for w in p.listChildren():
        n = w.countWellSample()
        out.append((w.row, w.column, n))
        for ix in range(n): out.append((w.getImage(ix).getName(), w.getImage(ix).getId()))
    assert len(out) >= 4; return out
step("000.02i wells and images", f)
def f():
    g = conn.getGroupFromContext(); s = str(g.getDetails().getPermissions())
    return {'rw----':'PRIVATE','rwr---':'READ-ONLY','rwra--':'READ-ANNOTATE','rwrw--':'READ-WRITE'}[s]
step("000.03a group permissions", f)
step("000.03b listProjects owner fullname", lambda: [(p.getName(), p.getDetails().getOwner().getFullName()) for p in conn.listProjects()])
def f():
    conn.SERVICE_OPTS.setOmeroGroup('-1')
    i = conn.getObject("Image", imageId)
    return (i.getDetails().getGroup().getName(), i.details.group.id.val)
step("000.03c cross group -1", f)
def f():
    i = conn.getObject("Image", imageId); gid = i.details.group.id.val
    conn.SERVICE_OPTS.setOmeroGroup(gid)
    p = list(conn.listProjects()); i = conn.getObject("Image", imageId); return len(p), i.getName()
step("000.03d single group", f)
def f():
    p = conn.getObject("Image", imageId).getPrimaryPixels(); pl = p.getPlane(0,0,0)
    return pl.shape, pl.min(), pl.max(), pl.dtype.name
step("000.04a getPlane", f)
def f():
    i = conn.getObject("Image", imageId); p = i.getPrimaryPixels()
    return [x.sum() for x in p.getTiles([(z,0,0,(50,20,10,10)) for z in range(i.getSizeZ())])]
step("000.04b getTiles", f)
def f():
    i = conn.getObject("Image", imageId); p = i.getPrimaryPixels()
    zct = [(z,c,t) for z in range(i.getSizeZ()//2, i.getSizeZ()) for c in range(i.getSizeC()) for t in range(i.getSizeT())]
    return len(list(p.getPlanes(zct)))
step("000.04c getPlanes hypercube", f)
def f():
    global newDs
    d = omero.model.DatasetI(); d.setName(rstring("New Dataset"))
    newDs = conn.getUpdateService().saveAndReturnObject(d); return newDs.getId().getValue()
newDs = None
step("000.05a new Dataset", f)
def f():
    p = conn.getObject("Project", projectId); l = omero.model.ProjectDatasetLinkI()
    l.setParent(omero.model.ProjectI(p.getId(), False)); l.setChild(newDs)
    conn.getUpdateService().saveObject(l)
step("000.05b link to Project", f)
ns = "imperial.training.demo"
tmp = tempfile.mkdtemp()
open(tmp + "/README.txt", "w").write("hello\n" * 1000)
def f():
    ds = conn.getObject("Dataset", newDs.id.val)
    fa = conn.createFileAnnfromLocalFile(tmp + "/README.txt", mimetype="text/plain", ns=ns, desc=None)
    r = (fa.getId(), fa.getFile().getName(), fa.getFile().getSize())
    ds.linkAnnotation(fa); return r
step("000.05c createFileAnnfromLocalFile + link", f)
def f():
    ds = conn.getObject("Dataset", newDs.id.val); out = []
    for a in ds.listAnnotations():
        if isinstance(a, omero.gateway.FileAnnotationWrapper):
            b = b"".join(a.getFileInChunks()); out.append((a.getFile().getName(), a.getFile().getSize(), len(b)))
    assert out; return out
step("000.05d listAnnotations + getFileInChunks", f)
step("000.05e loadSpecifiedAnnotations", lambda: [(a.getId().getValue(), a.file.name.val) for a in conn.getMetadataService().loadSpecifiedAnnotations('omero.model.FileAnnotation', [ns], [], None)])
step("000.05f getAnnotation(ns)", lambda: conn.getObject("Dataset", newDs.id.val).getAnnotation(ns).getNs())
tablename = "TablesDemo:%s" % time.time(); origfile = None
def f():
    global origfile
    cols = [omero.grid.LongColumn('Uid','testLong',[]), omero.grid.StringColumn('MyStringColumnInit','',64,[])]
    t = conn.c.sf.sharedResources().newTable(1, tablename); t.initialize(cols)
    ids = list(range(1, 11)); st = ["one","two","three","four","five","six","seven","eight","nine","ten"]
    t.addData([omero.grid.LongColumn('Uid','test Long',ids), omero.grid.StringColumn('MyStringColumn','',64,st)])
    origfile = t.getOriginalFile(); t.close(); return origfile.id.val
step("000.06a newTable addData getOriginalFile", f)
def f():
    fa = omero.model.FileAnnotationI(); fa.setFile(omero.model.OriginalFileI(origfile.id.val, False))
    fa = conn.getUpdateService().saveAndReturnObject(fa)
    l = omero.model.DatasetAnnotationLinkI(); l.setParent(omero.model.DatasetI(datasetId, False)); l.setChild(omero.model.FileAnnotationI(fa.id.val, False))
    conn.getUpdateService().saveAndReturnObject(l)
step("000.06b attach table", f)
def f():
    t = conn.c.sf.sharedResources().openTable(origfile); n = t.getNumberOfRows()
    [c.name for c in t.getHeaders()]; d = t.readCoordinates(range(n)); d2 = t.read([1], 3, 7)
    q = t.getWhereList("(Uid > 2) & (Uid <= 8)", variables={}, start=0, stop=n, step=0); d3 = t.readCoordinates(q); t.close()
    return n, d.columns[1].values[3], d2.columns[0].values, q
step("000.06c openTable read query", f)
def f():
    o = conn.getObject("OriginalFile", attributes={'name': tablename})
    t = conn.c.sf.sharedResources().openTable(o._obj); n = t.getNumberOfRows(); t.close(); return n
step("000.06d OriginalFile by attributes", f)
def f():
    image = conn.getObject("Image", imageId)
    roi = omero.model.RoiI(); roi.setImage(image._obj)
    try: rect = omero.model.RectI()
    except AttributeError: rect = omero.model.RectangleI()
    rect.x = rdouble(50); rect.y = rdouble(200); rect.width = rdouble(100); rect.height = rdouble(50); rect.theZ = rint(1); rect.theT = rint(0); rect.textValue = rstring("test-Rectangle")
    roi.addShape(rect)
    el = omero.model.EllipseI(); el.x = rdouble(200); el.y = rdouble(50); el.radiusX = rdouble(100); el.radiusY = rdouble(50); el.theZ = rint(1); el.theT = rint(0); el.textValue = rstring("test-Ellipse")
    roi.addShape(el)
    r = conn.getUpdateService().saveAndReturnObject(roi); return r.id.val, len(r.copyShapes())
step("000.07a create ROI", f)
def f():
    res = conn.getRoiService().findByImage(imageId, None); out = []
    for r in res.rois:
        for s in r.copyShapes(): out.append((type(s).__name__, s.getTextValue().getValue(), s.getTheZ().getValue()))
    assert out; return out
step("000.07b findByImage", f)
def f():
    res = conn.getRoiService().findByImage(imageId, None)
    for r in res.rois:
        for s in r.copyShapes():
            if s.getTextValue() and s.getTextValue().getValue() == "test-Ellipse":
                r.removeShape(s); r = conn.getUpdateService().saveAndReturnObject(r)
    res = conn.getRoiService().findByImage(imageId, None)
    left = [s.getTextValue().getValue() for r in res.rois for s in r.copyShapes()]
    assert "test-Ellipse" not in left, left; return left
step("000.07c remove shape", f)
def f():
    h = conn.deleteObjects("Project", [2], deleteAnns=True, deleteChildren=False)
    cb = omero.callbacks.CmdCallbackI(conn.c, h); n = 0
    while not cb.block(500):
        n += 1
        if n > 20: raise Exception("no end")
    r = cb.getResponse(); err = isinstance(r, omero.cmd.ERR); cb.close(True); assert not err, r
    assert conn.getObject("Project", 2) is None
    return type(r).__name__
step("000.08a delete with callback", f)
def f():
    b = conn.getObject("Image", imageId).getThumbnail(); assert b, b; return PILImage.open(io.BytesIO(b)).size
step("000.09a getThumbnail", f)
def f():
    i = conn.getObject("Image", imageId); out = []
    for ch in i.getChannels(): out.append((ch.getLabel(), ch.getColor().getHtml(), ch.isActive(), ch.getWindowStart(), ch.getWindowEnd()))
    return out, i.isGreyscaleRenderingModel()
step("000.09b channel settings", f)
def f():
    i = conn.getObject("Image", imageId); i.setGreyscaleRenderingModel(); out = []
    for c in range(1, i.getSizeC()+1): i.setActiveChannels([c]); out.append(i.renderImage(1, 0).size)
    return out
step("000.09c greyscale channels", f)
def f():
    i = conn.getObject("Image", imageId); i.setColorRenderingModel(); i.setActiveChannels([1,2,3], colors=['F00', None, 'FFFF00']); i.setProjection('intmax')
    r = i.renderImage(1, 0); i.setProjection('normal'); return r.size
step("000.09d colours + intmax projection", f)
def f():
    i = conn.getObject("Image", imageId); i.setActiveChannels([1,2], windows=[[100.0,120.2],[None,None]])
    return i.renderImage(1, 0, compression=0.5).size
step("000.09e levels + compression", f)
def f():
    i = conn.getObject("Image", imageId); assert i.saveDefaults() is not False; 
step("000.09f saveDefaults", f)
newIm = None
def f():
    global newIm
    a = numpy.array
    p1 = a([[0,1,2,3,4],[5,6,7,8,9],[0,1,2,3,4],[5,6,7,8,9]], dtype=numpy.int8); p2 = a([[5,6,7,8,9],[0,1,2,3,4],[5,6,7,8,9],[0,1,2,3,4]], dtype=numpy.int8)
    def gen():
        for p in (p1, p2): yield p
    newIm = conn.createImageFromNumpySeq(gen(), "numpy image", 1, 2, 1, description="d", dataset=None); return newIm.getId()
step("000.10a createImageFromNumpySeq", f)
def f():
    image = conn.getObject("Image", newIm.getId() if newIm else imageId); sz, sc, st = image.getSizeZ(), image.getSizeC(), image.getSizeT(); px = image.getPrimaryPixels(); ds = image.getParent()
    def gen():
        for z in range(sz):
            for t in range(st): yield ((px.getPlane(z,0,t) + px.getPlane(z,1,t)) / 2).astype(numpy.uint16)
    return conn.createImageFromNumpySeq(gen(), "new image", sz, 1, st, description="d", dataset=ds).getId()
step("000.10b image from existing image", f)
def f():
    ps = conn.getContainerService().loadContainerHierarchy("Project", None, None); out = [(p.getName().getValue(), [d.getName().getValue() for d in p.linkedDatasetList()]) for p in ps]
    assert any(x[1] for x in out), out; return out
step("001.01 loadContainerHierarchy", f)
def f():
    i = conn.getObject("Image", imageId); c = conn.getContainerService()
    m = c.getCollectionCount(i._obj.__class__.__name__, type(i._obj).ANNOTATIONLINKS, [i._oid], None); return m[i._oid]
step("001.02 getCollectionCount ANNOTATIONLINKS", f)
def f():
    p = omero.model.ProjectI(); p.setName(rstring("x")); w = omero.gateway.ProjectWrapper(obj=p); w.setName("Y"); assert w.getName() == "Y" == w.name
step("001.03 wrapper without server", f)
step("003.01 connect", lambda: connect().close())
step("003.02 secure", lambda: connect(secure=True).close())
def f():
    with BlitzGateway("user", "pass", host=HOST, port=PORT) as c: return [p.getName() for p in c.getObjects('Project')]
step("003.03 context manager", f)
def f():
    cl = omero.client(HOST, PORT); cl.createSession("user", "pass"); c = BlitzGateway(client_obj=cl); n = c.getUser().getName(); c.close(); return n
step("003.04 from client", f)
step("003.05 isAdmin", lambda: conn.isAdmin())
step("003.06 isFullAdmin/privileges", lambda: (conn.isFullAdmin(), list(conn.getCurrentAdminPrivileges())))
def f():
    c = connect()
    i = c.getObject("Image", imageId); gid = i.getDetails().getGroup().getId(); c.SERVICE_OPTS.setOmeroGroup(gid); n = len(list(c.listProjects())); c.close(); return gid, n
step("003.07 switch group", f)
def f():
    a = connect("root", ROOT_PASSWORD); t = a.getObject("Experimenter", 3)
    n = t.getName(); u = a.suConn(n); r = u.getUser().getName(), len(list(u.listProjects())); u.close(); a.close(); return r
step("003.08 suConn", f)
step("003.09 getAdministrators", lambda: [(a.getId(), a.getFullName(), a.getOmeName()) for a in conn.getAdministrators()])
def f():
    c = connect(); a = c.isConnected(); c.close(); b = c.isConnected(); return a, b
step("003.10 isConnected", f)
def f():
    c = BlitzGateway("user", "wrong", host=HOST, port=PORT); r = c.connect(); assert not r; return c.getLastError() and str(c.getLastError())[:60]
step("003.11 wrong password", f)
step("000.99 close", lambda: conn._closeSession() if hasattr(conn, "_closeSession") else conn.close())
json.dump(results, open(OUT, "w")); os._exit(0)
