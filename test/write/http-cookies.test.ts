import { expect, test } from "vitest";
import { cookieHeader } from "../../src/write/http-cookies.js";

const url = new URL("https://host/omero/omero_plus/api/v0/table?x");
const now = Date.parse("2026-11-20T10:00:00Z");
const header = (...cookies: string[]) => cookieHeader(cookies, url, now);

test("cookies are sent in the order they were set in, without their attributes", () => {
  expect(header("csrftoken=a; Path=/; SameSite=Lax; Secure", "sessionid=b=c; HttpOnly")).toBe(
    "csrftoken=a; sessionid=b=c",
  );
  expect(header()).toBeUndefined();
});

test("a later cookie of the same name counts, also one that takes it back", () => {
  expect(header("a=1", "a=2")).toBe("a=2");
  expect(header("a=1", "b=2", "a=; Max-Age=0")).toBe("b=2");
  expect(header("a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT")).toBeUndefined();
  expect(header("a=1; expires=Fri, 20 Nov 2026 10:00:01 GMT")).toBe("a=1");
  expect(header("a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60")).toBe("a=1");
});

test("cookies of other paths stay at home", () => {
  expect(header("a=1; Path=/omero", "b=2; path=/omero/", "c=3; Path=/omer", "d=4; Path=/web", "e=5; Path=x")).toBe(
    "a=1; b=2; e=5",
  );
});

test("secure cookies are not sent in plain text", () => {
  expect(cookieHeader(["a=1; Secure", "b=2"], new URL("http://host/"), now)).toBe("b=2");
});

test("what is no cookie is left out", () => {
  expect(header("", "=x", "novalue", ";", "a=")).toBe("a=");
});
