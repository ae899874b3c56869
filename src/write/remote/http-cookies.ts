/** Cookies that one answer sets, for the next request to the same server. */

/**
 * @param setCookies values of the `Set-Cookie` headers of the answer from `from`
 * @returns value of the `Cookie` header of a request to `to`, unless there is none to send
 */
export async function cookieHeader(setCookies: readonly string[], from: URL, to: URL): Promise<string | undefined> {
  const { CookieJar } = await import("tough-cookie");
  // The jar lives for one exchange with one host: no list of public suffixes is needed.
  const jar = new CookieJar(undefined, { rejectPublicSuffixes: false });
  for (const cookie of setCookies) await jar.setCookie(cookie, from.href, { ignoreError: true });
  return (await jar.getCookieString(to.href)) || undefined;
}
