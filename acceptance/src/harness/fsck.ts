import { expect } from "vitest";
import { sluiceInHost } from "./program-in-host.ts";

/** Runs `sluice fsck --deep`. The store is clean if the command ended with 0 and printed `clean`. */
export async function fsck(dataDir: string): Promise<{ readonly isClean: boolean; readonly report: string }> {
  const { code, stdout, stderr } = await sluiceInHost(["fsck", "--deep", "--data-dir", dataDir]);
  return { isClean: code === 0 && /^clean$/m.test(stdout), report: stdout + stderr };
}

/** Expects the database and the store to agree, byte for byte. */
export async function expectClean(dataDir: string): Promise<void> {
  expect(await fsck(dataDir)).toMatchObject({ isClean: true });
}
