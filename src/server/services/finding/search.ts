/** `omero::api::Search`: objects by words in their names, descriptions and texts. */

import type { Details, Parameters, RTime } from "../../../connect/ice/schema/omero.js";
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { apiUsage, internal } from "../../exceptions.js";
import { planFrom } from "../../hql/grammar/fetch-plan.js";
import { type Instance, unloaded } from "../../model/materialize.js";
import type { StoredObject } from "../../model/object-store.js";
import type { Access } from "../../world/access.js";
import { QueryService } from "../query-service.js";
import { StatefulServant } from "../stateful-servant.js";
import { type Dates, dates, days } from "./search-dates.js";
import { parseWords, type WordQuery } from "./word-query.js";

const DEFAULT_BATCH = 1000;
/** Most objects that one search finds. */
const MAXIMUM_FOUND = 10_000;
const FIELDS = ["name", "description", "textValue", "ns"] as const;
const WITH_DETAILS = planFrom({ details: { owner: {}, creationEvent: {}, updateEvent: {} } });

export class Search extends StatefulServant {
  #batchSize = DEFAULT_BATCH;
  #isCaseSensitive = false;
  #isLeadingWildcardAllowed = false;
  #types: readonly string[] = [];
  #ids: ReadonlySet<bigint> | undefined;
  #owner: bigint | undefined;
  #notOwner: bigint | undefined;
  #dates: Dates | undefined;
  #found: StoredObject[] = [];
  #queries = 0;
  #isMerged = false;
  #isUnloaded = false;

  activeQueries(): number {
    return this.#queries;
  }

  setBatchSize(size: number): void {
    this.#batchSize = Math.min(Math.max(1, size), MAXIMUM_FOUND);
  }

  getBatchSize(): number {
    return this.#batchSize;
  }

  setCaseSensitive(caseSensitive: boolean): void {
    this.#isCaseSensitive = caseSensitive;
  }

  setCaseSentivice(caseSensitive: boolean): void {
    this.#isCaseSensitive = caseSensitive;
  }

  isCaseSensitive(): boolean {
    return this.#isCaseSensitive;
  }

  setMergedBatches(merge: boolean): void {
    this.#isMerged = merge;
  }

  isMergedBatches(): boolean {
    return this.#isMerged;
  }

  setUseProjections(): never {
    throw unsupported();
  }

  isUseProjections(): boolean {
    return false;
  }

  setReturnUnloaded(unloaded: boolean): void {
    this.#isUnloaded = unloaded;
  }

  isReturnUnloaded(): boolean {
    return this.#isUnloaded;
  }

  setAllowLeadingWildcard(allow: boolean): void {
    this.#isLeadingWildcardAllowed = allow;
  }

  isAllowLeadingWildcard(): boolean {
    return this.#isLeadingWildcardAllowed;
  }

  onlyType(type: string): void {
    this.onlyTypes([type]);
  }

