import { expect, test } from "vitest";
import { checkPrefix, webServer } from "../../../src/write/remote/web-server.js";

const origin = (server: string | undefined, host = "omero.example.org") =>
  webServer(host, undefined, { server }).origin;

test.each([
  [undefined, "https://omero.example.org"],
  ["web.example.org", "https://web.example.org"],
  ["web.example.org:443", "https://web.example.org"],
  ["web.example.org:8443", "https://web.example.org:8443"],
  ["https://web.example.org/", "https://web.example.org"],
  ["HTTPS://Web.Example.org", "https://web.example.org"],
  ["http://web.example.org", "http://web.example.org"],
  ["http://127.0.0.1:4080", "http://127.0.0.1:4080"],
  ["::1", "https://[::1]"],
  ["[::1]:8443", "https://[::1]:8443"],
  [" web.example.org ", "https://web.example.org"],
])("the server %s", (server, expected) => {
  expect(origin(server)).toBe(expected);
});

test("an OMERO server that is an address", () => {
  expect(origin(undefined, "fe80::1")).toBe("https://[fe80::1]");
  expect(origin(undefined, "10.0.0.7")).toBe("https://10.0.0.7");
});

test.each([
  "",
  " ",
  "ftp://host",
  "ssl://host",
  "host name",
  "host:99999",
  "https://",
  "host/omero",
  "host?x",
  "host#x",
  "a@host",
])("%j is no web server", (server) => {
  expect(() => origin(server)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test("a password in an address is not repeated", () => {
  expect(() => origin("https://ann:hunter2@host")).toThrow(/^server must name no user or password$/);
});

test.each([
  [undefined, ""],
  ["", ""],
  ["/", ""],
  ["omero", "/omero"],
  ["/lab/omero/", "/lab/omero"],
  ["~ann/o.m-e_r%20o", "/~ann/o.m-e_r%20o"],
])("the prefix %s", (prefix, expected) => {
  expect(checkPrefix(prefix)).toBe(expected);
});

test.each(["a?b", "a#b", "a\\b", "..", "a/../b", "a//b", "a b", "é", "a\nb"])("%j is no prefix", (prefix) => {
  expect(() => checkPrefix(prefix)).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
});

test("time-outs are numbers of milliseconds", () => {
  expect(webServer("h", "", {}).timeout).toBe(30_000);
  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "1" as never, 2 ** 31]) {
    expect(() => webServer("h", "", { timeout })).toThrow(/timeout .* must be a number of milliseconds/);
  }
});
