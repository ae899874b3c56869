/** What a descriptor asks for: a path of names, or a command in JSON. */
import { ArgumentError } from "../errors.js";
import type { PlanScanOptions } from "../scan/index.js";
import { DescriptorType, type FlightDescriptor } from "./protocol/messages.js";

/** A table to read, and into how many parts. */
export type TableRequest = Pick<
  PlanScanOptions,
  "fileId" | "annotationId" | "columnNames" | "query" | "partitions" | "partitionRows"
>;

/** A table to make. */
export interface NewTableRequest {
  readonly tableName: string;
  readonly parentType: string;
  readonly parentId: bigint;
  /** Whether more columns than a table has room for become several tables. */
  readonly split: boolean;
}

type Json = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isId: Check = (value) => (Number.isSafeInteger(value) && (value as number) >= 0) || isDigits(value);
const isDigits: Check = (value) => typeof value === "string" && /^\d{1,19}$/.test(value);
const areTexts: Check = (value) => Array.isArray(value) && value.every(isText);

const READ_KEYS: Readonly<Record<string, Check>> = {
  fileId: isId,
  annotationId: isId,
  columns: areTexts,
  query: isText,
  partitions: isCount,
  partitionRows: isCount,
};
const isFlag: Check = (value) => typeof value === "boolean";
const PUT_KEYS: Readonly<Record<string, Check>> = { name: isText, parentType: isText, parentId: isId, split: isFlag };

const READ_FORMS = 'a path of one file id, as ["402"], or a command as {"fileId": 402, "query": "area > 20"}';
const PUT_FORMS = 'a path as ["Image", "101", "cells"], or a command as {"name": "cells", "parentId": 101}';

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function tableRequest({ type, path, cmd }: FlightDescriptor): TableRequest {
  if (type !== DescriptorType.command) {
    const [name = "", ...more] = path;
    const [, annotation, id] = /^(Annotation:)?(\d{1,19})$/.exec(name) ?? [];
    if (id === undefined || more.length > 0) throw wrong(`This path names no table; give ${READ_FORMS}`);
    return annotation === undefined ? { fileId: BigInt(id) } : { annotationId: BigInt(id) };
  }
  const { fileId, annotationId, columns, ...rest } = command(cmd, READ_KEYS, READ_FORMS);
  const ids = { fileId: idGiven(fileId), annotationId: idGiven(annotationId) };
  return { ...ids, columnNames: columns as string[] | undefined, ...rest };
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function newTableRequest(descriptor: FlightDescriptor | null): NewTableRequest {
  const { type, path = [], cmd } = descriptor ?? {};
  if (type === DescriptorType.command) {
    const { name, parentType = "Image", parentId, split = false } = command(cmd!, PUT_KEYS, PUT_FORMS);
    if (name === undefined || parentId === undefined)
      throw wrong(`The command lacks name or parentId; give ${PUT_FORMS}`);
    const parent = { parentType: parentType as string, parentId: idGiven(parentId)! };
    return { tableName: name as string, ...parent, split: split as boolean };
  }
  const [parentType, id, tableName, ...more] = path;
  if (tableName === undefined || more.length > 0 || !isDigits(id)) {
    throw wrong(`This path says not what to make; give ${PUT_FORMS}`);
  }
  return { tableName, parentType: parentType!, parentId: BigInt(id!), split: false };
}

/** The id of a table that an action or a criterion names, as the JSON of an object. @throws ArgumentError `INVALID_ARGUMENT` */
export function command(bytes: Uint8Array, keys: Readonly<Record<string, Check>>, forms: string): Json {
  const found = parsed(bytes);
  if (typeof found !== "object" || found === null || Array.isArray(found))
    throw wrong(`This is no object of JSON; give ${forms}`);
  for (const [key, value] of Object.entries(found)) {
    if (!Object.hasOwn(keys, key)) throw wrong(`There is no ${JSON.stringify(key)}; give ${forms}`);
    if (!keys[key]!(value))
      throw wrong(`${key} is ${JSON.stringify(value)?.slice(0, 100)}, which makes no sense; give ${forms}`);
  }
  return found as Json;
}

export function idGiven(value: unknown): bigint | undefined {
  return value === undefined ? undefined : BigInt(value as string | number);
}

/** What may stand for an id in JSON. */
export const ID_KEYS: Readonly<Record<string, Check>> = { fileId: isId };
/** What says of which object tables are listed. */
export const PARENT_KEYS: Readonly<Record<string, Check>> = { parentType: isText, parentId: isId };

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}

function wrong(message: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", message);
}
