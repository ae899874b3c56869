import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { tableName } from "../../../src/cli/naming/table-name.js";
import { parseWebAddress } from "../../../src/cli/naming/web-address.js";

const HOST = "omero.example.org";

test.each<[string, object]>([
  [`https://${HOST}/webclient/?show=image-5|image-6`, { object: ["Image", 5n] }],
  [`https://${HOST}/omero/webclient/?show=run-5`, { object: ["PlateAcquisition", 5n] }],
  [`https://${HOST}/webclient/omero_table/402/`, { fileId: 402n }],
  [`https://${HOST}/webclient/omero_table/402/?query=area%3E2`, { fileId: 402n }],
  [`https://${HOST}/webgateway/table/402/query/?query=*`, { fileId: 402n }],
  [`https://${HOST}/webgateway/table/Screen/3/query/?query=Well-5`, { object: ["Screen", 3n] }],
  [`https://${HOST}/webclient/get_original_file/402/`, { annotationId: 402n }],
  [`https://${HOST}/webclient/annotation/402/`, { annotationId: 402n }],
  [`https://${HOST}/webclient/img_detail/5/?dataset=1`, { object: ["Image", 5n] }],
  [`https://${HOST}/iviewer/?images=5,6&dataset=1`, { object: ["Image", 5n] }],
])("%s", (address, named) => {
  expect(parseWebAddress(address)).toEqual({ host: HOST, ...named });
});

test.each([`https://${HOST}/webclient/`, `https://${HOST}/webclient/?show=tag-5`, "https://["])(
  "%s names nothing",
  (address) => {
    expect(() => parseWebAddress(address)).toThrow(InvalidArgumentError);
  },
);

test.each<[string, object]>([
  ["402", { fileId: 402n }],
  ["File:402", { fileId: 402n }],
  ["annotation:142", { annotationId: 142n }],
  ["cells.parquet", { path: "cells.parquet" }],
  ["./402", { path: "./402" }],
  ["image:5", { object: ["image", 5n] }],
])("%s is the name of a table", (text, named) => {
  expect(tableName(text)).toEqual(named);
});

test.each(["cells", "", "5:Image"])("%j is none", (text) => {
  expect(() => tableName(text)).toThrow(InvalidArgumentError);
});
