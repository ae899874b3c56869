/** Connections lost while objects are found, and while they are changed. */
import "../../src/gateway/index.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { link, listed } from "../gateway/served-world.js";
import { outcomeOf, startFaultLab, throughProxy, withFault } from "./lab.js";
import { FaultProxy } from "./proxy.js";
import { describeFault, faultsAtBoundaries, recordTraffic } from "./traffic.js";

const DATASETS = [1001, 1002, 1003];

let server: OmeroServer;
beforeAll(async () => {
  const objects = DATASETS.flatMap((id) => [
    { type: "Dataset", id, name: `dataset ${id}` },
    { type: "Image", id, name: `image ${id}` },
    link(["Project", 1001], ["Dataset", id]),
    link(["Dataset", id], ["Image", id]),
  ]);
  server = await startFaultLab({ objects: [{ type: "Project", id: 1001, name: "project" }, ...objects] });
});
afterAll(() => server.close());

async function tree(connection: OmeroConnection): Promise<string[]> {
  const names: string[] = [];
  const project = await connection.getObject("Project", 1001);
  for await (const dataset of project.listChildren())
    for await (const image of dataset.listChildren()) names.push(`${dataset.name}/${image.name}`);
  return names;
}

async function connected<T>(port: number, work: (connection: OmeroConnection) => Promise<T>): Promise<T> {
  await using connection = await connectToOmero(throughProxy(port));
  return await work(connection);
}

describe("a tree", () => {
  test("comes whole when the connection is cut before or after any message", async () => {
    const whole = DATASETS.map((id) => `dataset ${id}/image ${id}`);
    const traffic = await recordTraffic(server.port, (port) => connected(port, tree));
    const faults = faultsAtBoundaries(traffic, ["cut", "reset"]);
    expect(faults.length).toBeGreaterThan(20);
    for (const fault of faults) {
      const outcome = await outcomeOf(withFault(server, fault, (port) => connected(port, tree)));
      if ("value" in outcome) expect([describeFault(fault), outcome.value]).toEqual([describeFault(fault), whole]);
      else
        expect([describeFault(fault), outcome.error.constructor.name]).toEqual([
          describeFault(fault),
          "ConnectionError",
        ]);
    }
    const inTree = faults.filter(
      ({ direction, after }) => direction === "toClient" && after === traffic.toClient.at(-2),
    );
    for (const fault of inTree) expect(await withFault(server, fault, (port) => connected(port, tree))).toEqual(whole);
  });

  test("ends at once when it is aborted, though the server says nothing", async () => {
    await using proxy = await FaultProxy.start(server.port);
    await using connection = await connectToOmero(throughProxy(proxy.port));
    const project = await connection.getObject("Project", 1001);
    proxy.silenceAll();
    const aborting = new AbortController();
    const listing = [
      listed(project.listChildren({ signal: aborting.signal })),
      listed(connection.getObjects("Image", { signal: aborting.signal })),
      connection.deleteObjects("Project", [1001], { signal: aborting.signal }),
      project.annotate({ tag: "never" }, { signal: aborting.signal }),
    ];
    setTimeout(() => aborting.abort(), 50);
    for (const one of await Promise.allSettled(listing)) {
      expect(one).toMatchObject({ status: "rejected", reason: { code: "ABORTED" } });
    }
  });
});

describe("an annotation", () => {
  test("is made once or not at all when the connection is cut, and is never linked to nothing", async () => {
    let number = 0;
    const annotate = (connection: OmeroConnection) =>
      connection.annotate(
        [
          ["Dataset", 1001],
          ["Dataset", 1002],
        ],
        { comment: `comment ${number}` },
      );
    const traffic = await recordTraffic(server.port, (port) => connected(port, annotate));
    for (const fault of faultsAtBoundaries(traffic, ["cut"])) {
      number += 1;
      const outcome = await outcomeOf(withFault(server, fault, (port) => connected(port, annotate)));
      const hql =
        "select a.id, (select count(l.id) from DatasetAnnotationLink l where l.child.id = a.id) from CommentAnnotation a where a.textValue = :text";
      const rows = await connected(server.port, (connection) => connection.query(hql, { text: `comment ${number}` }));
      const links = rows.map(([, count]) => count);
      if ("value" in outcome) expect([describeFault(fault), links]).toEqual([describeFault(fault), [2]]);
      else expect([[], [2]]).toContainEqual(links);
    }
  });
});
