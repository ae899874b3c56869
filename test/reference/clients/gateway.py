"""Does with BlitzGateway what its documentation shows: `gateway.py TLS_PORT` prints what came of it as JSON."""
import json
import sys
import tempfile

import omero
import omero.grid as grid
from omero.gateway import BlitzGateway, DatasetWrapper, MapAnnotationWrapper, TagAnnotationWrapper
from omero.rtypes import rdouble, rlong, rstring

port = int(sys.argv[1])
told = {}


def connect(name, password, secure=True):
    conn = BlitzGateway(name, password, host="127.0.0.1", port=port, secure=secure)
    if not conn.connect():
        raise conn.getLastError()
    return conn


conn = connect("user", "pass")
told["user"] = [conn.getUser().getName(), conn.getGroupFromContext().getName(), conn.isAdmin(), conn.keepAlive()]
told["images"] = [image.getName() for image in conn.getObjects("Image", [1, 2], respect_order=True)]
told["missing"] = conn.getObject("Image", 12345) is None
image = conn.getObject("Image", 1)
told["rights"] = [image.canEdit(), image.canAnnotate(), image.canDelete(), image.getOwnerOmeName()]
told["by name"] = [found.getId() for found in conn.getObjects("Image", attributes={"name": "Image 3"})]
told["page"] = [i.getId() for i in conn.getObjects("Image", opts={"order_by": "obj.id", "limit": 2, "offset": 3})]
told["groups"] = sorted(group.getName() for group in conn.getGroupsMemberOf())
told["wells"] = [well.getId() for well in conn.getObjects("Well", opts={"plate": 1, "order_by": "obj.id"})]

with tempfile.NamedTemporaryFile("wb", suffix=".csv") as file:
    file.write(b"a,b\n1,2\n" * 5000)
    file.flush()
    attached = conn.createFileAnnfromLocalFile(file.name, mimetype="text/csv", ns="test.csv")
image.linkAnnotation(attached)
pairs = MapAnnotationWrapper(conn)
pairs.setNs("test.map")
pairs.setValue([["key", "välue"]])
image.linkAnnotation(pairs)
tag = TagAnnotationWrapper(conn)
tag.setValue("tagged")
tag = image.linkAnnotation(tag)
image = conn.getObject("Image", 1)
told["annotations"] = [[type(a).__name__, a.getNs()] for a in image.listAnnotations()]
found = image.getAnnotation(ns="test.csv")
told["file"] = [b"".join(found.getFileInChunks()) == b"a,b\n1,2\n" * 5000, found.getFile().getSize()]
told["map"] = image.getAnnotation(ns="test.map").getValue()
told["counts"] = conn.countAnnotations("Image", [1])
told["by map"] = [i.getId() for i in conn.getObjectsByMapAnnotations("Image", key="key", value="v*")]
told["by tag"] = [i.getId() for i in conn.getObjectsByAnnotations("Image", [tag.getId()])]
told["file annotations"] = [a.getId() == found.getId() for a in conn.listFileAnnotations(toInclude=["test.csv"])]

resources = conn.c.sf.sharedResources()
table = resources.newTable(resources.repositories().descriptions[0].id.val, "from gateway")
table.initialize([grid.LongColumn("a", "", [])])
table.addData([grid.LongColumn("a", "", [1, 2, 3])])
file = table.getOriginalFile()
table.close()
annotation = omero.model.FileAnnotationI()
annotation.setNs(rstring(omero.constants.namespaces.NSBULKANNOTATIONS))
annotation.setFile(omero.model.OriginalFileI(file.id.val, False))
annotation = conn.getUpdateService().saveAndReturnObject(annotation)
link = omero.model.PlateAnnotationLinkI()
link.setParent(omero.model.PlateI(1, False))
link.setChild(omero.model.FileAnnotationI(annotation.id.val, False))
conn.getUpdateService().saveAndReturnObject(link)
told["table"] = conn.getObject("Plate", 1).getAnnotation().getFile().getName()
conn.deleteObjects("OriginalFile", [file.id.val], wait=True)
told["table left"] = [conn.getObject("OriginalFile", file.id.val), conn.getObject("FileAnnotation", annotation.id.val)]

dataset = DatasetWrapper(conn, omero.model.DatasetI())
dataset.setName("new")
dataset.save()
link = omero.model.DatasetImageLinkI()
link.setParent(omero.model.DatasetI(dataset.getId(), False))
link.setChild(omero.model.ImageI(2, False))
conn.getUpdateService().saveObject(link)
told["children"] = [i.getName() for i in conn.getObject("Dataset", dataset.getId()).listChildren()]
told["parents"] = [d.getName() for d in conn.getObject("Image", 2).listParents()]
roi, rectangle = omero.model.RoiI(), omero.model.RectangleI()
rectangle.x = rdouble(1.5)
roi.setImage(omero.model.ImageI(1, False))
roi.addShape(rectangle)
roi = conn.getUpdateService().saveAndReturnObject(roi)
told["shapes"] = [s.x.val for s in conn.getObject("Roi", roi.id.val, opts={"load_shapes": True}).copyShapes()]
told["rois"] = len(conn.getRoiService().findByImage(1, None).rois)

conn.deleteObjects("Dataset", [dataset.getId()], wait=True)
conn.deleteObjects("Annotation", [found.getId(), tag.getId()], wait=True)
conn.deleteObjects("Roi", [roi.id.val], wait=True)
conn.getObject("Image", 1).removeAnnotations("test.map")
told["left"] = [len(list(conn.getObject("Image", 1).listAnnotations())), conn.getObject("Image", 2) is not None]
conn.close()

root = connect("root", "secret")
told["root"] = [root.isAdmin(), root.isFullAdmin()]
acting = root.suConn("user")
told["acting"] = [acting.getUser().getName(), acting.getEventContext().sudoerName.val]
acting.close()
root.close()

plain = connect("user", "pass", secure=False)
told["plain"] = plain.getObject("Image", 1).getName()
plain.close()
print(json.dumps(told))
