/**
 * The Slice interfaces of OMERO, Glacier2 and Ice as linked type descriptions. The data is in schema-data.ts; it is
 * parsed and linked when {@link loadSchema} is first called, not when this module is imported.
 */
import { WireError } from "../../../errors.js";
import {
  type BuiltinKind,
  type ClassType,
  type ExceptionType,
  type IceType,
  type Member,
  OBJECT_ID,
  type Operation,
  type OperationMode,
  type Service,
  usesClass,
} from "./ice-types.js";
import { SCHEMA_JSON } from "./schema-data.js";

export * from "./ice-types.js";

interface DerivedData {
  base?: string;
  members?: string[];
}
interface ServiceData {
  bases?: string[];
  operations?: Record<string, OperationData>;
}
/** Mode, returned type or "void", parameters, types of the out parameters, exceptions. */
type OperationData = [OperationMode, string, string[], string[], string[]];

interface SchemaData {
  source: string;
  enumerations: Record<string, string[]>;
  structs: Record<string, string[]>;
  sequences: Record<string, string>;
  dictionaries: Record<string, [string, string]>;
  exceptions: Record<string, DerivedData>;
  classes: Record<string, DerivedData>;
  services: Record<string, ServiceData>;
}

const BUILTINS: readonly BuiltinKind[] = ["bool", "byte", "short", "int", "long", "float", "double", "string"];

/** Types are linked when they are first asked for: a program uses few of them. */
export class Schema {
  /** The packages the schema was extracted from. */
  readonly source: string;
  readonly #data: SchemaData;
  readonly #types = new Map<string, IceType>();
  readonly #exceptions = new Map<string, ExceptionType>();
  readonly #services = new Map<string, Service>();

  constructor(data: SchemaData) {
    this.#data = data;
    this.source = data.source;
    for (const kind of BUILTINS) this.#types.set(kind, { kind, id: kind });
    this.#types.set(OBJECT_ID, { kind: "class", id: OBJECT_ID, base: null, members: [] });
  }

