/** The examples of the store work as they stand, against what is built. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it.each([
  ["dictionary.ts", "6 entries, 4 numbers: test"],
  ["processes.ts", "400 images of 4 processes, without a gap"],
])(
  "%s",
  async (name, printed) => {
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", `examples/store/${name}`], {
      cwd: root,
    });
    expect(stdout).toBe(`${printed}\n`);
  },
  120_000,
);
