/** `omero::api::IQuery`: objects by id, by property and by HQL. */

import type { SysFilter as Filter, IObject, Parameters } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, serverError } from "../exceptions.js";
import { fetchPlan } from "../hql/grammar/fetch-plan.js";
import { parameterNames } from "../hql/grammar/parameter-names.js";
import { parseHql } from "../hql/grammar/parser.js";
import { HqlError, type HqlQuery } from "../hql/grammar/syntax.js";
import { QueryBudget, type Steps } from "../hql/pace/budget.js";
import type { QueryScope } from "../hql/properties.js";
import { fromRType, toRTypes } from "../hql/query-values.js";
import { inTurns, runQuery, selectedObjects } from "../hql/run.js";
import { compare, isList, type Value } from "../hql/values.js";
import type { Instance } from "../model/materialize.js";
import type { Access } from "../world/access.js";
import type { World } from "../world/world.js";
import type { SessionContext } from "./context.js";

type Sent = Instance | null;

/** What it takes to make an answer's item, in steps of a query. */
const STEPS_PER_ITEM = 8;
/** Values that a list may hold, as in PostgreSQL's statements. */
const MOST_VALUES = 32_767;

export class QueryService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  get(klass: string, id: bigint, current: Current): Instance {
    checkConcrete(klass);
    const access = this.#context.access(current);
    return this.#context.load(access, this.#context.world.get(access, klass, id));
  }

  find(klass: string, id: bigint, current: Current): Sent {
    const access = this.#context.access(current);
    const object = this.#context.world.find(access, klass, id);
    return object ? this.#context.load(access, object) : null;
  }

  findAll(klass: string, filter: Filter | null, current: Current): Promise<Instance[]> {
    return this.#objects(`from ${this.#class(klass)}`, new Map(), filter, current);
  }

  async findByString(klass: string, field: string, value: string, current: Current): Promise<Sent> {
    return single(await this.findAllByString(klass, field, value, true, null, current), `${klass} by ${field}`);
  }

  findAllByString(
    klass: string,
    field: string,
    value: string,
    caseSensitive: boolean,
    filter: Filter | null,
    current: Current,
  ): Promise<Instance[]> {
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

  async findByQuery(query: string, parameters: Parameters | null, current: Current): Promise<Sent> {
    return single(await this.findAllByQuery(query, parameters, current), query);
  }

  findAllByQuery(query: string, parameters: Parameters | null, current: Current): Promise<Instance[]> {
    return this.#objects(query, valuesOf(parameters), parameters?.theFilter ?? null, current);
  }

  /** Nothing is indexed. */
  findAllByFullText(): Instance[] {
    return [];
  }

  projection(query: string, parameters: Parameters | null, current: Current): Promise<unknown[][]> {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const materializer = world.materializer(access);
    return this.#inTurns(query, valuesOf(parameters), function* (parsed, values, budget) {
      const rows = yield* runQuery(scopeOf(world, access), parsed, values, budget);
      return yield* mapped(page(rows, parameters?.theFilter ?? null), budget, (row) =>
        toRTypes({ model: world.model, materializer }, row),
      );
    });
  }

  refresh(object: IObject | null, current: Current): Sent {
    if (!object?.id) throw apiUsage("Only an object with an id can be refreshed");
    return this.get(object.iceId, object.id.val, current);
  }

  #objects(text: string, parameters: Map<string, Value>, filter: Filter | null, current: Current): Promise<Instance[]> {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const materializer = world.materializer(access);
    return this.#inTurns(text, parameters, function* (query, values, budget) {
      const rows = yield* runQuery(scopeOf(world, access), query, values, budget);
      const objects = yield* selectedObjects(rows, budget);
      const plan = fetchPlan(query);
      return yield* mapped(page(objects, filter), budget, (object) => materializer.load(object, plan));
    });
  }

  /** Runs a query with pauses, so that others are not held up, in rotation with those of other users. */
  async #inTurns<T>(
    text: string,
    parameters: Map<string, Value>,
    answer: (query: HqlQuery, parameters: Map<string, Value>, budget: QueryBudget) => Steps<T>,
  ): Promise<T> {
    const { world, session } = this.#context;
    const { id } = session.user;
    let long: Disposable | undefined;
    const pause = async () => {
      long ??= await world.longWork.only(id);
      await world.longWork.turn(id);
    };
    await world.longWork.turn(id);
    try {
      const query = parseHql(text);
      checkParameters(query, parameters);
      const budget = new QueryBudget();
      return await inTurns(answer(query, parameters, budget), budget, pause);
    } catch (error) {
      if (error instanceof HqlError)
        throw serverError("QueryException", `Illegal query:${text}\n${error.message} [${text}]`);
      throw error;
    } finally {
      long?.[Symbol.dispose]();
    }
  }

  #class(written: string): string {
    const className = this.#context.world.model.resolve(written);
    if (!className) throw apiUsage(`${written} does not specify a valid class.`);
    return className;
  }
}

function scopeOf({ store }: World, access: Access): QueryScope {
  return { store, canRead: (object) => access.canRead(object) };
}

function* mapped<T, U>(items: readonly T[], budget: QueryBudget, map: (item: T) => U): Steps<U[]> {
  const results: U[] = [];
  for (const item of items) {
    results.push(map(item));
    budget.spend(STEPS_PER_ITEM);
    if (budget.isDue) yield;
  }
  return results;
}

/** Classes of which there are only subclasses' objects. */
const ABSTRACT = ["Annotation", "IObject", "Job", "LightSource", "Shape"];

function checkConcrete(written: string): void {
  const name = written.split(/::|\./).at(-1)!.replace(/I$/, "");
  if (ABSTRACT.includes(name)) throw apiUsage(`${written} does not specify a valid class.`);
}

/** A parameter without a value, or a list of none to look in. */
function checkParameters(query: HqlQuery, parameters: Map<string, Value>): void {
  for (const name of parameterNames(query)) {
    const value = parameters.get(name);
    if (value === undefined) throw apiUsage(`Null parameters not allowed: ${name}`);
    if (!isList(value)) continue;
    if (value.length === 0) throw apiUsage(`The list :${name} is empty`);
    if (value.length > MOST_VALUES)
      throw apiUsage(`The list :${name} holds more than ${MOST_VALUES} values: ask in parts`);
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
