import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, itemOf, type Keeper } from "./keeper.js";

export async function folderOfFiles(folder: string): Promise<Keeper> {
  const path = (kind: string, n: number) => join(folder, `${kind}-${n}`);
  const put = async (to: string, bytes: string | Uint8Array) => {
    const file = await open(to, "w");
    await file.writeFile(bytes);
    await file.datasync();
    await file.close();
  };
  const json = async (kind: string, n: number) => JSON.parse(await readFile(path(kind, n), "utf8"));
  return {
    async putImages(all) {
      const files = all.flatMap(({ n, data, header }) => [
        put(path("image", n), bytesOf(data)),
        put(path("header", n), JSON.stringify(header)),
      ]);
      await Promise.all(files);
    },
    image: async (n) => [await readFile(path("image", n)), await json("header", n)],
    header: (n) => json("header", n),
    attribute: async (n, name) => (await json("header", n))[name],
    setAttribute: async (n, name, value) =>
      put(path("header", n), JSON.stringify({ ...(await json("header", n)), [name]: value })),
    putValues: async (numbers) =>
      void (await Promise.all(numbers.map((n) => put(path("value", n), JSON.stringify(itemOf(n)))))),
    value: (n) => json("value", n),
    async range(from, to) {
      for (let n = from; n < to; n++) await json("value", n);
    },
    close: async () => {},
  };
}
