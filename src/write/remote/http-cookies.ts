/** Cookies that one answer sets, for the next request to the same server (RFC 6265). */

/**
 * @param setCookies values of the `Set-Cookie` headers of the answer from `from`
 * @returns value of the `Cookie` header of a request to `to`, unless there is none to send
 */
export function cookieHeader(setCookies: readonly string[], from: URL, to: URL, now = Date.now()): string | undefined {
  const kept = new Map<string, { pair: string; path: string }>();
  for (const text of setCookies) {
    const [pair = "", ...rest] = text.split(";").map((part) => part.trim());
    const equals = pair.indexOf("=");
    if (equals < 1) continue;
    const attributes = new Map(rest.map(attribute));
    const named = attributes.get("path");
    const path = named?.startsWith("/") ? named : defaultPath(from);
    const key = `${pair.slice(0, equals)};${path}`;
    kept.delete(key);
    if (isAlive(attributes, now) && isFor(to, attributes, path)) kept.set(key, { pair, path });
  }
  if (kept.size === 0) return undefined;
  // Longer paths first; equal ones in the order they were set in (section 5.4).
  const cookies = [...kept.values()].sort((a, b) => b.path.length - a.path.length);
  return cookies.map(({ pair }) => pair).join("; ");
}

function attribute(text: string): [name: string, value: string] {
  const [name = "", value = ""] = text.split(/=(.*)/s);
  return [name.trim().toLowerCase(), value.trim()];
}

/** Section 5.1.4. */
function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, pathname.lastIndexOf("/")) || "/";
}

function isAlive(attributes: ReadonlyMap<string, string>, now: number): boolean {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) > 0;
  const expires = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(expires) || expires > now;
}

function isFor({ protocol, pathname }: URL, attributes: ReadonlyMap<string, string>, path: string): boolean {
  if (attributes.has("secure") && protocol !== "https:") return false;
  if (!pathname.startsWith(path)) return false;
  return pathname.length === path.length || path.endsWith("/") || pathname[path.length] === "/";
}
