import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeResult } from "../../src/connect/ice/codec/codec.js";
import { getOperation, loadSchema, type Operation } from "../../src/connect/ice/schema/schema.js";
import { encodedParams } from "../connect/ice/encoded-params.js";
import { opaqueProxies } from "../connect/ice/opaque-proxies.js";
import { RandomValues } from "../connect/ice/random-values.js";
import { runPython } from "./reference-server.js";

const SCRIPT = fileURLToPath(new URL("ice_echo.py", import.meta.url));
const MESSAGES = 300;

let usable: Set<string>;

beforeAll(async () => {
  usable = new Set(JSON.parse(await runPython(SCRIPT, ["classes"], JSON.stringify(loadSchema().classIds))) as string[]);
});

async function echo(kind: string, sending: Operation, receiving: Operation): Promise<void> {
  const values = Array.from({ length: MESSAGES }, (_, seed) => {
    const random = new RandomValues(seed, (id) => usable.has(id));
    return random.value(sending.parameters[0]!.type);
  });
  const lines = values.map((value) => {
    const params = Buffer.from(encodedParams(sending, [value], opaqueProxies)).toString("base64");
    return JSON.stringify({ kind, params });
  });
  const answers = (await runPython(SCRIPT, [], lines.join("\n"))).trim().split("\n");
  expect(answers).toHaveLength(MESSAGES);
  answers.forEach((answer, index) => {
    const result = decodeResult(receiving, new Uint8Array(Buffer.from(answer, "base64")), opaqueProxies);
    if (!isDeepStrictEqual(result, values[index])) expect(result, `message ${index}`).toStrictEqual(values[index]);
  });
}

describe("values come back the same from ZeroC's Ice", () => {
  it("objects of the model, in any graph", async () => {
    expect(usable.size).toBeGreaterThan(150);
    const operation = getOperation("omero::api::IUpdate", "saveAndReturnArray");
    await echo("objects", operation, operation);
  });

  it("columns of every class", async () => {
    const { addData, getHeaders } = tableOperations();
    await echo("columns", addData, getHeaders);
  });

  it("rtypes in a dictionary", async () => {
    const { setAllMetadata, getAllMetadata } = tableOperations();
    await echo("rtypes", setAllMetadata, getAllMetadata);
  });
});

function tableOperations(): Record<"addData" | "getHeaders" | "setAllMetadata" | "getAllMetadata", Operation> {
  const operation = (name: string) => getOperation("omero::grid::Table", name);
  return {
    addData: operation("addData"),
    getHeaders: operation("getHeaders"),
    setAllMetadata: operation("setAllMetadata"),
    getAllMetadata: operation("getAllMetadata"),
  };
}
