import { isLoopbackHost } from "../../config/loopback-host.ts";

/**
 * Whether a request comes from a page of this server that was opened on the machine itself. Other pages can make a
 * browser post here as well: as a form, with a fetch whose answer they can't read, or, after DNS rebinding, as what the
 * browser takes for the same origin. Each of these attacks shows in one of three headers that no page can set. A
 * request with neither `Origin` nor `Sec-Fetch-Site` proves nothing and is refused.
 */
export function isOwnPage(headers: Headers): boolean {
  const host = headers.get("host");
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (!isLoopbackHost(host)) return false;
  if (origin !== null && !isOriginOf(origin, host)) return false;
  if (site !== null && site !== "same-origin") return false;
  return origin !== null || site !== null;
}

/** Accepts either scheme: TLS may end at a proxy in front, which passes the host on. */
function isOriginOf(origin: string, host: string | null): boolean {
  const expected = host?.toLowerCase();
  return origin === `http://${expected}` || origin === `https://${expected}`;
}
