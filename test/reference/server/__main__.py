"""Starts the reference server: `python -m server` in this folder.

Users `user`, `colleague` and `stranger` have the password `pass`, `root` has `rootpass`. Prints `ready PORT SSL_PORT
DIRECTORY WS_PORT WSS_PORT` when it accepts log-ins (WebSockets at /omero-ws); ends on SIGTERM, SIGINT or the end of its standard input. Each line of standard input
is a request, answered by one line of JSON: `contents` (what the server holds), `expire` (ends all sessions).
"""
import argparse
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

import Ice
import omero
import omero.all
import omero.clients
import omero.util
from omero import ObjectFactoryRegistrar
from omero.columns import ObjectFactories as COLUMN_FACTORIES
from omero.hdfstorageV2 import HDFLIST
from omero.rtypes import ObjectFactories as RTYPE_FACTORIES
from omero.rtypes import rlong, rstring

from .session import SessionManager, Verifier
from .stateful import StatefulCalls
from .world import World, violation


# Seconds in which the session ends that its last connection has left.
ENDING = 0.05


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def communicator(message_size_max):
    init = Ice.InitializationData()
    init.properties = Ice.createProperties()
    settings = {"Ice.MessageSizeMax": message_size_max, "Ice.Default.EncodingVersion": "1.0", "Ice.ImplicitContext": "Shared",
                "Ice.ThreadPool.Server.Size": 8, "Ice.ThreadPool.Server.SizeMax": 16}
    for key, value in settings.items():
        init.properties.setProperty(key, str(value))
    ic = Ice.initialize(init)
    ObjectFactoryRegistrar.registerObjectFactory(ic, None)
    for factory in list(RTYPE_FACTORIES.values()) + list(COLUMN_FACTORIES.values()):
        factory.register(ic)
    return ic


class Session:
    def __init__(self, number, user, gid, idle_time, sudoer=None):
        self.number, self.user, self.gid, self.sudoer, self.idle_time = number, user, gid, sudoer, idle_time
        self.detached, self.used, self.references = False, time.monotonic(), 0

    def has_idled_out(self, now):
        return now - self.used >= self.idle_time


class Server:
    def __init__(self, directory, adapter, idle_time, seed, login_delay):
        self.stateful, self.login_delay = StatefulCalls(seed), login_delay
        self.world, self.adapter, self.idle_time = World(directory), adapter, idle_time
        self.sessions, self.joined, self.last_number, self.expired = {}, {}, 0, set()
        adapter.add(SessionManager(self), Ice.Identity("manager", ""))
        adapter.add(Verifier(self), Ice.Identity("verifier", ""))

    def new_session(self, user, group="", sudoer=None, idle_time=0):
        """Returns the key of a new session of a user, in the group named or in the user's default group."""
        gid = user.groups[0] if not group else next((g.id for g in self.world.groups.values() if g.name == group), None)
        if gid is None:
            raise omero.ApiUsageException(None, None, "No such group: %s" % group)
        key = str(uuid.uuid4())
        self.last_number += 1
        self.sessions[key] = Session(self.last_number, user, gid, idle_time or self.idle_time, sudoer)
        return key

    def sudo(self, asker, name, group, idle_time):
        user = self.world.users.get(name)
        if user is None:
            raise omero.AuthenticationException("Error creating session.")
        if not (asker.admin or user is asker):
            raise violation("%s may not act as %s" % (asker.name, name))
        key = self.new_session(user, group, None if user is asker else asker, idle_time)
        self.sessions[key].detached = True
        return key

    def session(self, session_uuid):
        """The session of a key; says as Java does that it has ended."""
        session = self.sessions.get(session_uuid)
        if session is None:
            raise omero.RemovedSessionException(None, None, "No context for session")
        return session

    def sudoer(self, session_uuid):
        return self.session(session_uuid).sudoer

    def session_model(self, session_uuid):
        session, model = self.session(session_uuid), omero.model.SessionI()
        model.id, model.uuid = rlong(session.number), rstring(session_uuid)
        model.timeToIdle, model.timeToLive = rlong(int(session.idle_time * 1000)), rlong(0)
        model.owner = self.world.experimenter(session.user)
        return model

    def touch(self, session_uuid):
        """Notes that a session is in use. False if there is none of that key."""
        session, now = self.sessions.get(session_uuid), time.monotonic()
        if session is not None and session.has_idled_out(now):
            self.expire_one(session_uuid)
            session = None
        if session is None:
            return False
        session.used = now
        return True

    def join(self, factory, control):
        self.session(factory.uuid).references += 1
        self.joined[(factory.uuid, factory.client)] = (factory, control)

    def leave(self, factory):
        self.joined.pop((factory.uuid, factory.client), None)
        still = any(key[0] == factory.uuid for key in self.joined)
        session = self.sessions.get(factory.uuid)
        if session is None:
            return
        session.references -= 1
        if not still and not session.detached:
            # As Glacier2 does: who joins meanwhile is let in, and finds the session gone.
            threading.Timer(ENDING, self.sessions.pop, (factory.uuid, None)).start()

    def close(self, session_uuid):
        """Counts down how often a session is joined; ends it with the last one, and answers -2 then."""
        session = self.sessions.get(session_uuid)
        if session is None:
            return -1
        session.references -= 1
        if session.references > 0:
            return session.references
        self.end(session_uuid)
        return -2

    def expire_one(self, session_uuid):
        """Ends a session that has idled out, of which its connections are told when they ask for something."""
        self.expired.add(session_uuid)
        for factory in [factory for factory, _ in list(self.joined.values()) if factory.uuid == session_uuid]:
            factory.close_tables()
        return self.sessions.pop(session_uuid, None) is not None

    def end(self, session_uuid):
        """Ends a session and all connections to it. False if there is none of that key."""
        if self.sessions.pop(session_uuid, None) is None:
            return False
        for factory, control in [part for key, part in list(self.joined.items()) if key[0] == session_uuid]:
            try:
                control.destroy()
            except Ice.Exception:
                pass
        return True

    def expire(self):
        """Ends all sessions as if they had idled out."""
        return {"expired": sum(self.expire_one(key) for key in list(self.sessions))}

    def expire_idle(self):
        now = time.monotonic()
        for key in [key for key, session in list(self.sessions.items()) if session.has_idled_out(now)]:
            self.expire_one(key)

    def contents(self):
        kinds = {}
        for kind, oid in list(self.world.objects):
            kinds.setdefault(kind, []).append(oid)
        files = sorted(int(f) for f in os.listdir(self.world.directory) if f.isdigit())
        open_tables = sum(1 for storage in HDFLIST._HDFList__filenames) if hasattr(HDFLIST, "_HDFList__filenames") else 0
        return {"objects": {k: sorted(v) for k, v in kinds.items() if max(v) > 1000}, "files": files,
                "mostStatefulCalls": self.stateful.most, "sessions": len(self.sessions), "connections": len(self.joined), "openTables": open_tables,
                "keepAlives": sum(factory.keep_alives for factory, _ in self.joined.values())}


