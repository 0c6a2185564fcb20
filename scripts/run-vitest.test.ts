import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const script = `
  import { runVitest } from "./scripts/run-vitest.ts";
  const say = (line) => process.stdout.write(line + "\\n");
  const service = {
    name: "A", variable: "SLUICE_TEST_A", requirements: [], projects: [],
    start: async () => {
      say("starting");
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { environment: {}, stop: async () => say("stopped") };
    },
  };
  process.exitCode = await runVitest({
    passes: [
      { projects: ["unit"], args: ["--no-such-option"] },
      { projects: ["unit"], args: ["packages/server/src/events/event-id.test.ts"] },
    ],
    requirements: [],
    services: [service],
  });
`;

async function run(whenStarting: (pid: number) => void): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (text.includes("starting")) whenStarting(child.pid ?? 0);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test("a pass that fails counts with those behind it, and the services are stopped", async () => {
  const { code, output } = await run(() => undefined);
  expect(code).toBe(1);
  expect(output).toMatch(/\n[1-9]\d* passed, 1 failed\nstopped\n$/);
});

test.each(["SIGTERM", "SIGINT"] as const)("%s while a service is about to start stops it as well", async (signal) => {
  const { code, output } = await run((pid) => process.kill(pid, signal));
  expect(code).toBe(1);
  expect(output).toBe("starting\nstopped\n");
});
