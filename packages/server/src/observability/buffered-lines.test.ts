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
