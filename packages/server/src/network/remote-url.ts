import { RemoteError } from "./remote-error.ts";

/** Browsers and their URL parser drop line breaks and tabs without a word; what is meant then is anybody's guess. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\0-\x1f\x7f]/;

/**
 * A URL that may be fetched as far as its text tells; where it leads is judged when it is connected to. The parser turns
 * every spelling of an IPv4 address (`0x7f.1`, `2130706433`, full-width digits) into the dotted one.
 * @param subject what the URL is called in the sentence about it
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
  // Whoever asks for https wants the bytes of that server and no other's.
  if (base?.protocol === "https:" && url.protocol === "http:") return "is http, after one that is https";
  if (url.username !== "" || url.password !== "") return "carries a user name or a password";
  if (url.port === "0") return "has the port 0";
  return undefined;
}
