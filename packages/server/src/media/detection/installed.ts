import { findPackageJSON } from "node:module";

/** Whether the optional package with the models is installed. */
export function isDetectorInstalled(): boolean {
  try {
    return findPackageJSON("@sluice/auto-tagging", import.meta.url) !== undefined;
  } catch {
    return false;
  }
}
