"""Makes objects with names below a screen and a project, and prints what it made as JSON: HOST PORT USER PASSWORD."""
import json
import sys

import omero
import omero.clients
from omero.rtypes import rdouble, rint, rstring

host, port, user, password = sys.argv[1:]
client = omero.client(host, int(port))
update = client.createSession(user, password).getUpdateService()
made = []


def save(obj, **shown):
    saved = update.saveAndReturnObject(obj)
    note(saved, **shown)
    return saved.id.val


def note(saved, references=(), **shown):
    references = {name: {"type": kind, "id": oid} for name, kind, oid in references}
    made.append({"type": type(saved).__name__[:-1], "id": saved.id.val, "references": references, **shown})


def unloaded(kind, oid):
    return getattr(omero.model, kind + "I")(oid, False)


def named(kind, name):
    obj = getattr(omero.model, kind + "I")()
    obj.name = rstring(name)
    return save(obj, name=name)


def link(parent, parent_id, child, child_id):
    obj = getattr(omero.model, parent + child + "LinkI")()
    obj.parent, obj.child = unloaded(parent, parent_id), unloaded(child, child_id)
    save(obj, references=(("parent", parent, parent_id), ("child", child, child_id)))


def well(plate, row, column, images):
    obj = omero.model.WellI()
    obj.row, obj.column, obj.plate = rint(row), rint(column), unloaded("Plate", plate)
    for image in images:
        sample = omero.model.WellSampleI()
        sample.image = unloaded("Image", image)
        obj.addWellSample(sample)
    saved = update.saveAndReturnObject(obj)
    note(saved, references=(("plate", "Plate", plate),), row=row, column=column)
    for sample, image in zip(saved.copyWellSamples(), images):
        note(sample, references=(("well", "Well", saved.id.val), ("image", "Image", image)))


def roi(image, name):
    obj, point = omero.model.RoiI(), omero.model.PointI()
    obj.name, obj.image = rstring(name), unloaded("Image", image)
    point.x, point.y = rdouble(1), rdouble(2)
    obj.addShape(point)
    return save(obj, references=(("image", "Image", image),), name=name)


screen = named("Screen", "screen")
plates, fields = {}, {}
for name in ("plate01", "plate02", "4711"):
    plates[name] = named("Plate", name)
    link("Screen", screen, "Plate", plates[name])
    fields[name] = []
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 11), (2, 5), (26, 2)):
        images = [named("Image", "%s %d-%d %d" % (name, row, column, n)) for n in range(2 if row == 0 else 1)]
        well(plates[name], row, column, images)
        fields[name] += images
project = named("Project", "project")
datasets, images = {}, {}
for dataset in ("first", "second é"):
    datasets[dataset] = named("Dataset", dataset)
    link("Project", project, "Dataset", datasets[dataset])
    for name in ("one.tif", "two.tif", "drei µ.tif"):
        images["%s/%s" % (dataset, name)] = image = named("Image", name)
        link("Dataset", datasets[dataset], "Image", image)
rois = {name: roi(images["first/one.tif"], name) for name in ("nucleus", "cell 1", "Zelle ü")}
print(json.dumps({"objects": made, "screen": screen, "plates": plates, "fields": fields, "project": project,
                  "datasets": datasets, "images": images, "rois": rois}, ensure_ascii=False))
client.closeSession()
