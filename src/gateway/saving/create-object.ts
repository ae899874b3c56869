/** Making objects: a project, a dataset in it, a screen; and linking objects to what they lie in. */

import type { GroupRef } from "../../connect/groups.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import { loadSchema } from "../../connect/ice/schema/schema.js";
import { invalidArgument, ServerError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { rlong, rstring } from "../../rtypes.js";
import { WRITE_OPTIONS, type WriteOptions } from "../annotations/annotate.js";
import { deleteObjects } from "../delete.js";
import { wrapAll } from "../loading/family.js";
import type { ObjectContext } from "../loading/object-context.js";
import { byIdAlone, groupOfRefs, modelId, type NamedRef, namedRef, newLink } from "../loading/object-refs.js";
import { idOf, loadByIds, queryRowsOfIds } from "../loading/query-rows.js";
import type { ObjectRef } from "../object-ref.js";
import { groupIdOf } from "../people/group-id.js";
import { inGroup } from "../query-parameters.js";

/** Types that can be made by name alone. */
const CREATED_TYPES = ["Project", "Dataset", "Screen", "Plate", "Folder"] as const;
/** Type of an object that can be made by its name alone. */
export type CreatedType = (typeof CREATED_TYPES)[number];

/** What a new object is. */
export interface CreateObjectOptions {
  /** Its name. */
  readonly name: string;
  /** Its description. Default none. */
  readonly description?: string | undefined;
  /** What it lies in: the project of a dataset, the screen of a plate, the folder of a folder. It is made in that one's group; `group` is not needed. */
  readonly parent?: ObjectRef | undefined;
  /** Group to make it in: its name or id. Default: that of the parent, else that of the connection. */
  readonly group?: GroupRef | undefined;
  /** Gives up waiting; what was sent may have been done. */
  readonly signal?: AbortSignal | undefined;
}

const CREATE_OBJECT_OPTIONS: OptionNames<CreateObjectOptions> = {
  name: true,
  description: true,
  parent: true,
  group: true,
  signal: true,
};

/** @throws ArgumentError `INVALID_ARGUMENT`; TableError `NOT_FOUND` for a parent that the user cannot see */
export async function createObject(
  context: ObjectContext,
  type: CreatedType,
  options: CreateObjectOptions,
): Promise<object> {
  checkOptions(options, CREATE_OBJECT_OPTIONS, "createObject");
  const { signal } = options;
  const model = newModel(type, options);
  const parent = options.parent === undefined ? undefined : namedRef(options.parent);
  const isInFolder = type === "Folder" && parent?.type === "Folder";
  const link = parent && !isInFolder ? containerLink(parent.type, type) : undefined;
  const group = parent
    ? await groupOfRefs(context, [parent], signal)
    : await groupIdOf(context.connection, options.group);
  if ((group ?? context.connection.groupId) === -1) {
    throw invalidArgument("createObject: say in which group; the connection works in all");
  }
  const placed = isInFolder ? ({ ...model, parentFolder: byIdAlone(parent!) } as IObject) : model;
  const saved = await save(context, link ? newLink(link, byIdAlone(parent!), model) : placed, group, signal);
  const made = link ? (saved as unknown as { child: IObject }).child : saved;
  const [loaded] = await loadByIds(context, type, [made.id!.val], { group, signal });
  return wrapAll<object>(context, [loaded ?? made])[0]!;
}

function newModel(type: CreatedType, { name, description }: CreateObjectOptions): IObject {
  if (!CREATED_TYPES.includes(type)) {
    throw invalidArgument(`createObject makes ${CREATED_TYPES.join(", ")}, not ${JSON.stringify(type)}`);
  }
  if (typeof name !== "string" || name === "") {
    throw invalidArgument(`createObject: a ${type} needs a name`);
  }
  const members = { name: rstring(name), description: description === undefined ? null : rstring(description) };
  return createInstance(modelId(type), { ...members, loaded: true } as object) as IObject;
}

async function save(
  { connection }: ObjectContext,
  object: IObject,
  group: number | undefined,
  signal: AbortSignal | undefined,
): Promise<IObject> {
  const call = { ...(signal ? { signal } : {}), ...(group === undefined ? {} : { context: inGroup(group) }) };
  const saved = await connection.getUpdateService().saveAndReturnObject(object, call);
  if (saved?.id) return saved;
  throw new ServerError("SERVER_FAILURE", `the server did not say what it made of ${object.iceId}`);
}

/** @throws ArgumentError `INVALID_ARGUMENT` where objects of the one type do not lie in those of the other */
function containerLink(parent: string, child: string): string {
  const type = `${parent}${child}Link`;
  if (loadSchema().findClass(`::omero::model::${type}`)) return type;
  throw invalidArgument(`A ${child} does not lie in a ${parent}`);
}

/** Has objects lie in another as well: datasets in a project, images in a dataset. Those that do already stay. */
export async function linkObjects(
  context: ObjectContext,
  parent: ObjectRef,
  children: readonly ObjectRef[],
  options: WriteOptions,
): Promise<void> {
  checkOptions(options, WRITE_OPTIONS, "linkObjects");
  const { signal } = options;
  const [above, below] = [namedRef(parent), children.map(namedRef)];
  const types = below.map((child) => containerLink(above.type, child.type));
  const group = await groupOfRefs(context, [above, ...below], signal);
  const linked = await linksBelow(context, above, below, { group, signal });
  const known = new Set(linked.map(({ child, type }) => `${type} ${child}`));
  const missing = below.filter((child, index) => !known.has(`${types[index]} ${child.id}`));
  if (missing.length === 0) return;
  const links = missing.map((child) =>
    newLink(containerLink(above.type, child.type), byIdAlone(above), byIdAlone(child)),
  );
  const call = { ...(signal ? { signal } : {}), context: inGroup(group) };
  await context.connection.getUpdateService().saveArray(links, call);
}

/** Takes objects out of another; they stay. Returns how many lay in it. */
export async function unlinkObjects(
  context: ObjectContext,
  parent: ObjectRef,
  children: readonly ObjectRef[],
  options: WriteOptions,
): Promise<number> {
  checkOptions(options, WRITE_OPTIONS, "unlinkObjects");
  const { signal } = options;
  const [above, below] = [namedRef(parent), children.map(namedRef)];
  const group = await groupOfRefs(context, [above, ...below], signal);
  const linked = await linksBelow(context, above, below, { group, signal });
  const byType = new Map<string, number[]>();
  for (const { type, link } of linked) byType.set(type, [...(byType.get(type) ?? []), Number(link)]);
  await deleteObjects(context.connection, Object.fromEntries(byType), { group, signal });
  return new Set(linked.map(({ type, child }) => `${type} ${child}`)).size;
}

async function linksBelow(
  context: ObjectContext,
  parent: NamedRef,
  children: readonly NamedRef[],
  call: { group: number; signal: AbortSignal | undefined },
): Promise<{ type: string; link: bigint; child: bigint }[]> {
  const found: { type: string; link: bigint; child: bigint }[] = [];
  for (const type of new Set(children.map((child) => containerLink(parent.type, child.type)))) {
    const ids = children.filter((child) => containerLink(parent.type, child.type) === type).map(({ id }) => id);
    const hql = `select l.id, l.child.id from ${type} l where l.parent.id = :parent and l.child.id in (:ids)`;
    const values = { parent: rlong(parent.id) };
    for (const [link, child] of await queryRowsOfIds(context, hql, ids, values, call)) {
      found.push({ type, link: idOf(link), child: idOf(child) });
    }
  }
  return found;
}
