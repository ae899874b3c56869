/** Opens and closes a store until it is ended: `opened-again.mjs STORE`. */
import { openStore } from "omero2frame/store";

for (;;) {
  const store = await openStore(process.argv[2]);
  await store.close();
}
