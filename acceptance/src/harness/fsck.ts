import { expect } from "vitest";
import { sluice } from "./command.ts";

/** What `sluice fsck --deep` prints, and whether it ended with 0. */
export async function fsck(dataDir: string): Promise<{ readonly isClean: boolean; readonly report: string }> {
  const { code, stdout, stderr } = await sluice(["fsck", "--deep", "--data-dir", dataDir]);
  return { isClean: code === 0 && /^clean$/m.test(stdout), report: stdout + stderr };
}

/** Database and store agree, byte for byte. */
export async function expectClean(dataDir: string): Promise<void> {
  expect(await fsck(dataDir)).toMatchObject({ isClean: true });
}
