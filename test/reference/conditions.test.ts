/**
 * Conditions, right and wrong ones, generated from the whole grammar: the rows that PyTables finds behind omero-py's own
 * servants are those that our evaluator and the embedded server find, or all three refuse.
 */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ColumnBatch, ColumnData } from "../../src/columns/batch.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { ConditionError, ServerError } from "../../src/errors.js";
import { newTable } from "../../src/gateway/tables/open-table.js";
import type { RemoteTable } from "../../src/gateway/tables/table.js";
import { checkCondition } from "../../src/query/index.js";
import type { RType } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { type GeneratedCondition, generateConditions } from "../query/condition-generator.js";
import { type DifferentialFixture, writeTable, writeVariables } from "../query/differential/cases.js";
import { ourOutcome } from "../query/differential/compare.js";
import { EXAMPLE_FIELDS, EXAMPLE_TABLE } from "../query/differential/example-table.js";
import { HAND_WRITTEN, REFUSED_BY_US } from "../query/differential/hand-written.js";
import { ReferenceServer, runPython } from "./reference-server.js";

/** More of them, and others, for a long run: CONDITIONS=20000 CONDITIONS_SEED=7. */
const GENERATED = Number(process.env.CONDITIONS ?? 900);
const SEED = Number(process.env.CONDITIONS_SEED ?? 52_000);
const NO_VARIABLES = new Map<string, RType>();

let reference: ReferenceServer;
let embedded: OmeroServer;
let connections: OmeroConnection[];
/** The same table on the reference server and on the embedded one. */
let theirs: RemoteTable;
let ours: RemoteTable;

beforeAll(async () => {
  [reference, embedded] = await Promise.all([ReferenceServer.start(), startServer()]);
  const login = { username: "user", password: "pass", interactive: false };
  connections = await Promise.all(
    [reference, embedded].map(({ port }) => connectToOmero({ server: `tcp://127.0.0.1:${port}`, ...login })),
  );
  const tables = await Promise.all(connections.map(storeTable));
  [theirs, ours] = tables as [RemoteTable, RemoteTable];
});
afterAll(async () => {
  for (const table of [theirs, ours]) await table?.close();
  for (const connection of connections ?? []) await connection.close();
  await Promise.all([reference?.stop(), embedded?.close()]);
});

async function storeTable(connection: OmeroConnection): Promise<RemoteTable> {
  const table = await newTable(connection, "conditions");
  await table.initialize(EXAMPLE_FIELDS);
  await table.addData(wireTable());
  return table;
}

/** The example table with its texts cut to whole characters: Ice carries no others. */
function wireTable(): ColumnBatch {
  return { ...EXAMPLE_TABLE, columns: EXAMPLE_TABLE.columns.map(wholeCharacters) };
}

function wholeCharacters(column: ColumnData): ColumnData {
  if (column.kind !== "string") return column;
  const offsets = new Int32Array(column.offsets.length);
  const texts: Uint8Array[] = [];
  for (let row = 0; row + 1 < column.offsets.length; row++) {
    const bytes = column.bytes.subarray(column.offsets[row], column.offsets[row + 1]);
    texts.push(Buffer.from(Buffer.from(bytes).toString().replaceAll("\ufffd", "")));
    offsets[row + 1] = offsets[row]! + texts[row]!.length;
  }
  return { kind: "string", offsets, bytes: Buffer.concat(texts) };
}

/**
 * Conditions that end the process which evaluates them: a division of int64's least value by -1. They are not sent.
 * Found by letting PyTables evaluate those that divide, each in a process of its own.
 */
