/** What lies one step away from objects: their children, parents, annotations. Asked for all of them together. */
import type { IObject } from "../../connect/ice/schema/omero.js";
import { throwIfAborted } from "../../errors.js";
import { TaskQueue } from "../../flow/task-queue.js";
import type { RType } from "../../rtypes.js";
import type { Members } from "./object-context.js";
import { idList, idOf, loadByIds, type QueryRow, queryRows } from "./query-rows.js";
import { mostAtOnce } from "./type-queries.js";

/** How objects of one type lead to those of another. */
export interface Relation {
  /** Tells relations apart: their type and what is asked of them. */
  readonly key: string;
  /** Type of the objects that it leads to. */
  readonly type: string;
  /** HQL of what stands between them, for example `DatasetImageLink l where l.child.name = :name`. */
  readonly from: string;
  /** HQL of the ids on either side, for example `l.parent.id` and `l.child.id`. */
  readonly parent: string;
  readonly child: string;
  /** HQL that children are ordered by, besides their ids. */
  readonly order?: string | undefined;
  readonly values?: Readonly<Record<string, RType>> | undefined;
}

/** Pairs of parent and child that are held at most. */
const MOST_PAIRS = 10_000;

type Wrap = (models: readonly IObject[]) => unknown[];

export class RelatedObjects {
  readonly #members: Members;
  readonly #relation: Relation;
  readonly #wrap: Wrap;
  readonly #counts = new Map<bigint, number>();
  /** Children of the members that are known and that nobody has asked for yet. */
  readonly #pairs = new Map<bigint, readonly bigint[]>();
  /** Children of each member that are still to be loaded, in order. */
  readonly #unloaded = new Map<bigint, readonly bigint[]>();
  /** Children that are loaded, and how often each is still to be given. */
  readonly #loaded = new Map<bigint, { readonly object: unknown; left: number }>();
  /** Whether all members have more children together than are held; undefined before they have been asked for. */
  #areMany: boolean | undefined;
  /** One at a time: who comes second finds what the first has brought. */
  readonly #alone = new TaskQueue();

  constructor(members: Members, relation: Relation, wrap: Wrap) {
    this.#members = members;
    this.#relation = relation;
    this.#wrap = wrap;
  }

  /** The objects that one member leads to. What is loaded for it is loaded for others, as far as it is not too much. */
  async *of(id: bigint, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const children = await this.#alone.run(() => this.#childrenOf(id, signal));
    if (children === "many") {
      yield* this.#paged(id, signal);
      return;
    }
    for (const child of children) {
      throwIfAborted(signal, this.#label);
      const entry = this.#loaded.get(child) ?? (await this.#alone.run(() => this.#loadFrom(id, child, signal)));
      if (entry === undefined) continue; // removed meanwhile
      entry.left -= 1;
      if (entry.left <= 0) this.#loaded.delete(child);
      yield entry.object;
    }
  }

  /** How many objects a member leads to; asked for all members together, once. */
  async count(id: bigint, signal?: AbortSignal): Promise<number> {
    await this.#alone.run(() => this.#count(signal));
    return this.#counts.get(id) ?? 0;
  }

  get #label(): string {
    return `Listing ${this.#relation.type}s`;
  }

  /** Takes the children of a member. */
  async #childrenOf(id: bigint, signal: AbortSignal | undefined): Promise<readonly bigint[] | "many"> {
    if (!this.#pairs.has(id)) await this.#askPairs(id, signal);
    const children = this.#pairs.get(id);
    this.#pairs.delete(id);
    return children ?? "many";
  }

  async #askPairs(id: bigint, signal: AbortSignal | undefined): Promise<void> {
    const { ids } = this.#members;
    if (this.#areMany === undefined) {
      this.#areMany = !(await this.#askAll(ids, signal));
      if (!this.#areMany || ids.length === 1) return;
    }
    if (this.#areMany) await this.#count(signal);
    await this.#askAll(this.#areMany ? this.#packFrom(id) : [id], signal);
  }

  /** Whether all pairs of these parents could be had. */
  async #askAll(parents: readonly bigint[], signal: AbortSignal | undefined): Promise<boolean> {
    const rows = await this.#rows(parents, { signal, limit: MOST_PAIRS + 1 });
    if (rows.length > MOST_PAIRS) return false;
    const found = new Map<bigint, bigint[]>(parents.map((parent) => [parent, []]));
    for (const [parent, child] of rows) found.get(idOf(parent))?.push(idOf(child));
    for (const [parent, children] of found) {
      this.#pairs.set(parent, children);
      this.#unloaded.set(parent, children);
    }
    return true;
  }

