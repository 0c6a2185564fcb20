import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { BufferedLines } from "./buffered-lines.ts";

const options = { enoughBytes: 100, maxPieceBytes: 200, flushMs: 10 };

test("lines come in their order, whether there are few or many, short or long", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-lines-"));
  try {
    const path = join(folder, "log");
    const lines = new BufferedLines(openSync(path, "a"), options);
    let written = "";
    const write = (line: string): void => {
      written += line;
      lines.write(line);
    };
    write("few\n");
    await expect.poll(() => readFileSync(path, "utf8")).toBe(written);
    for (let number = 0; number < 500; number++) write(`${number} ${"ü".repeat(number % 150)}\n`);
    await expect.poll(() => readFileSync(path, "utf8")).toBe(written);
    write("the last\n");
    lines.flushSync();
    expect(readFileSync(path, "utf8")).toBe(written);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Runs a program that logs to its standard error, whose reader has gone before. @returns its exit code */
async function runWithoutReader(program: string): Promise<number | null> {
  const imported = `import { BufferedLines } from ${JSON.stringify(new URL("./buffered-lines.ts", import.meta.url))};
    const lines = new BufferedLines(2, ${JSON.stringify(options)});
    process.once("exit", () => lines.flushSync());`;
  const args = ["--conditions=sluice-source", "--input-type=module", "-e", imported + program];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 });
  child.stderr.destroy();
  const [[code], output] = await Promise.all([once(child, "exit"), text(child.stdout)]);
  expect(output).toBe("went on\n");
  return code;
}

test.each([
  ["before", "lines.write('lost\\n'); console.log('went on'); process.exit(3);"],
  [
    "after it has noticed",
    "lines.write('lost\\n'.repeat(100)); setTimeout(() => { lines.write('lost\\n'); console.log('went on'); process.exit(3); }, 100);",
  ],
])("a process whose log nobody reads any more goes on and ends, %s", async (_when, program) => {
  expect(await runWithoutReader(`await new Promise((resolve) => setTimeout(resolve, 50)); ${program}`)).toBe(3);
});

test("a process whose log's reader takes nothing ends, and loses nothing when the reader goes on", async () => {
  const program = `import { writeSync } from "node:fs";
    import { BufferedLines } from ${JSON.stringify(new URL("./buffered-lines.ts", import.meta.url))};
    // Its pipe is one that does not block from now on.
    process.stderr.on("error", () => undefined);
    const lines = new BufferedLines(2, ${JSON.stringify({ ...options, maxPieceBytes: 200_000 })});
    for (let number = 0; number < 50_000; number++) lines.write(number + " of many\\n");
    setTimeout(() => undefined, 200);
    process.once("exit", () => {
      writeSync(1, "ends");
      lines.flushSync();
    });`;
  const args = ["--conditions=sluice-source", "--input-type=module", "-e", program];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 10_000 });
  const exit = once(child, "exit");
  expect(String(await Promise.race([once(child.stdout, "data"), exit]))).toBe("ends");
  const [written, [code]] = await Promise.all([text(child.stderr), exit]);
  expect(code).toBe(0);
  expect(written).toBe(Array.from({ length: 50_000 }, (_, number) => `${number} of many\n`).join(""));
});
