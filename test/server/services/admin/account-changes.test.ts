/** Names of users and groups stay one's own, whatever they are changed to. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Experimenter, ExperimenterGroup, IAdmin } from "../../../../src/connect/ice/schema/omero.js";
import { rlong, rstring } from "../../../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../../../src/server/index.js";
import { TestClient } from "../../client.js";

let server: OmeroServer;
let root: TestClient;
let admin: IAdmin;
beforeAll(async () => {
  server = await startServer({
    groups: [{ name: "lab" }, { name: "other" }],
    users: [
      { name: "root", password: "r" },
      { name: "ann", password: "a", groups: [{ name: "lab", leader: true }] },
      { name: "bob", password: "b", groups: ["lab"] },
    ],
  });
  root = await TestClient.logIn(server, { user: "root", password: "r" });
  admin = await root.admin();
});
afterAll(async () => {
  await root[Symbol.asyncDispose]();
  await server.close();
});

const group = (id: bigint | undefined, name: string) =>
  ({
    iceId: "::omero::model::ExperimenterGroup",
    ...(id !== undefined && { id: rlong(id) }),
    name: rstring(name),
  }) as unknown as ExperimenterGroup;

async function groupId(name: string): Promise<bigint> {
  return (await admin.lookupGroup(name))!.id!.val;
}

it("a group is not given the name of another, by whoever may change it", async () => {
  const lab = await groupId("lab");
  await using ann = await TestClient.logIn(server, { user: "ann", password: "a" });
  for (const one of [admin, await ann.admin()]) {
    await expect(one.updateGroup(group(lab, "other"))).rejects.toThrow('There is a group "other" already');
    await expect(one.updateGroup(group(lab, "system"))).rejects.toThrow('There is a group "system" already');
    await expect(one.updateGroup(group(lab, ""))).rejects.toThrow(/not-null property .*ExperimenterGroup.name/);
  }
  expect(await groupId("lab")).toBe(lab);
  expect(await groupId("other")).not.toBe(lab);
  await expect(admin.createGroup(group(undefined, "lab"))).rejects.toThrow('There is a group "lab" already');
});

it("a group that is renamed is found by its new name alone, and its members may log in to it", async () => {
  const other = await groupId("other");
  await admin.updateGroup(group(other, "other"));
  await admin.updateGroup(group(other, "renamed"));
  expect(await groupId("renamed")).toBe(other);
  await expect(admin.lookupGroup("other")).rejects.toThrow();
  const made = await admin.createGroup(group(undefined, "other"));
  expect(await groupId("other")).toBe(made);
});

it("a user is not given the log-in name of another", async () => {
  const ann = (await admin.lookupExperimenter("ann"))!;
  const renamed = (name: string) => ({ ...ann, omeName: rstring(name) }) as Experimenter;
  await expect(admin.updateExperimenter(renamed("bob"))).rejects.toThrow('There is a user "bob" already');
  await expect(admin.updateExperimenter(renamed(""))).rejects.toThrow(/not-null property .*Experimenter.omeName/);
  await admin.updateExperimenter(renamed("anne"));
  expect((await admin.lookupExperimenter("anne"))!.id!.val).toBe(ann.id!.val);
});
