import { createHash } from "node:crypto";

/** A script's or style's text as a source of a policy: what stands in a page is known by its hash. */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** The header's value that these directives make. */
export function policyText(directives: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...[sources].flat()].join(" "))
    .join("; ");
}
