/**
 * The reason of a failure as an account is told it. A failure inside of the server may name a path or a host, which are
 * the operator's alone.
 */
export function reasonForAccounts(reason: string): string {
  return reason
    .replace(/^(?:Error: )+/, "")
    .replaceAll(/(['"`])\/[^'"`]*\1/g, "[path]")
    .replaceAll(/(^|[\s(=])\/[^\s,;:)]+/g, "$1[path]")
    .replaceAll(/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ECONNRESET) \S+/g, "$1 [host]")
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "[address]")
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "[address]");
}
