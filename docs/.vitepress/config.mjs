/** The site: pages by task, a search that needs no network, and the API reference that typedoc has put into `public/api`. */
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { defineConfig } from "vitepress";
import { GROUPS } from "./pages.mjs";

const bench = (name) => new URL(`../../bench/${name}`, import.meta.url);
await copyFile(bench("RESULTS.md"), new URL("../results.md", import.meta.url));
await copyFile(bench("results.svg"), new URL("../results.svg", import.meta.url));

export default defineConfig({
  title: "omero2frame",
  description: "OMERO's tables and images from JavaScript and TypeScript",
  lang: "en",
  base: "/omero2frame/",
  outDir: "site",
  srcExclude: ["site/**", "public/**"],
  cacheDir: "node_modules/.vitepress",
  markdown: { languageAlias: { sh: "bash" } },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guide", link: "/guide/start" },
      { text: "API", link: "/api/index.html", target: "_self" },
      { text: "Commands", link: "/commands" },
      { text: "Errors", link: "/errors" },
    ],
    sidebar: [...GROUPS, { text: "Results", pages: { results: "All benchmarks" } }].map(({ text, pages }) => ({
      text,
      items: Object.entries(pages).map(([link, title]) => ({ text: title, link: `/${link}` })),
    })),
    socialLinks: [{ icon: "github", link: "https://github.com/omero2frame/omero2frame" }],
  },
  /** Programs that read take the pages as they are written. */
  async buildEnd({ pages, srcDir, outDir }) {
    for (const page of pages) {
      await mkdir(dirname(join(outDir, page)), { recursive: true });
      await copyFile(join(srcDir, page), join(outDir, page));
    }
  },
});
