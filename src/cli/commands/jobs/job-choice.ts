/** Which jobs `jobs add` and `jobs run` are about. */
import { type Command, Option } from "commander";
import { givenServer } from "../../../connect/credentials/credentials.js";
import { formatAddress } from "../../../connect/server-address.js";
import { invalidArgument } from "../../../errors.js";
import type { KeyedJob } from "../../../jobs/index.js";
import { connectionOf, type ServerFlags, withServer } from "../../options/connection.js";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../../options/csv.js";
import { positive } from "../../options/values.js";
import { FILE_FORMATS } from "../tables/download.js";

/** An array of TileDB is a folder. */
const SINGLE_FILE_FORMATS = FILE_FORMATS.filter((name) => name !== "tiledb");

/** What the options of {@link jobOptions} parse to. */
export interface JobFlags extends ServerFlags, CsvCommandOptions {
  map?: string;
  root: string;
  download: boolean;
  to?: string;
  format?: string;
  overwrite: boolean;
  chunkSize?: number;
  resolveNames: boolean;
  description?: string;
  namespace?: string;
}

export function jobOptions(command: Command): Command {
  return csvOptions(withServer(command))
    .option("--map <file>", "a table with columns file, target (Image:101) and, if wanted, name; or table and file")
    .option("--root <folder>", "a folder that holds all files, for workers as well; jobs name them below it", ".")
    .option("--download", "the other way: from tables to files", false)
    .option("--to <folder>", "where the files of tables go that are named without a map")
    .addOption(new Option("--format <format>", "of these files (csv)").choices(SINGLE_FILE_FORMATS))
    .option("--overwrite", "replace files that are there", false)
    .option("--chunk-size <rows>", "rows a call", positive)
    .option("--no-resolve-names", "store names of wells, plates, images and so on as text, not as ids")
    .option("--description <text>", "of the annotations")
    .option("--namespace <text>", "of the annotations, by which programs find them");
}

/** The jobs, as they are taken. @param names patterns of files, or tables */
export async function plannedJobs(
  names: readonly string[],
  flags: JobFlags,
  server: string,
  signal: AbortSignal,
): Promise<AsyncIterable<KeyedJob>> {
  const { planDownloads, planUploads } = await import("../../../jobs/index.js");
  const { map, root, format, overwrite } = flags;
  const common = { server, root, signal };
  if (flags.download) {
    const tables = map === undefined ? names : undefined;
    if (tables?.length === 0) throw invalidArgument("name tables, or give --map");
    return planDownloads({ ...common, map, tables, folder: flags.to, format, overwrite });
  }
  if (map === undefined) throw invalidArgument("say which file goes where: --map plates.csv");
  const patterns = names.length === 0 ? undefined : names;
  return planUploads({ ...common, map, patterns, options: uploadOptions(flags) });
}

function uploadOptions(flags: JobFlags) {
  const { chunkSize, description, namespace } = flags;
  const resolveNames = flags.resolveNames ? undefined : (false as const);
  return { ...csvChoice(flags), chunkSize, description, namespace, resolveNames };
}

/** The server's address; whoever logs in without naming it is logged in to find out. */
export async function addressOf(flags: ServerFlags, signal: AbortSignal): Promise<string> {
  const { server, port, tls } = connectionOf(flags);
  const given = givenServer({ server, port, plain: tls === false }, process.env);
  if (given !== undefined) return formatAddress(given);
  const { connectToOmero } = await import("../../../connect/index.js");
  await using connection = await connectToOmero({ ...connectionOf(flags), signal });
  return formatAddress(connection.server);
}
