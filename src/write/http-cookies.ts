/** Cookies that one answer sets, for the next request to the same server (RFC 6265). */

/** @param setCookies values of the `Set-Cookie` headers @returns value of the `Cookie` header, unless there is none to send */
export function cookieHeader(setCookies: readonly string[], url: URL, now = Date.now()): string | undefined {
  const kept = new Map<string, string>();
  for (const text of setCookies) {
    const [pair, ...attributes] = text.split(";").map((part) => part.trim());
    const equals = pair!.indexOf("=");
    if (equals < 1) continue;
    const name = pair!.slice(0, equals);
    if (isSent(new Map(attributes.map(attribute)), url, now)) kept.set(name, pair!);
    else kept.delete(name);
  }
  return kept.size === 0 ? undefined : [...kept.values()].join("; ");
}

function attribute(text: string): [name: string, value: string] {
  const [name, value = ""] = text.split(/=(.*)/s);
  return [name!.trim().toLowerCase(), value.trim()];
}

function isSent(attributes: ReadonlyMap<string, string>, url: URL, now: number): boolean {
  if (attributes.has("secure") && url.protocol !== "https:") return false;
  const path = attributes.get("path");
  if (path?.startsWith("/") && !isBelow(url.pathname, path)) return false;
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) > 0;
  const expires = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(expires) || expires > now;
}

/** The path-match rule, section 5.1.4. */
function isBelow(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}
