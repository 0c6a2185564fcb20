import { SluiceError } from "@sluice/protocol";
import fc from "fast-check";
import { expect } from "vitest";
import { joinPath, uniqueName } from "../../../library/names.ts";
import { type UploadRequest, validate } from "../../resolve/validate.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { fieldName, hostileText } from "./hostile-text.ts";

const validName = fc.constant("a.jpg");

/** Whatever the fields say, the upload is refused with a 4xx or has parameters that are safe to store and to send. */
export const parametersTarget: FuzzTarget = {
  name: "the validators of an upload's parameters",
  share: 240,
  check: (batch) =>
    fc.assert(
      fc.property(
        fc.oneof(hostileText, validName),
        fc.option(hostileText, { nil: undefined }),
        fc.array(fc.tuple(fieldName, hostileText), { maxLength: 3 }),
        (fileName, folder, others) => {
          const fields = new Map([
            ...others,
            ["fileName", fileName] as const,
            ...(folder === undefined ? [] : [["folder", folder] as const]),
          ]);
          const request = outcomeOf(() => validate(fields));
          if (request !== undefined) expectSafe(request);
        },
      ),
      batch,
    ),
};

/** @returns the value, or undefined for a refusal. A refusal must be the caller's fault and say so. */
export function outcomeOf<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    expectCallersFault(error);
    return undefined;
  }
}

export function expectCallersFault(error: unknown): void {
  if (!(error instanceof SluiceError)) throw error;
  expect(error.status).toBeGreaterThanOrEqual(400);
  expect(error.status).toBeLessThan(500);
  expect(error.message.length).toBeLessThan(20_000);
}

function expectSafe(request: UploadRequest): void {
  const { fileName, folder, tags, description, customCoordinates } = request;
  expectName(fileName, /^[\p{L}\p{M}\p{N}._-]+$/u);
  expect([".", ".."]).not.toContain(fileName);
  expect(folder.startsWith("/")).toBe(true);
  for (const segment of folder.split("/").filter(Boolean)) expectName(segment, /^[\p{L}\p{M}\p{N}_-]+$/u);
  expect(Buffer.byteLength(joinPath(folder, fileName))).toBeLessThanOrEqual(1024);
  if (request.useUniqueFileName) expectName(uniqueName(fileName), /^[\p{L}\p{M}\p{N}._-]+$/u);
  if (tags !== undefined) expect([...tags.join("")].length).toBeLessThanOrEqual(500);
  if (tags !== undefined) expect(tags.join("")).not.toContain("%");
  if (description !== undefined) expect(description.length).toBeLessThanOrEqual(10_000);
  if (customCoordinates !== undefined) expect(customCoordinates).toMatch(/^\d{1,6}(,\d{1,6}){3}$/);
}

function expectName(name: string, shape: RegExp): void {
  expect(name).toMatch(shape);
  expect(name).toBe(name.normalize("NFC"));
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
}
