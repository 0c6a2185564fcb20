import { createHash } from "node:crypto";

/** A script's or style's text as a source of a policy: what stands in a page is known by its hash. */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * The source that stands for a folder of a page's own files.
 * @param host the host, with its port, at which the browser has asked for the page
 */
export function ownFiles(host: string, folder: `/${string}/`): string {
  // A policy can't spell an IPv6 address, and must not contain what a header's sender makes up.
  return /^[a-z0-9.-]+(?::\d+)?$/.test(host) ? `${host}${folder}` : "'self'";
}

/** The header's value that these directives make. */
export function policyText(directives: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...[sources].flat()].join(" "))
    .join("; ");
}
