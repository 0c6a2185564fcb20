import { expect, test } from "vitest";
import { version } from "../version.ts";
import { runProgram } from "./program.ts";

async function run(...args: readonly string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  let code = 0;
  await runProgram(args, {
    environment: {},
    terminal: {
      print: (line) => void printed.push(line),
      printError: (line) => void errors.push(line),
      interactive: false,
    },
    logDestination: { write: () => undefined },
    setExitCode: (value) => {
      code = value;
    },
    shutdown: new AbortController().signal,
  });
  return { code, printed: printed.join("\n"), errors: errors.join("\n") };
}

test.each([
  [[], "Commands:"],
  [["token"], "mint"],
  [["account"], "rotate-key"],
  [["webhook"], "replay"],
])("sluice %j prints the help of what there is", async (args, shown) => {
  const { code, printed, errors } = await run(...args);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(printed).toMatch(/^Usage: sluice/);
  expect(printed).toContain(shown);
});

test.each(["--version", "-v"])("sluice %s prints the package's version", async (flag) => {
  expect(await run(flag)).toEqual({ code: 0, printed: version, errors: "" });
});

test("an unknown command is one line and exit code 2", async () => {
  expect(await run("account", "frob")).toEqual({ code: 2, printed: "", errors: "sluice: unknown command 'frob'" });
});
