"""Says what the image services of a server answer: services.py PORT IDS.json OUT.json

Bytes as length, SHA-1 and first bytes; pictures likewise. The world is that of world.py, prepared by prepare.py.
"""
import sys, os, json, hashlib, numpy, io
import omero, omero.clients
from omero.rtypes import *
from omero.model import *
import omero.romio, omero.api, omero.constants.projection as proj
PORT, IDS, OUT = int(sys.argv[1]), json.load(open(sys.argv[2])), sys.argv[3]
c = omero.client("127.0.0.1", PORT); s = c.createSession("user", "pass")
out = {}
def val(x):
    if isinstance(x, (bytes, bytearray)): return "bytes %d %s %s" % (len(x), hashlib.sha1(bytes(x)).hexdigest()[:12], bytes(x[:8]).hex())
    if isinstance(x, (list, tuple)):
        if len(x) > 40 and all(isinstance(v, int) for v in x): return "ints %d %s" % (len(x), " ".join("%08x" % (v & 0xffffffff) for v in list(x)[:12]))
        return [val(v) for v in x]
    if isinstance(x, dict): return {str(k): val(v) for k, v in x.items()}
    if isinstance(x, omero.RType): return [type(x).__name__, val(getattr(x, "_val", None))]
    if isinstance(x, IObject):
        d = {}
        for k, v in sorted(vars(x).items()):
            if k in ("_details", "_version"): continue
            if k.endswith("Loaded") or k.endswith("CountPerOwner"): continue
            if k.endswith("Seq"):
                d[k[1:]] = [val(y) if DEEP else type(y).__name__ for y in v] if vars(x).get(k[:-3] + "Loaded") else "unloaded"
            elif isinstance(v, IObject): d[k[1:]] = val(v) if (DEEP and v.isLoaded() and type(v).__name__ not in ("PixelsI", "ImageI", "RenderingDefI", "RoiI")) else "%s %s %s" % (type(v).__name__, v.id and v.id.val, v.isLoaded())
            elif v is not None: d[k[1:]] = val(v)
        return {type(x).__name__: d}
    if hasattr(x, "__dict__"): return {k: val(v) for k, v in vars(x).items()}
    return x if isinstance(x, (int, float, str, bool, type(None))) else str(x)
DEEP = True
def call(name, f):
    try: out[name] = val(f())
    except Exception as e: out[name] = "EXC %s: %s" % (type(e).__name__, str(getattr(e, "message", e))[:200])
q = s.getQueryService()
def pix(i): return q.projection("select p.id from Pixels p where p.image.id = %d" % i, None)[0][0].val
PX = {k: pix(v) for k, v in IDS.items() if k.startswith("image")}
# ---- RawPixelsStore
for k, p in sorted(PX.items()):
    rps = s.createRawPixelsStore(); rps.setPixelsId(p, True)
    for m in ("getPixelsId", "getPlaneSize", "getRowSize", "getStackSize", "getTimepointSize", "getTotalSize", "getByteWidth", "isSigned", "isFloat", "requiresPixelsPyramid", "getResolutionLevels", "getResolutionLevel", "getResolutionDescriptions", "getTileSize", "calculateMessageDigest"):
        call("rps %s %s" % (k, m), getattr(rps, m))
    call("rps %s getPlane" % k, lambda: rps.getPlane(0, 0, 0)); call("rps %s getTile" % k, lambda: rps.getTile(0, 0, 0, 3, 2, 5, 4)); call("rps %s getRow" % k, lambda: rps.getRow(2, 0, 0, 0)); call("rps %s getCol" % k, lambda: rps.getCol(2, 0, 0, 0))
    call("rps %s findMinMax" % k, lambda: rps.findMinMax([0])); call("rps %s hist" % k, lambda: rps.getHistogram([0], 8, False, omero.romio.PlaneDef(0, 0, 0, 0, 0, None, -1))); call("rps %s histglobal" % k, lambda: rps.getHistogram([0], 8, True, omero.romio.PlaneDef(0, 0, 0, 0, 0, None, -1)))
    rps.close()
