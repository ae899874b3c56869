import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Cell, readAll } from "./read-all.js";

interface PandasColumn {
  readonly name: string;
  readonly type: "Bool" | "Long" | "Double" | "String";
  readonly values: readonly (string | boolean)[];
}
interface PandasCase {
  readonly csv: string;
  readonly columns: readonly PandasColumn[];
}

const { cases } = JSON.parse(readFileSync(new URL("fixtures/pandas-cases.json", import.meta.url), "utf8")) as {
  cases: PandasCase[];
};

function cellOf(value: string | boolean, type: PandasColumn["type"]): Cell {
  if (typeof value === "boolean" || type === "String") return value;
  if (type === "Long") return BigInt(value);
  return value === "inf" ? Infinity : value === "-inf" ? -Infinity : Number(value);
}

/** Where more is made of a file than pandas makes: names without spaces, zeros kept, empty columns left out. */
const BETTER = [" a , b\n1,2", "a\n007\n", "a\n000000000000000000000000000001\n", ",a,\n1,2,3\n"];

test.each(cases.filter(({ csv }) => !BETTER.includes(csv)))("pandas.read_csv: $csv", async ({ csv, columns }) => {
  const options = { delimiter: ",", quote: '"', header: true, repairNames: true } as const;
  const ours = await readAll([Buffer.from(csv)], options);
  expect(ours.fields.map((field) => field.replace(/\(\d+\)$/, ""))).toEqual(
    columns.map(({ name, type }) => `${name}:${type}`),
  );
  expect(ours.columns).toEqual(columns.map(({ values, type }) => values.map((value) => cellOf(value, type))));
});
