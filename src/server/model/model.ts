/**
 * The OMERO model (`omero::model`) as the server's store and query language see it: which classes are stored, what
 * they inherit, which members refer to other objects and which are collections of objects that refer back.
 */
import type { ClassType, IceType, Schema } from "../../connect/ice/schema/schema.js";

export type ModelMember =
  /** An rtype or another value without identity. */
  | { readonly kind: "value"; readonly name: string; readonly type: IceType }
  /** Another stored object. */
  | { readonly kind: "reference"; readonly name: string; readonly className: string }
  /** The objects of class `className` whose member `inverse` refers to this object. Sent as `<name>Seq`. */
  | { readonly kind: "collection"; readonly name: string; readonly className: string; readonly inverse: string };

const PREFIX = "::omero::model::";
const ROOT = "IObject";

interface EntityClass {
  readonly name: string;
  readonly ancestors: ReadonlySet<string>;
  readonly root: string;
  readonly members: ReadonlyMap<string, ModelMember>;
}

export class Model {
  readonly #schema: Schema;
  readonly #classes = new Map<string, EntityClass | undefined>();
  readonly #names: readonly string[];

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#names = schema.classIds.filter((id) => id.startsWith(PREFIX)).map(shortName);
  }

  typeId(className: string): string {
    return PREFIX + className;
  }

  /**
   * The class a client means: `Image`, `ImageI`, `omero.model.ImageI`, `ome.model.core.Image` and `::omero::model::Image`
   * are the same. Undefined: no stored class of that name.
   */
  resolve(written: string): string | undefined {
    const name = written.split(/::|\./).at(-1)!;
    if (this.#entity(name)) return name;
    return name.endsWith("I") && this.#entity(name.slice(0, -1)) ? name.slice(0, -1) : undefined;
  }

  isA(className: string, ancestor: string): boolean {
    return this.#entity(className)?.ancestors.has(ancestor) ?? false;
  }

  /** The class just below IObject: objects of all its subclasses share one series of ids. */
  rootOf(className: string): string {
    return this.#entity(className)?.root ?? className;
  }

  /** Members by name, inherited ones included; collections by the name HQL gives them (without "Seq"). */
  members(className: string): ReadonlyMap<string, ModelMember> {
    return this.#entity(className)?.members ?? new Map();
  }

  member(className: string, name: string): ModelMember | undefined {
    return this.members(className).get(name);
  }

  /** A member of any class that is this one or derives from it, for queries on a base class. */
  memberOfDescendants(className: string, name: string): ModelMember | undefined {
    const own = this.member(className, name);
    if (own) return own;
    for (const candidate of this.#names) {
      if (this.isA(candidate, className)) {
        const member = this.member(candidate, name);
        if (member) return member;
      }
    }
    return undefined;
  }

  isLink(className: string): boolean {
    const members = this.members(className);
    return members.get("parent")?.kind === "reference" && members.get("child")?.kind === "reference";
  }

  /** Whether the class only lists allowed values, such as `ChecksumAlgorithm`. */
  isEnumeration(className: string): boolean {
    const members = [...this.members(className).keys()].filter((name) => !INHERITED.has(name) && name !== "bitSize");
    return members.length === 1 && members[0] === "value" && !this.isA(className, "Annotation");
  }

  /** Whether its objects belong to the server itself: they have no owner, and are in no group. */
  isSystemType(className: string): boolean {
    return SYSTEM_TYPES.has(className) || this.isEnumeration(className);
  }

  enumerationNames(): string[] {
    return this.#names.filter((name) => this.#entity(name) && this.isEnumeration(name));
  }

  /** Names of the stored classes that derive from `ancestor`, itself included. */
  descendants(ancestor: string): string[] {
    return this.#names.filter((name) => this.isA(name, ancestor));
  }

  #entity(name: string): EntityClass | undefined {
    if (!this.#classes.has(name)) {
      this.#classes.set(name, undefined);
      this.#classes.set(name, this.#readEntity(name));
    }
    return this.#classes.get(name);
  }

  #readEntity(name: string): EntityClass | undefined {
    const type = this.#schema.findClass(PREFIX + name);
    if (!type || !isEntity(type)) return undefined;
    const chain = ancestry(type);
    const members = new Map<string, ModelMember>();
    for (const ancestor of chain.toReversed()) {
      for (const { name: memberName, type: memberType } of ancestor.members) {
        const member = readMember(chain, memberName, memberType);
        if (member) members.set(member.name, member);
      }
    }
    const names = chain.map((ancestor) => shortName(ancestor.id));
    return { name, ancestors: new Set(names), root: names.at(-2) ?? ROOT, members };
  }
}

const SYSTEM_TYPES = new Set([
  "Experimenter",
  "ExperimenterGroup",
  "GroupExperimenterMap",
  "Event",
  "EventLog",
  "Session",
  "Share",
  "ShareMember",
  "Node",
]);

const INHERITED = new Set(["id", "details", "version"]);

/** A class and its bases, most derived first. */
function ancestry(type: ClassType): ClassType[] {
  const chain: ClassType[] = [];
  for (let current: ClassType | null = type; current?.id.startsWith(PREFIX); current = current.base) {
    chain.push(current);
  }
  return chain;
}

function isEntity(type: IceType): type is ClassType {
  return type.kind === "class" && ancestry(type).at(-1)?.id === PREFIX + ROOT;
}

function readMember(owner: readonly ClassType[], name: string, type: IceType): ModelMember | undefined {
  if (name.endsWith("Loaded") || name.endsWith("CountPerOwner") || name === "loaded") return undefined;
  if (isEntity(type)) return { kind: "reference", name, className: shortName(type.id) };
  if (!name.endsWith("Seq") || type.kind !== "sequence" || !isEntity(type.element)) {
    return { kind: "value", name, type };
  }
  const inverse = inverseMember(owner, type.element);
  if (inverse === undefined) return undefined;
  return { kind: "collection", name: name.slice(0, -3), className: shortName(type.element.id), inverse };
}

/** The member of `element` that refers to a class in `owner`; of a link between equals, its parent. */
function inverseMember(owner: readonly ClassType[], element: ClassType): string | undefined {
  for (const { members } of ancestry(element)) {
    for (const { name, type } of members) {
      if (owner.includes(type as ClassType) && type.id !== PREFIX + ROOT) return name;
    }
  }
  return undefined;
}

function shortName(typeId: string): string {
  return typeId.slice(PREFIX.length);
}
