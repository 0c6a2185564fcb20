import { expect, test } from "vitest";
import { createLogger } from "../../observability/logger.ts";
import { UnknownParameters } from "./unknown-parameters.ts";

function watched() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger("info", { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, unknown: new UnknownParameters(logger) };
}

test("a parameter that doesn't exist is logged once, with the nearest that does", () => {
  const { lines, unknown } = watched();
  for (const reqId of ["first", "second"]) unknown.warn(["file", "folders", "zzz", "fileName"], reqId);
  expect(lines).toMatchObject([
    { level: 40, reqId: "first", parameter: "folders", nearest: "folder" },
    { level: 40, reqId: "first", parameter: "zzz" },
  ]);
  expect(lines[1]).not.toHaveProperty("nearest");
});

test("parameters and credentials that exist are no reason for a warning", () => {
  const { lines, unknown } = watched();
  unknown.warn(["fileName", "tags", "tags[]", "checks", "token", "publicKey", "signature", "expire"], "id");
  expect(lines).toEqual([]);
});

test("of a long name its beginning is logged", () => {
  const { lines, unknown } = watched();
  unknown.warn(["x".repeat(1000), "x".repeat(1001)], "id");
  expect(lines.map(({ parameter }) => parameter)).toEqual(["x".repeat(64)]);
});

test("after a hundred names none is logged any more, and the last line says so", () => {
  const { lines, unknown } = watched();
  for (let index = 0; index < 200; index++) unknown.warn([`made-up-${index}`], "id");
  expect(lines).toHaveLength(100);
  expect(lines.map(({ msg }) => String(msg).endsWith("no further names are logged"))).toEqual([
    ...Array(99).fill(false),
    true,
  ]);
});
