/**
 * The syntax tree of a query in HQL, the query language of `omero::api::IQuery` (Hibernate's, on the OMERO model).
 */

export type HqlComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "like";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

export type HqlExpression =
  /** A number without a point is an int32, where it is written without L and fits; one with F a float. */
  | {
      readonly kind: "literal";
      readonly value: string | bigint | number | boolean | null;
      readonly type?: "int" | "float";
      readonly position?: number;
    }
  | { readonly kind: "parameter"; readonly name: string; readonly position: number }
  /** `obj.details.owner.id`: an alias, a property or a class name, and properties of it. */
  | { readonly kind: "path"; readonly names: readonly string[]; readonly position: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly arguments: readonly HqlExpression[];
      readonly distinct: boolean;
      /** `count(*)`. */
      readonly star: boolean;
      readonly position: number;
    }
  | { readonly kind: "and" | "or"; readonly operands: readonly HqlExpression[]; readonly position: number }
  | { readonly kind: "not"; readonly operand: HqlExpression; readonly isNegation: boolean }
  | {
      readonly kind: "comparison";
      readonly operator: HqlComparisonOperator;
      readonly left: HqlExpression;
      readonly right: HqlExpression;
      /** Of `like`: the sign that takes its meaning from the one after it. */
      readonly escape?: HqlExpression;
      readonly position: number;
    }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: HqlExpression;
      readonly right: HqlExpression;
    }
  | { readonly kind: "isNull"; readonly operand: HqlExpression }
  | { readonly kind: "isEmpty"; readonly operand: HqlExpression }
  | { readonly kind: "in"; readonly operand: HqlExpression; readonly list: readonly HqlExpression[] | HqlQuery }
  | {
      readonly kind: "between";
      readonly operand: HqlExpression;
      readonly low: HqlExpression;
      readonly high: HqlExpression;
    }
  | { readonly kind: "exists"; readonly query: HqlQuery; readonly position: number }
  /** `any (select ..)`, `all (select ..)`: what a comparison is with. */
  | { readonly kind: "quantified"; readonly isAll: boolean; readonly query: HqlQuery }
  | { readonly kind: "subquery"; readonly query: HqlQuery }
  | {
      readonly kind: "case";
      readonly branches: readonly { readonly condition: HqlExpression; readonly result: HqlExpression }[];
      readonly otherwise: HqlExpression;
    }
  /** `new map(a as x, b as y)` */
  | { readonly kind: "map"; readonly items: readonly SelectItem[] }
  /** `new list(a, b)` */
  | { readonly kind: "list"; readonly items: readonly HqlExpression[] }
  /** `cast(a as string)` */
  | { readonly kind: "cast"; readonly operand: HqlExpression; readonly type: string; readonly position: number }
  /** `extract(epoch from a)` */
  | { readonly kind: "extract"; readonly operand: HqlExpression; readonly field: string; readonly position: number };

export interface SelectItem {
  readonly expression: HqlExpression;
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
  /** What has to hold of the joined object beside the path. */
  readonly condition?: HqlExpression | undefined;
}

export interface OrderItem {
  readonly expression: HqlExpression;
  readonly descending: boolean;
}

export interface HqlQuery {
  readonly distinct: boolean;
  /** Undefined: the objects of the first class in `from`. */
  readonly select: readonly SelectItem[] | undefined;
  readonly from: readonly FromItem[];
  readonly joins: readonly JoinItem[];
  readonly where: HqlExpression | undefined;
  readonly groupBy: readonly HqlExpression[];
  readonly having: HqlExpression | undefined;
  readonly orderBy: readonly OrderItem[];
}

/**
 * How an OMERO server says what is wrong with a query: with the place in its text, with the text alone, with nothing; as
 * a fault of the statement or of the data that its database finds; or as a fault of its own.
 */
export type HqlFault = "token" | "query" | "bare" | "statement" | "data" | "internal" | "change";

/** A query that cannot be read or run. `position` is a 0-based offset in its text, where known. */
export class HqlError extends Error {
  readonly position: number | undefined;
  readonly fault: HqlFault;

  constructor(message: string, position?: number, fault: HqlFault = "query") {
    super(message);
    this.name = "HqlError";
    this.position = position;
    this.fault = fault;
  }
}
