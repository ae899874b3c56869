/** Damage done to bytes: flips, cuts, splices, huge sizes and nesting. */
import type { Seeded } from "../support/seeded.js";

type Mutation = (bytes: Uint8Array, random: Seeded, other: Uint8Array) => Uint8Array;

/** Sizes that peers use to make a reader allocate, or to have it step backwards. */
const HUGE_SIZES = [0x7fffffff, 0x80000000, 0xffffffff, 0x10000000, 0x00ffffff, 0x00010000, 0x0000ffff, 0xfffffffe];
/** Most bytes that an input grows to. */
const LARGEST = 1 << 18;

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  cutShort,
  hugeSize,
  hugeSize,
  hugeIceSize,
  smallNumber,
  removeSpan,
  repeatSpan,
  nest,
  splice,
  insertBytes,
  fillSpan,
];

/** The bytes with one to four damages. `other` lends what is spliced in. */
export function mutate(original: Uint8Array, random: Seeded, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(original);
  const damages = random.below(3) === 0 ? 2 + random.below(3) : 1;
  for (let count = 0; count < damages && bytes.length > 0; count++)
    bytes = random.pick(MUTATIONS)(bytes, random, other);
  return bytes.subarray(0, LARGEST);
}

function flipBit(bytes: Uint8Array, random: Seeded): Uint8Array {
  bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
}

function setByte(bytes: Uint8Array, random: Seeded): Uint8Array {
  bytes[random.below(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xfe, 0xff, random.below(256)]);
  return bytes;
}

function cutShort(bytes: Uint8Array, random: Seeded): Uint8Array {
  return bytes.slice(0, random.below(bytes.length));
}

/** A number of four or eight bytes, of either byte order. */
function hugeSize(bytes: Uint8Array, random: Seeded): Uint8Array {
  const at = random.below(bytes.length);
  if (at + 8 > bytes.length) return setByte(bytes, random);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = random.below(4) > 0;
  const aligned = random.below(2) === 0 ? at : at & ~7;
  if (random.below(2) === 0) view.setUint32(aligned, random.pick(HUGE_SIZES), littleEndian);
  else view.setBigUint64(aligned, random.pick([2n ** 63n - 1n, 2n ** 64n - 1n, 2n ** 40n, 2n ** 53n]), littleEndian);
  return bytes;
}

/** In place of a byte, the size of Ice that takes five: 255 and an int32. */
function hugeIceSize(bytes: Uint8Array, random: Seeded): Uint8Array {
  const at = random.below(bytes.length);
  const size = new Uint8Array(5).fill(0xff);
  new DataView(size.buffer).setUint32(1, random.pick(HUGE_SIZES), true);
  return joined(bytes.subarray(0, at), size, bytes.subarray(at + 1));
}

/** A small number, of either sign: another index, count or offset. */
function smallNumber(bytes: Uint8Array, random: Seeded): Uint8Array {
  if (bytes.length < 4) return setByte(bytes, random);
  const at = random.below(bytes.length - 3);
  new DataView(bytes.buffer, bytes.byteOffset).setInt32(at, random.below(300) - 40, true);
  return bytes;
}

function removeSpan(bytes: Uint8Array, random: Seeded): Uint8Array {
  const [start, stop] = span(bytes, random);
  return joined(bytes.subarray(0, start), bytes.subarray(stop));
}

function repeatSpan(bytes: Uint8Array, random: Seeded): Uint8Array {
  const [start, stop] = span(bytes, random);
  return joined(bytes.subarray(0, stop), bytes.subarray(start));
}

/** A short piece many times over: a sequence within itself, where the format has such. */
function nest(bytes: Uint8Array, random: Seeded): Uint8Array {
  const start = random.below(bytes.length);
  const piece = bytes.subarray(start, start + 1 + random.below(24));
  const times = random.pick([3, 30, 300, 2000]);
  return joined(bytes.subarray(0, start), ...new Array<Uint8Array>(times).fill(piece), bytes.subarray(start));
}

function splice(bytes: Uint8Array, random: Seeded, other: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length)));
}

function insertBytes(bytes: Uint8Array, random: Seeded): Uint8Array {
  const at = random.below(bytes.length + 1);
  const noise = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
  return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
}

function fillSpan(bytes: Uint8Array, random: Seeded): Uint8Array {
  const [start, stop] = span(bytes, random);
  return bytes.fill(random.pick([0, 1, 0xff]), start, stop);
}

/** Two places, mostly close to each other. */
function span({ length }: Uint8Array, random: Seeded): [start: number, stop: number] {
  const start = random.below(length);
  const most = random.below(4) === 0 ? length : 40;
  return [start, Math.min(length, start + 1 + random.below(most))];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
