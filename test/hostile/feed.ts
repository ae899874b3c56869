/**
 * Feeds damaged inputs to one decoder, in a process of its own, and prints what came of them as one line of JSON. The
 * number of the input that is being read is kept in a file, for whoever finds this process dead or hanging.
 *
 *   node --import tsx test/hostile/feed.ts <decoder> <first> <count> <seed> <file>
 */
import { openSync, writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import { OmeroError } from "../../src/errors.js";
import { Seeded, seedOf } from "../support/seeded.js";
import type { Decoder, Seed } from "./decoder.js";
import { DECODERS } from "./decoders/index.js";
import { mutate } from "./mutations.js";

/** What came of a run. */
export interface Figures {
  readonly inputs: number;
  /** Inputs that were read as if they were honest. */
  readonly taken: number;
  /** Refused inputs, by the code of the error. */
  readonly refused: Readonly<Record<string, number>>;
  /** Milliseconds of processor time of the slowest input: others may keep the machine busy. */
  readonly slowest: number;
  /** Bytes of memory of the input that took most, and what it took for each byte of it beyond what is free. */
  readonly mostMemory: number;
  readonly milliseconds: number;
  /** The first inputs with which something was wrong. */
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly input: number;
  readonly problem: string;
  /** The input in hexadecimal, its beginning if it is long. */
  readonly hex: string;
}

/** Milliseconds of processor time that one input may take. Who waits for longer, without any, hangs. */
const DEADLINE = 3000;
/** Bytes of another input that are spliced in at most. */
const LARGEST_SPLICE = 1 << 16;
const MOST_FAULTS = 5;
const SHOWN_BYTES = 400;
/** Milliseconds after which other work of the process has its turn. */
const TURN = 50;

class Run {
  readonly #decoder: Decoder;
  readonly #seeds: readonly Seed[];
  readonly #seed: number;
  readonly refused: Record<string, number> = {};
  readonly faults: Fault[] = [];
  taken = 0;
  slowest = 0;
  mostMemory = 0;

  constructor(decoder: Decoder, seeds: readonly Seed[], seed: number) {
    this.#decoder = decoder;
    this.#seeds = seeds;
    this.#seed = seed;
  }

  /** Honest inputs must be read, or refused as they say. */
  async checkSeeds(): Promise<void> {
    for (const { bytes, decode, refused } of this.#seeds) {
      let code: string | undefined;
      try {
        await decode(Uint8Array.from(bytes));
      } catch (error) {
        if (refused === undefined || !(error instanceof OmeroError)) throw error;
        code = error.code;
      }
      if (code !== refused) throw new Error(`an honest input is refused with ${code}, not with ${refused}`);
    }
  }

  async feed(input: number): Promise<void> {
    const random = new Seeded(seedOf(this.#decoder.name, this.#seed, input));
    const { bytes: honest, head = honest.length, decode } = this.#seeds[input % this.#seeds.length]!;
    const damaged = mutate(
      honest.subarray(0, head),
      random,
      random.pick(this.#seeds).bytes.subarray(0, LARGEST_SPLICE),
    );
    const bytes = head === honest.length ? damaged : Uint8Array.from(Buffer.concat([damaged, honest.subarray(head)]));
    const before = memoryNow();
    const start = process.cpuUsage();
    let problem: string | undefined;
    try {
      const result = decode(bytes);
      if (result instanceof Promise) await result;
      this.taken++;
    } catch (error) {
      if (error instanceof OmeroError) this.refused[error.code] = (this.refused[error.code] ?? 0) + 1;
      else problem = inspect(error);
    }
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1000;
    const memory = memoryNow() - before;
    this.slowest = Math.max(this.slowest, took);
    this.mostMemory = Math.max(this.mostMemory, memory);
    if (took > DEADLINE) problem ??= `it took ${Math.round(took)} ms`;
    if (memory > this.#memoryFor(bytes)) problem ??= `${bytes.length} bytes took ${memory} bytes of memory`;
    if (problem !== undefined && this.faults.length < MOST_FAULTS) {
      this.faults.push({ input, problem, hex: Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString("hex") });
    }
  }

  #memoryFor({ length }: Uint8Array): number {
    const { perByte = 64, free = 8 << 20 } = this.#decoder.memory ?? {};
    return free + perByte * length;
  }
}

/** What is collected meanwhile makes this less than what was taken, never more. */
function memoryNow(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function main([name, first, count, seed, file]: string[]): Promise<void> {
  const decoder = DECODERS.find((one) => one.name === name)!;
  const progress = openSync(file!, "w");
  const run = new Run(decoder, await decoder.seeds(), Number(seed));
  await run.checkSeeds();
  const start = performance.now();
  const place = new Uint32Array(1);
  let turn = start;
  for (let input = Number(first); input < Number(first) + Number(count); input++) {
    place[0] = input;
    writeSync(progress, place, 0, 4, 0);
    await run.feed(input);
    if (performance.now() - turn < TURN) continue;
    await nextTurn();
    turn = performance.now();
  }
  const { taken, refused, slowest, mostMemory, faults } = run;
  const milliseconds = performance.now() - start;
  const figures: Figures = { inputs: Number(count), taken, refused, slowest, mostMemory, milliseconds, faults };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  await decoder.close?.();
}

await main(process.argv.slice(2));
