import { findPackageJSON } from "node:module";

/** Whether the optional package with the object model is installed. */
export function isAutoTaggingInstalled(): boolean {
  try {
    return findPackageJSON("@sluice/auto-tagging", import.meta.url) !== undefined;
  } catch {
    return false;
  }
}
