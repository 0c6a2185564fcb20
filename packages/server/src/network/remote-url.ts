import { RemoteError } from "./remote-error.ts";

/**
 * Control characters in a URL. Browsers and their URL parser silently drop line breaks and tabs, so what such a URL
 * means is a guess.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\0-\x1f\x7f]/;

/**
 * Parses a URL that may be fetched as far as its text tells. Where it leads is judged when it is connected to. The
 * parser turns every spelling of an IPv4 address (`0x7f.1`, `2130706433`, full-width digits) into the dotted one.
 * @param subject what the sentence about the URL calls it
 * @throws RemoteError
 */
export function parseRemoteUrl(text: string, subject: string, base?: URL): URL {
  const url = controls.test(text) ? null : URL.parse(text, base);
  const problem = url === null ? "is not valid" : problemOf(url, base);
  if (url === null || problem !== undefined) throw new RemoteError(`${subject} ${problem}.`, { forbidden: true });
  return url;
}

function problemOf(url: URL, base: URL | undefined): string | undefined {
  if (url.protocol !== "http:" && url.protocol !== "https:") return "is neither http nor https";
  // A caller who names https wants that server's bytes and no other's.
  if (base?.protocol === "https:" && url.protocol === "http:") return "is http, after one that is https";
  if (url.username !== "" || url.password !== "") return "carries a user name or a password";
  if (url.port === "0") return "has the port 0";
  return undefined;
}
