import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type CredentialOptions,
  type LoginCandidate,
  loginCandidates,
  type Surroundings,
} from "../../../src/connect/credentials/credentials.js";
import type { Question } from "../../../src/connect/credentials/prompt.js";
import { formatAddress } from "../../../src/connect/server-address.js";

const STORED = "11111111-aaaa-4000-8000-000000000001";
const TOKEN = "22222222-bbbb-4000-8000-000000000002";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "omero-home-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Collects candidates, refusing each, until none is left. */
async function all(options: CredentialOptions, surroundings: Partial<Surroundings> = {}) {
  const candidates: LoginCandidate[] = [];
  const source = loginCandidates(options, { env: {}, home, platform: "linux", ask: undefined, ...surroundings });
  try {
    for (let next = await source.next(); ; next = await source.next("refused in this test")) {
      candidates.push(next.value);
      if (next.value.passOver === "never") return { candidates, error: undefined };
    }
  } catch (error) {
    return { candidates, error: error as Error & { code: string } };
  }
}

/** What a candidate would send, with the secrets in clear. */
function shown({ source, address, method, group }: LoginCandidate): string {
  const who =
    method.kind === "session" ? `key ${method.sessionKey.reveal()}` : `${method.username}/${method.password.reveal()}`;
  return `${source}: ${who} at ${formatAddress(address)}${group === undefined ? "" : ` in ${group}`}`;
}

async function putStoredSession(): Promise<void> {
  const directory = join(home, "omero", "sessions");
  await mkdir(join(directory, "stored.example", "ana"), { recursive: true });
  await writeFile(join(directory, "._LASTHOST_"), "stored.example");
  await writeFile(join(directory, "stored.example", "._LASTUSER_"), "ana");
  const text = `omero.host=stored.example\nomero.user=ana\nomero.sess=${STORED}\n`;
  await writeFile(join(directory, "stored.example", "ana", STORED), text);
}

async function putToken(): Promise<void> {
  await mkdir(join(home, ".omero_user_token"), { recursive: true });
  await writeFile(join(home, ".omero_user_token", "token"), `${TOKEN}@token.example:4064`);
}

const ENV = { OMERO_HOST: "env.example", OMERO_USER: "eva", OMERO_PASSWORD: "pw-e" };

