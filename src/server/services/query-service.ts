/** `omero::api::IQuery`: objects by id, by property and by HQL. */

import type { SysFilter as Filter, IObject, Parameters } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, serverError } from "../exceptions.js";
import { fetchPlan } from "../hql/fetch-plan.js";
import { parameterNames } from "../hql/parameter-names.js";
import { parseHql } from "../hql/parser.js";
import { fromRType, toRType } from "../hql/query-values.js";
import { runQuery, selectedObjects } from "../hql/run.js";
import { HqlError, type HqlQuery } from "../hql/syntax.js";
import { compare, isList, type Value } from "../hql/values.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import type { SessionContext } from "./context.js";

type Sent = Instance | null;

export class QueryService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  get(klass: string, id: bigint, current: Current): Instance {
    const access = this.#context.access(current);
    return this.#context.load(access, this.#context.world.get(access, klass, id));
  }

  find(klass: string, id: bigint, current: Current): Sent {
    const access = this.#context.access(current);
    const object = this.#context.world.find(access, klass, id);
    return object ? this.#context.load(access, object) : null;
  }

  findAll(klass: string, filter: Filter | null, current: Current): Instance[] {
    const access = this.#context.access(current);
    const className = this.#class(klass);
    const objects = [...this.#context.world.store.all(className)].filter((object) => access.canRead(object));
    return this.#context.loadAll(access, page(objects, filter));
  }

  findByString(klass: string, field: string, value: string, current: Current): Sent {
    return single(this.findAllByString(klass, field, value, true, null, current), `${klass} by ${field}`);
  }

  findAllByString(
    klass: string,
    field: string,
    value: string,
    caseSensitive: boolean,
    filter: Filter | null,
    current: Current,
  ): Instance[] {
    const className = this.#class(klass);
    if (!/^\w+(\.\w+)*$/.test(field)) throw apiUsage(`${field} is no property of ${className}`);
    const [left, right] = caseSensitive ? [`o.${field}`, ":value"] : [`lower(o.${field})`, "lower(:value)"];
    const parameters = new Map<string, Value>([["value", { iceId: "::omero::RString", val: value }]]);
    return this.#objects(`select o from ${className} o where ${left} = ${right}`, parameters, filter, current);
  }

  findByExample(example: IObject | null, current: Current): Sent {
    return single(this.findAllByExample(example, null, current), "by example");
  }

  findAllByExample(example: IObject | null, filter: Filter | null, current: Current): Instance[] {
    if (!example) throw apiUsage("The example is null");
    const access = this.#context.access(current);
    const className = this.#class(example.iceId);
    const wanted = Object.entries(example as unknown as Record<string, { val?: unknown } | null>).filter(
      ([name, value]) => name !== "id" && value !== null && typeof value === "object" && "val" in value,
    );
    const objects = [...this.#context.world.store.all(className)].filter(
      (object) =>
        access.canRead(object) &&
        wanted.every(([name, value]) => compare("=", (object.values[name] ?? null) as Value, value as Value) === true),
    );
    return this.#context.loadAll(access, page(objects, filter));
  }

  findByQuery(query: string, parameters: Parameters | null, current: Current): Sent {
    return single(this.findAllByQuery(query, parameters, current), query);
  }

  findAllByQuery(query: string, parameters: Parameters | null, current: Current): Instance[] {
    return this.#objects(query, valuesOf(parameters), parameters?.theFilter ?? null, current);
  }

  findAllByFullText(): never {
    throw apiUsage("This server has no full text index");
  }

  projection(query: string, parameters: Parameters | null, current: Current): unknown[][] {
    const access = this.#context.access(current);
    const parsed = parse(query);
    const rows = page(this.#run(access, parsed, valuesOf(parameters)), parameters?.theFilter ?? null);
    const materializer = this.#context.world.materializer(access);
    return rows.map((row) => row.map((value) => toRType(this.#context.world.model, materializer, value)));
  }

  refresh(object: IObject | null, current: Current): Sent {
    if (!object?.id) throw apiUsage("Only an object with an id can be refreshed");
    return this.get(object.iceId, object.id.val, current);
  }

  #objects(text: string, parameters: Map<string, Value>, filter: Filter | null, current: Current): Instance[] {
    const access = this.#context.access(current);
    const query = parse(text);
    const objects = queryFault(() => selectedObjects(this.#run(access, query, parameters)));
    const materializer = this.#context.world.materializer(access);
    const plan = fetchPlan(query);
    return page(objects as StoredObject[], filter).map((object) => materializer.load(object, plan));
  }

  #run(access: Access, query: HqlQuery, parameters: Map<string, Value>): Value[][] {
    const { store } = this.#context.world;
    checkParameters(query, parameters);
    return queryFault(() => runQuery({ store, canRead: (object) => access.canRead(object) }, query, parameters));
  }

  #class(written: string): string {
    const className = this.#context.world.model.resolve(written);
    if (!className) throw apiUsage(`Unknown type: ${written}`);
    return className;
  }
}

function parse(text: string): HqlQuery {
  return queryFault(() => parseHql(text));
}

/** Runs `action`; what it finds wrong with the query is the client's fault. */
function queryFault<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof HqlError) throw serverError("QueryException", error.message);
    throw error;
  }
}

/** A parameter without a value, or a list of none to look in. */
function checkParameters(query: HqlQuery, parameters: Map<string, Value>): void {
  for (const name of parameterNames(query)) {
    const value = parameters.get(name);
    if (value === undefined) throw apiUsage(`Not all named parameters have been set: [${name}]`);
    if (isList(value) && value.length === 0) throw apiUsage(`The list :${name} is empty`);
  }
}

const ADVICE =
  "findBy methods must return a single value.\nPlease try findAllBy methods for queries which return Lists.";

function single(found: readonly Instance[], query: string): Sent {
  if (found.length > 1) throw apiUsage(`Query named:\n\n\t${query}\n\nhas returned more than one Object\n${ADVICE}`);
  return found[0] ?? null;
}

function valuesOf(parameters: Parameters | null): Map<string, Value> {
  return new Map([...(parameters?.map ?? [])].map(([name, value]) => [name, fromRType(value)]));
}

function page<T>(items: readonly T[], filter: Filter | null): readonly T[] {
  const offset = filter?.offset?.val ?? 0;
  const limit = filter?.limit?.val;
  if (offset < 0 || (limit !== undefined && limit < 0)) throw apiUsage("Offset and limit cannot be negative");
  return items.slice(offset, limit === undefined ? undefined : offset + limit);
}
