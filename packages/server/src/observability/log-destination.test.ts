import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLogDestination } from "./log-destination.ts";
import { createLogger } from "./logger.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-log-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [true, /^\[[\d:.]+\] WARN: a warning {"colour":"red"}\n\[[\d:.]+\] FATAL: the end\n$/],
  [false, /^{"level":40,.*"colour":"red","msg":"a warning"}\n{"level":60,.*"msg":"the end"}\n$/],
])("on a terminal (%s) the log is readable, elsewhere JSON; what comes last is written at once", (isTerminal, text) => {
  const path = join(folder, String(isTerminal));
  const logger = createLogger("info", openLogDestination(openSync(path, "a"), isTerminal));
  logger.warn({ colour: "red" }, "a warning");
  logger.fatal("the end");
  expect(readFileSync(path, "utf8")).toMatch(text);
});
