/**
 * Ice's own client, which speaks encoding 1.1 unless told otherwise, against our server.
 */
import { Glacier2, Ice } from "ice";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IceUserException } from "../../../../src/connect/ice/codec/ice-exception.js";
import type { Router } from "../../../../src/connect/ice/schema/omero.js";
import { createIceServer, type IceListener, type IceServer } from "../../../../src/connect/ice/serve/ice-server.js";
import type { Servant } from "../../../../src/connect/ice/serve/served-object.js";

let server: IceServer;
let listener: IceListener;
const added: string[] = [];

const router: Servant<Router> = {
  getCategoryForClient: () => "category ü",
  getSessionTimeout: () => 600n,
  getACMTimeout: () => -7,
  getServerProxy: () => server.proxy({ category: "x y", name: 'a"/b' }, listener),
  getClientProxy: () => null,
  addProxies: (proxies) => {
    added.push(...proxies.map((proxy) => `${proxy?.identity.category}/${proxy?.identity.name}`));
    return proxies;
  },
  createSession: (user, password, current) => {
    if (password === "pass") return server.proxy({ category: `session-${current.context.get("client")}`, name: user });
    const [id, members] =
      password === "banned"
        ? ([
            "::omero::WrappedCreateSessionException",
            { reason: "banned ü", concurrency: true, backOff: 3n, type: "t" },
          ] as const)
        : (["::Glacier2::PermissionDeniedException", { reason: "wrong ü" }] as const);
    throw new IceUserException(id, members);
  },
};

beforeAll(async () => {
  server = await createIceServer();
  listener = await server.listen({ port: 0 });
  server.register({
    identity: { category: "OMERO.Glacier2", name: "router" },
    sliceId: "::Glacier2::Router",
    servant: router,
  });
});
afterAll(() => server.close());

describe.each(["1.0", "1.1"])("Ice's client in encoding %s", (encoding) => {
  let communicator: Ice.Communicator;
  let remote: Glacier2.RouterPrx;

  beforeAll(async () => {
    const data = new Ice.InitializationData();
    data.properties = Ice.createProperties();
    data.properties.setProperty("Ice.Default.EncodingVersion", encoding);
    communicator = Ice.initialize(data);
    const proxy = communicator.stringToProxy(`OMERO.Glacier2/router:tcp -h 127.0.0.1 -p ${listener.port}`);
    remote = (await Glacier2.RouterPrx.checkedCast(proxy))!;
  });
  afterAll(() => communicator.destroy());

  it("gets numbers and texts", async () => {
    expect(await remote.getCategoryForClient()).toBe("category ü");
    expect((await remote.getSessionTimeout()).toNumber()).toBe(600);
    expect(await remote.getACMTimeout()).toBe(-7);
    expect(await remote.ice_ids()).toEqual(["::Glacier2::Router", "::Ice::Object", "::Ice::Router"]);
  });

  it("gets proxies", async () => {
    const proxy = (await remote.getServerProxy())!;
    expect(proxy.ice_getIdentity()).toMatchObject({ category: "x y", name: 'a"/b' });
    expect(proxy.ice_getEndpoints()[0]!.toString()).toContain(`tcp -h 127.0.0.1 -p ${listener.port}`);
    expect(proxy.ice_getEncodingVersion().minor).toBe(0);
    expect((await remote.getClientProxy())[0]).toBeNull();
    const session = (await remote.createSession("me", "pass", new Map([["client", "7"]])))!;
    expect(session.ice_getIdentity()).toMatchObject({ category: "session-7", name: "me" });
  });

  it("gives proxies", async () => {
    added.length = 0;
    const proxies = [
      "a/b -t -f facet:ssl -h somewhere -p 4064",
      "c -o:default -h elsewhere -p 1:tcp -h 127.0.0.1 -p 2",
      "d @ adapter",
    ].map((text) => communicator.stringToProxy(text));
    const back = await remote.addProxies([...proxies, null] as Ice.ObjectPrx[]);
    expect(added).toEqual(["a/b", "/c", "/d", "undefined/undefined"]);
    const plain = (proxy: Ice.ObjectPrx | null) => proxy?.ice_encodingVersion(Ice.Encoding_1_0).toString();
    expect(back.map(plain)).toEqual([...proxies.map(plain), undefined]);
  });

  it("gets exceptions", async () => {
    const denied = await remote.createSession("me", "wrong").catch((error) => error);
    expect(denied).toBeInstanceOf(Glacier2.PermissionDeniedException);
    expect(denied.reason).toBe("wrong ü");
    // Its class is unknown to this client, which falls back to the base that it knows.
    const banned = await remote.createSession("me", "banned").catch((error) => error);
    expect(banned).toBeInstanceOf(Glacier2.CannotCreateSessionException);
    expect(banned.reason).toBe("banned ü");
    await expect(remote.destroySession()).rejects.toBeInstanceOf(Ice.OperationNotExistException);
  });
});
