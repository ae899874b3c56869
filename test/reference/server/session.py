"""Sessions: the service factory behind a log-in, its shared resources, and Glacier2's two callbacks."""
import logging
import os
import time
import uuid

import Ice
import Glacier2
import omero
from omero import tables
from omero.hdfstorageV2 import HDFLIST
from omero.rtypes import rint, rlong, rstring

from . import servants
from .servants import Amd, Scope
from .world import violation


class TableContext:
    """The part of omero.util.ServerContext that TableI uses."""

    def __init__(self, factory):
        self.factory, self.communicator = factory, factory.adapter.getCommunicator()
        self.on_newsession = self.on_close = None
        self.logger = logging.getLogger("reference.table")
        self.stop_event = omero.util.concurrency.get_event(name="reference")

    def getSession(self, recreate=True): return self.factory


class TableFactory:
    """What TableI asks of the session that opened it."""

    def __init__(self, session): self.session = session
    def getAdminService(self): return self
    def canUpdate(self, obj, ctx=None): return servants.Admin(self.session).canUpdate(obj)
    def ice_getIdentity(self): return Ice.Identity(self.session.uuid, "session-" + self.session.client)

    def createRawFileStore(self, ctx=None):
        store = servants.RawFileStore(self.session.scope)

        class Plain:
            def __getattr__(self, name):
                return lambda *args: getattr(servants.RawFileStore, name)(store, *args)
        return Plain()


class SharedResources(Amd, omero.grid.SharedResources):
    def __init__(self, session): self.session, self.scope = session, session.scope
    def areTablesEnabled(self, current=None): return True

    def repositories(self, current=None):
        d = omero.model.OriginalFileI()
        d.id, d.name, d.path = rlong(1), rstring("ManagedRepository"), rstring("/")
        return omero.grid.RepositoryMap([d], [None])

    def newTable(self, repository, name, current=None):
        f = omero.model.OriginalFileI()
        f.name = f.path = rstring(name)
        f.mimetype, f.size = rstring("OMERO.tables"), rlong(0)
        return self.session.table(self.scope.world.save(f, self.scope.writing_group(current), self.scope.user), current)

    def openTable(self, file, current=None):
        found = self.scope.world.find("OriginalFile", file.id.val, self.scope.user, -1)
        if found is None or not os.path.exists(self.scope.world.path(found.id.val)):
            return None
        return self.session.table(found, current)


