import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StepProgress } from "../../../src/gateway/index.js";
import { ServedWorld } from "../served-world.js";

let world: ServedWorld;
beforeAll(async () => {
  world = await ServedWorld.start([
    { type: "Image", id: 1 },
    { type: "Image", id: 2 },
  ]);
});
afterAll(() => world[Symbol.asyncDispose]());

async function projectWithDataset() {
  const { connection } = world;
  const project = await connection.createObject("Project", { name: "project" });
  const dataset = await connection.createObject("Dataset", { name: "dataset", parent: project });
  await connection.linkObjects(dataset, [["Image", 1]]);
  return { project, dataset };
}

describe("deleteObjects", () => {
  it("says what would go, with children or without", async () => {
    const { connection } = world;
    const { project, dataset } = await projectWithDataset();
    const dry = await connection.deleteObjects("Project", [project.id], { dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, deleted: { Project: [project.id], Dataset: [dataset.id], Image: [1] } });
    const kept = await connection.deleteObjects("Project", [project.id], { dryRun: true, children: false });
    expect(Object.keys(kept.deleted).sort()).toEqual(["Project", "ProjectDatasetLink"]);
  });

  it("keeps the images of a dataset although that is one type alone", async () => {
    const { connection } = world;
    const { project, dataset } = await projectWithDataset();
    const tag = await dataset.annotate({ tag: "stays" });
    const progress: StepProgress[] = [];
    const { deleted } = await connection.deleteObjects("Dataset", [dataset.id], {
      children: false,
      annotations: false,
      onProgress: (step) => progress.push(step),
    });
    expect(deleted.Dataset).toEqual([dataset.id]);
    expect(await connection.findObject("Dataset", dataset.id)).toBeUndefined();
    expect(await connection.findObject("Image", 1)).toBeDefined();
    expect(await connection.findObject("TagAnnotation", tag.id)).toBeDefined();
    expect(await connection.findObject("Project", project.id)).toBeDefined();
    expect(progress.at(-1)).toMatchObject({ unit: "steps" });
    expect(progress.at(-1)!.done).toBe(progress.at(-1)!.total);
  });

  it("refuses what is not there, and stops when told to", async () => {
    const { connection } = world;
    await expect(connection.deleteObjects("Project", [9999])).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(connection.deleteObjects("Project", { id: 1 } as never)).rejects.toThrow("is no id");
    await expect(connection.deleteObjects("Projct", [1])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(connection.deleteObjects("Project", [1], { dry: true } as object)).rejects.toThrow("takes no option");
    const signal = AbortSignal.abort();
    await expect(connection.deleteObjects("Image", [2], { signal })).rejects.toMatchObject({ code: "ABORTED" });
    expect(await connection.findObject("Image", 2)).toBeDefined();
    const alone = await connection.createObject("Dataset", { name: "alone" });
    expect((await connection.deleteObjects("Dataset", alone.id, { dryRun: true })).deleted.Dataset).toEqual([alone.id]);
    expect(await connection.deleteObjects("Image", [])).toEqual({ included: {}, deleted: {}, dryRun: false });
  });
});

describe("moveToGroup and changeOwner", () => {
  it("take along what hangs on an object, and give the server's reason for refusing", async () => {
    const { connection } = world;
    const project = await connection.createObject("Project", { name: "moving" });
    const { included } = await connection.moveToGroup("Project", [project.id], "other");
    expect(included).toEqual({ Project: [project.id] });
    expect((await connection.getObject("Project", project.id, { group: "other" })).details.group?.name).toBe("other");
    await expect(connection.moveToGroup("Project", [project.id], "system")).rejects.toThrow(/not in group/);
    const lab = await connection.createObject("Project", { name: "given" });
    await connection.changeOwner("Project", [lab.id], "ben");
    expect((await lab.reload())?.details.owner?.userName).toBe("ben");
    await using ben = await world.logIn("ben");
    await expect(ben.changeOwner("Project", [lab.id], "ann")).rejects.toMatchObject({ code: "SERVER_FAILURE" });
    await expect(ben.changeOwner("Project", [lab.id], "nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("setPermissions", () => {
  it("changes what members may do, by name", async () => {
    const { connection } = world;
    await connection.setPermissions("lab", "READ-WRITE");
    expect((await connection.getCurrentGroup()).permissionName).toBe("READ-WRITE");
    await connection.setPermissions("lab", "rwra--");
    expect((await connection.getCurrentGroup()).permissions).toBe("rwra--");
    await expect(connection.setPermissions("lab", "READ")).rejects.toThrow("give one of PRIVATE");
  });
});
