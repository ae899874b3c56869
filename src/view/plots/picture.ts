/** A plot as SVG, PNG, a page, or a specification for Vega-Lite. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ArgumentError } from "../../errors.js";
import type { Spec } from "./plot-kind.js";

/** Pixels of a PNG for one of the plot's, so that it is sharp on fine screens and in print. */
const SCALE = 2;
const FONT = "DejaVu Sans";

/** What all plots look like. */
const CONFIG = {
  background: "white",
  font: FONT,
  title: { fontSize: 14, fontWeight: "bold", anchor: "start", subtitleColor: "#666", subtitleFontSize: 10, offset: 10 },
  axis: {
    labelFontSize: 10,
    titleFontSize: 11,
    titleFontWeight: "normal",
    grid: true,
    gridColor: "#eee",
    domainColor: "#999",
    tickColor: "#999",
  },
  legend: { labelFontSize: 10, titleFontSize: 11, titleFontWeight: "normal" },
  view: { stroke: null },
  bar: { color: "#3b6ea8" },
  point: { color: "#3b6ea8" },
  line: { color: "#3b6ea8" },
  range: {
    category: [
      "#3b6ea8",
      "#d9822b",
      "#4a9a5a",
      "#b5484f",
      "#7d5fa8",
      "#8a6d4f",
      "#cc79a7",
      "#7a7a7a",
      "#a8a13b",
      "#3aa0a8",
    ],
  },
};

/** A picture of a table. Notebooks show it by themselves. */
export class TablePlot {
  /** The plot as a document of Vega-Lite, to be changed in any editor of those. */
  readonly spec: Spec;
  readonly #svg: string;

  private constructor(spec: Spec, svg: string) {
    this.spec = spec;
    this.#svg = svg;
  }

  /** @internal @throws ArgumentError `MISSING_PACKAGE` */
  static async draw(spec: Spec): Promise<TablePlot> {
    const whole = { $schema: "https://vega.github.io/schema/vega-lite/v6.json", config: CONFIG, ...spec };
    const [vega, { compile }] = await Promise.all([needed(import("vega")), needed(import("vega-lite"))]);
    const logger = {
      warn: () => logger,
      info: () => logger,
      debug: () => logger,
      error: () => logger,
      level: () => logger,
    };
    const { spec: compiled } = compile(structuredClone(whole) as never, { logger: logger as never });
    const view = new vega.View(vega.parse(compiled), { renderer: "none", logger: logger as never });
    try {
      return new TablePlot(whole, await view.toSVG());
    } finally {
      view.finalize();
    }
  }

  /** The picture as SVG text. */
  toSVG(): string {
    return this.#svg;
  }

  /**
   * The picture as the bytes of a PNG, two pixels for each of the plot's, with the same font on every machine.
   * @throws ArgumentError `MISSING_PACKAGE` where `@resvg/resvg-js` or `dejavu-fonts-ttf` is not installed
   */
  async toPNG(): Promise<Uint8Array> {
    const { Resvg } = await needed(import("@resvg/resvg-js"));
    const font = { fontFiles: await fontFiles(), loadSystemFonts: false, defaultFontFamily: FONT };
    return new Resvg(this.#svg, { font, fitTo: { mode: "zoom", value: SCALE } }).render().asPng();
  }

  /** The picture as an HTML page of its own, without scripts and without anything fetched. */
  toHTML(): string {
    const title = this.#svg.match(/<title>([^<]*)/)?.[1] ?? "Plot";
    return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${title}</title>\n<style>body { margin: 1rem; display: grid; place-items: center } svg { max-width: 100%; height: auto }</style>\n${this.#svg}\n</html>\n`;
  }

  /** What notebooks of Deno and others show. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "image/svg+xml": this.#svg, "text/plain": "a plot" };
  }
}

async function fontFiles(): Promise<string[]> {
  const { resolve } = createRequire(import.meta.url);
  const names = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];
  const paths = names.map((name) => {
    try {
      return resolve(`dejavu-fonts-ttf/ttf/${name}`);
    } catch (cause) {
      throw missingPackage(cause);
    }
  });
  await Promise.all(paths.map((path) => readFile(path)));
  return paths;
}

/** A package that is loaded when it is first needed. */
async function needed<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (cause) {
    throw missingPackage(cause);
  }
}

function missingPackage(cause: unknown): ArgumentError {
  const message =
    "Plots need packages that are not installed: npm install vega vega-lite, and for PNG @resvg/resvg-js dejavu-fonts-ttf";
  return new ArgumentError("MISSING_PACKAGE", message, { cause });
}
