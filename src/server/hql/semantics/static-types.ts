/** What kinds of values the parts of a query stand for, as far as its text says. */
import { javaName } from "../../model/java-names.js";
import type { Model, ModelMember } from "../../model/model.js";
import { HqlError, type HqlExpression, type HqlQuery } from "../grammar/syntax.js";
import { dataFault } from "./faults.js";
import { FUNCTION_TYPES, type QueryScalar } from "./function-types.js";

export type StaticType =
  | { readonly kind: "object"; readonly className: string }
  | { readonly kind: "collection"; readonly className: string; readonly path: string }
  | { readonly kind: "details"; readonly className: string }
  | { readonly kind: "scalar"; readonly type: QueryScalar; readonly className?: string }
  | { readonly kind: "unknown" };

const UNKNOWN: StaticType = { kind: "unknown" };

const RTYPES: Readonly<Record<string, QueryScalar>> = {
  "::omero::RBool": "boolean",
  "::omero::RDouble": "double",
  "::omero::RFloat": "float",
  "::omero::RInt": "int",
  "::omero::RLong": "long",
  "::omero::RString": "string",
  "::omero::RTime": "time",
};

/** Kind of an rtype that is sent as a parameter, by its type id. */
export function scalarTypeOf(iceId: string): QueryScalar | undefined {
  return RTYPES[iceId];
}

const DETAILS: Readonly<Record<string, string>> = {
  owner: "Experimenter",
  group: "ExperimenterGroup",
  creationEvent: "Event",
  updateEvent: "Event",
  externalInfo: "ExternalInfo",
};

/** The aliases of a query, and those of the queries around it. */
export class StaticScope {
  readonly model: Model;
  readonly #around: StaticScope | undefined;
  readonly #aliases = new Map<string, StaticType>();
  /** Classes of which a property may be named without an alias. */
  readonly #roots: string[] = [];

  /** @throws HqlError for classes and properties that there are not. */
  constructor(model: Model, query: HqlQuery, around?: StaticScope) {
    this.model = model;
    this.#around = around;
    for (const { className: written, alias } of query.from) {
      const className = mappedClass(model, written);
      if (!className) throw new HqlError(`${written} is not mapped`);
      this.#aliases.set(alias, { kind: "object", className });
      this.#roots.push(className);
    }
    for (const { path, alias } of query.joins) {
      const target = this.#joined(path);
      if (alias !== undefined) this.#aliases.set(alias, target);
    }
  }

  alias(name: string): StaticType | undefined {
    return this.#aliases.get(name) ?? this.#around?.alias(name);
  }

