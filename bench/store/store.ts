import { openStore } from "omero2frame/store";
import { itemOf, type KeeperMaker } from "./keeper.js";

export const storeKeeper: KeeperMaker = async (folder) => {
  const store = await openStore(folder);
  const [images, values] = [store.open("images"), store.open("values")];
  return {
    putImages: (all) =>
      images.setMany(all.map(({ n, data, shape, header }) => [n, { data, shape, header: header as never }])),
    image: (n) => images.getImage(n),
    header: (n) => images.getHeader(n),
    attribute: (n, name) => images.getAttribute(n, name),
    setAttribute: (n, name, value) => images.setAttribute(n, name, value),
    putValues: (numbers) => values.setMany(numbers.map((n) => [n, itemOf(n)])),
    value: (n) => values.get(n),
    async range(from, to) {
      for await (const entry of values.entries({ from, to })) void entry;
    },
    close: () => store.close(),
  };
};
