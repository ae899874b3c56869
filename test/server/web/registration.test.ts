/** Registers arrays at the server's web address; what it takes, and what it refuses. */
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { createTileDB, registerTable } from "../../../src/write/index.js";
import { TestClient } from "../client.js";
import { ArrayLab, type Registered } from "./array-lab.js";
import type { WebAnswer } from "./web-client.js";

let lab: ArrayLab;
let ana: OmeroConnection;
let ben: OmeroConnection;
let uri: string;
let token: string;
beforeAll(async () => {
  lab = await ArrayLab.start();
  ana = await lab.connect("ana");
  ben = await lab.connect("ben");
});
afterAll(async () => {
  await ana.close();
  await ben.close();
  await lab[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ({ uri, token } = await lab.array());
});

function register(body: object = {}, { by = ana, secret = token } = {}): Promise<WebAnswer> {
  return lab.web.register(by.session.uuid, secret, { uri, name: "table", targets: ["Image:1"], ...body });
}

/** Counts of what a registration makes. */
async function made(): Promise<number[]> {
  const { files, annotations, links } = await lab.server.contents();
  return [files.length, annotations.length, links.length];
}

describe("a registration", () => {
  it("makes file, annotation and links in the targets' group", async () => {
    const { status, data } = await register({
      name: "Zellen ä",
      targets: ["Image:1", "dataset:1", "TagAnnotation:70"],
    });
    expect(status).toBe(200);
    const { file_annotation, file } = data as Registered;
    const { files, annotations, links, tables } = await lab.server.contents();
    const owner = ana.session.userId;
    const group = ana.session.groupId;
    expect(files.find(({ id }) => id === file)).toMatchObject({
      name: "Zellen ä",
      mimetype: "OMERO.tables",
      hash: "UNKNOWN",
      owner,
      group,
    });
    expect(files.find(({ id }) => id === file)!.size).toBeGreaterThan(0);
    expect(annotations.find(({ id }) => id === file_annotation)).toMatchObject({
      owner,
      group,
      fileId: file,
    });
    const own = links.filter(({ child }) => child.id === file_annotation);
    expect(own.map(({ type, parent }) => [type, parent.type, parent.id])).toEqual([
      ["ImageAnnotationLink", "Image", 1],
      ["DatasetAnnotationLink", "Dataset", 1],
      ["AnnotationAnnotationLink", "TagAnnotation", 70],
    ]);
    expect(tables).toContain(file);
  });

  it("is that of registerTable", async () => {
    const options = { tableName: "t", token, links: [["Image", 2]] as const, server: lab.server.web!.url };
    const annotationId = await registerTable(ana, uri, options);
    const { annotations } = await lab.server.contents();
    expect(annotations.map(({ id }) => id)).toContain(annotationId);
  });

  it("links a target once that is named twice", async () => {
    const [, , before] = await made();
    expect((await register({ targets: ["Image:1", "image:1", "Image:01"] })).status).toBe(200);
    expect((await made())[2]).toBe(before! + 1);
  });

  it("needs no target", async () => {
    const [files, annotations, links] = await made();
    expect((await register({ targets: [] })).status).toBe(200);
    expect(await made()).toEqual([files! + 1, annotations! + 1, links]);
  });

  it("can be made of one array twice", async () => {
    const [first, second] = [await register(), await register()].map(({ data }) => data as Registered);
    expect(first!.file).not.toBe(second!.file);
  });

  it("is made in another group of the user's, where the targets are", async () => {
    const { data } = await register({ targets: ["Image:3"] });
    const { files } = await lab.server.contents();
    const { group } = files.find(({ id }) => id === (data as Registered).file)!;
    expect(group).not.toBe(ana.session.groupId);
  });

  it("may annotate what is another's, where the group lets it", async () => {
    expect((await register({}, { by: ben })).status).toBe(200);
  });
});

/** That a registration was refused, and nothing made. */
async function expectRefusal(work: () => Promise<WebAnswer>, status: number, message: RegExp): Promise<void> {
  const before = await made();
  const answer = await work();
  expect([answer.status, answer.message]).toEqual([status, expect.stringMatching(message)]);
  expect(answer.text).not.toContain(token);
  expect(await made()).toEqual(before);
}

describe("targets are refused", () => {
  it.each<[string, readonly string[], number, RegExp]>([
    ["that do not exist", ["Image:1", "Image:12345"], 400, /No such Image: 12345/],
    ["of no type", ["Picture:1"], 400, /Nothing is attached to a "Picture"/],
    ["of a type that is not annotated", ["Pixels:1"], 400, /Nothing is attached to a "Pixels"/],
    ["that are links", ["ImageAnnotationLink:1"], 400, /Nothing is attached/],
    ["that are no objects", ["Image"], 400, /such as "Image:101"/],
    ["with a negative id", ["Image:-1"], 400, /such as "Image:101"/],
    ["with an id beyond int64", ["Image:99999999999999999999"], 400, /such as "Image:101"/],
    ["with more than a type", ["::omero::model::Image:1"], 400, /such as "Image:101"/],
    ["in two groups", ["Image:1", "Image:3"], 400, /different groups/],
    ["the user cannot see", ["Image:5"], 403, /Cannot read ome.model.core.Image:Id_5/],
  ])("%s", async (_, targets, status, message) => {
    await expectRefusal(() => register({ targets }), status, message);
  });

  it("that are another user's, where the group does not let them be annotated", async () => {
    await expectRefusal(() => register({ targets: ["Image:4"] }, { by: ben }), 403, /Cannot link/);
    await expectRefusal(() => register({ targets: ["Image:3"] }, { by: ben }), 403, /Cannot read/);
  });
});

describe("tokens are refused", () => {
  it.each([
    ["none", ""],
    ["another", "x".repeat(43)],
    ["the word undefined", "undefined"],
  ])("%s", async (_, secret) => {
    await expectRefusal(() => register({}, { secret }), 403, /X-SecretToken is not the secret token/);
  });

  it("a part of it, it twice, and that of another array", async () => {
    const other = await lab.array();
    for (const secret of [token.slice(0, -1), `${token}${token}`, other.token]) {
      await expectRefusal(() => register({}, { secret }), 403, /X-SecretToken/);
    }
  });

  it("left out", async () => {
    const body = { uri, name: "t", targets: [] };
    const headers = { "X-SecretToken": undefined };
    await expectRefusal(() => lab.web.register(ana.session.uuid, token, body, { headers }), 403, /X-SecretToken/);
  });
});

describe("arrays are refused", () => {
  const NO_ARRAY = /uri names no array in the server's folders of arrays/;

  it("that are elsewhere, however they are named", async () => {
    const outside = `${lab.folder}-outside.tiledb`;
    const outsideToken = await createTileDB([{ n: 1 }], outside);
    await symlink(outside, join(lab.folder, "link.tiledb"));
    try {
      const ways = [outside, join(lab.folder, "link.tiledb"), `${lab.folder}/../${outside.slice(tmpdir().length + 1)}`];
      for (const way of ways)
        await expectRefusal(() => register({ uri: way }, { secret: outsideToken }), 400, NO_ARRAY);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it("that have links within", async () => {
    const copy = join(lab.folder, "copy.tiledb");
    await cp(uri, copy, { recursive: true });
    await rm(join(copy, "__fragments"), { recursive: true });
    await symlink(join(uri, "__fragments"), join(copy, "__fragments"));
    await expectRefusal(() => register({ uri: copy }), 400, NO_ARRAY);
  });

  it.each(["/etc/passwd", "/", "relative.tiledb", "C:\\arrays\\a.tiledb", "s3://bucket/a", "a\0b"])(
    "at %j",
    async (path) => {
      await expectRefusal(() => register({ uri: path }), 400, NO_ARRAY);
    },
  );

  it("that are not there", async () => {
    await rm(uri, { recursive: true });
    await expectRefusal(() => register(), 400, NO_ARRAY);
  });

  it("that are no arrays, not whole, or have no token", async () => {
    const empty = join(lab.folder, "empty");
    await mkdir(empty);
    await expectRefusal(() => register({ uri: empty }), 400, /has no secret token or was not initialized/);
    await rm(join(uri, "__schema"), { recursive: true });
    await expectRefusal(() => register(), 400, /cannot be read: .* is no TileDB array/);
    const broken = join(lab.folder, "broken");
    await mkdir(join(broken, "__meta"), { recursive: true });
    await writeFile(join(broken, "__meta", "__1_1_00"), "no metadata");
    await expectRefusal(() => register({ uri: broken }), 400, /cannot be read/);
  });

  it("by a server that was told of no folders", async () => {
    await using bare = await ArrayLab.start({ web: true });
    const connection = await bare.connect();
    const answer = await bare.web.register(connection.session.uuid, token, { uri, name: "t", targets: [] });
    expect([answer.status, answer.message]).toEqual([400, expect.stringMatching(NO_ARRAY)]);
    await connection.close();
  });
});

it("is refused to a session that has ended", async () => {
  const gone = await lab.connect("ben");
  const { uuid } = gone.session;
  await gone.close();
  const answer = () => lab.web.register(uuid, token, { uri, name: "t", targets: [] });
  await expect.poll(answer).toMatchObject({ status: 403, message: "Not logged in" });
});

it("keeps the session in use", async () => {
  await using quick = await ArrayLab.start({ idleTimeout: 3000 });
  await using client = await TestClient.logIn(quick.server, { user: "ana", password: "pass-ana" });
  const given = await quick.array();
  const body = { uri: given.uri, name: "t", targets: [] };
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await quick.web.register(client.sessionUuid, given.token, body)).status).toBe(200);
  }
});

it("tells its log of no secrets", () => {
  const said = lab.log.map(({ message }) => message).join("\n");
  expect(said).toContain("web: /omero_plus/api/v0/table: 200");
  expect(said).not.toContain(ana.session.uuid);
  expect(said).not.toContain(token);
  expect(lab.log.filter(({ level }) => level === "error")).toEqual([]);
});
