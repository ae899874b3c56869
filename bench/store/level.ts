import { bytesOf, itemOf, type KeeperMaker, missing, optional } from "./keeper.js";

const padded = (n: number) => String(n).padStart(9, "0");

export const levelKeeper: KeeperMaker = async (folder) => {
  const Level = (await optional("level"))?.Level;
  if (Level === undefined) return missing;
  const db = new Level(folder, { valueEncoding: "json" });
  await db.open();
  const put = (key: string, value: unknown, valueEncoding = "json") => ({ type: "put", key, value, valueEncoding });
  const header = (n: number) => db.get(`header ${padded(n)}`);
  return {
    putImages: (all) =>
      db.batch(
        all.flatMap((image) => [
          put(`image ${padded(image.n)}`, bytesOf(image.data), "buffer"),
          put(`header ${padded(image.n)}`, image.header),
        ]),
        { sync: true },
      ),
    image: async (n) => [await db.get(`image ${padded(n)}`, { valueEncoding: "buffer" }), await header(n)],
    header,
    attribute: async (n, name) => (await header(n))[name],
    setAttribute: async (n, name, value) =>
      db.put(`header ${padded(n)}`, { ...(await header(n)), [name]: value }, { sync: true }),
    putValues: (numbers) =>
      db.batch(
        numbers.map((n) => put(`value ${padded(n)}`, itemOf(n))),
        { sync: true },
      ),
    value: (n) => db.get(`value ${padded(n)}`),
    async range(from, to) {
      for await (const entry of db.iterator({ gte: `value ${padded(from)}`, lt: `value ${padded(to)}` })) void entry;
    },
    close: () => db.close(),
  };
};
