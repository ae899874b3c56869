import type { Decoder } from "../decoder.js";
import { arrow } from "./arrow.js";
import { columns } from "./columns.js";
import { csv, csvParse } from "./csv.js";
import { hdf5, hdf5Path } from "./hdf5.js";
import { ice } from "./ice.js";
import { messagesToClient, messagesToServer } from "./messages.js";
import { requests } from "./requests.js";
import { settings } from "./settings.js";
import { storedLogins } from "./stored-logins.js";
import { addresses, conditions, hql } from "./texts.js";
import { tiledb } from "./tiledb.js";
import { world } from "./world.js";

/** Everything that reads bytes of others. */
export const DECODERS: readonly Decoder[] = [
  ice,
  columns,
  requests,
  messagesToServer,
  messagesToClient,
  arrow,
  hdf5,
  hdf5Path,
  tiledb,
  csv,
  csvParse,
  storedLogins,
  settings,
  conditions,
  hql,
  addresses,
  world,
];
