"""Asks a server queries, and says the shapes of its answers: queries.py PORT IDS.json QUERIES.json OUT.json"""
import sys, os, json, omero, omero.clients, omero.gateway
from omero.rtypes import *
PORT, IDS, QUERIES, OUT = int(sys.argv[1]), json.load(open(sys.argv[2])), json.load(open(sys.argv[3])), sys.argv[4]
import Ice
def shape(v, d=0):
    if v is None or isinstance(v, (bool, int, float)):
        return repr(v)
    if isinstance(v, (bytes, bytearray)):
        return "bytes[%d]" % len(v)
    if isinstance(v, str):
        return repr(v if len(v) < 1500 else v[:1500] + "...")
    if isinstance(v, (list, tuple)):
        if len(v) == 0:
            return "[]"
        if d > 3:
            return "[%d]" % len(v)
        if len(v) > 6:
            return "[%s, ... %d]" % (", ".join(shape(x, d + 1) for x in v[:2]), len(v))
        return "[" + ", ".join(shape(x, d + 1) for x in v) + "]"
    if isinstance(v, dict):
        if d > 3:
            return "{%d}" % len(v)
        return "{" + ", ".join("%s: %s" % (shape(k, d + 1), shape(x, d + 1)) for k, x in list(v.items())[:8]) + "}"
    n = type(v).__name__
    try:
        import omero.rtypes
        if isinstance(v, omero.RType):
            inner = getattr(v, "_val", None)
            return "%s(%s)" % (n.replace("I", ""), shape(inner, d + 1))
    except Exception:
        pass
    if isinstance(v, omero.model.IObject):
        i = getattr(v, "_id", None)
        i = i.getValue() if i is not None else None
        s = "%s:%s" % (n, i)
        if not v.isLoaded():
            return s + "(unloaded)"
        if d < 2:
            # which members are loaded/non-null
            parts = []
            for k in sorted(vars(v)):
                x = vars(v)[k]
                if k in ("_id", "_details", "_version", "_loaded", "_extendedQueryDone") or x is None: continue
                if k.endswith("CountPerOwner") or k.endswith("Loaded"): continue
                if k.endswith("Seq"):
                    if vars(v).get(k[:-3] + "Loaded"): parts.append("%s[%d]" % (k[1:-3], len(x)))
                    continue
                if isinstance(x, omero.model.IObject):
                    parts.append("%s=%s" % (k[1:], "L" if x.isLoaded() else "u"))
            return s + ("{" + ",".join(parts) + "}" if parts else "")
        return s
    if isinstance(v, Ice.ObjectPrx):
        return "%s" % n
    if isinstance(v, omero.sys.Parameters):
        f = v.theFilter; o = v.theOptions
        r = []
        if v.map: r.append("map=" + shape(v.map, d))
        if f:
            fs = {k: x for k, x in vars(f).items() if x is not None}
            if fs: r.append("filter=" + shape(fs, d))
        if o:
            os_ = {k: x for k, x in vars(o).items() if x is not None}
            if os_: r.append("options=" + shape(os_, d))
        return "Params(" + ", ".join(r) + ")"
    if d > 3:
        return n
    if hasattr(v, "__dict__"):
        return n + "{" + ", ".join("%s: %s" % (k, shape(x, d + 1)) for k, x in list(vars(v).items())[:30] if x is not None) + "}"
    return n + ":" + str(v)

# Names of parameters that say of what they are; all others are 1, as are the ids of most things in this world.
LONGS = {"eid": IDS["user"], "experimenter": IDS["user"], "group": IDS["lab"], "thumbOwner": IDS["user"]}
STRINGS = {"name": "webtable", "omeName": "user", "ns": "openmicroscopy.org/omero/bulk_annotations", "mt": "OMERO.tables", "ratingns": "openmicroscopy.org/omero/insight/rating"}
def value(name, kind):
    if kind == "RLong": return rlong(LONGS.get(name, 1))
    if kind == "Rnt": return rint(0)
    if kind == "RString": return rstring(STRINGS.get(name, "none"))
    if name in ("ns_to_exclude", "default_names"): return rlist([rstring(x) for x in ("system", "user", "guest")])
    return rlist([rlong(1)])
c = omero.client("127.0.0.1", PORT); s = c.createSession("user", "pass"); q = s.getQueryService()
out = []
# The only annotation that was asked for by its id is the tag.
def ids_of(query): return IDS["tag"] if "from Annotation obj" in query else 1
for entry in QUERIES:
    p = omero.sys.ParametersI(); p.map = {n: value(n, k) for n, k in entry["parameters"].items()}
    if "ids" in p.map: p.map["ids"] = rlist([rlong(ids_of(entry["query"]))])
    f = q.projection if entry["projection"] else q.findByQuery if entry["single"] else q.findAllByQuery
    try: out.append(shape(f(entry["query"], p)))
    except Exception as e: out.append("EXC %s: %s" % (type(e).__name__, str(getattr(e, "message", e))[:300]))
json.dump(out, open(OUT, "w")); os._exit(0)
