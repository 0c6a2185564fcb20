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
