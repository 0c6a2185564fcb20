import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RunOptions, runCommand } from "./testing/run-command.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-keys-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `sluice serve` until it has said that it is ready. */
function serve(options: RunOptions, ...flags: string[]) {
  const args = ["serve", "--port", "0", "--data-dir", folder, "--log-level", "silent", ...flags];
  return runCommand(args, { ...options, endAfter: (line) => line === "Sluice is ready." });
}

const account = (options: RunOptions, ...args: string[]) =>
  runCommand(["account", ...args, "--data-dir", folder], options);

const keyFile = (imagekitId = "demo") => join(folder, `private-key-${imagekitId}.txt`);
const keptKey = async (imagekitId?: string) => (await readFile(keyFile(imagekitId), "utf8")).trim();
const pasted = /^ *export PUBLIC_KEY=(public_\S+) PRIVATE_KEY=(private_\S+)$/m;

test("on a terminal new keys are shown once, ready to paste, and kept in a file that each start names", async () => {
  const first = await serve({ interactive: true });
  const [, publicKey = "", privateKey = ""] = pasted.exec(first.printed) ?? [];
  expect(first.printed).toContain(`  public key     ${publicKey}\n  private key    in ${keyFile()}\n`);
  expect(privateKey).toBe(await keptKey());
  expect((await stat(keyFile())).mode & 0o777).toBe(0o600);

  const created = await account({ interactive: true }, "create", "acme");
  expect(pasted.exec(created.printed)?.[2]).toBe(await keptKey("acme"));
  expect(created.printed).toContain(`private key  in ${keyFile("acme")}`);
  const rotated = await account({ interactive: true }, "rotate-key", "demo");
  const newKey = pasted.exec(rotated.printed)?.[2];
  expect(newKey).toBe(await keptKey());
  expect(newKey).not.toBe(privateKey);

  const second = await serve({ interactive: true });
  expect(second.printed).toContain(`  private key    in ${keyFile()}\n`);
  expect(second.printed).not.toMatch(/\bprivate_/);
});

test("elsewhere no private key is shown, and the files are the same", async () => {
  const outputs = [
    await serve({}),
    await account({}, "create", "acme"),
    await account({}, "rotate-key", "acme"),
    await account({}, "rotate-key", "demo"),
  ];
  for (const { printed, code } of outputs) {
    expect(code).toBe(0);
    expect(printed).not.toMatch(/\bprivate_/);
    expect(printed).toMatch(/^ *private key +in \S+\/private-key-(demo|acme)\.txt$/m);
  }
  const environment = { SLUICE_PUBLIC_KEY: "public_test", SLUICE_PRIVATE_KEY: `private_${"k".repeat(24)}` };
  expect((await serve({ environment })).printed).toMatch(/private key {4}given by SLUICE_PRIVATE_KEY$/m);
  const pair = ["--public-key", environment.SLUICE_PUBLIC_KEY, "--private-key", environment.SLUICE_PRIVATE_KEY];
  expect((await serve({ environment }, ...pair)).printed).toMatch(/private key {4}given by --private-key$/m);
});
