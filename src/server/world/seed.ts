/** What a new server holds: enumerations, users, groups, and objects that tables can be attached to. */
import { ArgumentError } from "../../errors.js";
import { rint, rstring } from "../../rtypes.js";
import { ENUMERATION_NAMES, type EnumerationName, enumerationEntries } from "../model/enumerations.js";
import type { GroupOptions, ObjectOptions, UserOptions } from "../options.js";
import { pixelsKind } from "../pixels/pixels-kinds.js";
import type { User } from "./account-records.js";
import { ROLES } from "./accounts.js";
import { addRepositories } from "./repositories.js";
import type { World } from "./world.js";

/** The user of a server that was told of none. */
const DEFAULT_USERS: readonly UserOptions[] = [{ name: "user", password: "pass", groups: ["lab"] }];
const DEFAULT_GROUPS: readonly GroupOptions[] = [
  { name: "lab", id: 5, permissions: "rwr---" },
  { name: "other", id: 6, permissions: "rwr---" },
];

const SYSTEM = { owner: ROLES.rootId, group: ROLES.userGroupId };

export interface SeedOptions {
  readonly users?: readonly UserOptions[] | undefined;
  readonly groups?: readonly GroupOptions[] | undefined;
  /** Default: images, datasets and so on of the first user. */
  readonly objects?: readonly ObjectOptions[] | undefined;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for what cannot be made, two users of one name among it. */
export function seed(world: World, { users, groups, objects }: SeedOptions): void {
  checkDifferent("users", users);
  checkDifferent("groups", groups);
  world.store.transaction(() => {
    for (const name of ENUMERATION_NAMES) addEnumeration(world, name);
    addRepositories(world);
    for (const group of groups ?? (users ? [] : DEFAULT_GROUPS)) world.accounts.addGroup(group);
    const added = (users ?? DEFAULT_USERS).map((user) => world.accounts.addUser(user));
    // What was deleted since is not to come back.
    if (!world.file.isNew) return;
    for (const object of objects ?? demoObjects(!users && !groups)) addObject(world, object, added[0]);
  });
}

function checkDifferent(what: string, accounts: readonly { readonly name: string }[] = []): void {
  const names = accounts.map(({ name }) => name);
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined)
    throw new ArgumentError("INVALID_ARGUMENT", `two ${what} are called "${twin}": name each once`);
}

function addEnumeration(world: World, className: EnumerationName): void {
  for (const { id, value } of enumerationEntries(className)) {
    if (world.store.get(className, id)) continue;
    const bits = className === "PixelsType" ? { bitSize: rint(pixelsKind(value).bits) } : {};
    world.store.put({ className, id, ...SYSTEM, created: 0, updated: 0, values: { value: rstring(value), ...bits } });
  }
}

/** Images 1-20, Datasets 1-3, Project, Screen and Plate 1, Wells and Rois 1-4; with the default users, Image 99 elsewhere. */
function demoObjects(isDefault: boolean): ObjectOptions[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const several = (type: string, count: number): ObjectOptions[] => numbers(count).map((id) => ({ type, id }));
  const wells = numbers(4).map(
    (id): ObjectOptions => ({
      type: "Well",
      id,
      references: { plate: { type: "Plate", id: 1 } },
      values: { row: rint(Math.floor((id - 1) / 2)), column: rint((id - 1) % 2) },
    }),
  );
  const rois = numbers(4).map(
    (id): ObjectOptions => ({ type: "Roi", id, references: { image: { type: "Image", id } } }),
  );
  return [
    ...several("Image", 20),
    ...several("Dataset", 3),
    ...["Project", "Screen", "Plate"].flatMap((type) => several(type, 1)),
    ...wells,
    ...rois,
    ...(isDefault ? [{ type: "Image", id: 99, name: "other group", group: "other", owner: ROLES.rootName }] : []),
  ];
}

function addObject(world: World, options: ObjectOptions, firstUser: User | undefined): void {
  const className = world.model.resolve(options.type);
  if (!className) throw unusable(options, `${options.type} is no class of the OMERO model`);
  const id = options.id === undefined ? world.store.nextId(className) : BigInt(options.id);
  if (world.store.get(className, id)) throw unusable(options, "there are two of them");
  const owner = options.owner === undefined ? firstUser : world.accounts.userNamed(options.owner);
  if (!owner) throw unusable(options, `there is no user "${options.owner ?? ""}"`);
  const group = options.group === undefined ? owner.defaultGroup : world.accounts.groupNamed(options.group)?.id;
  if (group === undefined) throw unusable(options, `there is no group "${options.group}"`);
  const now = Date.now();
  const hasName = world.model.member(className, "name") !== undefined;
  const references = Object.entries(options.references ?? {}).map(([member, { type, id: target }]) => [
    member,
    { className: world.model.resolve(type) ?? type, id: BigInt(target) },
  ]);
  const values = {
    version: rint(0),
    ...(hasName && { name: rstring(options.name ?? `${className} ${id}`) }),
    ...options.values,
    ...Object.fromEntries(references),
  };
  world.store.put({ className, id, owner: owner.id, group, created: now, updated: now, values });
}

function unusable({ type, id }: ObjectOptions, reason: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", `object ${type} ${id ?? ""} cannot be made: ${reason}`);
}
