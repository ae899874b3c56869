/** Descriptions of Slice types: what is written and read, and in which order. */
export type BuiltinKind = "bool" | "byte" | "short" | "int" | "long" | "float" | "double" | "string";

export interface BuiltinType {
  readonly kind: BuiltinKind;
  readonly id: string;
}
export interface EnumerationType {
  readonly kind: "enumeration";
  readonly id: string;
  /** Names by value, 0 upwards. */
  readonly enumerators: readonly string[];
}
export interface SequenceType {
  readonly kind: "sequence";
  readonly id: string;
  readonly element: IceType;
}
export interface DictionaryType {
  readonly kind: "dictionary";
  readonly id: string;
  readonly key: IceType;
  readonly value: IceType;
}
export interface StructType {
  readonly kind: "struct";
  readonly id: string;
  readonly members: readonly Member[];
}
export interface ClassType {
  readonly kind: "class";
  readonly id: string;
  readonly base: ClassType | null;
  /** Own members in wire order; those of the base are not among them. */
  readonly members: readonly Member[];
}
/** A proxy of the service `service`. */
export interface ProxyType {
  readonly kind: "proxy";
  readonly id: string;
  readonly service: string;
}
export type IceType =
  | BuiltinType
  | EnumerationType
  | SequenceType
  | DictionaryType
  | StructType
  | ClassType
  | ProxyType;

export interface Member {
  readonly name: string;
  readonly type: IceType;
}

export interface ExceptionType {
  readonly kind: "exception";
  readonly id: string;
  readonly base: ExceptionType | null;
  /** Own members in wire order. */
  readonly members: readonly Member[];
  /** Whether the exception or one of its bases holds class instances. */
  readonly usesClasses: boolean;
}

/** `Ice::OperationMode` as it is sent: 0 Normal, 1 Nonmutating, 2 Idempotent. */
export type OperationMode = 0 | 1 | 2;

export interface Operation {
  readonly name: string;
  /** Slice id of the interface that declares the operation. */
  readonly service: string;
  readonly mode: OperationMode;
  readonly parameters: readonly Member[];
  /** Types of the results: the returned value, if any, then the out parameters. */
  readonly results: readonly IceType[];
  /** Whether the first result is a returned value; on the wire it follows the out parameters. */
  readonly returnsValue: boolean;
  readonly throws: readonly ExceptionType[];
  readonly sendsClasses: boolean;
  readonly returnsClasses: boolean;
}

export interface Service {
  readonly id: string;
  readonly bases: readonly Service[];
  /** Operations declared here, by name. */
  readonly operations: ReadonlyMap<string, Operation>;
}

/** The id of the root of all classes and interfaces. */
export const OBJECT_ID = "::Ice::Object";

/** Whether values of a type hold, or may hold, class instances: these follow all parameters in a message. */
export function usesClass(type: IceType): boolean {
  switch (type.kind) {
    case "class":
      return true;
    case "sequence":
      return usesClass(type.element);
    case "dictionary":
      return usesClass(type.key) || usesClass(type.value);
    case "struct":
      return type.members.some((member) => usesClass(member.type));
    default:
      return false;
  }
}

/** Whether `type` is `base` or derived from it. */
export function isDerivedFrom(type: ClassType, base: ClassType): boolean {
  if (base.id === OBJECT_ID) return true;
  for (let current: ClassType | null = type; current; current = current.base) if (current === base) return true;
  return false;
}
