import { join } from "node:path";
import { bytesOf, itemOf, type KeeperMaker, missing, optional } from "./keeper.js";

export const sqliteKeeper: KeeperMaker = async (folder) => {
  const Database = (await optional("better-sqlite3"))?.default;
  if (Database === undefined) return missing;
  const db = new Database(join(folder, "bench.sqlite"));
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("create table images (n integer primary key, data blob)");
  db.exec(
    "create table headers (n integer primary key, header text); create table items (n integer primary key, value text)",
  );
  const run = (sql: string) => db.prepare(sql);
  const [addImage, addHeader, addValue] = ["images", "headers", "items"].map((table) =>
    run(`insert into ${table} values (?, ?)`),
  );
  const [image, header] = [run("select data from images where n = ?"), run("select header from headers where n = ?")];
  const attribute = run("select json_extract(header, ?) as found from headers where n = ?");
  const [change, value] = [
    run("update headers set header = ? where n = ?"),
    run("select value from items where n = ?"),
  ];
  const range = run("select value from items where n >= ? and n < ?");
  return {
    putImages: async (all) =>
      db.transaction(() => {
        for (const { n, data, header } of all) {
          addImage!.run(n, bytesOf(data));
          addHeader!.run(n, JSON.stringify(header));
        }
      })(),
    image: async (n) => [image.get(n).data, JSON.parse(header.get(n).header)],
    header: async (n) => JSON.parse(header.get(n).header),
    attribute: async (n, name) => attribute.get(`$.${name}`, n).found,
    setAttribute: async (n, name, item) =>
      void change.run(JSON.stringify({ ...JSON.parse(header.get(n).header), [name]: item }), n),
    putValues: async (numbers) =>
      db.transaction(() => numbers.forEach((n) => void addValue!.run(n, JSON.stringify(itemOf(n)))))(),
    value: async (n) => JSON.parse(value.get(n).value),
    async range(from, to) {
      for (const row of range.iterate(from, to)) JSON.parse(row.value);
    },
    close: async () => db.close(),
  };
};
