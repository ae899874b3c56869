/** A host that takes connections and says nothing. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { connectPlain } from "./embedded.js";

test.each(["tcp", "ws"])("is given up over %s, with all the time that it was given", async (protocol) => {
  const silent = createServer((socket) => socket.on("error", () => {})).listen(0, "127.0.0.1");
  await once(silent, "listening");
  try {
    const { port } = silent.address() as AddressInfo;
    const server = `${protocol}://127.0.0.1:${port}`;
    const message = expect.stringMatching(/within 40 ms.*after 3 attempts, \d+ ms in all$/s);
    const refused = connectPlain({ port }, { server, connectTimeout: 40 });
    await expect(refused).rejects.toMatchObject({ code: "CONNECTION_TIMEOUT", message });
  } finally {
    silent.close();
  }
});
