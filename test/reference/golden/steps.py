"""Examples of omero-py's BlitzGateway, each a program that tells what its steps give by their names. What it lists in no order is sorted. Those that change something leave the world
as they found it, so that another gateway finds the same: `steps.take("read-data", world)`."""
import hashlib
import omero, omero.callbacks, omero.cmd, omero.grid, omero.model, omero.sys
import omero.gateway
from numpy import array, int8, uint16
from omero.gateway import BlitzGateway, FileAnnotationWrapper
from omero.rtypes import rdouble, rint, rlong, rstring


def take(name, world):
    """The steps of an example and what they gave. `world` says host, port, user, password, root, and the ids of objects."""
    example = {key.replace("_", "-"): value for key, value in globals().items()}[name]
    return [[step, given] for step, given in example(world)]


def log_in(world, user=None, password=None, **options):
    conn = BlitzGateway(user or world["user"], password or world["password"], host=world["host"], port=world["port"], **options)
    assert conn.connect(), conn.getLastError()
    return conn


def shown(obj):
    return [obj.OMERO_CLASS, obj.getId(), obj.getName(), obj.getOwnerOmeName()]


def digest(picture):
    return [len(picture), hashlib.sha1(picture).hexdigest()]


# example: connect
def connect(world):
    conn = BlitzGateway(world["user"], world["password"], host=world["host"], port=world["port"])
    connected = conn.connect()
    yield "000.01a connect", connected
    conn.setSecure(True)
    yield "000.01b setSecure", conn.isSecure()
    user = conn.getUser()
    yield "000.01c getUser", [user.getId(), user.getName(), user.getFullName()]
    groups = [[group.getId(), group.getName()] for group in conn.getGroupsMemberOf()]
    yield "000.01d getGroupsMemberOf", sorted(groups)
    group = conn.getGroupFromContext()
    yield "000.01e getGroupFromContext", group.getName()
    others = []
    for exp in conn.listColleagues():
        others.append([exp.getId(), exp.getOmeName(), exp.getFullName()])
    yield "000.01f listColleagues", others
    owned = [[group.getId(), group.getName()] for group in conn.listOwnedGroups()]
    yield "000.01g listOwnedGroups", owned
    ctx = conn.getEventContext()
    yield "000.01h getEventContext", [ctx.userId, ctx.userName, ctx.groupId, ctx.groupName, ctx.isAdmin, list(ctx.leaderOfGroups)]
    conn.close()
    yield "000.99 close", conn.isConnected()


# example: read-data
def read_data(world):
    conn = log_in(world)
    my_exp_id = conn.getUser().getId()
    tree = []
    for project in sorted(conn.listProjects(my_exp_id), key=lambda project: project.getName()):
        tree.append(shown(project))
        for dataset in project.listChildren():
            tree.append(shown(dataset))
            for image in dataset.listChildren():
                tree.append(shown(image))
    yield "000.02a listProjects>Datasets>Images", tree
    params = omero.sys.ParametersI()
    params.exp(my_exp_id)
    datasets = []
    for dataset in conn.getObjects("Dataset", params=params):
        datasets.append(shown(dataset))
    yield "000.02b getObjects Dataset params.exp", sorted(datasets)
    dataset = conn.getObject("Dataset", world["dataset"])
    images = []
    for image in dataset.listChildren():
        images.append(shown(image))
    yield "000.02c getObject Dataset listChildren", images
    image = conn.getObject("Image", world["image"])
    sizes = [image.getSizeX(), image.getSizeY(), image.getSizeZ(), image.getSizeC(), image.getSizeT()]
    yield "000.02d getObject Image sizes", [image.getName(), image.getDescription(), *sizes]
    z = image.getSizeZ() // 2
    t = 0
    rendered = image.renderJpeg(z, t)
    yield "000.02e renderImage", digest(rendered)
    screens = []
    for screen in conn.getObjects("Screen"):
        screens.append(shown(screen))
        for plate in screen.listChildren():
            screens.append(shown(plate))
    yield "000.02f Screens>Plates", screens
    plate = conn.getObject("Plate", world["plate"])
    yield "000.02g plate.getNumberOfFields", list(plate.getNumberOfFields())
    size = plate.getGridSize()
    yield "000.02h plate.getGridSize", [size["rows"], size["columns"]]
    wells = []
    for well in sorted(plate.listChildren(), key=lambda well: (well.row, well.column)):
        fields = well.countWellSample()
        wells.append([well.row, well.column, fields])
        for index in range(fields):
            image = well.getImage(index)
            wells.append([image.getName(), image.getId()])
    yield "000.02i wells and images", wells
    conn.close()