def router_config(a, ports, back):
    tls = ["IceSSL.Ciphers=ADH:@SECLEVEL=0", "IceSSL.VerifyPeer=0", "IceSSL.Protocols=tls1_0,tls1_1,tls1_2"]
    if a.cert:
        tls = ["IceSSL.CertFile=" + a.cert, "IceSSL.KeyFile=" + a.key, "IceSSL.VerifyPeer=0", "IceSSL.Protocols=tls1_2"]
    return "\n".join([
        "Glacier2.Client.Endpoints=" + ":".join(
            "%s -h 127.0.0.1 -p %d%s" % (protocol, port, " -r /omero-ws" if "ws" in protocol else "")
            for protocol, port in ports.items()),
        "Glacier2.Server.Endpoints=tcp -h 127.0.0.1",
        "Glacier2.SessionManager=manager:tcp -h 127.0.0.1 -p %d" % back,
        "Glacier2.PermissionsVerifier=verifier:tcp -h 127.0.0.1 -p %d" % back,
        "Glacier2.SessionTimeout=%d" % a.timeout, "Ice.MessageSizeMax=%d" % a.max, "Glacier2.InstanceName=OMERO.Glacier2",
        "Glacier2.Client.ForwardContext=1", "Glacier2.Client.ACM.Close=4", "Ice.Default.EncodingVersion=1.0",
        "Ice.Warn.Connections=0", "Ice.Plugin.IceSSL=IceSSL:createIceSSL", *tls]) + "\n"


def answer_requests(server, stop):
    for line in sys.stdin:
        request = line.strip()
        answer = {"contents": server.contents, "expire": server.expire}.get(request)
        print(json.dumps(answer() if answer else {"error": "unknown request " + request}), flush=True)
    stop()


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--port", type=int, default=0, help="plain tcp port (0: any free one)")
    p.add_argument("--ssl", type=int, default=0, help="TLS port (0: any free one)")
    p.add_argument("--dir", default=None, help="where the tables' HDF5 files are kept")
    p.add_argument("--max", type=int, default=65536, help="Ice.MessageSizeMax in KiB")
    p.add_argument("--seed", type=int, default=1, help="decides what is left to chance")
    p.add_argument("--login-delay", type=float, default=0, help="seconds before a wrong password is refused")
    p.add_argument("--timeout", type=int, default=600, help="idle seconds after which a session ends")
    p.add_argument("--cert", help="certificate file (PEM) for the TLS port; anonymous without it")
    p.add_argument("--key", help="private key file (PEM)")
    p.add_argument("-v", action="store_true")
    a = p.parse_args()
    logging.basicConfig(level=logging.INFO if a.v else logging.ERROR)
    directory = a.dir or tempfile.mkdtemp(prefix="reference-tables")
    ports = {"tcp": a.port or free_port(), "ssl": a.ssl or free_port(), "ws": free_port(), "wss": free_port()}
    back = free_port()
    ic = communicator(a.max)
    adapter = ic.createObjectAdapterWithEndpoints("back", "tcp -h 127.0.0.1 -p %d" % back)
    server = Server(directory, adapter, a.timeout, a.seed, a.login_delay)
    adapter.activate()
    config = os.path.join(directory, "glacier2.cfg")
    with open(config, "w") as f:
        f.write(router_config(a, ports, back))
    router = subprocess.Popen(["glacier2router", "--Ice.Config=" + config], stdin=subprocess.DEVNULL)

    def stop(*_):
        router.terminate()
        ic.shutdown()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while router.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", ports["tcp"]), 0.2).close()
            break
        except OSError:
            threading.Event().wait(0.05)
    print("ready", ports["tcp"], ports["ssl"], directory, ports["ws"], ports["wss"], flush=True)
    threading.Thread(target=answer_requests, args=(server, stop), daemon=True).start()
    while not ic.isShutdown() and router.poll() is None:
        threading.Event().wait(0.2)
        server.expire_idle()
    router.terminate()
    router.wait()
    os._exit(0)


if __name__ == "__main__":
    main()
