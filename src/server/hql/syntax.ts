/**
 * The syntax tree of a query in HQL, the query language of `omero::api::IQuery` (Hibernate's, on the OMERO model).
 */

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "like" | "ilike";
export type ArithmeticOperator = "+" | "-" | "*" | "/";

export type Expression =
  | { readonly kind: "literal"; readonly value: string | bigint | number | boolean | null }
  | { readonly kind: "parameter"; readonly name: string }
  /** `obj.details.owner.id`: an alias, a property or a class name, and properties of it. */
  | { readonly kind: "path"; readonly names: readonly string[]; readonly position: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly distinct: boolean;
      /** `count(*)`. */
      readonly star: boolean;
      readonly position: number;
    }
  | { readonly kind: "and" | "or"; readonly operands: readonly Expression[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "comparison";
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "isNull"; readonly operand: Expression }
  | { readonly kind: "isEmpty"; readonly operand: Expression }
  | { readonly kind: "in"; readonly operand: Expression; readonly list: readonly Expression[] | Query }
  | { readonly kind: "between"; readonly operand: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly kind: "exists"; readonly query: Query }
  | { readonly kind: "subquery"; readonly query: Query }
  | {
      readonly kind: "case";
      readonly branches: readonly { readonly condition: Expression; readonly result: Expression }[];
      readonly otherwise: Expression;
    }
  /** `new map(a as x, b as y)` */
  | { readonly kind: "map"; readonly items: readonly SelectItem[] };

export interface SelectItem {
  readonly expression: Expression;
  readonly alias: string | undefined;
}

export interface FromItem {
  readonly className: string;
  readonly alias: string;
  readonly position: number;
}

export interface JoinItem {
  /** A left outer join keeps a row for which the path leads nowhere. */
  readonly outer: boolean;
  /** The object at the path is to be sent with the object that refers to it. */
  readonly fetch: boolean;
  readonly path: readonly string[];
  readonly alias: string | undefined;
  readonly position: number;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Query {
  readonly distinct: boolean;
  /** Undefined: the objects of the first class in `from`. */
  readonly select: readonly SelectItem[] | undefined;
  readonly from: readonly FromItem[];
  readonly joins: readonly JoinItem[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
}

/** A query that cannot be read or run. `position` is a 0-based offset in its text, where known. */
export class HqlError extends Error {
  readonly position: number | undefined;

  constructor(message: string, position?: number) {
    super(position === undefined ? message : `${message} at position ${position}`);
    this.name = "HqlError";
    this.position = position;
  }
}
