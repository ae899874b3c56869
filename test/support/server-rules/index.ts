/** What a Java OMERO server does where a kinder one would do otherwise: every emulation of it is to do the same. */
import { afterAll, beforeAll, describe } from "vitest";
import { describeErrors } from "./errors.js";
import { describeFiles } from "./files.js";
import type { RuledServer, ServerUnderTest } from "./ruled-server.js";
import { describeSessions } from "./sessions.js";
import { describeStatefulServices } from "./stateful-services.js";
import { describeTables } from "./tables.js";

export type { Account, RuledServer } from "./ruled-server.js";

const PARTS: Record<string, (serverUnderTest: ServerUnderTest) => void> = {
  "services with a state": describeStatefulServices,
  tables: describeTables,
  files: describeFiles,
  sessions: describeSessions,
  errors: describeErrors,
};

/** One test a rule, all of them on one server that `start` gives. */
export function describeServerRules(start: () => Promise<RuledServer>): void {
  let server: RuledServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  for (const [name, describePart] of Object.entries(PARTS)) describe(name, () => describePart(() => server));
}
