import { afterAll, beforeAll, expect, it } from "vitest";
import { ServedWorld } from "../served-world.js";

let world: ServedWorld;
beforeAll(async () => {
  world = await ServedWorld.start([
    { type: "Image", id: 1, group: "other" },
    { type: "Image", id: 2 },
  ]);
});
afterAll(() => world[Symbol.asyncDispose]());

it("tells the group, its members and who leads what", async () => {
  const { connection } = world;
  const group = await connection.getCurrentGroup();
  expect([group.name, group.permissionName, group.leaderIds]).toEqual(["lab", "READ-ANNOTATE", [2]]);
  const colleagues = await connection.listColleagues();
  expect(colleagues.map(({ userName, fullName }) => [userName, fullName])).toEqual([["ben", "Ben Best"]]);
  expect(colleagues[0]!.groupIds).toContain(group.id);
  expect((await connection.listOwnedGroups()).map(({ name }) => name)).toEqual(["lab"]);
  expect(await (await connection.inGroup("other")).listColleagues()).toEqual([]);
  await using ben = await world.logIn("ben");
  expect(await ben.listOwnedGroups()).toEqual([]);
});

it("looks in a group by name, or in all, call by call", async () => {
  const { connection } = world;
  expect(await connection.countObjects("Image", { group: "other" })).toBe(1);
  expect(await connection.countObjects("Image", { group: -1 })).toBe(2);
  expect(await connection.countObjects("Image")).toBe(1);
  await expect(connection.countObjects("Image", { group: "nowhere" })).rejects.toThrow('no group "nowhere"');
});

it("acts as another user", async () => {
  await using root = await world.logIn("root");
  expect(await root.withUser("ben", (ben) => ben.session.userName)).toBe("ben");
  const made = await root.withUser("ben", (ben) => ben.createObject("Project", { name: "of ben" }));
  expect(made.details.owner?.userName).toBe("ben");
});