describe("options and environment", () => {
  test.each<[string, CredentialOptions, Record<string, string>, string]>([
    ["options alone", { server: "h", username: "ana", password: "pw" }, {}, "options: ana/pw at h:4064"],
    [
      "a session key wins",
      { server: "h", username: "ana", password: "pw", sessionKey: "k" },
      {},
      "options: key k at h:4064",
    ],
    ["environment alone", {}, ENV, "environment: eva/pw-e at env.example:4064"],
    [
      "the spelling of ezomero",
      {},
      { OMERO_HOST: "h", OMERO_USER: "eva", OMERO_PASS: "p" },
      "environment: eva/p at h:4064",
    ],
    [
      "port and group",
      {},
      { ...ENV, OMERO_PORT: "14064", OMERO_GROUP: "lab" },
      "environment: eva/pw-e at env.example:14064 in lab",
    ],
    [
      "options over environment",
      { username: "ana", password: "pw", group: -1 },
      { ...ENV, OMERO_GROUP: "lab" },
      "options: ana/pw at env.example:4064 in -1",
    ],
    [
      "the password of the same user",
      { server: "h", username: "ana" },
      { OMERO_PASSWORD: "pw" },
      "environment: ana/pw at h:4064",
    ],
    [
      "the port of the same host",
      { server: "env.example" },
      { ...ENV, OMERO_PORT: "99" },
      "environment: eva/pw-e at env.example:99",
    ],
    [
      "nothing of another port, where a server and its port are given",
      { server: "127.0.0.1", port: 5, username: "ana", password: "pw" },
      { OMERO_HOST: "127.0.0.1:4064", OMERO_USER: "eva", OMERO_PASSWORD: "pw-e" },
      "options: ana/pw at 127.0.0.1:5",
    ],
    ["plain tcp when asked for", { plain: true }, ENV, "environment: eva/pw-e at tcp://env.example:4063"],
  ])("%s", async (_name, options, env, expected) => {
    const { candidates } = await all(options, { env });
    expect(candidates.map(shown)).toEqual([expected]);
  });

  test("credentials of the environment stay with its server and its user", async () => {
    const elsewhere = await all({ server: "other.example", interactive: false }, { env: ENV });
    expect(elsewhere.candidates).toEqual([]);
    expect(elsewhere.error).toMatchObject({ code: "MISSING_CREDENTIALS", host: "other.example" });
    expect(elsewhere.error!.message).toContain("OMERO_HOST names another server");
    const somebodyElse = await all({ username: "ana", interactive: false }, { env: ENV });
    expect(somebodyElse.candidates).toEqual([]);
  });

  test("what makes no sense is refused at once", async () => {
    expect((await all({}, { env: { ...ENV, OMERO_PORT: "many" } })).error).toMatchObject({ code: "INVALID_ARGUMENT" });
    const plain = await all({}, { env: { ...ENV, OMERO_HOST: "tcp://h", OMERO_SECURE: "true" } });
    expect(plain.error!.message).toBe(
      "OMERO_HOST or OMERO_PORT: tcp://h:4063 is not encrypted but OMERO_SECURE is set",
    );
    expect((await all({ server: "a b" })).error).toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("what is found", () => {
  test("a stored session, then the user token", async () => {
    await putStoredSession();
    await putToken();
    const { candidates, error } = await all({});
    expect(candidates.map(shown)).toEqual([
      `omero login: key ${STORED} at stored.example:4064`,
      `user token: key ${TOKEN} at token.example:4064`,
    ]);
    expect(error!.message).toContain("omero login for stored.example:4064: refused in this test");
    expect(error!.message).toContain("user token for token.example:4064: refused in this test");
  });

  test("only for the server and user asked for", async () => {
    await putStoredSession();
    await putToken();
    expect((await all({ server: "token.example" })).candidates.map((c) => c.source)).toEqual(["user token"]);
    expect((await all({ server: "stored.example" })).candidates.map((c) => c.source)).toEqual(["omero login"]);
    expect((await all({ server: "stored.example", username: "ana" })).candidates).toHaveLength(1);
    expect((await all({ server: "token.example", username: "ana" })).candidates).toEqual([]);
    expect((await all({ allowToken: false })).candidates.map((c) => c.source)).toEqual(["omero login"]);
  });

  test("an unreachable server is passed over only if it was not asked for", async () => {
    await putStoredSession();
    expect((await all({})).candidates[0]!.passOver).toBe("refused or unreachable");
    expect((await all({ server: "stored.example" })).candidates[0]!.passOver).toBe("refused");
  });
});

describe("prompt", () => {
  function answering(answers: string[]) {
    const questions: Question[] = [];
    const ask = async (question: Question) => {
      questions.push(question);
      return answers.shift()!;
    };
    return { ask, questions };
  }

  test("asks for everything when nothing is known", async () => {
    const { ask, questions } = answering(["h:99", "ana", "pw", "eva", "pw2", "eva", "pw3"]);
    const { candidates } = await all({}, { ask });
    expect(shown(candidates[0]!)).toBe("prompt: ana/pw at h:99");
    expect(questions).toEqual([
      { text: "OMERO server" },
      { text: "User name on h:99" },
      { text: "Password of ana on h:99", hidden: true },
      { text: "User name on h:99", fallback: "ana", notice: "refused in this test" },
      { text: "Password of eva on h:99", hidden: true },
      { text: "User name on h:99", fallback: "eva", notice: "refused in this test" },
      { text: "Password of eva on h:99", hidden: true },
    ]);
  });

  test("asks only for what is missing, and three times for a password", async () => {
    const { ask, questions } = answering(["one", "two", "three"]);
    const { candidates } = await all({ server: "h", username: "ana" }, { ask });
    expect(candidates.map(shown)).toEqual(["one", "two", "three"].map((pw) => `prompt: ana/${pw} at h:4064`));
    expect(questions.map(({ hidden, notice }) => [hidden, notice])).toEqual([
      [true, undefined],
      [true, "refused in this test"],
      [true, "refused in this test"],
    ]);
  });

  test("asks for the server alone when that is all that is missing", async () => {
    const { ask, questions } = answering(["h", "again", "and again"]);
    const { candidates } = await all({ username: "ana", password: "pw" }, { ask });
    expect(shown(candidates[0]!)).toBe("prompt: ana/pw at h:4064");
    expect(questions[0]).toEqual({ text: "OMERO server" });
    expect(questions[1]!.hidden).toBe(true);
  });

  test("not unless interactive", async () => {
    const { ask, questions } = answering([]);
    const { error } = await all({ server: "h", interactive: false }, { ask });
    expect(questions).toEqual([]);
    expect(error!.message).toContain("prompt (interactive: false)");
  });
});

test("the error says what was looked at and what to give", async () => {
  const { error } = await all({});
  expect(error).toMatchObject({ name: "LoginError", code: "MISSING_CREDENTIALS" });
  expect(error!.message).toBe(
    "no way to log in was found. Looked at options (none given); " +
      "environment (OMERO_HOST, OMERO_USER and OMERO_PASSWORD are not set); " +
      `stored sessions (none in ${join(home, "omero", "sessions")}); ` +
      `user token (no ${join(home, ".omero_user_token", "token")}); ` +
      "prompt (stdin and stderr are no terminal). " +
      "Give server with username and password, or server with sessionKey, or run `omero login`",
  );
});

test("no secret shows when a candidate is printed", async () => {
  await putStoredSession();
  const { candidates } = await all({ server: "h", username: "ana", password: "hunter2" });
  const stored = await all({});
  for (const candidate of [...candidates, ...stored.candidates]) {
    for (const text of [
      inspect(candidate, { depth: 9, showHidden: true }),
      JSON.stringify(candidate),
      String(candidate),
    ]) {
      expect(text).not.toContain("hunter2");
      expect(text).not.toContain(STORED);
    }
  }
  expect(stored.error!.message).not.toContain(STORED);
});

describe("the key of a session in the environment", () => {
  const KEY = "33333333-cccc-4000-8000-000000000003";
  const env = { ...ENV, OMERO_SESSION_KEY: ` ${KEY}\n` };

  test.each<[string, CredentialOptions, string]>([
    ["goes before user and password there", {}, `environment: key ${KEY} at env.example:4064`],
    ["is for its host", { server: "env.example" }, `environment: key ${KEY} at env.example:4064`],
    ["gives way to a user that options name", { username: "eva" }, "environment: eva/pw-e at env.example:4064"],
    ["gives way to a key that options name", { sessionKey: STORED }, `options: key ${STORED} at env.example:4064`],
  ])("%s", async (_, options, expected) => {
    expect(shown((await all(options, { env })).candidates[0]!)).toBe(expected);
  });

  test("is not sent to another server", async () => {
    const { candidates, error } = await all({ server: "other.example" }, { env });
    expect(candidates).toEqual([]);
    expect(inspect(error)).not.toContain(KEY);
  });
});
