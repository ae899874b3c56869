import { withJson } from "../../columns/json-map.js";
import type { TableMetadata } from "../../columns/table.js";
import { ArgumentError } from "../../errors.js";
import { type RType, rfloat, rlong, rstring } from "../../rtypes.js";

/**
 * A metadata value as the server takes it: RLong, RFloat (32 bits; it knows no RDouble here) or RString.
 * @throws ArgumentError `INVALID_ARGUMENT` for a key that is empty or reserved (`__...`).
 */
export function metadataRType(key: string, value: bigint | number | string): RType {
  if (key === "" || key.startsWith("__")) {
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      `"${key}" is no metadata key: it is ${key === "" ? "empty" : "reserved"}`,
    );
  }
  if (typeof value === "bigint") return rlong(value);
  return typeof value === "number" ? rfloat(value) : rstring(value);
}

/** Metadata from the server. Values of types that OMERO.tables does not keep are left out. */
export function tableMetadata(values: ReadonlyMap<string, { readonly iceId: string } | null>): TableMetadata {
  const metadata = new Map<string, bigint | number | string>();
  for (const [key, rtype] of values) {
    const val = rtype && "val" in rtype ? rtype.val : undefined;
    if (typeof val === "bigint" || typeof val === "number" || typeof val === "string") metadata.set(key, val);
  }
  return withJson(metadata);
}
