/** `omero::api::IQuery`: objects by id, by property and by HQL. */

import type { SysFilter as Filter, IObject, Parameters } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage, internal, securityViolation } from "../exceptions.js";
import { membersIn, withFetched } from "../hql/fetched-members.js";
import { fetchPlan } from "../hql/grammar/fetch-plan.js";
import { parameterNames } from "../hql/grammar/parameter-names.js";
import { parseHql } from "../hql/grammar/parser.js";
import { HqlError, type HqlQuery } from "../hql/grammar/syntax.js";
import { QueryBudget, type Steps } from "../hql/pace/budget.js";
import { property, type QueryScope } from "../hql/properties.js";
import { emptyList, queryFault } from "../hql/query-fault.js";
import { fromRType, toRTypes } from "../hql/query-values.js";
import { inTurns, runQuery, selectedObjects } from "../hql/run.js";
import { checkQuery } from "../hql/semantics/check-query.js";
import { fetchesCollections, withSelectedCollections } from "../hql/semantics/selected-collections.js";
import { compare, isList, type Value } from "../hql/values.js";
import { javaName } from "../model/java-names.js";
import type { Instance } from "../model/materialize.js";
import type { Model } from "../model/model.js";
import type { Access } from "../world/access.js";
import type { World } from "../world/world.js";
import { concreteClass } from "./concrete-class.js";
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
    const access = this.#context.access(current);
    return this.#context.load(access, this.#context.world.get(access, this.#class(klass), id));
  }

  find(klass: string, id: bigint, current: Current): Sent {
    const access = this.#context.access(current);
    const object = this.#context.world.find(access, this.#class(klass), id);
    return object ? this.#context.load(access, object) : null;
  }

  findAll(klass: string, filter: Filter | null, current: Current): Promise<Sent[]> {
    return this.#objects(`from ${this.#class(klass)}`, new Map(), filter, current);
  }

  async findByString(klass: string, field: string, value: string, current: Current): Promise<Sent> {
    const found = await this.#byString(klass, `o.${this.#field(klass, field)} like :value`, value, null, current);
    return single(found, `${klass} by ${field}`);
  }

  /** Objects in whose text the value is, wherever in it. */
  findAllByString(
    klass: string,
    field: string,
    value: string,
    caseSensitive: boolean,
    filter: Filter | null,
    current: Current,
  ): Promise<Sent[]> {
    const member = `o.${this.#field(klass, field)}`;
    const condition = caseSensitive ? `${member} like :value` : `lower(${member}) like lower(:value)`;
    return this.#byString(klass, condition, `%${value}%`, filter, current);
  }

  #byString(klass: string, condition: string, value: string, filter: Filter | null, current: Current) {
    const parameters = new Map<string, Value>([["value", { iceId: "::omero::RString", val: value }]]);
    return this.#objects(`select o from ${this.#class(klass)} o where ${condition}`, parameters, filter, current);
  }

  #field(klass: string, field: string): string {
    const { model } = this.#context.world;
    const className = this.#class(klass);
    if (field === "id" || model.member(className, field)) return field;
    const reason = `could not resolve property: ${field} of: ${javaName(model, className)}`;
    throw apiUsage(`${reason}; nested exception is org.hibernate.QueryException: ${reason}`);
  }

  findByExample(example: IObject | null, current: Current): Sent {
    return single(this.findAllByExample(example, null, current), "by example");
  }

  findAllByExample(example: IObject | null, filter: Filter | null, current: Current): Instance[] {
    if (!example) throw apiUsage("The example may not be null");
    const access = this.#context.access(current);
    const className = this.#class(example.iceId.replace(/^.*::/, ""));
    const { world } = this.#context;
    const scope = scopeOf(world, access);
    const wanted = Object.entries(example as unknown as Record<string, { val?: unknown } | null>).filter(
      ([name, value]) => name !== "id" && name !== "version" && typeof value?.val !== "undefined",
    );
    const objects = [...world.store.all(className)].filter(
      (object) =>
        access.canRead(object) &&
        wanted.every(([name, value]) => compare("=", property(scope, object, name), value as Value) === true),
    );
    return this.#context.loadAll(access, page(objects, filter));
  }

  async findByQuery(query: string, parameters: Parameters | null, current: Current): Promise<Sent> {
    return single(await this.findAllByQuery(query, parameters, current), query);
  }

  findAllByQuery(query: string, parameters: Parameters | null, current: Current): Promise<Sent[]> {
    return this.#objects(query, valuesOf(parameters), parameters?.theFilter ?? null, current);
  }

  /** Nothing is indexed. */
  findAllByFullText(klass: string): Instance[] {
    this.#class(klass);
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

  refresh(): never {
    throw securityViolation("This method allows no remote access.");
  }

  #objects(text: string, parameters: Map<string, Value>, filter: Filter | null, current: Current): Promise<Sent[]> {
    const { world } = this.#context;
    const access = this.#context.access(current);
    const materializer = world.materializer(access);
    return this.#inTurns(text, parameters, function* (query, values, budget) {
      const fetching = withFetched(world.model, query);
      const rows = yield* runQuery(scopeOf(world, access), fetching?.query ?? query, values, budget);
      if (fetching) materializer.restrict(membersIn(rows, fetching.collections));
      const plan = fetchPlan(query);
      const selected = fetching ? rows.map((row) => row.slice(0, 1)) : rows;
      const objects = yield* selectedObjects(
        selected,
        budget,
        query.distinct || fetchesCollections(world.model, query),
      );
      return yield* mapped(page(objects, filter), budget, (object) => object && materializer.load(object, plan));
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
      checkParameters(world.model, text, query, parameters);
      checkQuery(world.model, query, parameters);
      const budget = new QueryBudget();
      return await inTurns(answer(withSelectedCollections(world.model, query), parameters, budget), budget, pause);
    } catch (error) {
      throw error instanceof HqlError ? queryFault(world.model, text, error) : error;
    } finally {
      long?.[Symbol.dispose]();
    }
  }

  #class(written: string): string {
    return concreteClass(this.#context.world.model, written);
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

/** A parameter without a value, or a list of none to look in. */
function checkParameters(model: Model, text: string, query: HqlQuery, parameters: Map<string, Value>): void {
  for (const name of parameterNames(query)) {
    const value = parameters.get(name);
    if (value === undefined) throw apiUsage(`Null parameters not allowed: ${name}`);
    if (!isList(value)) continue;
    if (value.length === 0) throw emptyList(model, text.replaceAll(`:${name}`, ""));
    if (value.length > MOST_VALUES)
      throw apiUsage(`The list :${name} holds more than ${MOST_VALUES} values: ask in parts`);
  }
}

const ADVICE =
  "findBy methods must return a single value.\nPlease try findAllBy methods for queries which return Lists.";

function single(found: readonly Sent[], query: string): Sent {
  if (new Set(found).size > 1)
    throw apiUsage(`Query named:\n\n\t${query}\n\nhas returned more than one Object\n${ADVICE}`);
  return found[0] ?? null;
}

function valuesOf(parameters: Parameters | null): Map<string, Value> {
  return new Map([...(parameters?.map ?? [])].map(([name, value]) => [name, fromRType(value)]));
}

/** What is negative is not looked at. @throws IceUserException if one item is wanted and there are others. */
function page<T>(items: readonly T[], filter: Filter | null): readonly T[] {
  const offset = Math.max(0, filter?.offset?.val ?? 0);
  const limit = filter?.limit?.val ?? -1;
  const found = items.slice(offset, limit < 0 ? undefined : offset + limit);
  if (filter?.unique?.val && found.length > 1) {
    const reason = `query did not return a unique result: ${found.length}`;
    const type = "org.springframework.dao.IncorrectResultSizeDataAccessException";
    const nested = `nested exception is org.hibernate.NonUniqueResultException: ${reason}`;
    throw internal(` Wrapped Exception: (${type}):\n${reason}; ${nested}`);
  }
  return found;
}
