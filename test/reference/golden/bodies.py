"""Compares bodies of pages with those of a real server: bodies.py EXPECTED FOUND OUT.json

Ids, times, hosts and pictures within a mean difference of 2 are equal. Writes what differs in each."""
import sys, os, json, re
a, b = sys.argv[1:3]
def norm(x):
    if isinstance(x, dict): return {k: norm(v) for k, v in x.items()}
    if isinstance(x, list): return [norm(v) for v in x]
    if isinstance(x, str):
        x = re.sub(r"127\.0\.0\.1:\d+", "HOST", x); x = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?", "TIME", x); x = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "UUID", x)
        return x
    if isinstance(x, (int, float)) and not isinstance(x, bool) and 1.6e9 < x < 2e12: return "TIMENUM"
    return x
def mean_difference(x, y):
    from PIL import Image; import io, numpy
    ix, iy = Image.open(io.BytesIO(x)).convert("RGB"), Image.open(io.BytesIO(y)).convert("RGB")
    if ix.size != iy.size: return 255
    return numpy.abs(numpy.asarray(ix).astype(int) - numpy.asarray(iy).astype(int)).mean()
def picture(x): return isinstance(x, str) and x.startswith("data:image/")
def diff(p, x, y, out):
    if picture(x) and picture(y):
        import base64
        mean = mean_difference(*(base64.b64decode(v.split(",", 1)[1]) for v in (x, y)))
        if mean > 2: out.append("%s: pictures with a mean difference of %.2f" % (p, mean))
        return
    if type(x) != type(y) and not (isinstance(x, (int, float)) and isinstance(y, (int, float))): out.append("%s: %s | %s" % (p, str(x)[:60], str(y)[:60])); return
    if isinstance(x, dict):
        for k in sorted(set(x) | set(y)):
            if k not in x: out.append("%s.%s: absent | %s" % (p, k, str(y[k])[:60]))
            elif k not in y: out.append("%s.%s: %s | absent" % (p, k, str(x[k])[:60]))
            else: diff(p + "." + k, x[k], y[k], out)
    elif isinstance(x, list):
        if len(x) != len(y): out.append("%s: %d items | %d items" % (p, len(x), len(y)))
        for i, (u, v) in enumerate(zip(x, y)): diff("%s[%d]" % (p, i), u, v, out)
    elif x != y: out.append("%s: %s | %s" % (p, str(x)[:60], str(y)[:60]))
tot = 0
fa = {re.sub(r"\.(json|png|jpg)$", "", re.sub(r"table_\d+", "table_N", f[4:])): f for f in sorted(os.listdir(a), reverse=True)}; fb = {re.sub(r"table_\d+", "table_N", f[4:]): f for f in sorted(os.listdir(b), reverse=True)}
res = []
for k in sorted(fa, key=lambda k: fa[k]):
    if k not in fb: res.append((k, ["missing"])); continue
    x, y = open(a + "/" + fa[k], "rb").read(), open(b + "/" + fb[k], "rb").read()
    tot += 1
    try: jx, jy = norm(json.loads(x)), None
    except Exception:
        if x[:2] == b"\xff\xd8" or x[:4] == b"\x89PNG":
            try:
                mean = mean_difference(x, y)
                if mean > 2: res.append((k, ["pictures with a mean difference of %.2f" % mean]))
            except Exception as e: res.append((k, ["image " + repr(e)[:60]]))
            continue
        tx, ty = (re.sub(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|[0-9a-f]{8}-[0-9a-f-]{27}|csrf\S+|value=\"\S{64}\"|\?_=\d+|127.0.0.1:\d+", "", z.decode("utf8", "replace")) for z in (x, y))
        if tx != ty:
            lx, ly = tx.split("\n"), ty.split("\n")
            import difflib
            d = [l for l in difflib.unified_diff(lx, ly, n=0, lineterm="") if l[:1] in "+-" and l[:3] not in ("+++", "---") and l[1:].strip()]
            if d: res.append((k, ["html %d lines differ: " % len(d) + " / ".join(re.sub(r"\s+", " ", q)[:110] for q in d[:4])]))
        continue
    try: jy = norm(json.loads(y))
    except Exception: res.append((k, ["not JSON: " + y[:80].decode("utf8", "replace")])); continue
    out = []; diff("", jx, jy, out)
    if out: res.append((k, out))
json.dump({"compared": tot, "different": dict(res)}, open(sys.argv[3], "w"))