  onlyTypes(types: readonly string[]): void {
    this.#types = types.map((type) => {
      const className = this.context.world.model.resolve(type);
      if (!className) throw apiUsage(`${type} does not specify a valid class.`);
      return className;
    });
  }

  allTypes(): never {
    throw unsupported();
  }

  onlyIds(ids: BigInt64Array): void {
    this.#ids = ids.length === 0 ? undefined : new Set(ids);
  }

  onlyOwnedBy(details: Details | null): void {
    this.#owner = details?.owner?.id?.val;
  }

  notOwnedBy(details: Details | null): void {
    this.#notOwner = details?.owner?.id?.val;
  }

  onlyCreatedBetween(start: RTime | null, end: RTime | null): void {
    this.#dates = dates("created", start, end);
  }

  onlyModifiedBetween(start: RTime | null, end: RTime | null): void {
    this.#dates = dates("updated", start, end);
  }

  onlyAnnotatedBetween(): void {}

  onlyAnnotatedBy(): void {}

  notAnnotatedBy(): void {}

  onlyAnnotatedWith(): void {}

  addOrderByAsc(): void {}

  addOrderByDesc(): void {}

  unordered(): void {}

  fetchAnnotations(): void {}

  fetchAlso(): void {}

  resetDefaults(): void {
    [this.#types, this.#ids, this.#owner, this.#notOwner, this.#dates] = [
      [],
      undefined,
      undefined,
      undefined,
      undefined,
    ];
    this.#batchSize = DEFAULT_BATCH;
  }

  clearQueries(): void {
    this.#found = [];
    this.#queries = 0;
  }

  byFullText(query: string, current: Current): void {
    const isLeading = /(^|\s)[*?]/.test(query);
    if (isLeading && !this.#isLeadingWildcardAllowed) {
      const found = "Searches starting with a leading wildcard (*,?) can be slow.";
      throw apiUsage(`${found} Please use setAllowLeadingWildcard() to permit this usage.`);
    }
    this.#search(parseWords(query), FIELDS, current);
  }

  /** @param fields names of members, parted by commas; none for all. @param from the first day, yyyymmdd. */
  byLuceneQueryBuilder(
    fields: string,
    from: string,
    to: string,
    dateType: string,
    query: string,
    current: Current,
  ): void {
    if ([from, to].some((day) => day !== "" && !/^\d{8}$/.test(day)))
      throw apiUsage("Invalid date format, dates must be in format YYYYMMDD.");
    const wanted = fields.split(",").filter((field) => FIELDS.includes(field.trim() as (typeof FIELDS)[number]));
    const before = this.#dates;
    if (from !== "" || to !== "") this.#dates = days(dateType, from, to);
    this.#search(parseWords(query), wanted.length === 0 ? FIELDS : wanted, current);
    this.#dates = before;
  }

  /** Objects that a query in the query language selects. */
  async byHqlQuery(query: string, parameters: Parameters | null, current: Current): Promise<void> {
    const { store } = this.context.world;
    const found = await new QueryService(this.context).findAllByQuery(query, parameters, current);
    const objects = found.flatMap((instance) => {
      const id = (instance?.id as { val: bigint } | undefined)?.val;
      return (id !== undefined && store.get(instance!.iceId.replace(/^.*::/, ""), id)) || [];
    });
    this.#found.push(...objects.slice(0, MAXIMUM_FOUND - this.#found.length));
    this.#queries++;
  }

  byGroupForTags(): void {}

  byTagForGroups(): void {}

  bySomeMustNone(some: readonly string[], must: readonly string[], none: readonly string[], current: Current): void {
    const words = [...(some ?? []), ...signed("+", must), ...signed("-", none)];
    if (words.length === 0) throw apiUsage("No search terms provided for SomeMustNone");
    this.#search(parseWords(words.join(" ")), FIELDS, current);
  }

  hasNext(): boolean {
    return this.#found.length > 0;
  }

  next(current: Current): Instance {
    if (this.#found.length === 0) throw apiUsage("No element. Please use hasNext().");
    return this.#take(1, current)[0]!;
  }

  results(current: Current): Instance[] {
    return this.#take(this.#batchSize, current);
  }

  currentMetadata(): never {
    throw unsupported();
  }

  currentMetadataList(): never {
    throw unsupported();
  }

  #take(count: number, current: Current): Instance[] {
    if (this.#found.length === 0) throw apiUsage("No elements. Please use hasNext().");
    const access = this.context.access(current);
    const materializer = this.context.world.materializer(access);
    const batch = this.#found.splice(0, count).filter((object) => access.canRead(object));
    return batch.map((object) => {
      if (this.#isUnloaded) return unloaded(this.context.world.model.typeId(object.className), object.id);
      return materializer.load(object, WITH_DETAILS);
    });
  }

  #search(query: WordQuery, fields: readonly string[], current: Current): void {
    if (this.#types.length !== 1) {
      const found = "Searches by full text are currently limited to a single type.";
      throw apiUsage(`${found} Plese use Search.onlyType()`);
    }
    const access = this.context.access(current);
    for (const type of this.#types) {
      for (const object of this.context.world.store.all(type)) {
        if (this.#found.length >= MAXIMUM_FOUND) break;
        if (this.#isWanted(access, object) && query.matches(texts(object, fields))) this.#found.push(object);
      }
    }
    this.#queries++;
  }

  #isWanted(access: Access, object: StoredObject): boolean {
    const { owner } = object;
    const isOwned = (this.#owner === undefined || owner === this.#owner) && owner !== this.#notOwner;
    const isNamed = this.#ids?.has(object.id) ?? true;
    const time = this.#dates && object[this.#dates.kind];
    const isDated = time === undefined || (time >= this.#dates!.start && time < this.#dates!.end);
    return isOwned && isNamed && isDated && access.canRead(object);
  }
}

function unsupported() {
  return internal(" Wrapped Exception: (java.lang.UnsupportedOperationException):\nnull");
}

function signed(sign: string, words: readonly string[] | null): string[] {
  return (words ?? []).map((word) => `${sign}${word}`);
}

function texts(object: StoredObject, fields: readonly string[]): string[] {
  return fields.flatMap((field) => {
    const value = object.values[field] as { val?: unknown } | null | undefined;
    return typeof value?.val === "string" ? [value.val] : [];
  });
}
