#!/usr/bin/env node
/** Fails where a page of the built site names a file of it that is not there. Links between pages VitePress has checked. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BASE = "/omero2frame/";
const site = fileURLToPath(new URL("site", import.meta.url));
const pages = readdirSync(site, { recursive: true }).filter(
  (name) => name.endsWith(".html") && !name.startsWith("api"),
);
const dead = pages.flatMap((page) =>
  linksOf(page)
    .filter((link) => !isThere(page, link))
    .map((link) => `${page}: ${link}`),
);

for (const line of dead) console.error(`dead link: ${line}`);
console.log(`${pages.length} pages, ${dead.length} dead links`);
process.exitCode = dead.length > 0 || pages.length === 0 ? 1 : 0;

function linksOf(page) {
  const html = readFileSync(join(site, page), "utf8");
  return [...html.matchAll(/\s(?:href|src)="([^"#?]+)/g)].map(([, link]) => link).filter((link) => !/^\w+:/.test(link));
}

function isThere(page, link) {
  const path = decodeURI(link.startsWith(BASE) ? join(site, link.slice(BASE.length)) : join(site, dirname(page), link));
  return [path, `${path}.html`, join(path, "index.html")].some((one) => existsSync(one) && statSync(one).isFile());
}
