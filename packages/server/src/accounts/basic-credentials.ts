/**
 * The private keys that an Authorization header may mean: the user name of `Basic base64(key:password)`, and the raw
 * text behind `Basic `, which the vendor's document allows as well (docs/protocol/upload.md §2). The password is
 * ignored.
 * @returns undefined without a Basic header, an empty list with one that holds no key
 */
export function basicCandidates(authorization: string | undefined): string[] | undefined {
  const match = /^basic(?:\s+(.*))?$/is.exec(authorization?.trim() ?? "");
  if (match === null) return undefined;
  const text = match[1]?.trim() ?? "";
  const decoded = Buffer.from(text, "base64").toString("utf8");
  // An empty user name is no key, and the base64 text that spells it must not be taken for a raw key.
  if (decoded.startsWith(":") && Buffer.from(decoded).toString("base64") === text) return [];
  const userName = decoded.slice(0, decoded.includes(":") ? decoded.indexOf(":") : undefined);
  return [...new Set([userName, text, text.replace(/:.*$/s, "")])].filter(Boolean);
}
