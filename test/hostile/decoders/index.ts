import type { Decoder } from "../decoder.js";
import { arrow } from "./arrow.js";
import { columns } from "./columns.js";
import { csv } from "./csv.js";
import { hdf5, hdf5Library } from "./hdf5.js";
import { ice } from "./ice.js";
import { requests } from "./requests.js";
import { storedLogins } from "./stored-logins.js";
import { addresses, conditions, hql } from "./texts.js";
import { tiledb } from "./tiledb.js";
import { world } from "./world.js";

/** Everything that reads bytes of others. */
export const DECODERS: readonly Decoder[] = [
  ice,
  columns,
  requests,
  arrow,
  hdf5,
  hdf5Library,
  tiledb,
  csv,
  storedLogins,
  conditions,
  hql,
  addresses,
  world,
];
