import { afterAll, describe, expect, test } from "vitest";
import { DECODERS } from "./decoders/index.js";
import type { Figures } from "./feed.js";
import { feed, INPUTS, inputsFor } from "./harness.js";

const all = new Map<string, Figures>();

describe(`${INPUTS} damaged inputs end in a value or an error of ours, soon and in little memory:`, () => {
  test.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))(
    "%s",
    async (name, decoder) => {
      const inputs = inputsFor(decoder, DECODERS);
      const figures = await feed(name, inputs);
      all.set(name, figures);
      expect(figures.faults).toEqual([]);
      const refused = Object.values(figures.refused).reduce((sum, count) => sum + count, 0);
      expect(figures.taken + refused).toBe(inputs);
    },
    // Half a second for an input is far more than any takes.
    60_000 + INPUTS * 500,
  );
});

afterAll(() => {
  let inputs = 0;
  for (const [name, figures] of all) {
    inputs += figures.inputs;
    console.log(line(name, figures));
  }
  console.log(`${inputs} damaged inputs in all`);
});

function line(name: string, { inputs, taken, refused, slowest, mostMemory, milliseconds }: Figures): string {
  const codes = Object.entries(refused).map(([code, count]) => `${count} ${code}`);
  const speed = `${(milliseconds / 1000).toFixed(1)} s, slowest ${Math.round(slowest)} ms, most memory ${(mostMemory / 2 ** 20).toFixed(1)} MiB`;
  return `${name}: ${inputs} inputs, ${taken} taken, ${codes.join(", ") || "none refused"}; ${speed}`;
}
