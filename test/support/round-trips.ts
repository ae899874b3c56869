/** Tables of any content that go to a server, come back as CSV, and go there again. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { OmeroConnection } from "../../src/connect/index.js";
import { downloadTable } from "../../src/read/index.js";
import { deleteTable, uploadTable } from "../../src/write/index.js";

type Kind = "long" | "double" | "bool" | "text";

/** Text that no reader could take for a number, a missing value or a comment. */
const WORDS = fc.constantFrom(
  "cell",
  "Zelle ü",
  'say "x", y',
  "two\nlines",
  "µm²",
  "a;b",
  "細胞",
  "# not first",
  "end ",
);

const CELLS: Readonly<Record<Kind, fc.Arbitrary<unknown>>> = {
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  double: fc.double(),
  bool: fc.boolean(),
  text: fc.tuple(WORDS, fc.nat(999)).map(([word, number]) => `cell ${number} ${word} end`),
};

/** Columns of ids, numbers, truth values and texts, of which the first is no numbering of rows. */
const TABLE = fc
  .tuple(fc.array(fc.constantFrom<Kind>("long", "double", "bool", "text"), { minLength: 1, maxLength: 6 }), fc.nat(12))
  .chain(([kinds, more]) => {
    const rows = more + 1;
    const columns = kinds.map((kind) => fc.array(CELLS[kind], { minLength: rows, maxLength: rows }));
    const images = fc.array(fc.bigInt({ min: 1n, max: 2n ** 40n }), { minLength: rows, maxLength: rows });
    return fc.tuple(fc.constant(kinds), images, fc.tuple(...columns));
  });

/** Numbers in a list that are whole would be taken for integers. */
function columnOf(kind: Kind, cells: readonly unknown[]): ArrayLike<unknown> {
  return kind === "double" ? Float64Array.from(cells as number[]) : cells;
}

/** Uploads `count` tables, downloads them, uploads the files and downloads those. Gives what differs. */
export async function roundTrips(connection: OmeroConnection, count: number): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "omero2frame-trips-"));
  const options = { connection, parentId: 1, onWarning: () => {} };
  const different: string[] = [];
  try {
    for (const [index, [kinds, image, cells]] of fc.sample(TABLE, { numRuns: count, seed: 1 }).entries()) {
      const named = kinds.map((kind, position) => [`${kind} / no. ${position}`, columnOf(kind, cells[position]!)]);
      const source = { image, ...Object.fromEntries(named) };
      const [first, second] = [join(directory, `${index}.csv`), join(directory, `${index}-again.csv`)];
      await trip(source, first);
      await trip(first, second);
      if (!(await readFile(first)).equals(await readFile(second))) different.push(await readFile(first, "utf8"));
    }
    return different;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }

  async function trip(source: string | Record<string, ArrayLike<unknown>>, targetPath: string): Promise<void> {
    const { fileId } = await uploadTable(source, "trip", options);
    await downloadTable({ connection, fileId, targetPath });
    await deleteTable({ connection, fileId });
  }
}