rps = s.createRawPixelsStore()
call("rps unset getPlane", lambda: rps.getPlane(0, 0, 0)); call("rps bad id", lambda: rps.setPixelsId(99999, True))
rps.setPixelsId(PX["image"], True)
call("rps offsets", lambda: [rps.getPlaneOffset(1, 2, 1), rps.getRowOffset(5, 1, 2, 1), rps.getStackOffset(2, 1), rps.getTimepointOffset(1)])
for a in ((3, 0, 0), (0, 3, 0), (0, 0, 2), (-1, 0, 0)): call("rps plane %s" % (a,), lambda: rps.getPlane(*a))
for a in ((0, 0, 0, 60, 0, 10, 10), (0, 0, 0, 0, 0, 65, 1), (0, 0, 0, -1, 0, 5, 5), (0, 0, 0, 0, 0, 0, 0)): call("rps tile %s" % (a,), lambda: rps.getTile(*a))
call("rps stack", lambda: rps.getStack(1, 1)); call("rps timepoint", lambda: rps.getTimepoint(1)); call("rps region", lambda: rps.getRegion(20, 40)); call("rps hyper", lambda: rps.getHypercube([1, 2, 0, 0, 0], [10, 8, 2, 2, 1], [2, 3, 1, 1, 1])); call("rps planeRegion", lambda: rps.getPlaneRegion(1, 1, 0, 7, 9))
call("rps setPlane wrong size", lambda: rps.setPlane(b"\0" * 10, 0, 0, 0)); call("rps save unmodified", lambda: rps.save()); call("rps setRes", lambda: rps.setResolutionLevel(1))
rps.close()
# ---- IPixels, IRenderingSettings
ps = s.getPixelsService(); rs = s.getRenderingSettingsService()
call("pix description", lambda: ps.retrievePixDescription(PX["image"]))
call("rdef before", lambda: ps.retrieveRndSettings(PX["image"])); call("rdef other user", lambda: ps.retrieveRndSettingsFor(PX["image"], 0)); 
for n in ("uint8", "int16", "float", "bit", "double"): call("bitDepth " + n, lambda: ps.getBitDepth(q.findByString("PixelsType", "value", n)))
call("enum", lambda: ps.getEnumeration("omero.model.RenderingModel", "rgb")); call("enums", lambda: [x.value.val for x in ps.getAllEnumerations("omero.model.Family")])
call("createImage no channels", lambda: ps.createImage(4, 4, 1, 1, [], q.findByString("PixelsType", "value", "uint8"), "n", "d"))
# ---- RenderingEngine
def engine(p):
    re = s.createRenderingEngine(); re.lookupPixels(p)
    if not re.lookupRenderingDef(p): re.resetDefaultSettings(True); re.lookupRenderingDef(p)
    re.load(); return re
re = s.createRenderingEngine()
call("re not ready", lambda: re.getModel()); re.lookupPixels(PX["image"]); call("re lookup rdef first", lambda: re.lookupRenderingDef(PX["image"])); call("re load without rdef", lambda: re.load()); call("re reset", lambda: re.resetDefaultSettings(True)); call("re lookup again", lambda: re.lookupRenderingDef(PX["image"])); call("re use before load", lambda: re.getDefaultZ()); re.load()
P = lambda z, t, r=None: omero.romio.PlaneDef(0, 0, 0, z, t, r, -1)
for m in ("getDefaultZ", "getDefaultT", "getModel", "getQuantumDef", "getAvailableModels", "getAvailableFamilies", "getCompressionLevel", "isPixelsTypeSigned", "getResolutionLevels", "getTileSize", "requiresPixelsPyramid"): call("re " + m, getattr(re, m))
for m in ("getChannelFamily", "getChannelNoiseReduction", "getChannelStats", "getChannelCurveCoefficient", "getChannelWindowStart", "getChannelWindowEnd", "getRGBA", "isActive", "getChannelLookupTable", "getPixelsTypeUpperBound", "getPixelsTypeLowerBound", "getCodomainMapContext"):
    call("re %s 0" % m, lambda: getattr(re, m)(0)); call("re %s 9" % m, lambda: getattr(re, m)(9))
call("rdef after", lambda: ps.retrieveRndSettings(PX["image"]))
def packed(name, f):
    try: a = numpy.array(f(), dtype=numpy.int64) & 0xffffffff; out["packed " + name] = "%d %s | %s" % (len(a), hashlib.sha1(a.tobytes()).hexdigest()[:12], " ".join("%08x" % v for v in a[:10]))
    except Exception as e: out["packed " + name] = "EXC %s: %s" % (type(e).__name__, str(getattr(e, "message", e))[:200])
