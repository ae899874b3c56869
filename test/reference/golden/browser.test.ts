/** OMERO.web's pages in a browser, in front of the embedded server. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OmeroWeb } from "../omero-web.js";
import { GoldenWorld } from "./golden-world.js";

/** Milliseconds for what a page fetches. */
const PATIENCE = 30_000;

let world: GoldenWorld;
let web: OmeroWeb;
let browser: Browser;
let context: BrowserContext;
let ids: Record<string, number>;
beforeAll(async () => {
  world = await GoldenWorld.make();
  ids = await world.json("ids.json");
  web = await OmeroWeb.start(world.server.tlsPort);
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  context = await browser.newContext({ viewport: { width: 1300, height: 850 } });
  context.setDefaultTimeout(PATIENCE);
  const cookies = (await web.logIn("user", "pass"))!.split("; ").map((cookie) => cookie.split("="));
  await context.addCookies(cookies.map(([name, value]) => ({ name: name!, value: value!, url: web.url })));
});
afterAll(async () => {
  await browser?.close();
  await web?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** Opens a page, looks at it, and gives what its scripts and its requests had to complain about. */
async function faultsOf(path: string, look: (page: Page) => Promise<void>): Promise<string[]> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(web.url + path);
  await look(page).catch(async (error: Error) => {
    const shown = await page.locator("body").innerText();
    throw new Error(`${error.message}\nfaults: ${faults.join("\n")}\nshown: ${shown}`);
  });
  await page.waitForLoadState("networkidle");
  await page.close();
  return faults;
}

/** Waits until so many pictures are there, none of them broken. */
async function seesPictures(page: Page, selector: string, count: number): Promise<void> {
  const sizes = () =>
    page
      .locator(selector)
      .evaluateAll((pictures) => pictures.map((one) => (one as { naturalWidth?: number }).naturalWidth));
  await expect.poll(sizes, { timeout: PATIENCE }).toHaveLength(count);
  await expect.poll(async () => (await sizes()).every((width) => (width ?? 0) > 0), { timeout: PATIENCE }).toBe(true);
}

test("the tree of a dataset, with thumbnails", async () => {
  const faults = await faultsOf(`/webclient/?show=dataset-${ids.dataset}`, async (page) => {
    const tree = () => page.locator("#dataTree").innerText();
    await expect.poll(tree, { timeout: PATIENCE }).toMatch(/pr1.*ds1.*img1.*img2/s);
    await seesPictures(page, "#dataIcons img", 2);
    await page.getByText("Dataset ID:").first().waitFor();
  });
  expect(faults).toEqual([]);
});

test("an image with its sizes and annotations", async () => {
  const faults = await faultsOf(`/webclient/?show=image-${ids.image}`, async (page) => {
    const panel = page.locator("#metadata_general");
    for (const text of ["64 x 48", "uint16", "3 x 2"]) await panel.getByText(text).first().waitFor();
  });
  expect(faults).toEqual([]);
});

test("a plate with its wells", async () => {
  const faults = await faultsOf(`/webclient/?show=plate-${ids.plate}`, async (page) => {
    await page.locator("#dataTree").getByText("plate1").waitFor();
    await seesPictures(page, "#spw td.well img", 2);
  });
  expect(faults).toEqual([]);
});

test("a table with its rows", async () => {
  const faults = await faultsOf(`/webclient/omero_table/${ids.table}/`, async (page) => {
    await page.getByText("Table rows:").waitFor();
    for (const row of ["n0", "n9"]) await page.getByText(row, { exact: true }).waitFor();
  });
  expect(faults).toEqual([]);
});

test("the viewer of an image", async () => {
  const faults = await faultsOf(`/webclient/img_detail/${ids.image}/`, async (page) => {
    await page.getByText("ROI Count: 1").waitFor();
    await page.getByText("Z: 2/3").waitFor();
  });
  expect(faults).toEqual([]);
});
