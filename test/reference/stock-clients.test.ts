/** Clients as they come log in to the embedded server's TLS port, with nothing set for it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { OmeroWeb } from "./omero-web.js";
import { PythonSession } from "./python-session.js";

let server: OmeroServer;
beforeAll(async () => {
  server = await startServer({ users: [{ name: "user", password: "pass", groups: ["lab"] }] });
});
afterAll(() => server.close());

describe("Python", () => {
  let python: PythonSession;
  beforeAll(async () => {
    python = await PythonSession.start("import omero, omero2pandas, ezomero, pandas as pd");
  });
  afterAll(() => python[Symbol.asyncDispose]());

  it("omero-py", async () => {
    const code = `
      client = omero.client("127.0.0.1", port)
      session = client.createSession("user", "pass")
      result = session.getAdminService().getEventContext().userName
      client.closeSession()
    `;
    expect(await python.run(code, { port: server.tlsPort })).toBe("user");
  });

  it("ezomero", async () => {
    const code = `
      conn = ezomero.connect("user", "pass", group="lab", host="127.0.0.1", port=port, secure=True)
      result = conn.getUser().getName()
      conn.close()
    `;
    expect(await python.run(code, { port: server.tlsPort })).toBe("user");
  });

  it("omero2pandas", async () => {
    const code = `
      frame = pd.DataFrame({"n": [1, 2, 3], "text": ["a", "b", "c"]})
      where = dict(server="127.0.0.1", port=port, username="user", password="pass")
      annotation = omero2pandas.upload_table(frame, "stock", 1, "Image", **where)
      result = omero2pandas.read_table(annotation_id=annotation, **where)["n"].tolist()
    `;
    expect(await python.run(code, { port: server.tlsPort })).toEqual([1, 2, 3]);
  });
});

describe("OMERO.web", () => {
  let web: OmeroWeb;
  beforeAll(async () => {
    web = await OmeroWeb.start(server.tlsPort);
  });
  afterAll(() => web[Symbol.asyncDispose]());

  it("logs in by its page, and refuses who is not known", async () => {
    const cookies = await web.logIn("user", "pass");
    expect(cookies).toContain("sessionid=");
    expect((await web.get("/webclient/", cookies!)).status).toBe(200);
    expect(await web.logIn("user", "wrong")).toBeUndefined();
  });
});
