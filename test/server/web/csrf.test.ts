import { describe, expect, it } from "vitest";
import { checkCsrf, csrfCookie, newCsrfToken } from "../../../src/server/web/csrf.js";
import { HttpRefusal } from "../../../src/server/web/http-refusal.js";

const token = newCsrfToken();
const other = newCsrfToken();
const good = {
  host: "omero.lab:8443",
  cookie: `csrftoken=${token}`,
  "x-csrftoken": token,
  referer: "https://omero.lab:8443",
};

function refusal(headers: Record<string, string | undefined>, isSecure = true): string | undefined {
  try {
    checkCsrf({ ...good, ...headers }, isSecure);
  } catch (error) {
    expect(error).toBeInstanceOf(HttpRefusal);
    expect((error as HttpRefusal).status).toBe(403);
    expect((error as HttpRefusal).message).not.toContain(token);
    return (error as HttpRefusal).message;
  }
  return undefined;
}

it("makes a token of its own each time", () => {
  expect(token).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(other).not.toBe(token);
});

it("keeps a cookie of https to https", () => {
  expect(csrfCookie(token, true)).toBe(`csrftoken=${token}; Max-Age=31449600; Path=/; SameSite=Lax; Secure`);
  expect(csrfCookie(token, false)).not.toContain("Secure");
});

describe("takes", () => {
  it.each<[string, Record<string, string | undefined>]>([
    ["the token as cookie and header", {}],
    ["it among other cookies", { cookie: `a=b; csrftoken=${token}; xcsrftoken=${other}` }],
    ["a page of this site as Referer", { referer: "https://omero.lab:8443/webclient/?show=1" }],
    ["the host in capitals", { referer: "https://OMERO.lab:8443/" }],
    ["the usual port, written or not", { host: "omero.lab", referer: "https://omero.lab:443/" }],
    ["an Origin in place of a Referer", { referer: undefined, origin: "https://omero.lab:8443" }],
  ])("%s", (_, headers) => expect(refusal(headers)).toBeUndefined());

  it("a request without a Referer over plain HTTP", () =>
    expect(refusal({ referer: undefined }, false)).toBeUndefined());
});

describe("refuses", () => {
  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ["no cookie", { cookie: undefined }, /cookie csrftoken is missing/],
    ["an empty cookie", { cookie: "csrftoken=" }, /cookie csrftoken is missing/],
    ["a cookie that is no token", { cookie: "csrftoken=short", "x-csrftoken": "short" }, /no token/],
    ["no header", { "x-csrftoken": undefined }, /X-CSRFToken is missing/],
    ["another token", { "x-csrftoken": other }, /not the cookie/],
    ["a part of the token", { "x-csrftoken": token.slice(0, 40) }, /not the cookie/],
    ["the first of two cookies", { cookie: `csrftoken=${token}; csrftoken=${other}` }, /not the cookie/],
    ["no Referer", { referer: undefined }, /Referer is needed/],
    ["the Referer of another site", { referer: "https://omero.lab.evil:8443/" }, /another site/],
    ["the Referer of another port", { referer: "https://omero.lab/" }, /another site/],
    ["the Referer of plain HTTP", { referer: "http://omero.lab:8443/" }, /another site/],
    ["a Referer that is no address", { referer: "omero.lab:8443" }, /another site/],
    ["another Origin", { origin: "https://evil" }, /Origin/],
    ["the Origin of a hidden page", { origin: "null" }, /Origin/],
    ["no host", { host: undefined }, /another site/],
  ])("%s", (_, headers, message) => expect(refusal(headers)).toMatch(message));

  it.each<[string, Record<string, string | undefined>]>([
    ["no cookie", { cookie: undefined }],
    ["another token", { "x-csrftoken": other }],
    ["another Origin", { origin: "http://evil" }],
  ])("%s over plain HTTP", (_, headers) => expect(refusal(headers, false)).toMatch(/CSRF/));
});
