/** Whatever the web server answers, the error says what to do, and holds no secret. */
import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OmeroError } from "../../../src/errors.js";
import { registerTable } from "../../../src/write/index.js";
import { type Answer, connectionOf, JSON_TYPE, json, ScriptedWeb } from "./scripted-web.js";

const TOKEN = "marked-token-5e1f";
const CSRF = "marked-csrf-90ab";
const SESSION = "11111111-2222-3333-4444-555555555555";
const PATH = "/data/cells.tiledb";

let web: ScriptedWeb;
beforeAll(async () => {
  web = await ScriptedWeb.start();
});
afterAll(() => web[Symbol.asyncDispose]());
beforeEach(() => {
  web.requests.length = 0;
  web.answers = { GET: json({ data: CSRF }), POST: json({ data: { file_annotation: 1 } }) };
});

async function refusal(options: { timeout?: number; signal?: AbortSignal } = {}): Promise<OmeroError> {
  const error = await registerTable(connectionOf("omero.example.org", SESSION), PATH, {
    tableName: "cells",
    links: [["Image", 101]],
    token: TOKEN,
    server: web.address(),
    ...options,
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OmeroError);
  const all = `${inspect(error, { depth: 9, showHidden: true })} ${(error as Error).stack} ${JSON.stringify(error)}`;
  for (const secret of [TOKEN, CSRF, SESSION]) expect(all).not.toContain(secret);
  return error as OmeroError;
}

const page = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "Content-Type": "text/html; charset=utf-8", ...headers },
  body: `<!DOCTYPE html><html><body><h1>${SESSION} ${TOKEN}</h1></body></html>`,
});
const UNKNOWN = "it is not known whether the table is registered";

const endless: Answer = (response) => {
  response.writeHead(200, JSON_TYPE);
  const more = () => {
    if (!response.destroyed) response.write(" ".repeat(1 << 16), () => setImmediate(more));
  };
  more();
};
const half: Answer = (response) => {
  response.writeHead(200, { ...JSON_TYPE, "Content-Length": "1000" });
  response.write('{"data":', () => response.destroy());
};
const noHttp: Answer = ({ socket }, { headers, url }) => void socket!.end(`${url} ${JSON.stringify(headers)}\r\n\r\n`);
const manyHeaders: Answer = ({ socket }) =>
  void socket!.end(`HTTP/1.1 200 OK\r\n${"X-Padding: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(4000)}\r\n`);

