"""Users, groups and objects, kept in memory."""
import copy
import hashlib
import os
import threading
import time
import uuid

import omero
from omero.rtypes import rbool, rlong, rstring, rtime

PRIVATE, READ_ONLY, READ_ANNOTATE, READ_WRITE = "rw----", "rwr---", "rwra--", "rwrw--"


ANNOTATION_LINK = "AnnotationLink"
ABSTRACT = ("Annotation", "Shape")
# References to other objects, and the collection of these that what refers to them belongs in.
REFERENCES = {"parent": None, "child": None, "file": None, "plate": "wells", "well": "wellSamples", "image": None, "roi": "shapes"}
LINKS = {("ScreenPlateLink", "parent"): "plateLinks", ("ProjectDatasetLink", "parent"): "datasetLinks",
         ("DatasetImageLink", "parent"): "imageLinks", ("DatasetImageLink", "child"): "datasetLinks"}
# Parts that are saved with what they are parts of.
PARTS = {"Well": ("wellSamples", "well"), "Roi": ("shapes", "roi")}


class User:
    def __init__(self, uid, name, password, groups, admin=False, leads=()):
        self.id, self.name, self.password, self.groups, self.admin, self.leads = uid, name, password, groups, admin, leads
        self.failures = 0


class Group:
    def __init__(self, gid, name, permissions):
        self.id, self.name, self.permissions = gid, name, permissions


JAVA_PACKAGES = {"Dataset": "containers", "Project": "containers", "Plate": "screen", "Screen": "screen", "Well": "screen",
                 "Roi": "roi", "FileAnnotation": "annotations", "ExperimenterGroup": "meta", "Experimenter": "meta"}


def java_name(kind):
    return "ome.model.%s.%s" % (JAVA_PACKAGES.get(kind, "core"), kind)


def not_found(kind, oid):
    return omero.ValidationException(
        None, None, "No row with the given identifier exists: [%s#%d]" % (java_name(kind), oid))


def checksum(path, algorithm):
    """As an RString; None without an algorithm."""
    if algorithm is None:
        return None
    digest = hashlib.new({"SHA1-160": "sha1", "MD5-128": "md5"}[algorithm])
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            digest.update(block)
    return rstring(digest.hexdigest())


def violation(message):
    return omero.SecurityViolation(None, None, message)


def add_to(owner, collection, obj):
    """Puts an object into a collection, which is loaded from then on."""
    items = getattr(owner, "_%sSeq" % collection)
    if not getattr(owner, "_%sLoaded" % collection):
        setattr(owner, "_%sLoaded" % collection, True)
        items = []
        setattr(owner, "_%sSeq" % collection, items)
    items.append(obj)


