import { spawnSync } from "node:child_process";
import { describe, test } from "vitest";

/**
 * A suite that needs something of the machine: where that is missing the suite is skipped and says why; under CI=true,
 * where nothing may be skipped, it fails.
 * @param missing what is missing; undefined where all is there
 */
export function describeWhere(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) describe(name, suite);
  else if (process.env.CI !== "true") describe.skip(`${name} (not run: ${missing})`, suite);
  else {
    test(name, () => {
      throw new Error(`it can't be run: ${missing}`);
    });
  }
}

/** Tries a command; what went wrong, in a few words. */
export function problemOf(command: string, args: readonly string[], timeout = 10_000): string | undefined {
  const { error, status, signal, stderr } = spawnSync(command, args, { encoding: "utf8", timeout });
  if (error !== undefined) return `${command}: ${error.message}`;
  return status === 0 ? undefined : `${command} ended with ${status ?? signal}: ${stderr.trim()}`;
}
