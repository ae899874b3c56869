import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIceClient } from "../../../../src/connect/ice/client/ice-client.js";
import type { IConfig } from "../../../../src/connect/ice/schema/omero.js";
import type { ListenOptions } from "../../../../src/connect/ice/serve/ice-server.js";
import { callTo } from "../../../support/calls.js";
import { CONFIG, type Link, startLink } from "../echo-server.js";

const TRANSPORTS: [string, ListenOptions][] = [
  ["tcp", { port: 0 }],
  ["anonymous TLS", { port: 0, tls: {} }],
];

describe.each(TRANSPORTS)("calls over %s", (_name, listen) => {
  let link: Link;
  beforeAll(async () => {
    link = await startLink(listen);
  });
  afterAll(() => link.close());

  it("answers with the servant's result", async () => {
    const answer = JSON.parse(await link.config.getConfigValue("schlüssel \u{1F52C}"));
    expect(answer).toEqual({ key: "schlüssel \u{1F52C}", context: {}, operation: "getConfigValue" });
  });

  it("sends the client's context and that of the call", async () => {
    link.client.setContext("omero.group", "5");
    link.client.setContext("omero.agent", "test");
    const own = JSON.parse(await link.config.getConfigValue("", { context: { "omero.group": "-1", extra: "ä" } }));
    expect(own.context).toEqual({ "omero.group": "-1", "omero.agent": "test", extra: "ä" });
    link.client.setContext("omero.group", undefined);
    link.client.setContext("omero.agent", undefined);
    expect(JSON.parse(await link.config.getConfigValue("")).context).toEqual({});
  });

  it("gives each of many calls at once its own answer", async () => {
    const keys = Array.from({ length: 500 }, (_, index) => `key ${index}`);
    const answers = await Promise.all(keys.map((key) => link.config.getConfigValue(key)));
    expect(answers.map((answer) => JSON.parse(answer).key)).toEqual(keys);
  });

  it.each([0, 1, 16_383, 16_384, 1_000_000, 5_000_003])("moves %i bytes both ways", async (size) => {
    const bytes = await link.rawFile.read(7n, size);
    expect(bytes.length).toBe(size);
    expect(bytes.every((byte) => byte === 7)).toBe(true);
    await link.rawFile.write(new Uint8Array(size).fill(9), 9n, size);
  });

  it("has large answers overtake nothing", async () => {
    const sizes = [3_000_000, 1, 5_000_000, 100, 70_000, 2];
    const answers = await Promise.all(sizes.map((size, index) => link.rawFile.read(BigInt(index), size)));
    expect(answers.map((bytes) => bytes.length)).toEqual(sizes);
    expect(answers.map((bytes) => bytes.at(-1))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("answers what every object answers", async () => {
    expect(await link.config.ice_ping()).toBeUndefined();
    expect(await link.config.ice_id()).toBe("::omero::api::IConfig");
    expect(await link.config.ice_isA("::omero::api::ServiceInterface")).toBe(true);
    expect(await link.config.ice_isA("::omero::api::IQuery")).toBe(false);
    expect(await link.config.ice_ids()).toEqual([
      "::Ice::Object",
      "::omero::api::IConfig",
      "::omero::api::ServiceInterface",
    ]);
  });

  it("makes the server's exception an error without its stack", async () => {
    const error = await link.config.getDatabaseUuid().catch((reason) => reason);
    expect(error).toMatchObject({
      name: "ServerError",
      code: "API_USAGE",
      message: "IConfig.getDatabaseUuid is refused: not now",
      operation: "IConfig.getDatabaseUuid",
      serverException: "::omero::ApiUsageException",
    });
    expect(JSON.stringify(error.cause.members)).not.toContain("a.b.c");
  });

  it("makes a servant's failure an error without its stack", async () => {
    const error = await link.config.getVersion().catch((reason) => reason);
    expect(error).toMatchObject({ code: "SERVER_FAILURE", serverException: "::Ice::UnknownException" });
    expect(error.message).toBe("IConfig.getVersion failed on the server: TypeError: the servant is broken");
  });

  it("does not pass on an exception that the operation does not declare", async () => {
    await expect(link.config.getDatabaseTime()).rejects.toMatchObject({
      code: "SERVER_FAILURE",
      serverException: "::Ice::UnknownUserException",
    });
  });

  it("refuses unknown objects, facets and operations", async () => {
    const { client, server } = link;
    const unknown = client.service<IConfig>(client.proxy("nobody"), "::omero::api::IConfig");
    await expect(unknown.getVersion()).rejects.toMatchObject({ code: "NO_SUCH_OBJECT" });
    const facet = client.service<IConfig>(client.proxy("services/config -f admin"), "::omero::api::IConfig");
    await expect(facet.getVersion()).rejects.toMatchObject({
      code: "NO_SUCH_OBJECT",
      serverException: "::Ice::FacetNotExistException",
    });
    await expect(link.config.getConfigDefaults()).rejects.toMatchObject({ code: "NO_SUCH_OPERATION" });
    const noMethod = client.invoke(callTo(server.proxy(CONFIG), "toString", 2));
    await expect(noMethod).rejects.toMatchObject({ code: "NO_SUCH_OPERATION" });
  });

  it("refuses another mode than the operation's own", async () => {
    const call = link.client.invoke(callTo(link.server.proxy(CONFIG), "getConfigValue", 0, Uint8Array.of(1, 65)));
    await expect(call).rejects.toThrow(/unexpected operation mode\. expected = Idempotent received = Normal/);
  });

  it("refuses parameters that do not fit", async () => {
    const call = link.client.invoke(callTo(link.server.proxy(CONFIG), "getConfigValue", 2, Uint8Array.of(200, 65)));
    await expect(call).rejects.toMatchObject({ code: "SERVER_FAILURE" });
    expect(JSON.parse(await link.config.getConfigValue("still here")).key).toBe("still here");
  });
});

describe("services", () => {
  let link: Link;
  beforeAll(async () => {
    link = await startLink();
  });
  afterAll(() => link.close());

  it("take exactly their parameters and call options", async () => {
    const config = link.config as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    await expect(config.getConfigValue!()).rejects.toThrow(
      "IConfig.getConfigValue takes 1 (key) and then call options; 0 given",
    );
    await expect(config.getConfigValue!("a", {}, 3)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(config.getConfigValue!("a", "b")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(config.ice_ping!({}, {})).rejects.toThrow(/takes no parameters/);
    await expect(config.getConfigValue!(5)).rejects.toMatchObject({ code: "CANNOT_ENCODE" });
  });

  it("can be awaited, and have only operations as methods", async () => {
    const service = await Promise.resolve(link.config);
    expect("then" in service).toBe(false);
    expect(Object.keys(service)).toEqual([]);
  });

  it("refuse an unknown Slice id", () => {
    expect(() => link.client.service(link.client.router, "::omero::api::INothing")).toThrow(/INothing/);
  });
});

describe("log-in", () => {
  it("fails with what the server says, without session keys", async () => {
    const link = await startLink();
    const key = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    const error = await link.router.createSession(key, "wrong").catch((reason) => reason);
    expect(error).toMatchObject({ name: "LoginError", code: "WRONG_CREDENTIALS" });
    expect(error.message).toContain("who is ...?");
    expect(JSON.stringify([error.message, error.cause, error.cause.message])).not.toContain(key);
    expect(await link.router.createSession(key, "pass")).toBeNull();
    await link.close();
  });
});

describe("messages over the limit", () => {
  it("are refused before they are sent", async () => {
    const link = await startLink({ port: 0 }, {}, { messageSizeMax: 100_000 });
    const sent = link.rawFile.write(new Uint8Array(100_000).fill(1), 1n, 100_000);
    await expect(sent).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE", operation: "RawFileStore.write" });
    expect((await link.rawFile.read(1n, 90_000)).length).toBe(90_000);
    await link.close();
  });

  it("are not answered by the server", async () => {
    const link = await startLink({ port: 0 }, { messageSizeMax: 100_000 });
    await expect(link.rawFile.read(1n, 100_000)).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    expect((await link.rawFile.read(1n, 90_000)).length).toBe(90_000);
    await link.close();
  });

  it("are not taken by the client", async () => {
    const link = await startLink({ port: 0 }, {}, { messageSizeMax: 100_000 });
    await expect(link.rawFile.read(1n, 200_000)).rejects.toMatchObject({ code: "MESSAGE_TOO_LARGE" });
    await link.close();
  });

  it("are taken from trusted connections alone", async () => {
    const link = await startLink({ port: 0 }, { strangerSizeMax: 10_000 });
    const write = () => link.rawFile.write(new Uint8Array(50_000).fill(1), 1n, 50_000);
    for (const connection of link.server.connections) connection.trust();
    await write();
    const stranger = await createIceClient({ host: "127.0.0.1", port: link.listener.port, transport: "tcp" });
    const call = stranger.invoke(callTo(link.server.proxy(CONFIG), "getConfigValue", 2, new Uint8Array(50_000)));
    await expect(call).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await write();
    await stranger.destroy();
    await link.close();
  });
});
