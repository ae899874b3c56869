"""The services of a session, as far as table clients call them."""
import logging
import os

import Glacier2
import omero
import omero.all
from omero.rtypes import rlong, rstring, unwrap

from .hql import Query
from .stateful import NoAnswer
from .world import java_name, violation

log = logging.getLogger("reference")
VOID = {"saveObject", "saveArray", "saveCollection", "deleteObject", "setFileId", "write", "close", "activate",
        "passivate", "setCallback", "closeOnDestroy", "detachOnDestroy", "subscribe"}


def timed_out(session_uuid):
    return omero.SessionTimeoutException(None, None, "Session (%s) exceeded timeToIdle" % session_uuid)


class Undeclared(Exception):
    """What clients get as an UnknownException, with its text."""


class Amd:
    """Serves the asynchronous dispatch that OMERO's generated classes declare with plain methods."""

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        for name, fn in list(vars(cls).items()):
            if callable(fn) and hasattr(cls, name + "_async"):
                setattr(cls, name + "_async", dispatcher(name, fn))


def dispatcher(name, fn):
    def call(self, cb, *args):
        try:
            scope = getattr(self, "scope", None)
            if scope is not None:
                scope.touch()
            turn = getattr(self, "turn", None)
            answer = turn.run(lambda: fn(self, *args)) if turn else fn(self, *args)
        except NoAnswer:
            return None
        except Exception as e:
            if not isinstance(e, (omero.ServerError, Glacier2.CannotCreateSessionException)):
                log.exception("servant error in %s", name)
                e = omero.InternalException(None, None, repr(e))
            return cb.ice_exception(e)
        return cb.ice_response() if answer is None and name in VOID else cb.ice_response(answer)
    return call


class Scope:
    """Who asks, and in which group."""

    def __init__(self, session):
        self.session, self.user, self.world = session, session.user, session.server.world
        self.session_uuid = session.uuid

    def touch(self):
        """Notes that the session is in use, or says that it has ended."""
        if not self.session.server.touch(self.session_uuid):
            if self.session_uuid in self.session.server.expired:
                raise timed_out(self.session_uuid)
            raise omero.RemovedSessionException(None, None, "No context for session")

    def group(self, current):
        """Id of the group to work in, -1 for all."""
        value = (current.ctx if current else {}).get("omero.group") or ""
        gid = int(value) if value.strip() else self.session.gid
        return gid if gid < 0 else self.member(gid)

    def writing_group(self, current):
        gid = self.group(current)
        if gid < 0:
            raise violation("Group -1 (all groups) is for reading only")
        return gid

    def member(self, gid):
        if gid not in self.user.groups and not self.user.admin:
            raise violation("User %d is not a member of group %d and cannot login" % (self.user.id, gid))
        return gid

    def save(self, obj, current):
        return self.world.save(obj, self.writing_group(current), self.user, self.session_uuid)

    def shown(self, obj):
        return self.world.shown(obj, self.user) if isinstance(obj, omero.model.IObject) else obj


ADMIN_PRIVILEGES = [
    "Chgrp", "Chown", "DeleteFile", "DeleteManagedRepo", "DeleteOwned", "DeleteScriptRepo", "ModifyGroup",
    "ModifyGroupMembership", "ModifyUser", "ReadSession", "Sudo", "WriteFile", "WriteManagedRepo", "WriteOwned",
    "WriteScriptRepo"]


def privilege(number, name):
    entry = omero.model.AdminPrivilegeI(number + 1, True)
    entry.value = rstring(name)
    return entry


