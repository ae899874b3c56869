import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, isPlain, parsePort, parseServerAddress, sameServer } from "../../src/connect/server-address.js";

describe("parseServerAddress", () => {
  test.each([
    ["omero.example.org", { protocol: "ssl", host: "omero.example.org", port: 4064, path: "" }],
    ["omero.example.org:24064", { protocol: "ssl", host: "omero.example.org", port: 24064, path: "" }],
    [" localhost ", { protocol: "ssl", host: "localhost", port: 4064, path: "" }],
    ["[::1]:4064", { protocol: "ssl", host: "::1", port: 4064, path: "" }],
    ["[fe80::1]", { protocol: "ssl", host: "fe80::1", port: 4064, path: "" }],
    ["::1", { protocol: "ssl", host: "::1", port: 4064, path: "" }],
    ["ssl://host", { protocol: "ssl", host: "host", port: 4064, path: "" }],
    ["SSL://host/", { protocol: "ssl", host: "host", port: 4064, path: "" }],
    ["tcp://host", { protocol: "tcp", host: "host", port: 4063, path: "" }],
    ["tcp://host:4064", { protocol: "tcp", host: "host", port: 4064, path: "" }],
    ["ws://host", { protocol: "ws", host: "host", port: 80, path: "/" }],
    ["wss://host/omero-ws", { protocol: "wss", host: "host", port: 443, path: "/omero-ws" }],
    ["wss://[::1]:8443/a/b", { protocol: "wss", host: "::1", port: 8443, path: "/a/b" }],
  ])("%s", (text, expected) => {
    expect(parseServerAddress(text)).toEqual(expected);
  });

  test("is plain text only when asked for", () => {
    expect(parseServerAddress("host", { plain: true })).toMatchObject({ protocol: "tcp", port: 4063 });
    expect(parseServerAddress("host:4063").protocol).toBe("ssl");
    expect(parseServerAddress("host", { port: 4063 }).protocol).toBe("ssl");
    expect(isPlain(parseServerAddress("ws://host"))).toBe(true);
    expect(isPlain(parseServerAddress("wss://host"))).toBe(false);
    expect(() => parseServerAddress("ssl://host", { plain: true })).toThrow(/asks for encryption, tls: false for none/);
  });

  test("takes the port option where the address names none", () => {
    expect(parseServerAddress("host", { port: 1234 }).port).toBe(1234);
    expect(parseServerAddress("host:1234", { port: 1234 }).port).toBe(1234);
    expect(() => parseServerAddress("host:1234", { port: 99 })).toThrow(/names port 1234, the port option 99/);
  });

  test.each([
    "",
    ":4064",
    "host:",
    "host:0",
    "host:65536",
    "host:port",
    "a b",
    "http://host",
    "host/path",
    "[::1",
    "[host]:1",
  ])("refuses %j", (text) => {
    expect(() => parseServerAddress(text)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  });

  test("never repeats a password written into the address", () => {
    expect(() => parseServerAddress("me:hunter2@host")).toThrow(
      /^((?!hunter2).)*username and password((?!hunter2).)*$/,
    );
  });

  test("reads what formatAddress writes", () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    const protocol = fc.constantFrom("ssl", "tcp", "ws", "wss");
    fc.assert(
      fc.property(protocol, host, fc.integer({ min: 1, max: 65535 }), (scheme, name, port) => {
        const written = `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
        const address = parseServerAddress(written);
        expect(address).toMatchObject({ protocol: scheme, host: name, port });
        expect(parseServerAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });
});

test("parsePort", () => {
  expect(parsePort("4064")).toBe(4064);
  expect(parsePort(1)).toBe(1);
  for (const bad of ["", "4064x", "-1", "0x10", 0, 1.5, 65536, Number.NaN]) {
    expect(() => parsePort(bad)).toThrow(/is not a number from 1 to 65535/);
  }
});

test("sameServer compares host without case, port and path", () => {
  const at = (text: string) => parseServerAddress(text);
  expect(sameServer(at("Host:1"), at("host:1"))).toBe(true);
  expect(sameServer(at("host:1"), at("host:2"))).toBe(false);
  expect(sameServer(at("wss://host/a"), at("wss://host/b"))).toBe(false);
});
