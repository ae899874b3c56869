/** What a new server holds: enumerations, users, groups, and objects that tables can be attached to. */
import { ArgumentError } from "../../errors.js";
import { rint, rstring } from "../../rtypes.js";
import type { GroupOptions, ObjectOptions, UserOptions } from "../options.js";
import { ADMIN_PRIVILEGES, ROLES, type User } from "./accounts.js";
import type { World } from "./world.js";

/** The user of a server that was told of none. */
export const DEFAULT_USERS: readonly UserOptions[] = [{ name: "user", password: "pass", groups: ["lab"] }];
export const DEFAULT_GROUPS: readonly GroupOptions[] = [
  { name: "lab", id: 5, permissions: "rwr---" },
  { name: "other", id: 6, permissions: "rwr---" },
];

const CHECKSUM_ALGORITHMS = [
  "Adler-32",
  "CRC-32",
  "MD5-128",
  "Murmur3-32",
  "Murmur3-128",
  "SHA1-160",
  "File-Size-64",
] as const;

/** The OriginalFile that stands for the repository all files are in. */
export const REPOSITORY_ID = 1n;
export const REPOSITORY_MIMETYPE = "Repository";

export interface SeedOptions {
  readonly users?: readonly UserOptions[] | undefined;
  readonly groups?: readonly GroupOptions[] | undefined;
  /** Default: images, datasets and so on of the first user. */
  readonly objects?: readonly ObjectOptions[] | undefined;
}

export function seed(world: World, { users, groups, objects }: SeedOptions): void {
  world.store.transaction(() => {
    addEnumeration(world, "AdminPrivilege", ADMIN_PRIVILEGES);
    addEnumeration(world, "ChecksumAlgorithm", CHECKSUM_ALGORITHMS);
    addRepository(world);
    for (const group of groups ?? (users ? [] : DEFAULT_GROUPS)) world.accounts.addGroup(group);
    const added = (users ?? DEFAULT_USERS).map((user) => world.accounts.addUser(user));
    // What was deleted since is not to come back.
    if (!world.file.isNew) return;
    for (const object of objects ?? demoObjects(!users && !groups)) addObject(world, object, added[0]);
  });
}

function addEnumeration(world: World, className: string, values: readonly string[]): void {
  const known = [...world.store.all(className)].map(
    (entry) => (entry.values.value as { val: unknown } | undefined)?.val,
  );
  for (const value of values.filter((name) => !known.includes(name))) {
    const id = world.store.nextId(className);
    const owner = { owner: ROLES.rootId, group: ROLES.userGroupId };
    world.store.put({ className, id, ...owner, created: 0, updated: 0, values: { value: rstring(value) } });
  }
}

function addRepository(world: World): void {
  const values = {
    version: rint(0),
    name: rstring("ManagedRepository"),
    path: rstring("/"),
    mimetype: rstring(REPOSITORY_MIMETYPE),
  };
  const owner = { owner: ROLES.rootId, group: ROLES.userGroupId };
  world.store.put({ className: "OriginalFile", id: REPOSITORY_ID, ...owner, created: 0, updated: 0, values });
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
