/**
 * The syntax tree of a PyTables condition. PyTables hands conditions to numexpr, which lets Python evaluate them over
 * expression objects; the language is therefore the part of Python's expression grammar that such objects survive.
 * Offsets count UTF-16 units from 0.
 */
import type { Span } from "./span.js";
import type { Token } from "./tokens.js";

interface Node extends Span {
  /** Whether brackets stand directly around it; they are not part of the span. */
  readonly bracketed: boolean;
}

/** Whole numbers are bigint, numbers with a point or an exponent are number (float64). */
export interface NumberNode extends Node {
  readonly type: "number";
  readonly value: bigint | number;
}
export interface TextNode extends Node {
  readonly type: "text";
  readonly value: string;
}
/** A literal with the prefix `b`. */
export interface BytesNode extends Node {
  readonly type: "bytes";
  readonly value: Uint8Array;
}
export interface BooleanNode extends Node {
  readonly type: "boolean";
  readonly value: boolean;
}
/** A column or a variable. */
export interface NameNode extends Node {
  readonly type: "name";
  readonly name: string;
  /** Written in backticks: always a column. */
  readonly quoted: boolean;
}
export interface UnaryNode extends Node {
  readonly type: "unary";
  readonly operator: "+" | "-" | "~" | "not";
  readonly operand: ConditionNode;
}
export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**" | "<<" | ">>" | "&" | "|" | "^";
export interface BinaryNode extends Node {
  readonly type: "binary";
  readonly operator: BinaryOperator;
  readonly left: ConditionNode;
  readonly right: ConditionNode;
}
export type ComparisonOperator = "<" | "<=" | "==" | "!=" | ">=" | ">";
/** One comparison or a chain of them: one operand more than operators. */
export interface ComparisonNode extends Node {
  readonly type: "comparison";
  readonly operators: readonly ComparisonOperator[];
  readonly operands: readonly ConditionNode[];
}
export interface LogicalNode extends Node {
  readonly type: "logical";
  readonly operator: "and" | "or";
  readonly left: ConditionNode;
  readonly right: ConditionNode;
}
export interface CallNode extends Node {
  readonly type: "call";
  readonly name: string;
  readonly nameSpan: Span;
  readonly operands: readonly ConditionNode[];
}

export type ConditionNode =
  | NumberNode
  | TextNode
  | BytesNode
  | BooleanNode
  | NameNode
  | UnaryNode
  | BinaryNode
  | ComparisonNode
  | LogicalNode
  | CallNode;

/** A parsed condition. */
export interface Condition {
  readonly text: string;
  readonly root: ConditionNode;
  /** All tokens, comments and line breaks included. */
  readonly tokens: readonly Token[];
}

/** Direct parts of a node, in the order written. */
export function conditionChildren(node: ConditionNode): readonly ConditionNode[] {
  switch (node.type) {
    case "unary":
      return [node.operand];
    case "binary":
    case "logical":
      return [node.left, node.right];
    case "comparison":
    case "call":
      return node.operands;
    default:
      return [];
  }
}

/** Every column or variable named in a condition, in the order written, repetitions included. */
export function namesIn(node: ConditionNode, names: NameNode[] = []): NameNode[] {
  if (node.type === "name") names.push(node);
  for (const child of conditionChildren(node)) namesIn(child, names);
  return names;
}
