/**
 * Protection against requests that a page of another site makes in a user's name, in Django's manner
 * (`django.middleware.csrf`): a token that is both a cookie and a header, which only pages of this site can read, and over
 * https a Referer of this site.
 */
import { randomInt, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { HttpRefusal } from "./http-refusal.js";

const COOKIE = "csrftoken";
const TOKEN = /^[A-Za-z0-9]{32,64}$/;
const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const TOKEN_LENGTH = 64;
/** A year, in seconds. */
const COOKIE_AGE = 31_449_600;

export function newCsrfToken(): string {
  return Array.from({ length: TOKEN_LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join("");
}

/** Value of the `Set-Cookie` header. */
export function csrfCookie(token: string, isSecure: boolean): string {
  return `${COOKIE}=${token}; Max-Age=${COOKIE_AGE}; Path=/; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

/** @throws HttpRefusal 403 unless the request can only be of somebody who asked for a token here. */
export function checkCsrf(headers: IncomingHttpHeaders, isSecure: boolean): void {
  const own = headers.host === undefined ? undefined : originOf(`${isSecure ? "https" : "http"}://${headers.host}`);
  if (headers.origin !== undefined && (own === undefined || originOf(headers.origin) !== own)) {
    throw failed("the Origin is another site");
  }
  if (isSecure && headers.origin === undefined) checkReferer(headers.referer, own);
  const cookie = cookieIn(headers.cookie ?? "");
  if (cookie === undefined) throw failed("the cookie csrftoken is missing or no token");
  const token = headers["x-csrftoken"];
  if (typeof token !== "string" || !TOKEN.test(token)) throw failed("the header X-CSRFToken is missing or no token");
  if (!isEqual(token, cookie)) throw failed("the header X-CSRFToken is not the cookie csrftoken");
}

function checkReferer(referer: string | undefined, own: string | undefined): void {
  if (referer === undefined) throw failed("over https the header Referer is needed");
  if (own === undefined || originOf(referer) !== own) throw failed("the Referer is another site");
}

/** The last cookie of the name counts, as in Django. */
function cookieIn(header: string): string | undefined {
  const pairs = header.split(";").map((pair) => pair.trim());
  const value = pairs.findLast((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  return value !== undefined && TOKEN.test(value) ? value : undefined;
}

function originOf(address: string): string | undefined {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return undefined;
  }
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function failed(reason: string): HttpRefusal {
  return new HttpRefusal(403, `CSRF check failed: ${reason}`);
}