packed("default", lambda: re.renderAsPackedInt(P(1, 0)))
packed("region", lambda: re.renderAsPackedInt(P(1, 0, omero.romio.RegionDef(50, 40, 30, 30))))
packed("z out", lambda: re.renderAsPackedInt(P(9, 0)))
for m in ("MAXIMUMINTENSITY", "MEANINTENSITY", "SUMINTENSITY"): packed("proj " + m, lambda: re.renderProjectedAsPackedInt(getattr(proj.ProjectionType, m), 0, 1, 0, 2))
packed("proj out", lambda: re.renderProjectedAsPackedInt(proj.ProjectionType.MAXIMUMINTENSITY, 0, 1, 0, 3))
re.setRGBA(0, 255, 128, 10, 255); packed("colour", lambda: re.renderAsPackedInt(P(0, 0)))
re.setRGBA(0, 255, 0, 0, 128); packed("alpha", lambda: re.renderAsPackedInt(P(0, 0))); re.setRGBA(0, 255, 0, 0, 255)
re.setChannelWindow(0, 100.0, 120.2); packed("window", lambda: re.renderAsPackedInt(P(0, 0))); call("re window start", lambda: re.getChannelWindowStart(0))
re.setChannelWindow(0, -50.0, 2000.0); packed("window wide", lambda: re.renderAsPackedInt(P(0, 0))); re.setChannelWindow(0, 200.0, 100.0); packed("window inverted", lambda: re.renderAsPackedInt(P(0, 0))); re.setChannelWindow(0, 0.0, 999.0)
fams = {f.value.val: f for f in re.getAvailableFamilies()}
for n, k in (("polynomial", 2.0), ("polynomial", 0.5), ("exponential", 1.0), ("exponential", 0.5), ("logarithmic", 1.0), ("linear", 3.0)):
    for w in range(3): re.setQuantizationMap(w, fams[n], k, False)
    packed("family %s %s" % (n, k), lambda: re.renderAsPackedInt(P(0, 0))); call("re coefficient %s %s" % (n, k), lambda: re.getChannelCurveCoefficient(0))
for w in range(3): re.setQuantizationMap(w, fams["linear"], 1.0, True)
packed("noise reduction", lambda: re.renderAsPackedInt(P(0, 0)))
for w in range(3): re.setQuantizationMap(w, fams["linear"], 1.0, False)
re.setCodomainInterval(50, 200); packed("codomain", lambda: re.renderAsPackedInt(P(0, 0))); re.setCodomainInterval(0, 255)
re.setQuantumStrategy(15); packed("bits 15", lambda: re.renderAsPackedInt(P(0, 0))); call("re bits 16", lambda: re.setQuantumStrategy(16)); re.setQuantumStrategy(255)
re.addCodomainMapToChannel(omero.romio.ReverseIntensityMapContext(), 1); packed("reverse", lambda: re.renderAsPackedInt(P(0, 0))); call("re contexts", lambda: re.getCodomainMapContext(1)); re.removeCodomainMapFromChannel(omero.romio.ReverseIntensityMapContext(), 1)
grey = [m for m in re.getAvailableModels() if m.value.val == "greyscale"][0]; rgb = [m for m in re.getAvailableModels() if m.value.val == "rgb"][0]
re.setModel(grey); packed("greyscale", lambda: re.renderAsPackedInt(P(0, 0))); re.setActive(0, False); packed("greyscale second", lambda: re.renderAsPackedInt(P(0, 0))); re.setModel(rgb); packed("two of three", lambda: re.renderAsPackedInt(P(0, 0)))
for w in range(3): re.setActive(w, False)
packed("none active", lambda: re.renderAsPackedInt(P(0, 0)))
for w in range(3): re.setActive(w, True)
re.setRGBA(1, 255, 255, 255, 255); packed("white", lambda: re.renderAsPackedInt(P(0, 0)))
call("re jpeg", lambda: re.renderCompressed(P(0, 0))[:4]); call("re compression", lambda: (re.setCompressionLevel(0.5), re.getCompressionLevel())[1])
def jp():
    from PIL import Image
    i = Image.open(io.BytesIO(re.renderCompressed(P(0, 0)))); return [i.size, i.mode, i.layer if hasattr(i, "layer") else None, {k: list(v)[:8] for k, v in i.quantization.items()}, sorted(k for k in i.info if k != "exif")]
