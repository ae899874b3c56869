"""Gives commands of the `omero` command line to a server: commands.py PORT ROOT_PASSWORD NAME OUT.json

Makes a group and a user NAME by such commands, and small images. Writes for every command what was given, how it ended and
what it printed, without ids, times and paths. Each runs in a process of its own, forked when the plugins are loaded.
"""
import io, json, os, re, sys, tempfile, warnings

PORT, ROOT_PASSWORD, NAME, OUT = sys.argv[1:5]
home = tempfile.mkdtemp(prefix="omero2frame-commands-")
os.environ.update(OMERO_USERDIR=home, OMERO_SESSIONDIR=home + "/sessions", HOME=home)
os.chdir(home)

warnings.simplefilter("ignore")
import numpy
from omero.cli import CLI
from omero.gateway import BlitzGateway

cli = CLI()
cli.loadplugins()
done = []
WHERE = "-s 127.0.0.1 -p " + PORT
PASSWORD = NAME + "-secret"


def command(line, stdin=""):
    """Runs a command, whose words are parted by two blanks or one; answers what it printed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.dup2(write, 1)
            os.dup2(write, 2)
            os.close(read)
            sys.stdin = io.StringIO(stdin)
            try:
                cli.invoke(line.split("  ") if "  " in line else line.split(" "))
                code = cli.rv
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 98
            except BaseException as error:
                print("RAISED %s: %s" % (type(error).__name__, error))
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        printed = pipe.read().decode("utf8", "replace")
    _, status = os.waitpid(child, 0)
    done.append([line, os.waitstatus_to_exitcode(status), printed])
    return printed


def plain(text):
    """Without what differs from server to server."""
    for pattern, name in (
        (r"\x1b\[[0-9;?]*[a-zA-Z]", ""),
        (re.escape(NAME), "NAME"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "UUID"),
        (r"(?<![\w.])/[\w./-]+", "PATH"),
        (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?", "TIME"),
        (r"\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\b", "DATE"),
        (r"\d+(\.\d+)?(e-?\d+)?", "N"),
        (r"N(-N)?(,N(-N)?)+", "N"),
        (r" +", " "),
        (r"-{3,}", "---"),
    ):
        text = re.sub(pattern, name, text)
    return text


def made(line, kind, **more):
    """The id of what a command made."""
    found = re.search(kind + r":(\d+)", command(line, **more))
    return found.group(1) if found else "0"


def table(path, *rows):
    with open(path, "w") as file:
        file.write("\n".join(rows) + "\n")


# ---- as an administrator
command("login root@127.0.0.1:%s -w %s" % (PORT, ROOT_PASSWORD))
command("group add %s --type read-annotate" % NAME)
command("group add %s-2 --type private" % NAME)
command("user add %s Ann User --group-name %s -e %s@example.org -P %s" % (NAME, NAME, NAME, PASSWORD))
command("user joingroup --name %s --group-name %s-2" % (NAME, NAME))
command("user list --style csv")
command("user info --user-name %s" % NAME)
command("user email --all")
command("group list --style csv")
command("group listusers %s" % NAME)
command("group perms --name %s-2 --type read-only" % NAME)
command("group copyusers %s %s-2 --as-owner" % (NAME, NAME))
command("fs repos --style csv")
command("sessions who")
command("ldap active")
command("logout")
# ---- as a user
command("login %s@127.0.0.1:%s -w wrong" % (NAME, PORT))
command("login %s@127.0.0.1:%s -w %s -g %s" % (NAME, PORT, PASSWORD, NAME))
command("sessions list")
command("sessions timeout 500")
command("sessions group")
project = made("obj new Project name=p1", "Project")
dataset = made("obj  new  Dataset  name=d1  description=a set", "Dataset")
command("obj new ProjectDatasetLink parent=Project:%s child=Dataset:%s" % (project, dataset))
command("obj update Dataset:%s description=changed" % dataset)
command("obj get Dataset:%s name" % dataset)
command("obj get Dataset:%s" % dataset)
notes = made("obj new MapAnnotation ns=example", "MapAnnotation")
command("obj map-set MapAnnotation:%s mapValue foo bar" % notes)
command("obj map-get MapAnnotation:%s mapValue foo" % notes)
command("obj new Dataset description=nameless")
command("obj get Dataset:999999 name")
# ---- an image
gateway = BlitzGateway(NAME, PASSWORD, host="127.0.0.1", port=int(PORT), secure=True)
assert gateway.connect(), gateway.getLastError()
y, x = numpy.mgrid[0:48, 0:64]
planes = [((x * 7 + y * 13 + z * 101 + c * 31) % 1000).astype("uint16") for z in range(2) for c in range(2)]
images = []
for name in ("image one", "image two"):
    image = gateway.createImageFromNumpySeq(iter(planes), name, 2, 2, 1, description="made", dataset=gateway.getObject("Dataset", int(dataset)))
    images.append(str(image.getId()))
gateway.close()
one, two = images
command("hql  --style  csv  -q  select i.name, p.sizeX from Image i join i.pixels p where i.id = %s" % one)
command("hql  --style  csv  -q  select i from Dataset d join d.imageLinks l join l.child i where d.id = %s order by i.id" % dataset)
command("hql  -q  select nothing from Nowhere")
command("search Image image* --style csv")
table("notes.txt", "some text")
attached = made("upload notes.txt", "OriginalFile")
command("download OriginalFile:%s back.txt" % attached)
command("download OriginalFile:999999 none.txt")
attachment = made("obj new FileAnnotation file=OriginalFile:%s" % attached, "FileAnnotation")
command("obj new DatasetAnnotationLink parent=Dataset:%s child=FileAnnotation:%s" % (dataset, attachment))
command("download FileAnnotation:%s again.txt" % attachment)
# ---- tags
tag = made("tag create --name t1 --desc first", "TagAnnotation")
tagset = re.search(r"(\d+)", command("tag createset --tag %s --name s1 --desc set" % tag))
command("tag list --nopage")
command("tag listsets")
command("tag link Image:%s %s" % (one, tag))
# ---- pictures
table("channels.yml", "version: 2", "greyscale: false", "channels:", "  1: {color: FF0000, label: red, start: 10, end: 900}", "  2: {active: false, label: off}")
command("render info Image:%s" % one)
command("render set Image:%s channels.yml" % one)
command("render info Image:%s --style json" % one)
command("render copy Image:%s Image:%s" % (one, two))
command("render info Image:%s --style json" % two)
command("render test Image:%s" % one)
command("render set Dataset:%s channels.yml" % dataset)
# ---- tables and annotations
table("table.csv", "# header image,l,s,d", "Image,Count,Label,Size", "%s,1,a,1.5" % one, "%s,2,b,2.5" % two)
command("metadata populate Dataset:%s --file table.csv" % dataset)
command("metadata bulkanns Dataset:%s" % dataset)
command("metadata summary Image:%s" % one)
command("metadata allanns Dataset:%s" % dataset)
command("metadata mapanns Dataset:%s" % dataset)
command("metadata original Image:%s" % one)
command("metadata testtables")
command("metadata pixelsize Image:%s --x 0.5 --y 0.5 --unit MICROMETER" % one)
command("metadata deletebulkanns Dataset:%s --force" % dataset)
# ---- OME-Zarr
command("zarr export Image:%s" % one)
zarr = {path: os.path.getsize(os.path.join(at, path)) for at, _, names in os.walk(one + ".ome.zarr") for path in names if path in (".zattrs", ".zgroup")}
done.append(["exported files", 0, " ".join(sorted(zarr))])
try:
    import zarr as reader

    levels = reader.open_group(one + ".ome.zarr", mode="r")
    same = numpy.array_equal(levels["0"][1, 1], planes[3])
    done.append(["exported pixels", 0 if same else 1, "%s %s %s" % (levels["0"].shape, levels["0"].dtype, same)])
except Exception as error:
    done.append(["exported pixels", 1, repr(error)])
# ---- moving and removing
copied = made("duplicate Dataset:%s --report" % dataset, "Dataset")
command("chgrp %s-2 Image:%s --report" % (NAME, two))
command("fs usage Dataset:%s --report" % dataset)
command("fs images --style csv")
command("fs sets --style csv")
command("script list user")
command("delete Image:999999")
command("delete Dataset:%s --dry-run --report" % dataset)
command("delete Project:%s Dataset:%s --report" % (project, dataset))
command("delete Dataset:%s" % copied)
command("delete MapAnnotation:%s TagAnnotation:%s OriginalFile:%s" % (notes, tag, attached))
command("delete Image:%s" % two)
command("sessions file")
command("logout")
json.dump([[plain(line), code, plain(printed)] for line, code, printed in done], open(OUT, "w"), indent=1)
failed = sum(code != 0 for _, code, _ in done)
print(len(done) - failed, "of", len(done), "succeeded")
os._exit(0)
