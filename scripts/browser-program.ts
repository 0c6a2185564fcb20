import { existsSync } from "node:fs";

const headlessShell = "/usr/bin/chromium-headless-shell";

/**
 * The Chromium that tests drive. The headless shell, which Debian packages beside Chromium, has the same engine and no
 * windows: a page in it takes a quarter of the processor time.
 */
export const browserProgram: string =
  process.env.CHROMIUM_PATH || (existsSync(headlessShell) ? headlessShell : "/usr/bin/chromium");
