import { findPackageJSON } from "node:module";

/** Whether the optional package with the models is installed. */
export function isDetectorInstalled(): boolean {
  try {
    return findPackageJSON("@sluice/auto-tagging", import.meta.url) !== undefined;
  } catch {
    return false;
  }
}

/** Says what to install. */
export const detectorMissing =
  "Focus on faces and objects needs the package @sluice/auto-tagging: install it beside sluice";
