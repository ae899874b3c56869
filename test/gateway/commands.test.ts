import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createInstance } from "../../src/connect/ice/schema/instance.js";
import type { RemoteObject } from "../../src/connect/remote/remote-object.js";
import { remoteAccess } from "../../src/connect/remote/services.js";
import { runCommand } from "../../src/gateway/commands.js";
import { ServedWorld } from "./served-world.js";

let world: ServedWorld;
beforeAll(async () => {
  world = await ServedWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("a request", () => {
  it("that a server gave up without an answer is a failure, not waited for until the time is up", async () => {
    const access = remoteAccess(world.connection);
    const { service } = access;
    const failed = createInstance("::omero::cmd::Status", { flags: ["FAILURE"] as never });
    const handle = { getResponse: async () => null, getStatus: async () => failed };
    const isHandle = ({ sliceId }: RemoteObject) => sliceId === "::omero::cmd::Handle";
    const spy = vi.spyOn(access, "service").mockImplementation((remote, context) => {
      return (isHandle(remote) ? handle : service(remote, context)) as never;
    });
    const request = createInstance("::omero::cmd::Delete2", { targetObjects: new Map() });
    await expect(runCommand(world.connection, request)).rejects.toMatchObject({
      code: "SERVER_FAILURE",
      message: expect.stringContaining("gives no reason"),
    });
    spy.mockRestore();
  });
});
