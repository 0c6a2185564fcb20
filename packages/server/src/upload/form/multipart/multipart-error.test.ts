import { expect, test } from "vitest";
import { MultipartError, refuseForm } from "./multipart-error.ts";

test.each([
  ["INVALID", "A part has no name.", "FORM_INVALID", /A part has no name\./],
  ["INCOMPLETE", "The form ended.", "FORM_INCOMPLETE", /before its form was complete/],
  ["LIMIT", "64 parts", "FORM_TOO_LARGE", /the limit of 64 parts\./],
] as const)("%s becomes a refusal that says what is wrong", (code, problem, reason, text) => {
  const error = new MultipartError(code, problem);
  const refusal = refuseForm(error);
  expect(refusal).toMatchObject({ reason, status: 400, cause: error });
  expect(`${refusal.message} ${refusal.help}`).toMatch(text);
});
