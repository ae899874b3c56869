import { describe, expect, it } from "vitest";
import { RoutingTable } from "../../../../src/connect/ice/client/routing-table.js";
import { OutputBuffer } from "../../../../src/connect/ice/codec/output-buffer.js";
import type { ProxyCodec, ProxyRef } from "../../../../src/connect/ice/codec/proxy-ref.js";

/** Proxies as one byte each. */
const codec: ProxyCodec = {
  read: (bytes, offset) => ({ proxy: proxy(String.fromCharCode(bytes[offset]!)), end: offset + 2 }),
  write: (ref) => Uint8Array.of(ref!.identity.name.charCodeAt(0), 0),
};

function proxy(name: string): ProxyRef {
  return { identity: { name, category: "" }, prx: null };
}

/** A router that keeps the last `size` proxies and answers with those it forgot. */
function router(size: number) {
  const table: string[] = [];
  const asked: string[] = [];
  const addProxies = async (params: Uint8Array): Promise<Uint8Array> => {
    const name = String.fromCharCode(params[1]!);
    asked.push(name);
    table.push(name);
    const output = new OutputBuffer();
    const gone = table.splice(0, Math.max(0, table.length - size));
    output.writeSize(gone.length);
    for (const each of gone) output.writeRaw(codec.write(proxy(each)));
    return output.toBytes();
  };
  return { asked, table: new RoutingTable(codec, addProxies) };
}

describe("the routing table", () => {
  it("adds each object once, however many ask at once", async () => {
    const { asked, table } = router(10);
    await Promise.all([table.add(proxy("a")), table.add(proxy("a")), table.add(proxy("b"))]);
    await table.add(proxy("a"));
    expect(asked).toEqual(["a", "b"]);
  });

  it("adds again what the router has forgotten", async () => {
    const { asked, table } = router(2);
    for (const name of ["a", "b", "c", "b", "a"]) await table.add(proxy(name));
    expect(asked).toEqual(["a", "b", "c", "a"]);
    table.forget(proxy("a"));
    await table.add(proxy("a"));
    expect(asked.at(-1)).toBe("a");
    expect(asked).toHaveLength(5);
  });

  it("tries again what could not be added", async () => {
    let attempts = 0;
    const table = new RoutingTable(codec, async () => {
      attempts++;
      if (attempts === 1) throw new Error("not now");
      return Uint8Array.of(0);
    });
    await expect(table.add(proxy("a"))).rejects.toThrow("not now");
    await table.add(proxy("a"));
    expect(attempts).toBe(2);
  });

  it("refuses an answer that claims more proxies than it holds", async () => {
    const table = new RoutingTable(codec, async () => Uint8Array.of(255, 255, 255, 255, 127));
    await expect(table.add(proxy("a"))).rejects.toMatchObject({ code: "MALFORMED_MESSAGE" });
  });
});