async function fatalOnes(conditions: readonly GeneratedCondition[]): Promise<Set<GeneratedCondition>> {
  const dividing = conditions.filter(({ query }) => /%|\/\//.test(query));
  const cases = dividing.map(({ query, variables }) => ({
    condition: query,
    variables: writeVariables(variables),
  }));
  const input: DifferentialFixture = { table: writeTable(EXAMPLE_TABLE), cases };
  const script = fileURLToPath(new URL("../query/differential/evaluate.py", import.meta.url));
  const answered: DifferentialFixture = JSON.parse(await runPython(script, [], JSON.stringify(input)));
  return new Set(dividing.filter((_, index) => answered.cases[index]!.outcome === "crash"));
}

/** Rows, or the server's refusal. */
type Outcome = readonly number[] | ServerError;

async function ask(table: RemoteTable, condition: string, variables: ReadonlyMap<string, RType>): Promise<Outcome> {
  try {
    return [...(await table.getWhereList(condition, variables, { start: 0, stop: table.rowCount }))];
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
}

function show(outcome: Outcome | ConditionError): string {
  return outcome instanceof Error ? "refused" : outcome.join();
}

interface Compared extends GeneratedCondition {
  /** What PyTables says. */
  readonly outcome: Outcome;
}

/** Asks all three about each condition; gives what PyTables said, and what differs. */
async function compare(conditions: readonly GeneratedCondition[]) {
  const compared: Compared[] = [];
  const differences: string[] = [];
  const fatal = await fatalOnes(conditions);
  for (const condition of conditions) {
    if (fatal.has(condition)) continue;
    const { query, variables } = condition;
    const [outcome, served] = await Promise.all([ask(theirs, query, variables), ask(ours, query, variables)]);
    const evaluated = ourOutcome(query, variables);
    compared.push({ query, variables, outcome });
    if (show(outcome) === show(served) && show(outcome) === show(evaluated)) continue;
    const why = outcome instanceof Error ? outcome.message : "";
    differences.push(
      `${query} ${describeVariables(variables)}: PyTables ${show(outcome)} ${why}; server ${show(served)}; evaluator ${show(evaluated)}`,
    );
  }
  return { compared, differences, fatal: fatal.size };
}

function describeVariables(variables: ReadonlyMap<string, RType>): string {
  return JSON.stringify([...variables].map(([name, { iceId, val }]) => [name, iceId, String(val)]));
}

/** Variables the condition names; others are a mistake that only we report. */
function used({ query, variables }: GeneratedCondition): Map<string, RType> {
  return new Map([...variables].filter(([name]) => new RegExp(`\\b${name}\\b`).test(query)));
}

/** The condition with backticks in place of the variables that stand for columns. */
function withBackticks({ query, variables }: GeneratedCondition): GeneratedCondition {
  const left = used({ query, variables });
  let text = query;
  for (const [name, { iceId, val }] of left) {
    if (iceId !== "::omero::RString") continue;
    text = text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `\`${String(val).replaceAll("`", "``")}\``);
    left.delete(name);
  }
  return { query: text, variables: left };
}

const shares = (compared: readonly Compared[]) => ({
  conditions: compared.length,
  refused: compared.filter(({ outcome }) => outcome instanceof Error).length,
  someRows: compared.filter(({ outcome }) => Array.isArray(outcome) && outcome.length > 0).length,
});

describe("the same rows, or both refuse", () => {
  const accepted: Compared[] = [];

  it(`for ${GENERATED} generated conditions`, async () => {
    const { compared, differences, fatal } = await compare(generateConditions(EXAMPLE_FIELDS, SEED, GENERATED));
    console.log("generated:", { ...shares(compared), fatal });
    expect(differences).toEqual([]);
    expect(shares(compared).refused).toBeGreaterThan(100);
    expect(shares(compared).someRows).toBeGreaterThan(400);
    accepted.push(...compared.filter(({ outcome }) => !(outcome instanceof Error)));
  });

  it("for those at the edges of the language", async () => {
    const conditions = HAND_WRITTEN.map((query) => ({ query, variables: NO_VARIABLES }));
    const { compared, differences, fatal } = await compare(conditions);
    console.log("hand-written:", { ...shares(compared), fatal });
    expect(differences).toEqual([]);
    accepted.push(...compared.filter(({ outcome }) => !(outcome instanceof Error)));
  });

  it("for well-formed ones, checked before they are sent, and named in backticks", async () => {
    const faults: string[] = [];
    let backticks = 0;
    for (const { outcome, ...condition } of accepted) {
      const plain = checkCondition(condition.query, EXAMPLE_FIELDS, used(condition));
      if (plain.condition !== condition.query) faults.push(`${condition.query} is rewritten: ${plain.condition}`);
      const quoted = withBackticks(condition);
      if (quoted.query === condition.query) continue;
      backticks++;
      const checked = checkCondition(quoted.query, EXAMPLE_FIELDS, quoted.variables);
      const again = await ask(theirs, checked.condition, checked.variables);
      if (show(again) !== show(outcome)) faults.push(`${quoted.query} sent as ${checked.condition}: ${show(again)}`);
    }
    console.log("checked:", { conditions: accepted.length, backticks });
    expect(faults).toEqual([]);
    expect(backticks).toBeGreaterThan(150);
  });
});

it("refuses by itself, saying why, what PyTables answers at random or takes for something else", () => {
  for (const query of REFUSED_BY_US) {
    expect(() => checkCondition(query, EXAMPLE_FIELDS), query).toThrow(ConditionError);
  }
});

describe("spans of rows", () => {
  it("are searched as PyTables searches them", async () => {
    const spans = [0, 1, 7, 39, 40].flatMap((start) =>
      [start, start + 1, 20, 40, 41].filter((stop) => stop >= start).map((stop) => ({ start, stop })),
    );
    for (const { start, stop } of spans) {
      for (const step of [1, 2, 3, 50]) {
        const span = { start, stop, step };
        const both = await Promise.all([theirs, ours].map((table) => table.getWhereList("flag", NO_VARIABLES, span)));
        expect(both[1], JSON.stringify(span)).toEqual(both[0]);
      }
    }
    console.log("spans:", spans.length * 4);
  });
});
