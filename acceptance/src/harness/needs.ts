import { spawnSync } from "node:child_process";
import { describe, test } from "vitest";

/**
 * A suite that depends on the machine. Where something is missing, the suite is skipped and its name says why. Under
 * CI=true nothing may be skipped, so there the suite fails.
 * @param missing what is missing; undefined where nothing is
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

/** A single test that depends on the machine, as `describeWhere`. */
export function testWhere(missing: string | undefined, name: string, run: () => Promise<void>, timeout?: number): void {
  if (missing === undefined) test(name, run, timeout);
  else if (process.env.CI !== "true") test.skip(`${name} (not run: ${missing})`, run);
  else {
    test(name, () => {
      throw new Error(`it can't be run: ${missing}`);
    });
  }
}

/** Tries a command. @returns what went wrong, in a few words; undefined if nothing did */
export function problemOf(command: string, args: readonly string[], timeout = 10_000): string | undefined {
  const { error, status, signal, stderr } = spawnSync(command, args, { encoding: "utf8", timeout });
  if (error !== undefined) return `${command}: ${error.message}`;
  return status === 0 ? undefined : `${command} ended with ${status ?? signal}: ${stderr.trim()}`;
}
