import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConditionError } from "../../../src/errors.js";
import type { ConditionNode } from "../../../src/query/grammar/condition.js";
import { MAX_DEPTH, parseCondition } from "../../../src/query/grammar/parser.js";

/** The tree in brackets, operators first. */
function shape(node: ConditionNode): string {
  switch (node.type) {
    case "name":
      return node.quoted ? `\`${node.name}\`` : node.name;
    case "unary":
      return `(${node.operator} ${shape(node.operand)})`;
    case "binary":
    case "logical":
      return `(${node.operator} ${shape(node.left)} ${shape(node.right)})`;
    case "comparison":
      return `(${node.operators.join(" ")} ${node.operands.map(shape).join(" ")})`;
    case "call":
      return `${node.name}(${node.operands.map(shape).join(", ")})`;
    default:
      return String(node.value);
  }
}

const parsed = (text: string) => shape(parseCondition(text).root);

function failure(text: string): ConditionError {
  try {
    parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("precedence is Python's", () => {
  it.each([
    ["a > 1 & b < 2", "(> < a (& 1 b) 2)"],
    ["a | b ^ c & d", "(| a (^ b (& c d)))"],
    ["a << 1 + 2 * 3", "(<< a (+ 1 (* 2 3)))"],
    ["-a ** 2", "(- (** a 2))"],
    ["2 ** -1", "(** 2 (- 1))"],
    ["a ** b ** c", "(** a (** b c))"],
    ["~a & b", "(& (~ a) b)"],
    ["a - b - c", "(- (- a b) c)"],
    ["a // b % c / d", "(/ (% (// a b) c) d)"],
    ["not a == b and c or d", "(or (and (not (== a b)) c) d)"],
    ["a < b < c", "(< < a b c)"],
    ["where(a > 1, b, -c,)", "where((> a 1), b, (- c))"],
    ["(a)", "a"],
    ["True == x", "(== true x)"],
    ["'a' 'b' == x", "(== ab x)"],
    ["`mean area` > 1e3", "(> `mean area` 1000)"],
    ["a >\n1 # end", "(> a 1)"],
    ["class == 'x'", "(== class x)"],
  ])("%s", (text, tree) => expect(parsed(text)).toBe(tree));
});

it("gives each node its place", () => {
  const { root } = parseCondition(" (a > 1) & `b c`");
  expect(root).toMatchObject({ start: 1, end: 16, type: "binary", left: { start: 2, end: 7, bracketed: true } });
});

it.each([
  ["", 0, "empty"],
  ["  # nothing", 0, "empty"],
  ["(a > 1", 0, "never closed"],
  ["f(a > 1", 1, "never closed"],
  ["a > 1)", 5, "never opened"],
  ["a >", 3, "ends"],
  ["a > > 1", 4, "Expected a value"],
  ["a 1", 2, "Expected an operator"],
  ["mean area > 1", 5, "backticks"],
  ["a in (1, 2)", 2, "=="],
  ["a is None", 2, "=="],
  ["a == None", 5, "isnan"],
  ["a if b else c", 2, "where"],
  ["a LIKE 'b'", 2, "contains"],
  ["(1, 2)", 2, "Lists"],
  ["()", 0, "nothing"],
  ["'a' b'c' == x", 4, "joined"],
  ["a OR b", 2, "|"],
])("%s: refused at %i (%s)", (text, position, reason) => {
  const error = failure(text);
  expect(error).toMatchObject({ code: "CONDITION_SYNTAX", query: text, position });
  expect(error.message).toContain(reason);
});

describe("limits", () => {
  it("takes 200 brackets, not 201", () => {
    expect(parsed(`${"(".repeat(200)}a${")".repeat(200)}`)).toBe("a");
    expect(failure(`${"(".repeat(201)}a${")".repeat(201)}`).message).toContain("200");
  });
  it.each([
    ["a chain", (depth: number) => Array.from({ length: depth + 1 }, () => "a").join("|")],
    ["signs", (depth: number) => `${"~".repeat(depth)}a`],
    ["powers", (depth: number) => `a${"**a".repeat(depth)}`],
    ["not", (depth: number) => `${"not ".repeat(depth)}a`],
  ])("takes %s of its depth, not more", (_, make) => {
    expect(parsed(make(MAX_DEPTH))).toContain("a");
    for (const depth of [MAX_DEPTH + 1, 100_000]) expect(failure(make(depth)).code).toBe("CONDITION_SYNTAX");
  });
  it("survives very many operands", () => {
    expect(failure(`f(${"a,".repeat(40_000)}`).position).toBe(1);
    expect(parsed(`f(${"a,".repeat(40_000)})`)).toMatch(/^f\(/);
    expect(failure(`f(${"a,".repeat(100_000)})`).message).toContain("more than 100000");
  });
  it("takes no text beyond reason", () => {
    expect(failure(`a > 1 # ${"x".repeat(2 ** 22)}`)).toMatchObject({ code: "CONDITION_SYNTAX", position: 0 });
  });
});

it("parses or refuses any text, with a place in it", () => {
  const pieces = fc.constantFrom(
    ..."a 1 2.5 'x' b'y' `z` ( ) , + - * ** / // % & | ^ ~ < <= == != >> and or not True f #\n".split(" "),
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(" ")),
      (text) => {
        try {
          const { root } = parseCondition(text);
          expect(root.end).toBeLessThanOrEqual(text.length);
        } catch (error) {
          if (!(error instanceof ConditionError)) throw error;
          expect(error.position).toBeLessThanOrEqual(text.length);
        }
      },
    ),
  );
});