const REFUSED: [what: string, answer: Answer, error: string, says: string[], outcomeUnknown?: boolean][] = [
  [
    "404 without OMERO Plus",
    page(404),
    "TableError UPLOAD_FAILED",
    ["HTTP 404", "only OMERO Plus can register tables"],
  ],
  ["404 for the path", json({ message: "no such array" }, 404), "TableError UPLOAD_FAILED", ["no such array", PATH]],
  ["405", page(405), "TableError UPLOAD_FAILED", ["only OMERO Plus"]],
  ["403 of Django", page(403), "TableError UPLOAD_FAILED", ["HTTP 403", "may not annotate", "the token"]],
  [
    "403 for the token",
    json({ message: "bad token" }, 403),
    "TableError UPLOAD_FAILED",
    ["bad token", "that of the array"],
  ],
  ["403 without a session", json({ message: "Not logged in" }, 403), "LoginError LOGIN_REFUSED", ["log in again"]],
  ["401", json({ message: "who?" }, 401), "LoginError LOGIN_REFUSED", ["who?", "log in again"]],
  [
    "400 for the path",
    json({ message: "cannot open" }, 400),
    "TableError UPLOAD_FAILED",
    ["cannot open", "can read the array", PATH],
  ],
  [
    "a wrong token",
    json({ message: "token differs" }, 400),
    "TableError UPLOAD_FAILED",
    ["token differs", "that of the array"],
  ],
  [
    "a redirect to a log-in page",
    page(302, { Location: `/webclient/login/?url=%2F${SESSION}` }),
    "LoginError LOGIN_REFUSED",
    ["/webclient/login/", "log in again"],
  ],
  [
    "a redirect elsewhere",
    page(301, { Location: `https://new.example.org/omero?bsession=${SESSION}` }),
    "ServerError SERVER_FAILURE",
    ["https://new.example.org/omero", "not followed", '"server"'],
  ],
  ["a redirect to nowhere", page(307), "ServerError SERVER_FAILURE", ["redirects to another address"]],
  ["500", page(500), "ServerError SERVER_FAILURE", ["HTTP 500", PATH, "its own log"], true],
  [
    "500 with a message",
    json({ message: "oops", stacktrace: TOKEN }, 500),
    "ServerError SERVER_FAILURE",
    ["oops"],
    true,
  ],
  ["502", page(502), "ServerError SERVER_FAILURE", ["HTTP 502", "try again later"], true],
  ["504", page(504), "ServerError SERVER_FAILURE", ["HTTP 504", "try again later"], true],
  ["a page in place of JSON", page(200), "ServerError SERVER_FAILURE", ["a web page", '"server" and "prefix"'], true],
  ["nothing", { status: 204 }, "ServerError SERVER_FAILURE", ["not OMERO's", "HTTP 204"], true],
  [
    "half of the JSON",
    { headers: JSON_TYPE, body: '{"data": {"file_ann' },
    "ServerError SERVER_FAILURE",
    ["not OMERO's"],
    true,
  ],
  ["other JSON", json([1, 2]), "ServerError SERVER_FAILURE", ["not OMERO's"], true],
  ["null", json(null), "ServerError SERVER_FAILURE", ["not OMERO's"], true],
  ["no data", json({ data: null }), "ServerError SERVER_FAILURE", ["not OMERO's"], true],
  ["an id as text", json({ data: { file_annotation: "7" } }), "ServerError SERVER_FAILURE", ["not OMERO's"], true],
  [
    "an id that a number cannot hold",
    { headers: JSON_TYPE, body: '{"data":{"file_annotation":9007199254740993}}' },
    "ServerError SERVER_FAILURE",
    ["not OMERO's"],
    true,
  ],
  ["a negative id", json({ data: { file_annotation: -7 } }), "ServerError SERVER_FAILURE", ["not OMERO's"], true],
  [
    "too much",
    { headers: JSON_TYPE, body: `"${"x".repeat(1 << 20)}"` },
    "ServerError SERVER_FAILURE",
    ["more than a mebibyte"],
    true,
  ],
  ["too much without end", endless, "ServerError SERVER_FAILURE", ["more than a mebibyte"], true],
  [
    "the end of the connection",
    (response) => response.destroy(),
    "ConnectionError CONNECTION_LOST",
    ["was lost"],
    true,
  ],
  ["half an answer", half, "ConnectionError CONNECTION_LOST", ["was lost"], true],
  ["no HTTP", noHttp, "ConnectionError NOT_OMERO", ["not answer as a web server does"], true],
  ["endless headers", manyHeaders, "ConnectionError NOT_OMERO", ["not answer as a web server does"], true],
];

describe("the registration is refused by", () => {
  test.each(REFUSED)("%s", async (_, answer, kind, says, outcomeUnknown = false) => {
    web.answers.POST = answer;
    const error = await refusal();
    expect(`${error.name} ${error.code}`).toBe(kind);
    for (const part of says) expect(error.message).toContain(part);
    expect(error.message.includes(UNKNOWN)).toBe(outcomeUnknown);
    expect(web.requests.length).toBe(2);
  });

  test("silence", async () => {
    web.answers.POST = () => {};
    const error = await refusal({ timeout: 200 });
    expect(`${error.name} ${error.code}`).toBe("TimeoutError TIMEOUT");
    expect(error.message).toContain("within 200 ms");
    expect(error.message).toContain(UNKNOWN);
  });

  test("an answer that trickles", async () => {
    web.answers.POST = (response) => {
      response.writeHead(200, JSON_TYPE);
      const timer = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(timer));
    };
    expect((await refusal({ timeout: 200 })).code).toBe("TIMEOUT");
  });

  test("the caller's signal", async () => {
    const stop = new AbortController();
    web.answers.POST = () => stop.abort(new Error("enough"));
    const error = await refusal({ signal: stop.signal });
    expect(`${error.name} ${error.code}`).toBe("AbortError ABORTED");
    expect(error.message).toContain(UNKNOWN);
    expect((error.cause as Error).message).toBe("enough");
  });
});

const NO_TOKEN: [what: string, answer: Answer, error: string, says: string[]][] = [
  ["404", page(404), "ServerError SERVER_FAILURE", ["CSRF token", "check that OMERO.web is there"]],
  ["403", page(403), "ServerError SERVER_FAILURE", ["CSRF token", "HTTP 403"]],
  ["500", page(500), "ServerError SERVER_FAILURE", ["HTTP 500", "its own log"]],
  ["503", page(503), "ServerError SERVER_FAILURE", ["try again later"]],
  [
    "a redirect to https",
    page(301, { Location: "https://omero.example.org/api/v0/token" }),
    "ServerError SERVER_FAILURE",
    ["https://omero.example.org/api/v0/token", "not followed"],
  ],
  ["a redirect to a log-in page", page(302, { Location: "/login" }), "LoginError LOGIN_REFUSED", ["/login"]],
  ["a page", page(200), "ServerError SERVER_FAILURE", ["a web page"]],
  ["no token", json({ data: "" }), "ServerError SERVER_FAILURE", ["not OMERO's"]],
  ["a token of another type", json({ data: { token: CSRF } }), "ServerError SERVER_FAILURE", ["not OMERO's"]],
  ["a token that is no header", json({ data: `${CSRF}\r\nX-Other: 1` }), "ServerError SERVER_FAILURE", ["not OMERO's"]],
  ["a token of a mebibyte", json({ data: "x".repeat(1 << 19) }), "ServerError SERVER_FAILURE", ["not OMERO's"]],
  ["silence", () => {}, "TimeoutError TIMEOUT", ["within 200 ms"]],
];

