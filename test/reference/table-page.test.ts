/** The page of a table in Chromium, by the keyboard alone. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "jpeg-js";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTableSource, type TableSource } from "../../src/read/index.js";
import { type ServedPage, servePage } from "../../src/view/page/page-server.js";

const ROWS = 100_000;
let folder: string;
let source: TableSource;
let served: ServedPage;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "table-page-"));
  const path = join(folder, "cells.csv");
  const lines = Array.from(
    { length: ROWS },
    (_, row) => `${row},${(row * 7919) % 1000},${row % 7},${row / 8},"<b>größe</b> ${row % 3}"`,
  );
  writeFileSync(path, `object,area,image,mean,label\n${lines.join("\n")}\n`);
  source = await openTableSource({ path });
  const picture = encode({ width: 8, height: 8, data: new Uint8Array(256).fill(200) }, 90).data;
  served = await servePage({ table: source.table, title: "cells", thumbnail: async () => new Uint8Array(picture) });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  page = await browser.newPage({ viewport: { width: 1000, height: 600 }, colorScheme: "dark" });
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith("http://127.0.0.1:") && !request.url().startsWith("data:"))
      faults.push(request.url());
  });
  await page.goto(served.url);
  await page.waitForSelector("regular-table td.active");
});
afterAll(async () => {
  await browser?.close();
  await served?.[Symbol.asyncDispose]();
  await source?.close();
  rmSync(folder, { recursive: true, force: true });
});

const active = () => page.textContent("td.active");
const status = () => page.textContent("#status");

it("shows rows, moves by keys to the last of them, and keeps few elements", async () => {
  expect(await status()).toBe("100,000 rows");
  expect(await active()).toBe("0");
  expect(new URL(page.url()).search).toBe("");
  await page.keyboard.press("Control+End");
  await expect.poll(active).toBe(`<b>größe</b> ${(ROWS - 1) % 3}`);
  await page.keyboard.press("Home");
  await expect.poll(active).toBe(String(ROWS - 1));
  expect(await page.locator("td").count()).toBeLessThan(500);
  await page.keyboard.press("Control+Home");
  await expect.poll(active).toBe("0");
});

it("filters, sorts, plots, hides, and tells what is wrong", async () => {
  await page.keyboard.press("/");
  await page.keyboard.type("area > 990");
  await page.keyboard.press("Enter");
  await expect.poll(status).toBe("900 of 100,000 rows");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("s");
  await expect.poll(active).toBe("991");
  await page.keyboard.press("s");
  await expect.poll(active).toBe("999");
  await page.keyboard.press("p");
  await expect
    .poll(() => page.locator("#picture img").evaluate((image: { naturalWidth: number }) => image.naturalWidth))
    .toBeGreaterThan(100);
  await expect.poll(() => page.textContent("#facts")).toContain("900");
  await page.keyboard.press("h");
  await expect.poll(() => page.locator("thead th").allTextContents()).not.toContain("area ▼");
  await page.keyboard.press("/");
  await page.fill("#query", "aera > 1");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.textContent("#status.fault")).toContain('"aera"');
});

it("puts numbers below each other by their points, and shows the image of a row", async () => {
  await page.fill("#query", "");
  await page.focus("#query");
  await page.keyboard.press("Enter");
  await expect.poll(status).toBe("100,000 rows");
  const ends = await page
    .locator("tbody tr")
    .evaluateAll((lines: { textContent: string }[]) =>
      lines.slice(0, 8).map(({ textContent }) => /\.(\d*)\u2007*/.exec(textContent)?.[0].length),
    );
  expect(new Set(ends).size).toBeLessThanOrEqual(2);
  await page.locator("td.image").first().click();
  await expect
    .poll(() => page.locator("img.thumbnail").evaluate((image: { naturalWidth: number }) => image.naturalWidth))
    .toBe(8);
});

it("stops what takes long", async () => {
  await page.route("**/api/count*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue().catch(() => {});
  });
  await page.focus("#grid");
  await page.keyboard.press("s");
  await expect.poll(status).toContain("Esc stops");
  await page.keyboard.press("Escape");
  await expect.poll(status).toBe("100,000 rows");
  await page.unroute("**/api/count*");
});

it("asks nobody else and has no faults", () => {
  expect(faults.filter((fault) => !fault.includes("400"))).toEqual([]);
});
