import { expect, test } from "vitest";
import { type CsvOptions, openCsv } from "../../../../src/formats/csv/index.js";
import { readAll } from "../read-all.js";

async function detect(text: string, options: CsvOptions = {}) {
  const csv = await openCsv([Buffer.from(text)], options);
  await csv.close();
  const { delimiter, quote, header } = csv.dialect;
  return [delimiter, quote, header];
}

test.each([
  ["a,b\n1,2\n", [",", '"', true]],
  ["a;b\n1,5;2,5\n3,5;4,5\n", [";", '"', true]],
  ["a\tb c\n1,5\t2\n3,5\t4\n", ["\t", '"', true]],
  ["1,5\t2,5\n3,5\t4,5\n", ["\t", '"', false]],
  ["a|b|c\n1|2|3\n", ["|", '"', true]],
  ["name;size\nx, y;1\nz;2\n", [";", '"', true]],
  ['"a;b","c"\n"d;e","f"\n', [",", '"', true]],
  ["'a,b','c'\n'd,e','f'\n", [",", "'", true]],
  ["name,note\nJo,'tis\nAl,'twas\n", [",", '"', true]],
  ["name,note\nJo,it's\nAl,that's\n", [",", '"', true]],
  ["text\nhello\nworld\n", [",", '"', true]],
  ["a,b\n1,2\n3\n", [",", '"', true]],
  ["1,2\n3,4\n", [",", '"', false]],
  ["0,1,2\n5,6,7\n", [",", '"', true]],
  ["0,1,3\n5,6,7\n", [",", '"', false]],
  ["x,2019\n5,6\n", [",", '"', true]],
  ["5\n6\n", [",", '"', false]],
  [",a\n0,1\n", [",", '"', true]],
])("%j", async (text, expected) => {
  expect(await detect(text)).toEqual(expected);
});

test("what is given is not detected", async () => {
  expect(await detect("a;b\n1;2\n", { delimiter: ",", quote: "'", header: false })).toEqual([",", "'", false]);
  expect(await detect('"a",b\n', { quote: false })).toEqual([",", "", true]);
});

test("a header is names, their absence, or the names themselves", async () => {
  const read = (text: string, options: CsvOptions) => readAll([Buffer.from(text)], options);
  expect((await read("1,2\n3,4\n", {})).fields).toEqual(["0:Long", "1:Long"]);
  expect((await read("1,2\n3,4\n", { header: true })).columns).toEqual([[3n], [4n]]);
  expect((await read("1,2\n3,4\n", { header: ["x", "y"] })).fields).toEqual(["x:Long", "y:Long"]);
  await expect(read("1,2\n3,4\n", { header: ["x"] })).rejects.toMatchObject({ code: "MALFORMED_CSV", line: 1 });
});

test("empty and repeated names are repaired, or errors where that is asked for", async () => {
  const read = (text: string, options: CsvOptions) => readAll([Buffer.from(text)], options);
  await expect(read(",a\n1,2\n", { strict: true })).rejects.toMatchObject({ code: "INVALID_SCHEMA", line: 1 });
  await expect(read("a,b,a\n1,2,3\n", { repairNames: false })).rejects.toMatchObject({
    code: "INVALID_SCHEMA",
    column: "a",
  });
  const { fields } = await read(",a,a.1,a\n5,2,3,4\n", {});
  expect(fields).toEqual(["Unnamed: 0:Long", "a:Long", "a.1:Long", "a.2:Long"]);
});

test.each([
  [{ delimiter: "" }],
  [{ delimiter: "\n" }],
  [{ quote: "''" }],
  [{ delimiter: ",", decimal: "," as const }],
  [{ delimiter: '"', quote: '"' }],
  [{ encoding: "klingon" }],
  [{ decimal: ";" as "." }],
  [{ header: [] }],
  [{ missingValues: [1] as unknown as string[] }],
])("options no file can be read by: %j", async (options) => {
  await expect(readAll([Buffer.from("a\n1\n")], options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