describe("no CSRF token: nothing is registered after", () => {
  test.each(NO_TOKEN)("%s", async (_, answer, kind, says) => {
    web.answers.GET = answer;
    const error = await refusal({ timeout: 200 });
    expect(`${error.name} ${error.code}`).toBe(kind);
    for (const part of says) expect(error.message).toContain(part);
    expect(error.message).not.toContain(UNKNOWN);
    expect(web.requests.map(({ method }) => method)).toEqual(["GET"]);
  });
});

describe("a server's message", () => {
  test("is repeated without what was sent", async () => {
    const echo: Answer = (response, { headers, url }) => {
      const message = `${url} ${JSON.stringify(headers)}`;
      response.writeHead(400, JSON_TYPE).end(JSON.stringify({ message }));
    };
    web.answers.POST = echo;
    expect((await refusal()).message).toContain("bsession=[secret]");
  });

  test("is cut after secrets are left out, not through them", async () => {
    web.answers.POST = json({ message: `${"x".repeat(490)}${TOKEN}` }, 400);
    const { message } = await refusal();
    expect(message).toContain("x[secret]");
    expect(message).not.toContain(TOKEN.slice(0, 8));
  });

  test("is short, and steers no terminal", async () => {
    web.answers.POST = json({ message: `red \u001b[31m\r\n${"long ".repeat(1000)}` }, 400);
    const { message } = await refusal();
    expect(message).toContain("red [31m long");
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(1000);
  });

  test("counts only as text in JSON", async () => {
    for (const content of [{ message: { deep: TOKEN } }, ["message"], null]) {
      web.answers.POST = json(content, 400);
      expect((await refusal()).message).toContain("(HTTP 400);");
    }
  });
});

const BODIES = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary" }),
  fc
    .record({ data: fc.jsonValue(), message: fc.jsonValue() }, { requiredKeys: [] })
    .map((content) => JSON.stringify(content)),
  fc.constantFrom(TOKEN, `{"message":"${SESSION}${TOKEN}${CSRF}"}`, "[".repeat(100_000), '{"data":'.repeat(50_000)),
);
const ANSWERS = fc.record({
  status: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.constantFrom(200, 201, 302, 400, 403, 500)),
  type: fc.constantFrom("application/json", "application/json; charset=utf-8", "text/html", "", TOKEN),
  location: fc.option(fc.constantFrom("/login", `/?${TOKEN}`, `/${SESSION}`, "://", "https://["), { nil: undefined }),
  body: BODIES,
});

test("whatever it answers, the error is one of this package, and holds no secret", { timeout: 60_000 }, async () => {
  const which = fc.constantFrom("GET" as const, "POST" as const);
  const oneAnswer = fc.asyncProperty(which, ANSWERS, async (method, { status, type, location, body }) => {
    const headers = { "Content-Type": type, ...(location === undefined ? {} : { Location: location }) };
    web.answers = { GET: json({ data: CSRF }), POST: json({ data: { file_annotation: 1 } }) };
    web.answers[method] = { status, headers, body };
    if (method === "POST") await refusal();
    else if (!isToken(status, body)) await refusal();
  });
  await fc.assert(oneAnswer, { numRuns: 200 });
});

/** Whether a random answer happens to be one that goes on. */
function isToken(status: number, body: string): boolean {
  try {
    const { data } = JSON.parse(body) as { data?: unknown };
    return status < 300 && typeof data === "string" && /^[!-~]+$/.test(data);
  } catch {
    return false;
  }
}

const STARTS = fc.constantFrom("", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n");
const REST = fc.oneof(
  fc.uint8Array(),
  fc.string().map((text) => Buffer.from(text)),
);

test("bytes that are no HTTP, whatever they are", { timeout: 60_000 }, async () => {
  const bytes = fc.asyncProperty(STARTS, REST, async (start, rest) => {
    web.answers.POST = ({ socket }) => void socket!.end(Buffer.concat([Buffer.from(start), rest]));
    await refusal({ timeout: 2000 });
  });
  await fc.assert(bytes, { numRuns: 100 });
});
