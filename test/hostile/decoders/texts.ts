/** Texts that clients send to a server, which reads them: conditions and HQL. And addresses, which users give. */
import { parseServerAddress } from "../../../src/connect/server-address.js";
import { ArgumentError } from "../../../src/errors.js";
import { compileCondition } from "../../../src/query/index.js";
import { rlong, rstring } from "../../../src/rtypes.js";
import { parseHql } from "../../../src/server/hql/grammar/parser.js";
import { HqlError } from "../../../src/server/hql/grammar/syntax.js";
import { QueryBudget } from "../../../src/server/hql/pace/budget.js";
import { inTurns, runQuery } from "../../../src/server/hql/run.js";
import type { Value } from "../../../src/server/hql/values.js";
import { generateConditions } from "../../query/condition-generator.js";
import { EXAMPLE_FIELDS, EXAMPLE_TABLE } from "../../query/differential/example-table.js";
import { type SmallWorld, smallWorld } from "../../server/world/small-world.js";
import type { Decoder, Seed } from "../decoder.js";

export const conditions: Decoder = {
  name: "conditions",
  share: 6,
  // Evaluators lay out their blocks, whatever the condition.
  memory: { perByte: 2048, free: 64 << 20 },
  seeds() {
    const generated = generateConditions(EXAMPLE_FIELDS, 7, 400, { misfits: 0, damaged: 0 });
    const seeds = generated.map(({ query, variables }): Seed => {
      const decode = (bytes: Uint8Array) => {
        const text = Buffer.from(bytes).toString();
        compileCondition(text, EXAMPLE_FIELDS, variables).evaluate(EXAMPLE_TABLE);
      };
      return { bytes: Buffer.from(query), decode };
    });
    return seeds.filter(isTaken);
  },
};

/** The generator makes some that PyTables refuses. */
function isTaken({ bytes, decode }: Seed): boolean {
  try {
    decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const QUERIES = [
  "select f from OriginalFile f where f.name = :name and f.mimetype = 'OMERO.tables' order by f.id desc",
  "select fa.id, fa.file.id from FileAnnotation fa where fa.id in (:ids) and fa.file.name like '%.h5'",
  "select distinct i from Image i left outer join fetch i.annotationLinks l join l.child a where a.ns is not null",
  "select i.class, count(*), max(i.id) from IObject i group by i.class order by i.class",
  `select f.id from OriginalFile f where f.details.creationEvent.time > :time
     and f.id not in (select fa.file.id from FileAnnotation fa where fa.file.name = :name)`,
  "from Image i where exists (select d from Dataset d where d.id = i.id + 1) and not (i.id between 2 and 3 or i.id = 4)",
  "select lower(concat(i.name, 'x')), size(i.annotationLinks) from Image i where i.details.owner.omeName != 'bob'",
];

let world: Promise<SmallWorld> | undefined;

export const hql: Decoder = {
  name: "HQL",
  share: 3,
  memory: { perByte: 2048, free: 64 << 20 },
  async seeds() {
    const objects = [1, 2, 3].flatMap((id) => ["Image", "Dataset"].map((type) => ({ type, id, group: "read-only" })));
    world = smallWorld(objects);
    const access = (await world).access("ann");
    const scope = { store: (await world).world.store, canRead: access.canRead.bind(access) };
    const parameters = new Map<string, Value>([
      ["name", rstring("a")],
      ["time", rlong(5)],
      ["ids", [rlong(1), rlong(2)]],
    ]);
    return QUERIES.map((query) => ({
      bytes: Buffer.from(query),
      decode: async (bytes) => {
        try {
          const budget = new QueryBudget();
          const query = runQuery(scope, parseHql(Buffer.from(bytes).toString()), parameters, budget);
          await inTurns(query, budget, async () => {});
        } catch (error) {
          if (!(error instanceof HqlError)) throw error;
          // The server answers with a QueryException.
          throw new ArgumentError("INVALID_ARGUMENT", error.message);
        }
      },
    }));
  },
  close: async () => (await world)?.[Symbol.asyncDispose](),
};

const ADDRESSES = ["omero.example.org", "[::1]:4064", "wss://omero.example.org:443/omero-ws", "tcp://10.0.0.1:4063"];

export const addresses: Decoder = {
  name: "server addresses",
  share: 2,
  seeds: () =>
    ADDRESSES.map((address) => ({
      bytes: Buffer.from(address),
      decode: (bytes) => parseServerAddress(Buffer.from(bytes).toString()),
    })),
};
