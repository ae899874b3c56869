/** Options of commands that take a CSV file: how it is written, and what becomes of its columns. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CsvOptions } from "../../formats/csv/index.js";
import type { ColumnTypeOption } from "../../formats/values/column-types.js";
import type { SourceChoice } from "../../write/source-choice.js";
import { count, names } from "./values.js";

type Types = Record<string, ColumnTypeOption>;

/** What the options parse to. */
export interface CsvCommandOptions {
  delimiter?: string;
  quote?: string | false;
  escape?: string;
  decimal?: "." | ",";
  thousands?: string | false;
  encoding?: string;
  header?: CsvOptions["header"];
  skipRows?: number;
  comment?: string | false;
  missing?: string[];
  sheet?: string | number;
  maxBytes?: number;
  fillShortRows?: boolean;
  repairNames?: boolean;
  strict?: boolean;
  columns?: string[];
  columnType?: Types;
}

/** Adds the options of commands that make a table of a CSV file. */
export function csvOptions(command: Command): Command {
  return dialectOptions(
    command
      .option("-c, --columns <name...>", "only these columns, with commas or spaces between", names)
      .option("--column-type <name=Type...>", "type of a column, for example roi=Roi or note=String:64", columnType),
  );
}

/** Adds the options that say how a CSV file is written. What is not given is found out, and said on standard error. */
export function dialectOptions(command: Command): Command {
  return command
    .optionsGroup("How a CSV is written:")
    .option("--delimiter <text>", 'between cells: a character, "tab", "spaces" or "wide spaces"')
    .option("--quote <character>", 'around cells; "none" for nothing', noneIsFalse)
    .option("--escape <character>", "what makes a quote inside quotes literal; doubled quotes without it")
    .addOption(new Option("--decimal <mark>", "before the fraction of numbers").choices([".", ","]))
    .option("--thousands <mark>", 'between thousands of numbers; "none" for nothing', noneIsFalse)
    .option("--encoding <name>", "for example utf-8, utf-16le, windows-1252")
    .option("--header <rows>", 'how many lines name the columns; "none", or the names, with commas between', header)
    .option("--skip-rows <lines>", "lines to pass over at the beginning", count)
    .option("--comment <text>", 'what begins a comment; "none" where nothing does', noneIsFalse)
    .option("--missing <text...>", "what stands for missing values, with commas or spaces between", names)
    .option("--sheet <sheet>", "of an Excel workbook: the sheet's name, or its number from 1", sheet)
    .option("--max-bytes <bytes>", "text that a compressed file may hold, 2 GiB without it", count)
    .option("--no-fill-short-rows", "refuse records with too few cells")
    .option("--no-repair-names", "refuse empty, repeated and spaced names of columns")
    .option("--strict", "refuse a file that needs repair")
    .optionsGroup("Options:");
}

/** The options of `uploadTable` and `createTileDB` that they stand for. */
export function csvChoice(options: CsvCommandOptions): SourceChoice {
  const { columns: columnNames, columnType: columnTypes } = options;
  return { columnNames, columnTypes, csv: csvDialect(options) };
}

/** How the CSV file is written, as far as the options say. */
export function csvDialect({ fillShortRows, repairNames, ...given }: CsvCommandOptions): CsvOptions {
  const { delimiter, quote, escape: escaped, decimal, thousands, encoding, header, skipRows, comment, missing } = given;
  const { sheet, maxBytes, strict } = given;
  const marks = { delimiter, quote, escape: escaped, decimal, thousands, comment, missing };
  const refused = {
    ...(fillShortRows === false ? { fillShortRows } : {}),
    ...(repairNames === false ? { repairNames } : {}),
  };
  return { ...marks, encoding, header, skipRows, sheet, maxBytes, strict, ...refused };
}

function sheet(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function noneIsFalse(text: string): string | false {
  return text === "none" ? false : text;
}

function header(text: string): CsvOptions["header"] {
  if (text === "none") return false;
  return /^\d+$/.test(text) ? Number(text) : text.split(",");
}

function columnType(text: string, before: Types = {}): Types {
  const match = /^(.+)=([A-Za-z]+)(?::(\d+))?$/s.exec(text);
  if (!match) throw new InvalidArgumentError("write a name and a type, for example roi=Roi or note=String:64");
  const [, name, type, size] = match as unknown as [string, string, SourceType, string | undefined];
  return { ...before, [name]: size === undefined ? type : { type, size: Number(size) } };
}

/** Checked where it is used. */
type SourceType = Extract<ColumnTypeOption, string>;
