import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Sandbox, SandboxProbe } from "./sandbox.ts";

const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
afterAll(() => rm(folder, { recursive: true }));
const isLinux = process.platform === "linux";

/** A sandbox that is tried by a script. */
function sandbox(name: Sandbox["name"], script: string): Sandbox {
  return { name, command: ["/bin/sh", "-c", script] };
}

test.runIf(isLinux)("the first sandbox that the system allows is found", async () => {
  const missing: Sandbox = { name: "no-network", command: ["/nowhere/no-program"] };
  const forbidden = sandbox("no-network", "exit 1");
  const allowed = sandbox("no-privileges", "exit 0");
  const candidates = [missing, forbidden, allowed];
  expect(await new SandboxProbe({ candidates }).find()).toBe(allowed);
  expect((await new SandboxProbe({ candidates: [missing, forbidden] }).find()).name).toBe("none");
});

test.runIf(isLinux)("a try without an answer is made again, and never leads to a weaker sandbox", async () => {
  const tried = join(folder, "tried");
  const slowOnce = sandbox("no-network", `test -e ${tried} && exit 0; : > ${tried}; exec sleep 60`);
  const weaker = sandbox("no-privileges", "exit 0");
  const probe = new SandboxProbe({ candidates: [slowOnce, weaker], timeoutMs: 1000 });
  expect(await probe.find()).toBe(slowOnce);
});

test.runIf(isLinux)("a machine that doesn't answer at all is asked again by the next call", async () => {
  const open = join(folder, "open");
  const closed = sandbox("no-network", `test -e ${open} && exit 0; exec sleep 60`);
  const probe = new SandboxProbe({ candidates: [closed], timeoutMs: 500 });
  const [first, second] = [probe.find(), probe.find()];
  expect(second).toBe(first);
  await expect(first).rejects.toMatchObject({ killed: true });
  await writeFile(open, "");
  expect(await probe.find()).toBe(closed);
});