class ServiceFactory(Amd, omero.api.ServiceFactory):
    def __init__(self, server, user, session_uuid, client):
        self.server, self.uuid, self.client, self.adapter = server, session_uuid, client, server.adapter
        self.gid = user.groups[0]
        self.scope = Scope(server.world, user, lambda: self.gid)
        self.identities, self.keep_alives = [], 0

    def add(self, servant, prx):
        identity = Ice.Identity(str(uuid.uuid4()), self.uuid)
        self.identities.append(identity)
        return prx.uncheckedCast(self.adapter.add(servant, identity))

    def table(self, file, current):
        read_only = not self.scope.world.may_write(file, self.scope.user)
        table = tables.TableI(
            TableContext(self), file, self.scope.world.path(file.id.val), TableFactory(self), HDFLIST,
            read_only=read_only, uuid=str(uuid.uuid4()), call_context=dict(current.ctx), adapter=self.adapter)
        table.id.category = self.uuid
        self.identities.append(table.id)
        return omero.grid.TablePrx.uncheckedCast(self.adapter.add(table, table.id))

    def getAdminService(self, current=None): return self.add(servants.Admin(self), omero.api.IAdminPrx)
    def getConfigService(self, current=None): return self.add(servants.Config(), omero.api.IConfigPrx)
    def getQueryService(self, current=None): return self.add(servants.QueryService(self.scope), omero.api.IQueryPrx)
    def getUpdateService(self, current=None): return self.add(servants.Update(self.scope), omero.api.IUpdatePrx)
    def getSessionService(self, current=None): return self.add(servants.SessionService(self), omero.api.ISessionPrx)
    def createRawFileStore(self, current=None): return self.add(servants.RawFileStore(self.scope), omero.api.RawFileStorePrx)
    def sharedResources(self, current=None): return self.add(SharedResources(self), omero.grid.SharedResourcesPrx)

    def getByName(self, name, current=None):
        file = self.scope.world.find("OriginalFile", int(name), self.scope.user, -1)
        return omero.api.ServiceInterfacePrx.uncheckedCast(self.table(file, current))

    def submit(self, request, current=None):
        return self.add(servants.Handle(request, self.scope), omero.cmd.HandlePrx)

    def setCallback(self, callback, current=None): pass

    def keepAlive(self, prx, current=None):
        self.keep_alives += 1
        return True

    def keepAllAlive(self, proxies, current=None):
        self.keep_alives += 1
        return (1 << len(proxies)) - 1

    def closeOnDestroy(self, current=None): self.server.sessions[self.uuid]["detached"] = False
    def detachOnDestroy(self, current=None): self.server.sessions[self.uuid]["detached"] = True
    def activeServices(self, current=None): return []
    def getStatefulServices(self, current=None): return []
    def getSecurityContexts(self, current=None): return [omero.model.ExperimenterGroupI(g, False) for g in self.scope.user.groups]

    def setSecurityContext(self, obj, current=None):
        if obj.id.val not in self.scope.user.groups and not self.scope.user.admin:
            raise violation("User %s is not a member of group %d" % (self.scope.user.name, obj.id.val))
        before, self.gid = self.gid, obj.id.val
        return omero.model.ExperimenterGroupI(before, False)

    def model(self, session_uuid):
        s = omero.model.SessionI()
        s.id, s.uuid = rlong(1), rstring(session_uuid)
        s.timeToIdle, s.timeToLive = rlong(600000), rlong(0)
        s.owner = self.server.world.experimenter(self.server.sessions[session_uuid]["user"])
        return s

    def sudo(self, name):
        user = self.server.world.users.get(name)
        if user is None or not (self.scope.user.admin or user is self.scope.user):
            raise violation("%s may not act as %s" % (self.scope.user.name, name))
        other = str(uuid.uuid4())
        self.server.sessions[other] = {"user": user, "detached": True}
        return self.model(other)

    def destroy(self, current=None):
        for identity in self.identities:
            try:
                servant = self.adapter.remove(identity)
                if isinstance(servant, tables.TableI):
                    servant.cleanup()
            except (Ice.NotRegisteredException, OSError):
                pass
        self.server.leave(self)


class SessionManager(Glacier2.SessionManager):
    def __init__(self, server): self.server = server

    def create(self, name, control, current=None):
        client = current.ctx.get("omero.client.uuid", str(uuid.uuid4()))
        sessions = self.server.sessions
        if name in sessions:
            session_uuid = name
        else:
            session_uuid = str(uuid.uuid4())
            sessions[session_uuid] = {"user": self.server.world.users[name], "detached": False}
        factory = ServiceFactory(self.server, sessions[session_uuid]["user"], session_uuid, client)
        group = current.ctx.get("omero.group", "")
        if group and int(group) in factory.scope.user.groups:
            factory.gid = int(group)
        self.server.join(factory, control)
        identity = Ice.Identity(session_uuid, "session-" + client)
        if self.server.adapter.find(identity):
            self.server.adapter.remove(identity)
        return Glacier2.SessionPrx.uncheckedCast(self.server.adapter.add(factory, identity))


class Verifier(Glacier2.PermissionsVerifier):
    def __init__(self, server): self.server = server

    def checkPermissions(self, name, password, current=None):
        if name == password and name in self.server.sessions:
            return (True, "")
        user = self.server.world.users.get(name)
        return (user is not None and user.password == password, "Password check failed for '%s'" % name)
