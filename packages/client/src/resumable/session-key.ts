/** The number of bytes at each end of the file that tell it from another one with the same name, size and date. */
const endBytes = 64 * 1024;

export interface KeyParts {
  readonly endpoint: string;
  readonly token: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly file: Blob;
}

/**
 * Returns the key under which the browser remembers an upload. Two uploads have the same key only if they send the same
 * file to the same account with the same parameters. The account and the parameters are those that the backend has just
 * signed for this user: parameters that the page asks for may be the same for two users whose folders differ.
 *
 * Returns undefined if nothing can be remembered: a page without a secure context has no digests and no locks, and of a
 * token in another form nobody knows the account.
 */
export async function sessionKey({ endpoint, token, parameters, file }: KeyParts): Promise<string | undefined> {
  const account = keyOf(token);
  if (!account || !globalThis.crypto.subtle || !navigator.locks) return undefined;
  const { name, size, lastModified, type } = file as File;
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const facts = JSON.stringify([endpoint, account, sorted, name, size, lastModified, type]);
  const bytes = new Blob([facts, file.slice(0, endBytes), file.slice(Math.max(0, size - endBytes))]);
  const digest = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns the public key that the token names. */
function keyOf(token: string): string | undefined {
  try {
    const [header = ""] = token.split(".");
    return JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))).kid;
  } catch {
    return undefined;
  }
}
