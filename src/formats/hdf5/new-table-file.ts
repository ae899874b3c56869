/**
 * The bytes of an OMERO.tables file without rows, as omero-py's HdfStorage and PyTables make one: groups, the table's
 * type and attributes, and the lists of column types and descriptions.
 */
import type { ColumnField } from "../../columns/batch.js";
import { DataError } from "../../errors.js";
import {
  attributeMessage,
  fillAttribute,
  type Hdf5MetadataValue,
  int64Attribute,
  metadataAttribute,
  textAttribute,
} from "./attribute-values.js";
import { columnTypeId, recordType } from "./records/record-layout.js";
import { FieldWriter } from "./structure/field-writer.js";
import { FileLayout } from "./structure/file-layout.js";
import { HEAP_REFERENCE_SIZE } from "./structure/global-heap.js";
import { listDataspaceBytes } from "./structure/objects/dataspace.js";
import { type CompoundType, datatypeBytes, type Hdf5Datatype } from "./structure/objects/datatype.js";
import { freeMessage, MAX_MESSAGE_LENGTH, type NewMessage } from "./structure/objects/header-bytes.js";
import type { NewAttribute } from "./structure/objects/header-editor.js";
import { MESSAGE } from "./structure/objects/object-header.js";

/** Rows PyTables expects of a table when not told (`tables/parameters.py`), as OMERO.tables does not. */
const EXPECTED_ROWS = 10_000;
const MASK_CHUNK_LENGTH = 4096;
/** Room in the table's header for metadata to come. */
const SPARE_BYTES = 2048;

export interface NewTableFile {
  readonly fields: readonly ColumnField[];
  readonly metadata: ReadonlyMap<string, Hdf5MetadataValue>;
}

/** @throws DataError `VALUE_DOES_NOT_FIT` where there are more columns or longer metadata than HDF5 can hold. */
export function newTableFileBytes({ fields, metadata }: NewTableFile): Uint8Array {
  const layout = new FileLayout();
  const types = fields.map(({ type }) => columnTypeId(type));
  const children = [
    { name: "Measurements", headerAddress: layout.object(tableMessages(fields, metadata)) },
    { name: "ColumnTypes", headerAddress: putTexts(layout, types) },
    {
      name: "ColumnDescriptions",
      headerAddress: putTexts(
        layout,
        fields.map(({ description }) => description),
      ),
    },
  ];
  if (fields.some(({ type }) => type === "Mask")) {
    children.push({ name: MASKS, headerAddress: layout.object(maskListMessages()) });
  }
  const ome = layout.group(children, attributeMessages(nodeAttributes("GROUP", "1.0", "")));
  const rootAttributes = [...nodeAttributes("GROUP", "1.0", TITLE), textAttribute("PYTABLES_FORMAT_VERSION", "2.1")];
  return layout.finish(layout.group([{ name: "OME", ...ome }], attributeMessages(rootAttributes)));
}

/** A list of texts of one width, as PyTables keeps a Python list of them. */
function putTexts(layout: FileLayout, texts: readonly string[]): number {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const size = Math.max(1, ...encoded.map(({ length }) => length));
  const values = new Uint8Array(size * texts.length);
  for (const [index, bytes] of encoded.entries()) values.set(bytes, index * size);
  return layout.object(textListMessages(texts.length, size, layout.bytes(values)));
}

const TITLE = "OMERO HDF Measurement Storage";
/** The list of masks' bits beside the table, as `MaskColumnI` names it. */
export const MASKS = "Measurements_masks";

function nodeAttributes(className: string, version: string, title: string): NewAttribute[] {
  return [textAttribute("CLASS", className), textAttribute("VERSION", version), textAttribute("TITLE", title)];
}

function attributeMessages(attributes: readonly NewAttribute[]): NewMessage[] {
  return attributes.map(attributeMessage);
}

