import { expect, test } from "vitest";
import { version } from "../observability/version.ts";
import { runCommand } from "./testing/run-command.ts";

test.each([
  [["--help"], "Commands:"],
  [["help"], "Commands:"],
  [["token"], "mint"],
  [["account"], "rotate-key"],
  [["webhook"], "replay"],
])("sluice %j prints the help of what there is", async (args, shown) => {
  const { code, printed, errors } = await runCommand(args);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(printed).toMatch(/^Usage: sluice/);
  expect(printed).toContain(shown);
});

test("the help of a command names each setting's default and variable", async () => {
  const { printed } = await runCommand(["help", "serve"]);
  expect(printed.replaceAll(/\s+/g, " ")).toContain("address to listen on (default: 127.0.0.1; SLUICE_HOST)");
});

test("flags without a command are those of serve", async () => {
  expect(await runCommand(["--port", "abc"])).toEqual(await runCommand(["serve", "--port", "abc"]));
  expect(await runCommand(["--prot", "1"])).toMatchObject({ code: 2, errors: expect.stringContaining("--port") });
});

test.each(["--version", "-v"])("sluice %s prints the package's version", async (flag) => {
  expect(await runCommand([flag])).toEqual({ code: 0, printed: version, errors: "" });
});

test("an unknown command is one line and exit code 2", async () => {
  expect(await runCommand(["account", "frob"])).toEqual({
    code: 2,
    printed: "",
    errors: "sluice: unknown command 'frob'",
  });
});

test("a command without workers says in one line that it ignores a restart; serve waits for its workers", async () => {
  const told = await runCommand(["--version"], { toldToRestart: true });
  expect(told).toEqual({
    code: 0,
    printed: version,
    errors: "sluice: SIGUSR2 is ignored: sluice serve alone restarts workers",
  });
  const serving = ["serve", "--port", "abc"];
  expect(await runCommand(serving, { toldToRestart: true })).toEqual(await runCommand(serving));
});
