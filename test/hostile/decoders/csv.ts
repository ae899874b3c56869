/** CSV as text, in other encodings and gzipped. */
import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { DataError } from "../../../src/errors.js";
import { type OpenCsvOptions, openCsv } from "../../../src/formats/csv/index.js";
import { splitByCsvParse, typeByRules } from "../../formats/csv/oracle.js";
import { inPieces, type ReadCsv, readAll } from "../../formats/csv/read-all.js";
import { checkBatch } from "../../support/check-batch.js";
import type { Decoder, Seed } from "../decoder.js";

const TYPED = `image,name,"mean, area",ok,when
1,"a ""quoted"" cell",1.5e-3,TRUE,2020-01-01
2,"line
break",NaN,False,
9223372036854775807,été 🔬,-inf,TRUE,2021-02-03
`;
const COMMENTED = `# made by hand\n1,'it is ''quoted''',3 # three\n4,five,6\n`;
const MANY_ROWS = `n;x;s\n${Array.from({ length: 400 }, (_, row) => `${row};${row / 7};"text ${row}"`).join("\n")}`;
const MANY_COLUMNS = [0, 1, 2].map(() => Array.from({ length: 300 }, (_, column) => column).join("\t")).join("\r\n");

export const csv: Decoder = {
  name: "CSV",
  share: 3,
  // Blocks and columns of a reader have their size whatever the input.
  memory: { perByte: 256, free: 64 << 20 },
  seeds: () => [...[TYPED, MANY_ROWS, MANY_COLUMNS].flatMap(seedsOf), commented()],
};

function seedsOf(text: string): Seed[] {
  const utf8 = Uint8Array.from(Buffer.from(text));
  const utf16 = Uint8Array.from(Buffer.from(`\ufeff${text}`, "utf16le"));
  return [
    { bytes: utf8, decode: reading({}) },
    // Read twice: nothing is kept of the first reading.
    { bytes: utf8, decode: reading({ keptBytes: 0 }) },
    { bytes: utf16, decode: reading({}) },
    { bytes: Uint8Array.from(gzipSync(utf8)), decode: reading({}) },
    { bytes: Uint8Array.from(gzipSync(utf16)), decode: reading({ repairNames: true }) },
  ];
}

function commented(): Seed {
  return { bytes: Buffer.from(COMMENTED), decode: reading({ quote: "'", comment: "#", header: false }) };
}

const reading = (options: OpenCsvOptions) => async (bytes: Uint8Array) => {
  const table = await openCsv([bytes], options);
  try {
    for await (const batch of table.batches(64)) checkBatch(batch);
  } finally {
    await table.close();
  }
};

const MIXED = `n,x,s,b,t\n1,0.5,"a, b",true,\n-2,1e5,"say ""so""",FALSE,NA\n30, 7 ,"two\r\nlines",True,-inf\n\n4,.5,été,false,nan\r5,1.,x,TRUE,inf\n`;

/** Texts that csv-parse splits too, and plain rules type: all three find the same cells, or refuse. */
export const csvParse: Decoder = {
  name: "CSV, beside csv-parse",
  share: 1,
  memory: { perByte: 512, free: 64 << 20 },
  seeds: () =>
    [
      [MIXED, 7],
      [MIXED, 1000],
      [TYPED, 1000],
      [MANY_ROWS.replaceAll(";", ",").slice(0, 8500), 10_000],
    ].map(([text, piece]) => ({
      bytes: Uint8Array.from(Buffer.from(text as string)),
      decode: (bytes: Uint8Array) => compare(bytes, piece as number),
    })),
};

/** Bytes: csv-parse is not fast. */
const LONGEST_COMPARED = 9000;

async function compare(bytes: Uint8Array, piece: number): Promise<void> {
  // What tells of other encodings is for the decoder above, and so are cells too long for numbers.
  const text = Buffer.from(bytes.subarray(0, LONGEST_COMPARED))
    .toString()
    .replaceAll(/[\0\ufeff]/g, "?")
    .replaceAll(/[^,\r\n]{4000,}/g, "long");
  const ours = await outcome(Buffer.from(text), piece);
  const records = splitByCsvParse(text, !(ours instanceof DataError));
  const theirs = records && typeByRules(records.slice(1), records[0]!.length);
  if (ours instanceof DataError) {
    const column = ["UNSAFE_INTEGER", "INVALID_SCHEMA", "VALUE_DOES_NOT_FIT"].includes(ours.code);
    if (theirs && !column) throw new Error(`csv-parse reads what is refused here: ${ours.message}`);
    throw ours;
  }
  if (!theirs) throw new Error("csv-parse refuses what is read here");
  const types = ours.fields.map((field) => field.replace(/^.*:|\(\d+\)$/gs, ""));
  if (!isDeepStrictEqual([types, ours.columns], [theirs.types, theirs.columns])) {
    throw new Error("csv-parse reads other cells");
  }
}

/** All that could be found out is given. */
const HEADED = {
  delimiter: ",",
  quote: '"',
  header: true,
  decimal: ".",
  thousands: false,
  strict: true,
  repairNames: true,
} as const;

async function outcome(bytes: Uint8Array, piece: number): Promise<ReadCsv | DataError> {
  try {
    return await readAll(inPieces(bytes, piece), { ...HEADED });
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}
