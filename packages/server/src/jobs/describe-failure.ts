const longest = 500;

/**
 * A job's failure in one line that may be stored, logged and shown: no stack, no properties that a library hung on the
 * error, and without what in URLs is secret (passwords and signatures).
 */
export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text
    .replaceAll(/:\/\/[^/\s@]*@/g, "://[redacted]@")
    .replaceAll(/(:\/\/[^\s?]*)\?\S*/g, "$1?[redacted]")
    .replaceAll(/\s+/g, " ")
    .slice(0, longest);
}
