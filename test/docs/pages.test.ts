import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { PAGES, ROOT, textOf } from "./pages.js";

it("has every page in the site's list, and no other", () => {
  const there = readdirSync(join(ROOT, "docs"), { recursive: true })
    .map((name) => `docs/${name}`)
    .filter((name) => name.endsWith(".md") && !/node_modules|docs\/(site|public|results\.md)/.test(name));
  expect(PAGES.filter((page) => page !== "README.md").sort()).toEqual(there.sort());
});

it("names every page in llms.txt", () => {
  const named = [...textOf("docs/public/llms.txt").matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => `docs/${path}`);
  expect(named).toEqual(PAGES.filter((page) => page !== "README.md" && page !== "docs/index.md"));
});

it.each([...PAGES, "ARCHITECTURE.md", "CONTRIBUTING.md"])("links to what is there: %s", (page) => {
  const links = [
    ...textOf(page)
      .replaceAll(/```.*?```|`[^`\n]*`/gs, "")
      .matchAll(/\]\((?!\w+:|#)([^)\s]+)\)/g),
  ];
  const dead = links
    .map(([, link]) => link!)
    .filter((link) => {
      const [path, anchor] = link.split("#") as [string, string | undefined];
      const target = join(dirname(page), path);
      return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
  expect(dead).toEqual([]);
});

/** Headings, as GitHub and the site name them. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}
