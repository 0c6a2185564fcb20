const maxLength = 500;

/**
 * Describes a job's failure in one line that may be stored, logged and shown. The line has no stack, no properties that
 * a library put on the error, and no secrets of URLs (passwords and signatures).
 */
export function describeFailure(error: unknown): string {
  return textOf(error)
    .replaceAll(/:\/\/[^/\s@]*@/g, "://[redacted]@")
    .replaceAll(/(:\/\/[^\s?]*)\?\S*/g, "$1?[redacted]")
    .replaceAll(/\s+/g, " ")
    .slice(0, maxLength);
}

/** pg-boss reports errors as plain objects. */
function textOf(error: unknown): string {
  if (error instanceof Error) {
    const { name, message, cause } = error;
    return cause instanceof Error ? `${name}: ${message} (${textOf(cause)})` : `${name}: ${message}`;
  }
  const { message } = Object(error) as { readonly message?: unknown };
  return String(message ?? error);
}

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