class Admin(Amd, omero.api.IAdmin):
    def __init__(self, session): self.session, self.scope = session, session.scope

    def getEventContext(self, current=None):
        user, world = self.scope.user, self.scope.world
        gid = self.scope.member(self.session.gid)
        ec = omero.sys.EventContext()
        ec.groupId, ec.groupName, ec.userId, ec.userName = gid, world.groups[gid].name, user.id, user.name
        ec.isAdmin, ec.sessionId, ec.sessionUuid, ec.eventId, ec.eventType = user.admin, 1, self.session.uuid, -1, "User"
        ec.memberOfGroups, ec.leaderOfGroups = list(user.groups), list(user.leads)
        ec.groupPermissions = omero.model.PermissionsI(world.groups[gid].permissions)
        ec.adminPrivileges = ADMIN_PRIVILEGES if user.admin else []
        sudoer = self.session.server.sudoer(self.session.uuid)
        if sudoer is not None:
            ec.sudoerId, ec.sudoerName = rlong(sudoer.id), rstring(sudoer.name)
        return ec

    def canUpdate(self, obj, current=None):
        world = self.scope.world
        found = world.find(world.kind(obj), obj.id.val, self.scope.user, -1)
        return found is not None and world.may_write(found, self.scope.user)

    def lookupGroup(self, name, current=None):
        group = next((g for g in self.scope.world.groups.values() if g.name == name), None)
        if group is None:
            raise omero.ApiUsageException(None, None, "No such group: %s" % name)
        return self.scope.world.experimenter_group(group.id)

    def getGroup(self, gid, current=None):
        if gid not in self.scope.world.groups:
            raise omero.ApiUsageException(None, None, "No such group: %d" % gid)
        return self.scope.world.experimenter_group(gid)

    def lookupGroups(self, current=None):
        return [self.scope.world.experimenter_group(g) for g in self.scope.world.groups]

    def containedGroups(self, uid, current=None):
        user = next(u for u in self.scope.world.users.values() if u.id == uid)
        return [self.scope.world.experimenter_group(g) for g in user.groups]

    def getExperimenter(self, uid, current=None):
        user = next((u for u in self.scope.world.users.values() if u.id == uid), None)
        if user is None:
            raise omero.ApiUsageException(None, None, "No such experimenter: %d" % uid)
        return self.scope.world.experimenter(user)

    def lookupExperimenter(self, name, current=None):
        if name not in self.scope.world.users:
            raise omero.ApiUsageException(None, None, "No such experimenter: %s" % name)
        return self.scope.world.experimenter(self.scope.world.users[name])

    def lookupExperimenters(self, current=None):
        return [self.scope.world.experimenter(u) for u in self.scope.world.users.values()]

    def containedExperimenters(self, gid, current=None):
        return [self.scope.world.experimenter(u) for u in self.scope.world.users.values() if gid in u.groups]

    def getCurrentAdminPrivileges(self, current=None):
        return [privilege(number, name) for number, name in enumerate(ADMIN_PRIVILEGES) if self.scope.user.admin]

    def getSecurityRoles(self, current=None):
        roles = omero.sys.Roles()
        roles.rootId, roles.rootName, roles.guestId, roles.guestName = 0, "root", 1, "guest"
        roles.systemGroupId, roles.systemGroupName, roles.userGroupId, roles.userGroupName = 0, "system", 1, "user"
        roles.guestGroupId, roles.guestGroupName = 2, "guest"
        return roles


class Config(Amd, omero.api.IConfig):
    def __init__(self, world): self.world = world
    def getConfigValue(self, key, current=None): return ""
    def getVersion(self, current=None): return "5.6.14"
    def getDatabaseUuid(self, current=None): return self.world.uuid
    def getClientConfigValues(self, current=None): return {}


class QueryService(Amd, omero.api.IQuery):
    def __init__(self, scope): self.scope = scope

    def find(self, kind, oid, current=None):
        return self.scope.shown(self.scope.world.asked(kind, oid, self.scope.user, self.scope.group(current)))

    def get(self, kind, oid, current=None):
        return self.scope.shown(self.scope.world.get(kind, oid, self.scope.user, self.scope.group(current)))

    def run(self, text, params, current):
        log.info("query %s %s", text, params and params.map)
        query = Query(text)
        parameters = dict(params.map or {}) if params else {}
        found = query.run(self.scope.world, self.scope.user, self.scope.group(current), parameters)
        return query, page(found, params.theFilter if params else None)

    def findAllByQuery(self, text, params, current=None):
        query, found = self.run(text, params, current)
        return [self.scope.shown(query.value(o, query.select[0])) for o in found]

    def findByQuery(self, text, params, current=None):
        found = self.findAllByQuery(text, params, current)
        if len(found) > 1:
            raise omero.ApiUsageException(None, None, "Query named:\n\n\t%s\n\nhas returned more than one Object" % text)
        return found[0] if found else None

    def projection(self, text, params, current=None):
        query, found = self.run(text, params, current)
        rows = query.rows(found)
        return [[v if v is None or isinstance(v, omero.RType) else omero.rtypes.robject(v) for v in row] for row in rows]


def page(rows, theFilter):
    """The part of the rows that is asked for."""
    offset = (theFilter and unwrap(theFilter.offset)) or 0
    limit = unwrap(theFilter.limit) if theFilter else None
    return rows[offset:] if limit is None else rows[offset:offset + limit]


class Update(Amd, omero.api.IUpdate):
    def __init__(self, scope): self.scope = scope

    def saveAndReturnObject(self, obj, current=None): return self.scope.shown(self.scope.save(obj, current))
    def saveObject(self, obj, current=None): self.scope.save(obj, current)

    def saveAndReturnArray(self, objects, current=None):
        return [self.saveAndReturnObject(o, current) for o in objects]

    def saveArray(self, objects, current=None):
        for obj in objects:
            self.scope.save(obj, current)

    def saveCollection(self, objects, current=None): self.saveArray(objects, current)

    def deleteObject(self, obj, current=None):
        self.scope.world.delete(self.scope.world.kind(obj), obj.id.val, self.scope.user)


