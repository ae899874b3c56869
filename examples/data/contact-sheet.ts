/** Pictures side by side in one, each with a label below, for examples. */
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";

export interface SheetTile {
  readonly label: string;
  readonly png: Uint8Array;
  /** Size of the picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
}

export interface SheetOptions {
  readonly title: string;
  /** Pictures in a row. */
  readonly across: number;
  /** Pixels of the sheet for each of the pictures'. */
  readonly scale: number;
  readonly legend: readonly { readonly color: string; readonly text: string }[];
}

const GAP = 10;
const LABEL = 24;
const MARGIN = 20;
const HEAD = 44;
const FONT = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");

/** The sheet as a PNG. */
export async function contactSheet(tiles: readonly SheetTile[], options: SheetOptions): Promise<Uint8Array> {
  const font = { fontFiles: [FONT], loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" };
  return new Resvg(sheetDrawing(tiles, options), { font }).render().asPng();
}

function sheetDrawing(tiles: readonly SheetTile[], { title, across, scale, legend }: SheetOptions): string {
  const width = scale * Math.max(...tiles.map((tile) => tile.width));
  const height = scale * Math.max(...tiles.map((tile) => tile.height));
  const rows = Math.ceil(tiles.length / across);
  const sheetWidth = 2 * MARGIN + across * (width + GAP) - GAP;
  const foot = HEAD + rows * (height + LABEL + GAP);
  const pictures = tiles.map((tile, index) => {
    const x = MARGIN + (index % across) * (width + GAP);
    const y = HEAD + Math.floor(index / across) * (height + LABEL + GAP);
    const place = `x="${x}" y="${y}" width="${scale * tile.width}" height="${scale * tile.height}"`;
    const bytes = Buffer.from(tile.png).toString("base64");
    const text = `<text x="${x + width / 2}" y="${y + height + 17}" text-anchor="middle">${tile.label}</text>`;
    return `<image ${place} image-rendering="optimizeQuality" href="data:image/png;base64,${bytes}"/>${text}`;
  });
  const marks = legend.map(({ color, text }, index) => {
    const x = MARGIN + index * 220;
    return `<rect x="${x}" y="${foot + 4}" width="14" height="14" fill="${color}"/><text x="${x + 22}" y="${foot + 16}">${text}</text>`;
  });
  const size = `width="${sheetWidth}" height="${foot + LABEL + MARGIN}"`;
  const heading = `<text x="${MARGIN}" y="28" font-size="17">${title}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="DejaVu Sans" font-size="14"><rect ${size} fill="white"/>${heading}${pictures.join("")}${marks.join("")}</svg>`;
}