  #joined(path: readonly string[]): StaticType {
    const [start, ...names] = path as [string, ...string[]];
    const source = this.alias(start);
    if (!source || names.length === 0) throw new HqlError(`Invalid path: '${path.join(".")}'`);
    const end = this.walk(source, names);
    return end.kind === "collection" ? { kind: "object", className: end.className } : end;
  }

  /** What a path stands for; undefined where nothing in the query says. */
  path(names: readonly string[]): StaticType | undefined {
    const [start, ...rest] = names as [string, ...string[]];
    const source = this.alias(start);
    if (source) return this.walk(source, rest);
    const root = this.rootWith(start);
    if (root) return this.walk({ kind: "object", className: root }, names);
    return mappedClass(this.model, names.join(".")) ? UNKNOWN : undefined;
  }

  rootWith(name: string): string | undefined {
    const isIn = (className: string) =>
      ["id", "details", "class"].includes(name) || this.model.memberOfDescendants(className, name);
    return this.#roots.find(isIn) ?? this.#around?.rootWith(name);
  }

  walk(start: StaticType, names: readonly string[]): StaticType {
    return names.reduce((type: StaticType, name) => this.#property(type, name), start);
  }

  #property(type: StaticType, name: string): StaticType {
    switch (type.kind) {
      case "object":
        return this.#objectProperty(type.className, name);
      case "details": {
        const className = DETAILS[name];
        if (className) return { kind: "object", className };
        if (name === "permissions") return UNKNOWN;
        throw this.#unresolved(`details.${name}`, type.className);
      }
      case "collection":
        if (name === "size") throw dataFault();
        throw new HqlError(
          `illegal attempt to dereference collection [${type.path}] with element property reference [${name}]`,
        );
      case "scalar":
        if (type.className !== undefined && name !== "name") throw this.#unresolved(name, type.className);
        return UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  #objectProperty(className: string, name: string): StaticType {
    const { model } = this;
    if (name === "id") return { kind: "scalar", type: "long" };
    if (name === "details") return { kind: "details", className };
    if (name === "class") {
      if (model.descendants(model.rootOf(className)).length < 2) throw this.#unresolved(name, className);
      return UNKNOWN;
    }
    const member = model.memberOfDescendants(className, name);
    if (!member) throw this.#unresolved(name, className);
    return memberType(member, className);
  }

  #unresolved(name: string, className: string): HqlError {
    return new HqlError(`could not resolve property: ${name} of: ${javaName(this.model, className)}`);
  }

  /** Of an expression that is no condition. */
  typeOf(expression: HqlExpression): StaticType {
    switch (expression.kind) {
      case "path":
        return this.path(expression.names) ?? UNKNOWN;
      case "literal":
        return literalType(expression);
      case "arithmetic":
        return this.#arithmeticType(expression);
      case "call":
        return this.#callType(expression);
      case "cast":
        return scalar(CASTS[expression.type]);
      case "extract":
        return scalar(expression.field === "epoch" ? undefined : "int");
      case "case":
        return this.typeOf(expression.branches[0]!.result);
      default:
        return UNKNOWN;
    }
  }

  #arithmeticType({ left, right }: HqlExpression & { kind: "arithmetic" }): StaticType {
    const types = [this.typeOf(left), this.typeOf(right)].map((type) =>
      type.kind === "scalar" ? type.type : undefined,
    );
    if (types.includes("string")) return UNKNOWN;
    return scalar((["double", "float", "long", "int"] as const).find((type) => types.includes(type)));
  }

  #callType({ name, arguments: [first] }: HqlExpression & { kind: "call" }): StaticType {
    const type = FUNCTION_TYPES[name];
    if (type === "argument") return first ? this.typeOf(first) : UNKNOWN;
    return scalar(type === "other" ? undefined : type);
  }
}

const CASTS: Readonly<Record<string, QueryScalar>> = {
  string: "string",
  int: "int",
  integer: "int",
  long: "long",
  float: "float",
  double: "double",
  boolean: "boolean",
};

function scalar(type: QueryScalar | undefined): StaticType {
  return type === undefined ? UNKNOWN : { kind: "scalar", type };
}

function literalType({ value, type }: HqlExpression & { kind: "literal" }): StaticType {
  if (typeof value === "bigint") return scalar(type === "int" ? "int" : "long");
  if (typeof value === "number") return scalar(type === "float" ? "float" : "double");
  return scalar(typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : undefined);
}

function memberType(member: ModelMember, owner: string): StaticType {
  if (member.kind === "reference") return { kind: "object", className: member.className };
  if (member.kind === "collection") {
    const path = `${owner.toLowerCase().slice(0, 10)}0_.id.${member.name}`;
    return { kind: "collection", className: member.className, path };
  }
  const type = RTYPES[member.type.id];
  return type === undefined ? UNKNOWN : { kind: "scalar", type, className: owner };
}

/** A class by its own name, or by that in an OMERO server. */
export function mappedClass(model: Model, written: string): string | undefined {
  const name = written.split(".").at(-1)!;
  if (model.resolve(name) !== name) return undefined;
  return written === name || written === javaName(model, name) || /^omero\.model\./.test(written) ? name : undefined;
}