  /** A member and those after it, as many as have no more children than are held. */
  #packFrom(id: bigint): bigint[] {
    const { ids } = this.#members;
    const packed: bigint[] = [];
    let sum = 0;
    for (const member of ids.slice(ids.indexOf(id))) {
      sum += this.#counts.get(member) ?? 0;
      if (packed.length > 0 && sum > MOST_PAIRS) break;
      packed.push(member);
    }
    return packed;
  }

  async #count(signal: AbortSignal | undefined): Promise<void> {
    if (this.#counts.size > 0) return;
    const { from, parent, child, values = {} } = this.#relation;
    const hql = `select ${parent}, count(${child}) from ${this.#within(from)} group by ${parent}`;
    const { context, group, ids } = this.#members;
    const rows = await queryRows(context, hql, { ...values, parents: idList(ids) }, { group, signal });
    for (const id of ids) this.#counts.set(id, 0);
    for (const [id, count] of rows) this.#counts.set(idOf(id), Number(idOf(count)));
  }

  #rows(
    parents: readonly bigint[],
    call: { signal: AbortSignal | undefined; limit: number; offset?: number },
  ): Promise<readonly QueryRow[]> {
    const { from, parent, child, order, values = {} } = this.#relation;
    const { context, group } = this.#members;
    const by = order === undefined ? child : `${order}, ${child}`;
    const hql = `select ${parent}, ${child} from ${this.#within(from)} order by ${by}`;
    return queryRows(context, hql, { ...values, parents: idList(parents) }, { ...call, group });
  }

  #within(from: string): string {
    return `${from} ${/\bwhere\b/.test(from) ? "and" : "where"} ${this.#relation.parent} in (:parents)`;
  }

  /** Loads a child, with those that are to be given after it: its siblings, then children of other members. */
  async #loadFrom(id: bigint, child: bigint, signal: AbortSignal | undefined) {
    const known = this.#loaded.get(child);
    if (known) return known;
    const { ids } = this.#members;
    const most = mostAtOnce(this.#relation.type);
    const wanted = new Map<bigint, number>();
    const rest = new Map<bigint, readonly bigint[]>();
    for (const member of [...ids.slice(ids.indexOf(id)), ...ids.slice(0, ids.indexOf(id))]) {
      const unloaded = this.#unloaded.get(member) ?? [];
      const taken = unloaded.slice(0, Math.max(0, most - wanted.size));
      for (const one of taken) wanted.set(one, (wanted.get(one) ?? 0) + 1);
      rest.set(member, unloaded.slice(taken.length));
    }
    await this.#load(wanted, signal);
    for (const [member, children] of rest) this.#unloaded.set(member, children);
    return this.#loaded.get(child);
  }

  async #load(wanted: ReadonlyMap<bigint, number>, signal: AbortSignal | undefined): Promise<void> {
    const { context, group } = this.#members;
    for (const [id, count] of wanted) {
      const loaded = this.#loaded.get(id);
      if (loaded) loaded.left += count;
    }
    const missing = [...wanted.keys()].filter((id) => !this.#loaded.has(id));
    const models = await loadByIds(context, this.#relation.type, missing, { group, signal });
    const objects = this.#wrap(models);
    for (const [index, { id }] of models.entries()) {
      this.#loaded.set(id!.val, { object: objects[index], left: wanted.get(id!.val)! });
    }
  }

  /** The children of a member that has more than are held. */
  async *#paged(id: bigint, signal: AbortSignal | undefined): AsyncGenerator<unknown, void, undefined> {
    const { context, group } = this.#members;
    const most = mostAtOnce(this.#relation.type);
    for (let offset = 0; ; offset += most) {
      const rows = await this.#rows([id], { signal, limit: most, offset });
      const ids = rows.map(([, child]) => idOf(child));
      yield* this.#wrap(await loadByIds(context, this.#relation.type, ids, { group, signal }));
      if (rows.length < most) return;
    }
  }
}
