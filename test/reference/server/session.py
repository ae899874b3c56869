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
                # The last argument is the context of the call.
                return lambda *args: getattr(servants.RawFileStore, name)(store, *args[:-1])
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
        return self.session.table(self.scope.save(f, current), current)

    def openTable(self, file, current=None):
        world = self.scope.world
        found = world.get("OriginalFile", file.id.val, self.scope.user, -1)
        path = world.path(found.id.val)
        if not (os.path.exists(path) and tables_are_in(path)):
            raise omero.InternalException(None, None, "null table as argument")
        return self.session.table(found, current)


def tables_are_in(path):
    with open(path, "rb") as f:
        return f.read(8) == b"\x89HDF\r\n\x1a\n"


class ServiceFactory(Amd, omero.api.ServiceFactory):
    """One connection's part in a session."""

    def __init__(self, server, session_uuid, client):
        self.server, self.uuid, self.client, self.adapter = server, session_uuid, client, server.adapter
        self.user = server.session(session_uuid).user
        self.scope = Scope(self)
        self.identities, self.keep_alives = [], 0

    @property
    def gid(self): return self.server.session(self.uuid).gid

    def touch(self):
        """Notes that the session is in use; tells one that has idled out as Java does, which declares nothing for it."""
        try:
            self.scope.touch()
        except omero.SessionTimeoutException as e:
            raise servants.Undeclared("ome.conditions.SessionTimeoutException: " + e.message)

    def add(self, servant, prx):
        self.touch()
        identity = Ice.Identity(str(uuid.uuid4()) + servant.ice_id()[2:].replace("::", "."), self.uuid)
        self.identities.append(identity)
        return prx.uncheckedCast(self.adapter.add(servant, identity))

    def remove(self, current):
        """No longer offers the object that a call is for."""
        if current is not None and current.id in self.identities:
            self.identities.remove(current.id)
            self.adapter.remove(current.id)

    def open_services(self):
        """Names of the services with a state that are open."""
        servants_by_name = {identity.name: self.adapter.find(identity) for identity in list(self.identities)}
        return [name for name, servant in servants_by_name.items() if hasattr(servant, "turn")]

    def table(self, file, current):
        read_only = not self.scope.world.may_write(file, self.scope.user)
        table = tables.TableI(
            TableContext(self), file, self.scope.world.path(file.id.val), TableFactory(self), HDFLIST,
            read_only=read_only, uuid=str(uuid.uuid4()), call_context=dict(current.ctx), adapter=self.adapter)
        table.id.category = self.uuid
        self.identities.append(table.id)
        return omero.grid.TablePrx.uncheckedCast(self.adapter.add(table, table.id))

    def getAdminService(self, current=None): return self.add(servants.Admin(self), omero.api.IAdminPrx)
    def getConfigService(self, current=None): return self.add(servants.Config(self.scope.world), omero.api.IConfigPrx)
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
        self.scope.touch()
        self.keep_alives += 1
        return prx is not None

    def keepAllAlive(self, proxies, current=None):
        self.scope.touch()
        self.keep_alives += 1
        return (1 << len(proxies)) - 1 if proxies else -1

    def closeOnDestroy(self, current=None): self.server.session(self.uuid).detached = False
    def detachOnDestroy(self, current=None): self.server.session(self.uuid).detached = True
    def activeServices(self, current=None): return []
    def getStatefulServices(self, current=None): return []
    def getSecurityContexts(self, current=None): return [omero.model.ExperimenterGroupI(g, False) for g in self.user.groups]

    def setSecurityContext(self, obj, current=None):
        open_services = self.open_services()
        if open_services:
            raise violation("SecurityContext change cancelled:\n%s has active stateful services:\n\n%s\n"
                            % (self.uuid, "\n".join(open_services)))
        session, gid = self.server.session(self.uuid), self.scope.member(obj.id.val)
        before, session.gid = session.gid, gid
        return omero.model.ExperimenterGroupI(before, False)

    def close_tables(self):
        """What a session holds open elsewhere goes with it."""
        self.withdraw(identity for identity in list(self.identities) if isinstance(self.adapter.find(identity), tables.TableI))

    def withdraw(self, identities):
        for identity in identities:
            try:
                servant = self.adapter.remove(identity)
                if isinstance(servant, tables.TableI):
                    servant.cleanup()
            except (Ice.NotRegisteredException, OSError):
                pass

    def destroy(self, current=None):
        self.withdraw(self.identities)
        self.server.leave(self)


class SessionManager(Glacier2.SessionManager):
    def __init__(self, server): self.server = server

    def create(self, name, control, current=None):
        client = current.ctx.get("omero.client.uuid", str(uuid.uuid4()))
        server = self.server
        joined = server.touch(name)
        # The key of a session that has ended is taken for a user's name.
        if name in server.expired or not (joined or name in server.world.users):
            raise unknown_user(name)
        session_uuid = name if joined else self.new_session(name, current.ctx.get("omero.group", ""))
        try:
            factory = ServiceFactory(server, session_uuid, client)
            server.join(factory, control)
        except omero.RemovedSessionException:
            raise unknown_user(name)
        identity = Ice.Identity(session_uuid, "session-" + client)
        if server.adapter.find(identity):
            server.adapter.remove(identity)
        return Glacier2.SessionPrx.uncheckedCast(server.adapter.add(factory, identity))

    def new_session(self, name, group):
        """A new session, in the user's default group unless `group` names another: by name, as OMERO has it."""
        try:
            return self.server.new_session(self.server.world.users[name], group)
        except omero.ServerError as e:
            raise omero.WrappedCreateSessionException(e.message, False, 0, type(e).__name__)


def unknown_user(name):
    return Glacier2.CannotCreateSessionException("Can't find default group for %s" % name)


class Verifier(Glacier2.PermissionsVerifier):
    def __init__(self, server): self.server = server

    def checkPermissions(self, name, password, current=None):
        if name == password and (self.server.touch(name) or name in self.server.expired):
            return (True, "")
        user = self.server.world.users.get(name)
        if user is not None and user.password != password:
            user.failures += 1
            # The first wrong password since the last log-in is refused at once.
            time.sleep(self.server.login_delay if user.failures > 1 else 0)
        elif user is not None:
            user.failures = 0
        return (user is not None and user.password == password, "Password check failed for '%s'" % name)