class World:
    """Objects by (kind, id). User `user` owns the seeded objects of group 5 and object Image 99 of group 6."""

    def __init__(self, directory):
        self.directory = directory
        self.lock = threading.RLock()
        self.objects = {}
        self.last_id = {}
        self.events = 0
        self.uuid = str(uuid.uuid4())
        groups = [Group(0, "system", PRIVATE), Group(1, "user", READ_ONLY), Group(5, "lab", READ_ONLY),
                  Group(6, "other", READ_ANNOTATE), Group(7, "private", PRIVATE)]
        users = [User(0, "root", "rootpass", [0, 1, 5, 6, 7], admin=True), User(2, "user", "pass", [5, 6, 1]),
                 User(3, "colleague", "pass", [5, 7, 1], leads=[7]), User(4, "stranger", "pass", [7, 1])]
        self.groups = {g.id: g for g in groups}
        self.users = {u.name: u for u in users}
        os.makedirs(directory, exist_ok=True)
        self.seed()

    def seed(self):
        user = self.users["user"]
        for gid in self.groups:
            self.objects[("ExperimenterGroup", gid)] = self.experimenter_group(gid)
        for person in self.users.values():
            self.objects[("Experimenter", person.id)] = self.experimenter(person)
        kinds = (("Image", 20), ("Dataset", 3), ("Project", 1), ("Screen", 1), ("Plate", 1), ("Well", 4), ("Roi", 4))
        for kind, count in kinds:
            for oid in range(1, count + 1):
                self.seed_object(kind, oid, 5, user)
        self.seed_object("Image", 99, 6, user)
        self.seed_object("Image", 77, 7, self.users["colleague"])

    def seed_object(self, kind, oid, gid, owner):
        obj = getattr(omero.model, kind + "I")()
        obj.unloadCollections()
        obj.id = rlong(oid)
        if hasattr(obj, "name"):
            obj.name = rstring("%s %d" % (kind, oid))
        self.save(obj, gid, owner)

    @staticmethod
    def kind(obj):
        return type(obj).ice_staticId().split("::")[-1]

    def path(self, file_id):
        return os.path.join(self.directory, "%d" % file_id)

    def experimenter(self, user):
        e = omero.model.ExperimenterI(user.id, True)
        e.omeName = rstring(user.name)
        e.firstName = rstring(user.name.capitalize())
        e.lastName = rstring("Reference")
        self.add_members(e, [(omero.model.ExperimenterGroupI(gid, False), e, gid in user.leads) for gid in user.groups])
        return e

    @staticmethod
    def add_members(obj, pairs):
        for group, experimenter, leads in pairs:
            membership = omero.model.GroupExperimenterMapI()
            membership.parent, membership.child, membership.owner = group, experimenter, rbool(leads)
            obj._groupExperimenterMapSeq.append(membership)
        obj._groupExperimenterMapLoaded = True

    def experimenter_group(self, gid):
        g = omero.model.ExperimenterGroupI(gid, True)
        g.name = rstring(self.groups[gid].name)
        members = [u for u in self.users.values() if gid in u.groups]
        self.add_members(g, [(g, omero.model.ExperimenterI(u.id, False), gid in u.leads) for u in members])
        g.details.permissions = omero.model.PermissionsI(self.groups[gid].permissions)
        return g

    # reading and writing ------------------------------------------------------------------------------------------

    def may_read(self, obj, user, gid):
        if isinstance(obj, (omero.model.Experimenter, omero.model.ExperimenterGroup)):
            return True
        group, owner = obj.details.group.id.val, obj.details.owner.id.val
        if gid is not None and gid >= 0 and gid != group:
            return False
        if user.admin or group in user.leads:
            return True
        return group in user.groups and (owner == user.id or self.groups[group].permissions[2] == "r")

    def may_write(self, obj, user):
        group, owner = obj.details.group.id.val, obj.details.owner.id.val
        if user.admin or owner == user.id or group in user.leads:
            return True
        return group in user.groups and self.groups[group].permissions[3] == "w"

    def may_annotate(self, obj, user):
        group = obj.details.group.id.val
        return self.may_write(obj, user) or (group in user.groups and self.groups[group].permissions[3] == "a")

    def shown(self, obj, user):
        """The object as a user gets it: its permissions say what this user may not do with it."""
        if obj is None or obj.details is None or obj.details.owner is None:
            return obj
        seen, details, permissions = copy.copy(obj), copy.copy(obj.details), copy.copy(obj.details.permissions)
        full, annotate = self.may_write(obj, user), self.may_annotate(obj, user)
        # Restrictions in the order of omero::constants::permissions: link, edit, delete, annotate.
        permissions._restrictions = [not full, not full, not full, not annotate]
        seen._details, details._permissions = details, permissions
        return seen

    def stored(self, kind, oid):
        kind = kind.split(".")[-1]
        obj = self.objects.get((kind, oid)) or (self.objects.get((kind[:-1], oid)) if kind.endswith("I") else None)
        if obj is None and kind == "Annotation":
            obj = next((o for (k, i), o in self.objects.items() if i == oid and k.endswith("Annotation")), None)
        return obj

    def find(self, kind, oid, user, gid=None):
        """The object, or None where this user cannot see one."""
        obj = self.stored(kind, oid)
        return obj if obj is not None and self.may_read(obj, user, gid) else None

    def asked(self, kind, oid, user, gid=None):
        """The object a client asks for, None if there is none; what may not be read is refused."""
        obj = self.stored(kind, oid)
        if obj is not None and not self.may_read(obj, user, gid):
            raise violation("Cannot read %s:Id_%d" % (java_name(self.kind(obj)), oid))
        return obj

    def get(self, kind, oid, user, gid=None):
        obj = self.asked(kind, oid, user, gid)
        if obj is None:
            raise not_found(kind, oid)
        return obj

    def describe(self, file_id):
        """Notes the size of a file's content, and its checksum if it has a hasher."""
        original, path = self.objects[("OriginalFile", file_id)], self.path(file_id)
        if os.path.exists(path):
            algorithm = original.hasher.value.val if original.hasher is not None else None
            original.size, original.hash = rlong(os.path.getsize(path)), checksum(path, algorithm)
            original.mtime = rtime(int(os.path.getmtime(path) * 1000))
            original.details.updateEvent = self.event(None)
        return original

    def all(self, kind, user, gid=None):
        kind = kind.split(".")[-1]
        with self.lock:
            found = [o for (k, _), o in self.objects.items() if k == kind or (kind in ABSTRACT and isinstance(o, getattr(omero.model, kind)))]
        return sorted((o for o in found if self.may_read(o, user, gid)), key=lambda o: o.id.val)

    def save(self, obj, gid, user, session_uuid=None):
        with self.lock:
            kind = self.kind(obj)
            if obj.id is None:
                self.last_id[kind] = self.last_id.get(kind, 1000) + 1
                obj.id = rlong(self.last_id[kind])
            elif (kind, obj.id.val) in self.objects and not self.may_write(self.objects[(kind, obj.id.val)], user):
                raise violation("Updating %s:%d not permitted" % (kind, obj.id.val))
            if not obj.isLoaded():
                return self.objects.get((kind, obj.id.val), obj)
            if obj.details is None or obj.details.group is None:
                details = omero.model.DetailsI()
                details.group = self.experimenter_group(gid)
                details.owner = self.experimenter(user)
                details.permissions = omero.model.PermissionsI(self.groups[gid].permissions)
                details.creationEvent = self.event(session_uuid)
                obj._details = details
            obj.details.updateEvent = self.event(session_uuid)
            self.attach(obj, gid, user, session_uuid)
            self.objects[(kind, obj.id.val)] = obj
            self.save_parts(obj, gid, user, session_uuid)
            return obj

    def save_parts(self, obj, gid, user, session_uuid):
        collection, owner = PARTS.get(self.kind(obj), (None, None))
        for part in list(getattr(obj, "_%sSeq" % collection, None) or []):
            if part.id is None:
                setattr(part, "_" + owner, None)
                self.save(part, gid, user, session_uuid)
                setattr(part, "_" + owner, obj)

    def event(self, session_uuid):
        with self.lock:
            self.events += 1
        event = omero.model.EventI(self.events, True)
        event.time = rtime(int(time.time() * 1000))
        event.session = omero.model.SessionI()
        event.session.uuid = rstring(session_uuid or "")
        return event

    def attach(self, obj, gid, user, session_uuid):
        """Replaces references by the objects they name; refuses dangling ones and those not to be annotated."""
        for name in REFERENCES:
            other = getattr(obj, name, None)
            if not isinstance(other, omero.model.IObject):
                continue
            if other.id is None:
                setattr(obj, "_" + name, self.save(other, gid, user, session_uuid))
                continue
            found = self.find(self.kind(other), other.id.val, user, -1)
            if found is None:
                raise not_found(self.kind(other), other.id.val)
            if name == "parent" and self.kind(obj).endswith(ANNOTATION_LINK) and not self.may_annotate(found, user):
                raise violation("Annotating %s:%d not permitted" % (self.kind(other), other.id.val))
            setattr(obj, "_" + name, found)
            collection = LINKS.get((self.kind(obj), name), REFERENCES[name])
            if collection is not None:
                add_to(found, collection, obj)

    def delete(self, kind, oid, user):
        """Deletes an object with its links, and the annotations of a file. Returns {class name: [ids]}.

        What is not there, or not for this user to see, is passed over.
        """
        obj = self.find(kind, oid, user)
        if obj is None:
            return {}
        if not self.may_write(obj, user):
            raise violation("not permitted to delete %s[%d]" % (java_name(self.kind(obj)), oid))
        deleted = {}

        def drop(target):
            key = (self.kind(target), target.id.val)
            if self.objects.pop(key, None) is None:
                return
            deleted.setdefault("omero.model." + key[0], []).append(key[1])
            if key[0] == "OriginalFile" and os.path.exists(self.path(key[1])):
                os.remove(self.path(key[1]))
            for other in list(self.objects.values()):
                ends = [getattr(other, end, None) for end in ("parent", "child", "file")]
                if any(e is not None and (self.kind(e), e.id.val) == key for e in ends):
                    drop(other)
            held = getattr(target, "file", None)
            if key[0] == "FileAnnotation" and held is not None:
                drop(held)

        with self.lock:
            drop(obj)
        return deleted