NOT_INITIALIZED = """This RawFileStore has not been properly initialized.
Please set the file id before executing any other methods.
"""


class RawFileStore(Amd, omero.api.RawFileStore):
    def __init__(self, scope):
        self.scope, self.file_id, self.modified = scope, None, False
        self.turn = scope.session.server.stateful.turn()

    def setFileId(self, file_id, current=None):
        self.scope.world.get("OriginalFile", file_id, self.scope.user, -1)
        self.file_id, self.modified = file_id, False

    def path(self):
        if self.file_id is None:
            raise omero.ApiUsageException(None, None, NOT_INITIALIZED)
        return self.scope.world.path(self.file_id)

    def getFileId(self, current=None): return rlong(self.file_id)
    def exists(self, current=None): return os.path.exists(self.path())
    def size(self, current=None): return os.path.getsize(self.path()) if os.path.exists(self.path()) else 0

    def read(self, offset, length, current=None):
        with open(self.path(), "rb") as f:
            f.seek(offset)
            found = f.read(length)
        return found.ljust(length, b"\0")

    def write(self, data, offset, length, current=None):
        original = self.scope.world.find("OriginalFile", self.file_id, self.scope.user, -1)
        if not self.scope.world.may_write(original, self.scope.user):
            raise violation("Writing OriginalFile:%d not permitted" % self.file_id)
        path = self.path()
        with open(path, "r+b" if os.path.exists(path) else "w+b") as f:
            f.seek(offset)
            f.write(bytes(data)[:length])
        self.modified = True

    def truncate(self, size, current=None):
        if self.size() <= size:
            return False
        os.truncate(self.path(), size)
        self.modified = True
        return True

    def save(self, current=None):
        if not self.exists():
            open(self.path(), "xb").close()
            self.modified = True
        if not self.modified:
            return None
        self.modified = False
        return self.scope.world.describe(self.file_id)

    def close(self, current=None):
        if self.modified:
            self.save()
        self.scope.session.remove(current)

    def activate(self, current=None): pass
    def passivate(self, current=None): pass
    def getCurrentEventContext(self, current=None): return None


class SessionService(Amd, omero.api.ISession):
    def __init__(self, session): self.session, self.scope = session, session.scope

    def getSession(self, session_uuid, current=None):
        return self.session.server.session_model(session_uuid)

    def createSessionWithTimeouts(self, principal, to_live, to_idle, current=None):
        server = self.session.server
        return server.session_model(server.sudo(self.scope.user, principal.name, principal.group, to_idle / 1000))

    def createSessionWithTimeout(self, principal, to_live, current=None):
        return self.createSessionWithTimeouts(principal, to_live, 0)

    def createUserSession(self, to_live, to_idle, group, current=None):
        server = self.session.server
        return server.session_model(server.sudo(self.scope.user, self.scope.user.name, group, to_idle / 1000))

    def closeSession(self, session, current=None):
        return self.session.server.close(session.uuid.val)


class Handle(Amd, omero.cmd.Handle):
    """A finished request: `Delete2` is carried out when it is submitted."""

    def __init__(self, request, scope):
        self.session = scope.session
        self.request, self.response = request, self.carry_out(request, scope)

    @staticmethod
    def carry_out(request, scope):
        if not isinstance(request, omero.cmd.Delete2):
            return omero.cmd.ERR("reference", "unsupported request " + request.ice_id(), {})
        deleted = {}
        try:
            for kind, ids in request.targetObjects.items():
                for oid in ids:
                    if scope.world.find(kind, oid, scope.user) is None:
                        raise violation("cannot read %s[%d]" % (java_name(kind), oid))
                    for name, gone in scope.world.delete(kind, oid, scope.user).items():
                        deleted.setdefault(name, []).extend(gone)
        except omero.ServerError as e:
            return omero.cmd.GraphException("::omero::cmd::Delete2", "graph-fail", {"message": ""}, e.message)
        return omero.cmd.Delete2Response(deleted)

    def getRequest(self, current=None): return self.request
    def getResponse(self, current=None): return self.response

    def getStatus(self, current=None):
        status = omero.cmd.Status()
        failed = isinstance(self.response, omero.cmd.ERR)
        status.category, status.name = (self.response.category, self.response.name) if failed else ("", "")
        status.flags = [omero.cmd.State.FAILURE, omero.cmd.State.CANCELLED] if failed else []
        status.currentStep = status.steps = 1
        return status

    def addCallback(self, callback, current=None): pass
    def removeCallback(self, callback, current=None): pass
    def cancel(self, current=None): return False
    def close(self, current=None): self.session.remove(current)
