import { expect, test } from "vitest";
import { cookieHeader } from "../../../src/write/remote/http-cookies.js";

const from = new URL("https://host/omero/api/v0/token");
const to = new URL("https://host/omero/omero_plus/api/v0/table?x");
const header = (...cookies: string[]) => cookieHeader(cookies, from, to);

test("cookies are sent in the order they were set in, without their attributes", async () => {
  expect(await header("csrftoken=a; Path=/; SameSite=Lax; Secure", "sessionid=b=c; HttpOnly; path=/")).toBe(
    "csrftoken=a; sessionid=b=c",
  );
  expect(await header()).toBeUndefined();
});

test("a later cookie of the same name counts, also one that takes it back", async () => {
  expect(await header("a=1;Path=/", "a=2;Path=/")).toBe("a=2");
  expect(await header("a=1;Path=/", "b=2;Path=/", "a=;Path=/;Max-Age=0")).toBe("b=2");
  expect(await header("a=1;Path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT")).toBeUndefined();
  expect(await header("a=1;Path=/; expires=Fri, 20 Nov 2099 10:00:01 GMT")).toBe("a=1");
  expect(await header("a=1;Path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60")).toBe("a=1");
});

test("cookies of other paths stay at home, those of longer paths come first", async () => {
  expect(await header("a=1; Path=/omero", "b=2; path=/omero/omero_plus/", "c=3; Path=/omer", "d=4; Path=/web")).toBe(
    "b=2; a=1",
  );
  expect(await header("a=1; Path=/", "a=2; Path=/omero/")).toBe("a=2; a=1");
});

test("without a path it is that of the request", async () => {
  expect(await header("a=1", "b=2; Path=omero", "c=3; Path=/")).toBe("c=3");
  expect(await cookieHeader(["a=1"], from, new URL("https://host/omero/api/v0/other"))).toBe("a=1");
  expect(await cookieHeader(["a=1"], new URL("https://host/token"), to)).toBe("a=1");
});

test("secure cookies are not sent in plain text", async () => {
  const plain = new URL("http://host/");
  expect(await cookieHeader(["a=1; Path=/; Secure", "b=2; Path=/"], plain, plain)).toBe("b=2");
});

test("what is no cookie is left out", async () => {
  expect(await header("", "=x;Path=/", "novalue;Path=/", ";", "a=;Path=/")).toBe("a=");
});