function tableMessages(fields: readonly ColumnField[], metadata: ReadonlyMap<string, Hdf5MetadataValue>): NewMessage[] {
  const record = recordType(fields);
  const attributes = [
    ...nodeAttributes("TABLE", "2.7", ""),
    int64Attribute("NROWS", 0n),
    ...fields.map(({ name }, index) => textAttribute(`FIELD_${index}_NAME`, name)),
    ...leafTypes(record).map((type, index) => fillAttribute(`FIELD_${index}_FILL`, type)),
    ...Array.from(metadata, ([name, value]) => metadataAttribute(name, value)),
  ];
  return [
    ...growingListMessages(compoundBytes(record), record.size, chunkRows(record.size)),
    ...attributeMessages(attributes),
    freeMessage(SPARE_BYTES),
  ];
}

/** Rows in a chunk as PyTables chooses them (`tables/idxutils.py`): 64 KiB, twice that for each decade of megabytes. */
function chunkRows(recordSize: number): number {
  const megabytes = Math.max(1, Math.floor((EXPECTED_ROWS * recordSize) / 2 ** 20));
  const decades = String(megabytes).length - 1;
  return Math.max(1, Math.floor((65_536 * 2 ** decades) / recordSize));
}

function compoundBytes(record: CompoundType): Uint8Array {
  const usual = datatypeBytes(record);
  const bytes = usual.length <= MAX_MESSAGE_LENGTH ? usual : datatypeBytes(record, true);
  if (bytes.length > MAX_MESSAGE_LENGTH) {
    throw new DataError(
      "VALUE_DOES_NOT_FIT",
      `${record.members.length} columns are too many for an HDF5 table: their names and types take ${bytes.length} bytes, 64 kB are the limit`,
    );
  }
  return bytes;
}

/** Types without members, in the order in which PyTables numbers their fill values: level by level. */
function leafTypes(record: CompoundType): Hdf5Datatype[] {
  const leaves: Hdf5Datatype[] = [];
  const pending = [record];
  for (let compound = pending.shift(); compound !== undefined; compound = pending.shift()) {
    for (const { type } of compound.members) {
      if (type.class === "compound") pending.push(type);
      else leaves.push(type);
    }
  }
  return leaves;
}

export function maskListMessages(): NewMessage[] {
  const base: Hdf5Datatype = { class: "integer", size: 1, signed: false, littleEndian: true };
  const type = datatypeBytes({ class: "variable-length", size: HEAP_REFERENCE_SIZE, base, text: false });
  return [
    ...growingListMessages(type, HEAP_REFERENCE_SIZE, MASK_CHUNK_LENGTH),
    ...attributeMessages(nodeAttributes("VLARRAY", "1.4", "")),
  ];
}

function growingListMessages(type: Uint8Array, valueSize: number, chunkLength: number): NewMessage[] {
  const layout = new FieldWriter().uint8(3, 2, 2).address(undefined).uint32(chunkLength).uint32(valueSize).finish();
  return [
    { type: MESSAGE.dataspace, content: listDataspaceBytes(0, true) },
    { type: MESSAGE.datatype, content: type },
    // Space is taken as values come, and is zero until they do.
    { type: MESSAGE.fillValue, content: new FieldWriter().uint8(2, 3, 0, 1).uint32(0).finish() },
    { type: MESSAGE.dataLayout, content: layout },
  ];
}

function textListMessages(length: number, size: number, address: number): NewMessage[] {
  const type: Hdf5Datatype = { class: "string", size, spacePadded: false, utf8: false };
  return [
    { type: MESSAGE.dataspace, content: listDataspaceBytes(length, false) },
    { type: MESSAGE.datatype, content: datatypeBytes(type) },
    { type: MESSAGE.fillValue, content: new FieldWriter().uint8(2, 2, 2, 1).uint32(0).finish() },
    {
      type: MESSAGE.dataLayout,
      content: new FieldWriter()
        .uint8(3, 1)
        .address(address)
        .uint64(length * size)
        .finish(),
    },
    ...attributeMessages([...nodeAttributes("ARRAY", "2.4", ""), textAttribute("FLAVOR", "python")]),
  ];
}