# example: groups
def groups(world):
    conn = log_in(world)
    group = conn.getGroupFromContext()
    group_perms = group.getDetails().getPermissions()
    perm_string = str(group_perms)
    permission_names = {
        "rw----": "PRIVATE",
        "rwr---": "READ-ONLY",
        "rwra--": "READ-ANNOTATE",
        "rwrw--": "READ-WRITE",
    }
    yield "000.03a group permissions", [permission_names[perm_string], perm_string]
    projects = []
    for project in conn.listProjects():
        projects.append([project.getName(), project.getDetails().getOwner().getFullName()])
    yield "000.03b listProjects owner fullname", sorted(projects)
    conn.SERVICE_OPTS.setOmeroGroup("-1")
    image = conn.getObject("Image", world["image"])
    group_id = image.details.group.id.val
    yield "000.03c cross group -1", [image.getDetails().getGroup().getName(), group_id]
    conn.SERVICE_OPTS.setOmeroGroup(group_id)
    projects = list(conn.listProjects())
    image = conn.getObject("Image", world["image"])
    yield "000.03d single group", [len(projects), image.getName()]
    conn.close()


# example: raw-data
def raw_data(world):
    conn = log_in(world)
    image = conn.getObject("Image", world["image"])
    sizeZ = image.getSizeZ()
    sizeC = image.getSizeC()
    sizeT = image.getSizeT()
    pixels = image.getPrimaryPixels()
    plane = pixels.getPlane(0, 0, 0)
    yield "000.04a getPlane", [*plane.shape, plane.dtype.name, plane.min(), plane.max()]
    tile = (50, 20, 10, 10)
    zctList = [(z, 0, 0, tile) for z in range(sizeZ)]
    sums = []
    for tile in pixels.getTiles(zctList):
        sums.append(tile.sum())
    yield "000.04b getTiles", sums
    zctList = []
    for z in range(sizeZ // 2, sizeZ):
        for c in range(sizeC):
            for t in range(sizeT):
                zctList.append((z, c, t))
    total = 0
    for plane in pixels.getPlanes(zctList):
        total += int(plane.sum())
    yield "000.04c getPlanes hypercube", [len(zctList), total]
    conn.close()


# example: write-data
def write_data(world):
    conn = log_in(world)
    namespace = "imperial.training.demo"
    dataset = omero.model.DatasetI()
    dataset.setName(rstring("New Dataset"))
    dataset = conn.getUpdateService().saveAndReturnObject(dataset)
    datasetId = dataset.getId().getValue()
    yield "000.05a new Dataset", conn.getObject("Dataset", datasetId).getName()
    project = conn.getObject("Project", world["project"])
    link = omero.model.ProjectDatasetLinkI()
    link.setParent(omero.model.ProjectI(project.getId(), False))
    link.setChild(dataset)
    conn.getUpdateService().saveObject(link)
    dataset = conn.getObject("Dataset", datasetId)
    yield "000.05b link to Project", [parent.getName() for parent in dataset.listParents()]
    fileAnn = conn.createFileAnnfromLocalFile(world["file"], mimetype="text/plain", ns=namespace, desc=None)
    dataset.linkAnnotation(fileAnn)
    fileId = fileAnn.getFile().getId()
    yield "000.05c createFileAnnfromLocalFile + link", [fileAnn.getFile().getName(), fileAnn.getFile().getSize()]
    files = []
    for ann in dataset.listAnnotations():
        if isinstance(ann, FileAnnotationWrapper):
            content = b""
            for chunk in ann.getFileInChunks():
                content += chunk
            files.append([ann.getFile().getName(), ann.getFile().getSize(), len(content)])
    yield "000.05d listAnnotations + getFileInChunks", files
    metadataService = conn.getMetadataService()
    annotations = metadataService.loadSpecifiedAnnotations("omero.model.FileAnnotation", [namespace], [], None)
    names = []
    for ann in annotations:
        names.append(ann.file.name.val)
    yield "000.05e loadSpecifiedAnnotations", names
    ann = dataset.getAnnotation(namespace)
    yield "000.05f getAnnotation(ns)", ann.getNs()
    conn.deleteObjects("Dataset", [datasetId], deleteAnns=True, wait=True)
    assert conn.getObject("OriginalFile", fileId) is None
    conn.close()


# example: tables
def tables(world):
    conn = log_in(world)
    tablename = world["table name"]
    col1 = omero.grid.LongColumn("Uid", "testLong", [])
    col2 = omero.grid.StringColumn("MyStringColumn", "", 64, [])
    table = conn.c.sf.sharedResources().newTable(1, tablename)
    table.initialize([col1, col2])
    ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    strings = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    data1 = omero.grid.LongColumn("Uid", "test Long", ids)
    data2 = omero.grid.StringColumn("MyStringColumn", "", 64, strings)
    table.addData([data1, data2])
    orig_file = table.getOriginalFile()
    table.close()
    orig_file_id = orig_file.id.val
    yield "000.06a newTable addData getOriginalFile", orig_file.name.val == tablename
    fileAnn = omero.model.FileAnnotationI()
    fileAnn.setFile(omero.model.OriginalFileI(orig_file_id, False))
    fileAnn = conn.getUpdateService().saveAndReturnObject(fileAnn)
    link = omero.model.DatasetAnnotationLinkI()
    link.setParent(omero.model.DatasetI(world["dataset"], False))
    link.setChild(omero.model.FileAnnotationI(fileAnn.id.val, False))
    conn.getUpdateService().saveAndReturnObject(link)
    attached = conn.getQueryService().projection(
        "select l.id from DatasetAnnotationLink l where l.parent.id = :parent and l.child.id = :child",
        omero.sys.Parameters({"parent": rlong(world["dataset"]), "child": rlong(fileAnn.id.val)}),
    )
    yield "000.06b attach table", len(attached)
    openTable = conn.c.sf.sharedResources().openTable(orig_file)
    names = [col.name for col in openTable.getHeaders()]
    rowCount = openTable.getNumberOfRows()
    data = openTable.readCoordinates(range(rowCount))
    everything = [list(col.values) for col in data.columns]
    data = openTable.read([1], 3, 7)
    some = list(data.columns[0].values)
    queryRows = openTable.getWhereList("(Uid > 2) & (Uid <= 8)", variables={}, start=0, stop=rowCount, step=0)
    data = openTable.readCoordinates(queryRows)
    found = [list(col.values) for col in data.columns]
    openTable.close()
    yield "000.06c openTable read query", [names, rowCount, everything, some, list(queryRows), found]
    orig_table_file = conn.getObject("OriginalFile", attributes={"name": tablename})
    savedTable = conn.c.sf.sharedResources().openTable(orig_table_file._obj)
    yield "000.06d OriginalFile by attributes", savedTable.getNumberOfRows()
    savedTable.close()
    conn.deleteObjects("OriginalFile", [orig_file_id], wait=True)
    conn.close()


# example: rois
def rois(world):
    conn = log_in(world)
    updateService = conn.getUpdateService()
    x, y, width, height = 50, 200, 100, 50
    image = conn.getObject("Image", world["image"])
    theZ = image.getSizeZ() // 2
    theT = 0
    roi = omero.model.RoiI()
    roi.setImage(image._obj)
    rect = omero.model.RectangleI()
    rect.x = rdouble(x)
    rect.y = rdouble(y)
    rect.width = rdouble(width)
    rect.height = rdouble(height)
    rect.theZ = rint(theZ)
    rect.theT = rint(theT)
    rect.textValue = rstring("test-Rectangle")
    roi.addShape(rect)
    ellipse = omero.model.EllipseI()
    ellipse.x = rdouble(y)
    ellipse.y = rdouble(x)
    ellipse.radiusX = rdouble(width)
    ellipse.radiusY = rdouble(height)
    ellipse.theZ = rint(theZ)
    ellipse.theT = rint(theT)
    ellipse.textValue = rstring("test-Ellipse")
    roi.addShape(ellipse)
    roi = updateService.saveAndReturnObject(roi)
    yield "000.07a create ROI", len(roi.copyShapes())
    roiService = conn.getRoiService()
    result = roiService.findByImage(image.getId(), None)
    shapes = []
    for each in result.rois:
        for s in each.copyShapes():
            shape = {}
            shape["type"] = type(s).__name__[:-1]
            shape["x"] = s.getX().getValue()
            shape["y"] = s.getY().getValue()
            if type(s) == omero.model.RectangleI:
                shape["width"] = s.getWidth().getValue()
                shape["height"] = s.getHeight().getValue()
            elif type(s) == omero.model.EllipseI:
                shape["radiusX"] = s.getRadiusX().getValue()
                shape["radiusY"] = s.getRadiusY().getValue()
            shape["text"] = s.getTextValue().getValue()
            shape["z"] = s.getTheZ().getValue()
            shape["t"] = s.getTheT().getValue()
            shapes.append(shape)
    yield "000.07b findByImage", shapes
    for each in result.rois:
        for s in each.copyShapes():
            if s.getTextValue() and s.getTextValue().getValue() == "test-Ellipse":
                each.removeShape(s)
                updateService.saveAndReturnObject(each)
    result = roiService.findByImage(image.getId(), None)
    left = [s.getTextValue().getValue() for each in result.rois for s in each.copyShapes()]
    yield "000.07c remove shape", left
    conn.deleteObjects("Roi", [roi.id.val], wait=True)
    conn.close()


# example: delete
def delete(world):
    conn = log_in(world)
    project = conn.getObject("Project", world["project to delete"])
    handle = conn.deleteObjects("Project", [project.getId()], deleteAnns=True, deleteChildren=False)
    cb = omero.callbacks.CmdCallbackI(conn.c, handle)
    while not cb.block(500):
        pass
    response = cb.getResponse()
    err = isinstance(response, omero.cmd.ERR)
    deleted = {} if err else response.deletedObjects
    cb.close(True)
    gone = conn.getObject("Project", project.getId()) is None
    yield "000.08a delete with callback", [err, sorted(name.split(".")[-1] for name in deleted), gone]
    conn.close()


# example: render-images
def render_images(world):
    conn = log_in(world)
    image = conn.getObject("Image", world["image"])
    thumbnail = image.getThumbnail((64, 64))
    yield "000.09a getThumbnail", digest(thumbnail)
    channels = []
    for ch in image.getChannels():
        colour = ch.getColor().getHtml()
        channels.append([ch.getLabel(), colour, ch.isActive(), ch.getWindowStart(), ch.getWindowEnd()])
    yield "000.09b channel settings", [channels, image.isGreyscaleRenderingModel()]
    image.setGreyscaleRenderingModel()
    sizeC = image.getSizeC()
    z = image.getSizeZ() // 2
    t = 0
    pictures = []
    for c in range(1, sizeC + 1):
        image.setActiveChannels([c])
        pictures.append(digest(image.renderJpeg(z, t)))
    yield "000.09c greyscale channels", pictures
    image.setColorRenderingModel()
    image.setActiveChannels([1, 2, 3], colors=["F00", None, "FFFF00"])
    image.setProjection("intmax")
    picture = image.renderJpeg(z, t)
    image.setProjection("normal")
    yield "000.09d colours + intmax projection", digest(picture)
    image = conn.getObject("Image", world["image"])
    image.setColorRenderingModel()
    image.setActiveChannels([1, 2], windows=[[100.0, 120.2], [None, None]])
    picture = image.renderJpeg(z, t, compression=0.5)
    yield "000.09e levels + compression", digest(picture)
    image.saveDefaults()
    image = conn.getObject("Image", world["image"])
    saved = [[ch.isActive(), ch.getWindowStart(), ch.getWindowEnd()] for ch in image.getChannels()]
    yield "000.09f saveDefaults", saved
    image.resetDefaults()
    conn.close()


# example: create-image
def create_image(world):
    conn = log_in(world)
    sizeZ, sizeC, sizeT = 1, 2, 1
    plane1 = array([[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]], dtype=int8)
    plane2 = array([[5, 6, 7, 8, 9], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [0, 1, 2, 3, 4]], dtype=int8)
    planes = [plane1, plane2]

    def planeGen():
        for p in planes:
            yield p

    desc = "Image created from hard-coded arrays"
    made = conn.createImageFromNumpySeq(planeGen(), "array image", sizeZ, sizeC, sizeT, description=desc, dataset=None)
    pixels = made.getPrimaryPixels()
    values = [pixels.getPlane(0, c, 0).flatten() for c in range(sizeC)]
    yield "000.10a createImageFromNumpySeq", [made.getName(), made.getDescription(), pixels.getPixelsType().getValue(), values]
    image = conn.getObject("Image", world["image"])
    sizeZ, sizeC, sizeT = image.getSizeZ(), image.getSizeC(), image.getSizeT()
    dataset = image.getParent()
    pixels = image.getPrimaryPixels()

    def meanGen():
        for z in range(sizeZ):
            for t in range(sizeT):
                channel0 = pixels.getPlane(z, 0, t).astype(float)
                channel1 = pixels.getPlane(z, 1, t)
                yield ((channel0 + channel1) / 2).astype(uint16)

    desc = "Image created by averaging channels 1 and 2"
    mean = conn.createImageFromNumpySeq(meanGen(), "mean image", sizeZ, 1, sizeT, description=desc, dataset=dataset)
    pixels = mean.getPrimaryPixels()
    sums = [int(pixels.getPlane(z, 0, t).sum()) for z in range(sizeZ) for t in range(sizeT)]
    yield "000.10b image from existing image", [mean.getName(), mean.getParent().getName(), sums]
    conn.deleteObjects("Image", [made.getId(), mean.getId()], wait=True)
    conn.close()


# example: services
def services(world):
    conn = log_in(world)
    cs = conn.getContainerService()
    projects = cs.loadContainerHierarchy("Project", None, None)
    hierarchy = []
    for p in projects:
        hierarchy.append([p.getName().getValue(), [d.getName().getValue() for d in p.linkedDatasetList()]])
    yield "001.01 loadContainerHierarchy", sorted(hierarchy)

    class AnnotationCounter(object):
        def countAllAnnotations(self):
            container = self._conn.getContainerService()
            links = type(self._obj).ANNOTATIONLINKS
            counts = container.getCollectionCount(self._obj.__class__.__name__, links, [self._oid], None)
            return counts[self._oid]

    class ImageWrapper(AnnotationCounter, omero.gateway._ImageWrapper):
        pass

    original = omero.gateway.ImageWrapper
    omero.gateway.ImageWrapper = ImageWrapper
    omero.gateway.refreshWrappers()
    image = conn.getObject("Image", world["image"])
    yield "001.02 getCollectionCount ANNOTATIONLINKS", [image.getName(), image.countAllAnnotations()]
    omero.gateway.ImageWrapper = original
    omero.gateway.refreshWrappers()
    p = omero.model.ProjectI()
    p.setName(rstring("Omero Model Project"))
    project = omero.gateway.ProjectWrapper(obj=p)
    before = project.getName()
    project.setName("Project Wrapper")
    yield "001.03 wrapper without server", [before, project.getName()]
    conn.close()


# example: sessions
def sessions(world):
    conn = BlitzGateway(world["user"], world["password"], host=world["host"], port=world["port"])
    if conn.connect():
        connected = conn.isConnected()
    conn.close()
    yield "003.01 connect", connected
    conn = BlitzGateway(world["user"], world["password"], host=world["host"], port=world["port"], secure=True)
    conn.connect()
    secure = conn.isSecure()
    conn.close()
    yield "003.02 secure", secure
    with BlitzGateway(world["user"], world["password"], host=world["host"], port=world["port"]) as conn:
        names = [project.getName() for project in conn.getObjects("Project")]
    yield "003.03 context manager", sorted(names)
    client = omero.client(world["host"], world["port"])
    client.createSession(world["user"], world["password"])
    conn = BlitzGateway(client_obj=client)
    name = conn.getUser().getName()
    conn.close()
    yield "003.04 from client", name
    conn = log_in(world)
    yield "003.05 isAdmin", conn.isAdmin()
    yield "003.06 isFullAdmin/privileges", [conn.isFullAdmin(), list(conn.getCurrentAdminPrivileges())]
    image = conn.getObject("Image", world["image"])
    group_id = image.getDetails().getGroup().getId()
    conn.SERVICE_OPTS.setOmeroGroup(group_id)
    yield "003.07 switch group", [group_id, len(list(conn.listProjects()))]
    admin_conn = BlitzGateway("root", world["root password"], host=world["host"], port=world["port"])
    admin_conn.connect()
    target_user = admin_conn.getObject("Experimenter", world["bob"]).getName()
    user_conn = admin_conn.suConn(target_user)
    acting = [user_conn.getUser().getName(), len(list(user_conn.listProjects()))]
    user_conn.close()
    admin_conn.close()
    yield "003.08 suConn", acting
    admins = []
    for admin in conn.getAdministrators():
        admins.append([admin.getId(), admin.getFullName(), admin.getOmeName()])
    yield "003.09 getAdministrators", admins
    before = conn.isConnected()
    conn.close()
    yield "003.10 isConnected", [before, conn.isConnected()]
    conn = BlitzGateway(world["user"], "wrong", host=world["host"], port=world["port"])
    yield "003.11 wrong password", conn.connect()
