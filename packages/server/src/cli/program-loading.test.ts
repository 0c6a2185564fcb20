import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Runs two command lines, and prints what they have said and which packages that only a server needs they have loaded. */
const script = `
  import { registerHooks } from "node:module";
  const [loaded, said] = [new Set(), []];
  registerHooks({
    resolve(specifier, context, next) {
      if (["fastify", "sharp", "undici"].includes(specifier)) loaded.add(specifier);
      return next(specifier, context);
    },
  });
  const { runProgram } = await import(${JSON.stringify(new URL("program.ts", import.meta.url).href)});
  const terminal = { print: (line) => said.push(line), printError: (line) => said.push(line), interactive: false };
  const { signal: shutdown } = new AbortController();
  const context = { environment: {}, terminal, setExitCode() {}, logDestination: process.stderr, shutdown };
  await runProgram(["--version"], context);
  await runProgram(["serve", "--port", "abc"], context);
  console.log(JSON.stringify({ said, loaded: [...loaded] }));
`;

test("the version and a wrong setting are told without loading the server", async () => {
  const options = ["--conditions=sluice-source", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: root });
  expect(JSON.parse(stdout)).toEqual({
    said: [expect.stringMatching(/^\d+\.\d+/), expect.stringContaining("--port")],
    loaded: [],
  });
});
