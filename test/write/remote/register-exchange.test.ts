/** The exchange of fixtures/omero-plus-exchange.json, replayed: our requests are those of omero2pandas. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { registerTable } from "../../../src/write/index.js";
import { type Certificates, makeCertificates } from "../../connect/ice/certificates.js";
import { type Answer, connectionOf, ScriptedWeb } from "./scripted-web.js";

interface Message {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}
interface Exchange {
  readonly host: string;
  readonly prefix: string;
  readonly session: string;
  readonly token: string;
  readonly remotePath: string;
  readonly tableName: string;
  readonly links: [string, number][];
  readonly annotationId: number;
  readonly exchange: {
    readonly request: Message & { readonly method: "GET" | "POST"; readonly target: string };
    readonly answer: Message & { readonly status: number };
  }[];
}

const fixture = JSON.parse(
  readFileSync(new URL("fixtures/omero-plus-exchange.json", import.meta.url), "utf8"),
) as Exchange;

/** Headers that say which program asks, not what for. */
const OF_THE_PROGRAM = new Set(["user-agent", "accept", "accept-encoding", "connection", "content-length"]);

let certificates: Certificates;
beforeAll(() => {
  certificates = makeCertificates();
});

function answerOf({ status, headers, body }: Message & { readonly status: number }): Answer {
  return (response) => {
    response.sendDate = false;
    response.writeHead(status, headers.flat()).end(body);
  };
}

test("a recorded registration goes on as it did", async () => {
  await using web = await ScriptedWeb.start(certificates.localhost);
  for (const { request, answer } of fixture.exchange) web.answers[request.method] = answerOf(answer);
  const { prefix, token, remotePath, tableName, links } = fixture;
  const options = { prefix, token, tableName, links, server: `localhost:${web.port}`, ca: certificates.authority.cert };
  const annotationId = await registerTable(connectionOf("localhost", fixture.session), remotePath, options);
  expect(annotationId).toBe(fixture.annotationId);

  expect(web.requests.length).toBe(fixture.exchange.length);
  for (const [index, { request }] of fixture.exchange.entries()) {
    const { method, target, headers, body } = web.requests[index]!;
    expect([method, target]).toEqual([request.method, request.target]);
    const host = (text: string) => text.replaceAll(fixture.host, `localhost:${web.port}`);
    const wanted = request.headers.map(([name, value]) => [name.toLowerCase(), host(value)] as const);
    const meaning = (all: Iterable<readonly [string, string]>) =>
      Object.fromEntries([...all].filter(([name]) => !OF_THE_PROGRAM.has(name)));
    expect(meaning(Object.entries(headers))).toEqual(meaning(wanted));
    // Python's JSON has blanks and escapes; the members and their order are the same.
    expect(body).toBe(request.body === "" ? "" : JSON.stringify(JSON.parse(request.body)));
    expect(headers["content-length"]).toBe(body === "" ? undefined : String(Buffer.byteLength(body)));
  }
});
