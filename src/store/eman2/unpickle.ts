/**
 * Values as Python pickles them, protocols 2 to 4. Integers are exact (bigints beyond 2^53), and an instance of a class becomes
 * an object with the class's name, the arguments it was made with and its state: nothing of a pickle is ever run.
 */
import { DataError } from "../../errors.js";
import type { Storable } from "../records/storable.js";
import { PickleReader } from "./pickle-reader.js";

const MARK = Symbol("mark");

/** A class or function, by name. */
class Global {
  readonly name: string;
  constructor(module: unknown, name: unknown) {
    this.name = `${module}.${name}`;
  }
}

/** What stands for an instance of a class. */
export type PickledInstance = { class: string; arguments?: Storable; state?: Storable };

type Step = (machine: Machine) => void;

/** @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE` */
export function unpickle(bytes: Uint8Array): Storable {
  return new Machine(new PickleReader(bytes)).run();
}

class Machine {
  readonly reader: PickleReader;
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();

  constructor(reader: PickleReader) {
    this.reader = reader;
  }

  run(): Storable {
    for (let code = this.reader.byte(); code !== STOP; code = this.reader.byte()) {
      const step = STEPS.get(code);
      if (step === undefined)
        throw new DataError("UNSUPPORTED_TYPE", `a pickle with the operation ${code} cannot be read`);
      step(this);
    }
    return this.pop() as Storable;
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw new DataError("MALFORMED_FILE", "a pickle takes more than it was given");
    return this.stack.pop();
  }

  get top(): unknown {
    return this.stack.at(-1);
  }

  /** What was pushed since the last mark. */
  sinceMark(): unknown[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw new DataError("MALFORMED_FILE", "a pickle has no mark where it needs one");
    return this.stack.splice(at).slice(1);
  }

  recall(number: number): void {
    if (!this.memo.has(number)) throw new DataError("MALFORMED_FILE", "a pickle names what it never kept");
    this.push(this.memo.get(number));
  }
}

function tuple(length: number): Step {
  return (machine) => {
    const items = Array.from({ length }, () => machine.pop()).reverse();
    machine.push(items);
  };
}

function setItems(machine: Machine, items: unknown[]): void {
  const target = machine.top;
  for (let index = 0; index + 1 < items.length; index += 2) {
    if (target instanceof Map) target.set(items[index], items[index + 1]);
  }
}

function append(machine: Machine, items: unknown[]): void {
  const target = machine.top;
  if (Array.isArray(target)) for (const item of items) target.push(item);
  else if (target instanceof Set) for (const item of items) target.add(item);
  else throw new DataError("MALFORMED_FILE", "a pickle adds items to what is no list");
}

function construct(machine: Machine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!(callee instanceof Global)) throw new DataError("MALFORMED_FILE", "a pickle calls what is no class");
  machine.push(
    bytesOf(callee.name, args) ?? ({ class: callee.name, arguments: args as Storable } satisfies PickledInstance),
  );
}

/** Python 3 has no bytes in protocol 2: it writes the text that they are in Latin-1. */
function bytesOf(name: string, args: unknown): Uint8Array | undefined {
  const [text, encoding] = Array.isArray(args) ? args : [];
  const isLatin1 = typeof text === "string" && (encoding === "latin1" || encoding === "latin-1");
  if (name === "_codecs.encode" && isLatin1) return new Uint8Array(Buffer.from(text, "latin1"));
  const isEmpty = /^(__builtin__|builtins)\.bytes$/.test(name) && text === undefined;
  return isEmpty ? new Uint8Array(0) : undefined;
}

function build(machine: Machine): void {
  const state = machine.pop() as Storable;
  const target = machine.top;
  if (typeof target === "object" && target !== null && "class" in target) (target as PickledInstance).state = state;
}

const STOP = 0x2e;

const STEPS = new Map<number, Step>(
  Object.entries({
    "\x80": (m) => void m.reader.byte(), // which protocol
    "\x95": (m) => void m.reader.bytes(8), // a frame
    "(": (m) => m.push(MARK),
    "0": (m) => void m.pop(),
    "1": (m) => void m.sinceMark(),
    "2": (m) => m.push(m.top),
    N: (m) => m.push(null),
    "\x88": (m) => m.push(true),
    "\x89": (m) => m.push(false),
    J: (m) => m.push(m.reader.int32()),
    K: (m) => m.push(m.reader.byte()),
    M: (m) => m.push(m.reader.uint16()),
    "\x8a": (m) => m.push(m.reader.integer(m.reader.byte())),
    "\x8b": (m) => m.push(m.reader.integer(m.reader.uint32())),
    G: (m) => m.push(m.reader.float64()),
    I: (m) => m.push(m.reader.integerLine()),
    L: (m) => m.push(m.reader.integerLine()),
    F: (m) => m.push(Number(m.reader.line())),
    U: (m) => m.push(m.reader.text(m.reader.byte())),
    T: (m) => m.push(m.reader.text(m.reader.uint32())),
    X: (m) => m.push(m.reader.text(m.reader.uint32())),
    "\x8c": (m) => m.push(m.reader.text(m.reader.byte())),
    C: (m) => m.push(m.reader.bytes(m.reader.byte())),
    B: (m) => m.push(m.reader.bytes(m.reader.uint32())),
    "]": (m) => m.push([]),
    l: (m) => m.push(m.sinceMark()),
    a: (m) => append(m, [m.pop()]),
    e: (m) => append(m, m.sinceMark()),
    ")": tuple(0),
    "\x85": tuple(1),
    "\x86": tuple(2),
    "\x87": tuple(3),
    t: (m) => m.push(m.sinceMark()),
    "}": (m) => m.push(new Map()),
    d: (m) => {
      const items = m.sinceMark();
      m.push(new Map());
      setItems(m, items);
    },
    s: (m) => setItems(m, [m.pop(), m.pop()].reverse()),
    u: (m) => setItems(m, m.sinceMark()),
    "\x8f": (m) => m.push(new Set()),
    "\x90": (m) => append(m, m.sinceMark()),
    "\x91": (m) => m.push(new Set(m.sinceMark())),
    q: (m) => void m.memo.set(m.reader.byte(), m.top),
    r: (m) => void m.memo.set(m.reader.uint32(), m.top),
    "\x94": (m) => void m.memo.set(m.memo.size, m.top),
    h: (m) => m.recall(m.reader.byte()),
    j: (m) => m.recall(m.reader.uint32()),
    c: (m) => m.push(new Global(m.reader.line(), m.reader.line())),
    "\x93": (m) => m.push(new Global(...([m.pop(), m.pop()].reverse() as [unknown, unknown]))),
    R: construct,
    "\x81": construct,
    b: build,
  } satisfies Record<string, Step>).map(([code, step]) => [code.charCodeAt(0), step]),
);
