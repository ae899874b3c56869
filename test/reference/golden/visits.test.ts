/** OMERO.web's pages in front of the server, beside what a real server gave. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OmeroWeb } from "../omero-web.js";
import { GoldenWorld } from "./golden-world.js";

/** Visits that a real server fails, too. */
const FAILING = [
  // OMERO.web's own fault.
  "get /webgateway/search/?text=img",
  // Each channel would need a window.
  "post /webgateway/saveImgRDef/1/?c=1|0:500$00FF00,-2,3&m=c&p=normal&z=2&t=1",
  // Pages of administrators.
  "get /webadmin/experimenters/",
  "get /webadmin/groups/",
];

/** Bodies that differ from the real server's. The list may only become shorter. */
const KNOWN_DIFFERENCES = [
  // A table of the same content has another size.
  "get_webclient_api_annotations_dataset_1_type_file",
  // The real server hides names where it should not: "2;Ann 2;User".
  "get_webgateway_plate_1_",
  "get_webgateway_plate_1_0_",
  // Name and port of the server.
  "get_api_v0_servers_",
  // The real server sorts users by the names that it hides, and lets users see less of those that share no group.
  "get_api_v0_m_experimenters_",
  // What may be done with the group and the owner of a new object.
  "post_api_v0_m_save_group_3",
];

let world: GoldenWorld;
let web: OmeroWeb;
beforeAll(async () => {
  world = await GoldenWorld.make();
  web = await OmeroWeb.start(world.server.tlsPort);
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

it("serves what a real server serves, with the same bodies", async () => {
  const { port } = new URL(web.url);
  await world.runAt(Number(port), "visits.py", world.path("ids.json"), world.path("pages"), world.path("visits.json"));
  const visits = await world.json<[visit: string, succeeded: boolean, note: string][]>("visits.json");
  expect(visits).toHaveLength(163);
  expect(visits.filter(([, succeeded]) => !succeeded).map(([visit]) => visit)).toEqual(FAILING);
  const expected = fileURLToPath(new URL("web", import.meta.url));
  await world.runWith("bodies.py", expected, world.path("pages"), world.path("bodies.json"));
  const bodies = await world.json<{ compared: number; different: Record<string, string[]> }>("bodies.json");
  expect(bodies.compared).toBe(90);
  expect(Object.keys(bodies.different)).toEqual(KNOWN_DIFFERENCES);
});