call("re jpeg details", jp)
re.setCompressionLevel(0.9); call("re jpeg details 0.9", jp)
call("re rdef id same after save", lambda: (re.getRenderingDefId(), re.saveCurrentSettings(), re.getRenderingDefId())[2] == re.getRenderingDefId()); call("re saveAsNew differs", lambda: re.saveAsNewSettings() != 1); call("rdefs", lambda: len(ps.retrieveAllRndSettings(PX["image"], -1)))
re.close()
for k, p in sorted(PX.items()):
    if k in ("image", "image2"): continue
    re = engine(p); packed("type " + k, lambda: re.renderAsPackedInt(P(0, 0))); call("re type %s window" % k, lambda: [re.getChannelWindowStart(0), re.getChannelWindowEnd(0), re.getPixelsTypeLowerBound(0), re.getPixelsTypeUpperBound(0), re.getModel().value.val, re.getRGBA(0)]); re.close()
# ---- thumbnails
tb = s.createThumbnailStore()
call("tb unset", lambda: tb.getThumbnailByLongestSide(rint(32))); call("tb setPixelsId", lambda: tb.setPixelsId(PX["image2"])); call("tb rdef id", lambda: tb.getRenderingDefId()); call("tb exists", lambda: tb.thumbnailExists(rint(32), rint(24)))
def jpeg(f):
    from PIL import Image
    b = f(); return [Image.open(io.BytesIO(b)).size] if b else "empty"
call("tb no settings longest", lambda: jpeg(lambda: tb.getThumbnailByLongestSide(rint(32)))); call("tb reset", lambda: tb.resetDefaults()); call("tb set again", lambda: tb.setPixelsId(PX["image2"])); call("tb longest", lambda: jpeg(lambda: tb.getThumbnailByLongestSide(rint(32)))); call("tb exact", lambda: jpeg(lambda: tb.getThumbnail(rint(30), rint(40)))); call("tb null", lambda: jpeg(lambda: tb.getThumbnail(None, None))); call("tb neg", lambda: jpeg(lambda: tb.getThumbnail(rint(-1), rint(1)))); call("tb section", lambda: jpeg(lambda: tb.getThumbnailForSectionByLongestSideDirect(0, 0, rint(20)))); call("tb set", lambda: sorted(tb.getThumbnailByLongestSideSet(rint(16), [PX["image"], PX["image2"], PX["image_uint8"], 99999]).keys())); call("tb setXY", lambda: sorted(tb.getThumbnailSet(rint(16), rint(16), [PX["image"], PX["image2"]]).keys())); call("tb tiny", lambda: jpeg(lambda: tb.getThumbnailByLongestSide(rint(2)))); call("tb exists2", lambda: tb.thumbnailExists(rint(32), rint(24))); call("tb reset twice", lambda: tb.resetDefaults()); call("tb inprogress", lambda: tb.isInProgress())
tb.close()
# ---- settings
call("rs reset image", lambda: rs.resetDefaultsInSet("Image", [IDS["image"]])); call("rs reset dataset", lambda: sorted(rs.resetDefaultsInDataset(IDS["dataset"]))); call("rs bad class", lambda: rs.resetDefaultsInSet("Roi", [1])); call("rs apply", lambda: {str(k): sorted(v) for k, v in rs.applySettingsToSet(PX["image"], "Image", [IDS["image"], IDS["image2"], IDS["image_uint8"]]).items()}); call("rs minmax", lambda: sorted(rs.resetMinMaxInSet("Image", [IDS["image"]]))); call("rs owner", lambda: sorted(rs.resetDefaultsByOwnerInSet("Image", [IDS["image"]])));call("rs sanity", lambda: rs.sanityCheckPixels(ps.retrievePixDescription(PX["image"]), ps.retrievePixDescription(PX["image2"])))
call("rs create", lambda: rs.createNewRenderingDef(ps.retrievePixDescription(PX["image"])))
json.dump(out, open(OUT, "w"), indent=1, default=str); os._exit(0)