  /** Ids of all classes that are passed by value. */
  get classIds(): string[] {
    return Object.keys(this.#data.classes);
  }
  get exceptionIds(): string[] {
    return Object.keys(this.#data.exceptions);
  }
  get serviceIds(): string[] {
    return Object.keys(this.#data.services);
  }
  /** Ids of enumerations, structures, sequences and dictionaries. */
  get dataTypeIds(): string[] {
    const { enumerations, structs, sequences, dictionaries } = this.#data;
    return [enumerations, structs, sequences, dictionaries].flatMap((section) => Object.keys(section));
  }

  /**
   * A type by its Slice id or builtin name, for example `::omero::api::LongArray` or `long`; `*` after the id of a
   * service makes a proxy.
   * @throws WireError `CANNOT_ENCODE` if there is no such type.
   */
  type(id: string): IceType {
    const known = this.#types.get(id);
    if (known) return known;
    const made = this.#makeType(id);
    if (!made) throw new WireError("CANNOT_ENCODE", `the schema has no type ${id}`);
    return made;
  }

  /** A class passed by value, or undefined. */
  findClass(id: string): ClassType | undefined {
    if (id !== OBJECT_ID && !Object.hasOwn(this.#data.classes, id)) return undefined;
    return this.type(id) as ClassType;
  }

  findException(id: string): ExceptionType | undefined {
    const known = this.#exceptions.get(id);
    if (known) return known;
    const data = lookUp(this.#data.exceptions, id);
    if (!data) return undefined;
    const base = data.base === undefined ? null : this.findException(data.base)!;
    const members = this.#members(data.members);
    const usesClasses = (base?.usesClasses ?? false) || members.some((member) => usesClass(member.type));
    const made: ExceptionType = { kind: "exception", id, base, members, usesClasses };
    this.#exceptions.set(id, made);
    return made;
  }

  findService(id: string): Service | undefined {
    const known = this.#services.get(id);
    if (known) return known;
    const data = lookUp(this.#data.services, id);
    if (!data) return undefined;
    const bases = (data.bases ?? []).map((base) => this.findService(base)!);
    const operations = new Map<string, Operation>();
    const made: Service = { id, bases, operations };
    this.#services.set(id, made);
    for (const [name, operation] of Object.entries(data.operations ?? {})) {
      operations.set(name, this.#makeOperation(id, name, operation));
    }
    return made;
  }

  #makeOperation(service: string, name: string, data: OperationData): Operation {
    const [mode, returned, parameterTexts, outs, exceptions] = data;
    const parameters = this.#members(parameterTexts);
    const returnsValue = returned !== "void";
    const results = (returnsValue ? [returned, ...outs] : outs).map((id) => this.type(id));
    return {
      name,
      service,
      mode,
      parameters,
      results,
      returnsValue,
      throws: exceptions.map((id) => this.findException(id)!),
      sendsClasses: parameters.some((parameter) => usesClass(parameter.type)),
      returnsClasses: results.some(usesClass),
    };
  }

  #makeType(id: string): IceType | undefined {
    const { enumerations, structs, sequences, dictionaries, classes } = this.#data;
    if (id.endsWith("*")) return this.#add({ kind: "proxy", id, service: id.slice(0, -1) });
    const enumerators = lookUp(enumerations, id);
    if (enumerators) return this.#add({ kind: "enumeration", id, enumerators });
    const element = lookUp(sequences, id);
    if (element) return this.#add({ kind: "sequence", id, element: this.type(element) });
    const entry = lookUp(dictionaries, id);
    if (entry) return this.#add({ kind: "dictionary", id, key: this.type(entry[0]), value: this.type(entry[1]) });
    const struct = lookUp(structs, id);
    if (struct) return this.#add({ kind: "struct", id, members: this.#members(struct) });
    const data = lookUp(classes, id);
    return data && this.#makeClass(id, data);
  }

  /** Classes refer to themselves and to each other, so members are linked after the class is known. */
  #makeClass(id: string, data: DerivedData): ClassType {
    const members: Member[] = [];
    const base = data.base === undefined ? null : (this.type(data.base) as ClassType);
    // The members of a base may have come round to this class.
    const known = this.#types.get(id);
    if (known) return known as ClassType;
    const made: ClassType = { kind: "class", id, base, members };
    this.#types.set(id, made);
    members.push(...this.#members(data.members));
    return made;
  }

  #members(texts: readonly string[] | undefined): Member[] {
    return (texts ?? []).map((text) => {
      const space = text.indexOf(" ");
      return { name: text.slice(0, space), type: this.type(text.slice(space + 1)) };
    });
  }

  /** Keeps the type that was made first: linking a class may have come round to the same id. */
  #add<T extends IceType>(type: T): T {
    const known = this.#types.get(type.id);
    if (known) return known as T;
    this.#types.set(type.id, type);
    return type;
  }
}

let loaded: Schema | undefined;

/** The one schema, parsed at the first call. */
export function loadSchema(): Schema {
  loaded ??= new Schema(JSON.parse(SCHEMA_JSON) as SchemaData);
  return loaded;
}

/**
 * An operation of a service or of its bases, those of `::Ice::Object` included.
 * @param serviceId Slice id, with or without the leading `::`, for example `omero::api::IQuery`.
 * @throws WireError `CANNOT_ENCODE` if the service or the operation is not in the schema.
 */
export function getOperation(serviceId: string, name: string): Operation {
  const found = findOperation(serviceId, name);
  if (!found) throw new WireError("CANNOT_ENCODE", `${withColons(serviceId)} has no operation "${name}"`);
  return found;
}

/** As {@link getOperation}, with undefined for an operation the service does not have. */
export function findOperation(serviceId: string, name: string): Operation | undefined {
  const service = getService(serviceId);
  return search(service, name) ?? getService(OBJECT_ID).operations.get(name);
}

/** All ids of a service: its own, those of its bases and `::Ice::Object`, sorted as `ice_ids` answers them. */
export function serviceIds(serviceId: string): string[] {
  const ids = new Set<string>([OBJECT_ID]);
  const collect = (service: Service): void => {
    ids.add(service.id);
    service.bases.forEach(collect);
  };
  collect(getService(serviceId));
  return [...ids].sort();
}

/** Whether a call received with mode `received` may run `operation`: Idempotent also answers to the old Nonmutating. */
export function acceptsMode(operation: Operation, received: number): boolean {
  return operation.mode === 0 ? received === 0 : received === 1 || received === 2;
}

function getService(serviceId: string): Service {
  const service = loadSchema().findService(withColons(serviceId));
  if (!service) throw new WireError("CANNOT_ENCODE", `the schema has no service ${withColons(serviceId)}`);
  return service;
}

function search(service: Service, name: string): Operation | undefined {
  const own = service.operations.get(name);
  if (own) return own;
  for (const base of service.bases) {
    const inherited = search(base, name);
    if (inherited) return inherited;
  }
  return undefined;
}

function withColons(id: string): string {
  return id.startsWith("::") ? id : `::${id}`;
}

function lookUp<T>(section: Record<string, T>, id: string): T | undefined {
  return Object.hasOwn(section, id) ? section[id] : undefined;
}
