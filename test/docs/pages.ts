/** What is written of the package, and the blocks of code in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GROUPS } from "../../docs/.vitepress/pages.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Block {
  readonly language: string;
  readonly code: string;
  /** `page:line`, as editors and errors name a place. */
  readonly place: string;
}

const SITE_PAGES = (GROUPS as unknown as { pages: Record<string, string> }[]).flatMap(({ pages }) =>
  Object.keys(pages).map((page) => `docs/${page}.md`),
);

/** Paths from the root of the project. */
export const PAGES: readonly string[] = ["README.md", "docs/index.md", ...SITE_PAGES];

export const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");

export function blocksOf(page: string): Block[] {
  const text = textOf(page);
  return [...text.matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms)].map(({ 1: indent, 2: language, 3: code, index }) => ({
    language: language!,
    code: code!.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    place: `${page}:${text.slice(0, index).split("\n").length + 1}`,
  }));
}
