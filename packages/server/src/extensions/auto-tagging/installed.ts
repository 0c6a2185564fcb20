import { findPackageJSON } from "node:module";

/** Whether the optional package is there that brings the object model. */
export function isAutoTaggingInstalled(): boolean {
  try {
    return findPackageJSON("@sluice/auto-tagging", import.meta.url) !== undefined;
  } catch {
    return false;
  }
}
