import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";
import { readableLines } from "./readable-lines.ts";

const clock = String.raw`\[\d\d:\d\d:\d\d\.\d{3}\]`;

function shown(write: (logger: ReturnType<typeof createLogger>) => void, base: Record<string, string> | null = null) {
  const readable = readableLines(false);
  const lines: string[] = [];
  write(createLogger("info", { write: (line: string) => void lines.push(readable(line)) }, base));
  return lines.join("");
}

const answered = (url: string, reason?: string) => (logger: ReturnType<typeof createLogger>) =>
  logger.info({ reqId: "the-id", req: { method: "GET", url }, res: { statusCode: 400 }, reason, ms: 3 }, "answered");

test("a request is one line that a person can read, with its reason and its id", () => {
  expect(shown(answered("/demo/a.jpg?tr=w-x", "TRANSFORMATION_INVALID"))).toMatch(
    new RegExp(`^${clock} INFO: GET /demo/a\\.jpg 400 TRANSFORMATION_INVALID \\(3 ms, request the-id\\)\n$`),
  );
  expect(shown(answered("/"), { process: "2" })).toMatch(/ GET \/ 400 \(3 ms, process 2, request the-id\)\n$/);
});

test("control characters of a path don't reach the terminal", () => {
  expect(shown(answered("/\u001b[31m\u009b2J\nforged"))).toMatch(/ GET \/\[31m2Jforged 400 /);
});

test("any other line shows its level, its message and its fields, and an error its stack", () => {
  const text = shown((logger) => {
    logger.warn({ parameter: "folders", nearest: "folder" }, "an unknown parameter");
    logger.error({ err: new Error("broken") }, "it failed");
  });
  expect(text).toMatch(new RegExp(`^${clock} WARN: an unknown parameter {"parameter":"folders","nearest":"folder"}\n`));
  expect(text).toMatch(/ ERROR: it failed.*\n.*Error: broken\n +at /s);
});
