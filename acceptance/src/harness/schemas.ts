import { closed } from "@sluice/protocol/schemas";
import type { TSchema } from "typebox";
import { Errors } from "typebox/value";
import { expect } from "vitest";

/** Expects a value to match a schema. Members that the schema doesn't name are errors as well. */
export function expectShape(schema: TSchema, value: unknown, what: string): void {
  const problems = Errors(closed(schema), value).map(({ instancePath, message }) => `${instancePath} ${message}`);
  expect(problems, `${what}: ${JSON.stringify(value)}`).toEqual([]);
}
