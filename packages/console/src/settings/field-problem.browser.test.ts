import { expect, test } from "vitest";
import { fieldProblemIn } from "./field-problem.ts";

const fields = ["bucket", "urlPrefix", "config", "urlRewriter"];

test.each([
  [
    { message: "bucket must have letters, digits, and . _ - alone", help: "PUT replaces an origin as a whole." },
    { field: "bucket", text: "Must have letters, digits, and . _ - alone." },
  ],
  [
    { message: "urlRewriter.type must be one of A, B", help: "…" },
    { field: "urlRewriter", text: "Must be one of A, B." },
  ],
  [
    { message: "Your request contains invalid config parameter.", help: "It is required." },
    { field: "config", text: "It is required." },
  ],
  [
    { reason: "URL_PREFIX_TAKEN", message: "This urlPrefix exists.", help: "Choose another." },
    { field: "urlPrefix", text: "This urlPrefix exists." },
  ],
  [
    {
      reason: "EXTENSION_CONFIG_INVALID",
      message: "Invalid extension configuration.",
      help: "There is no extension 'x'.",
    },
    { field: "config", text: "There is no extension 'x'." },
  ],
  [
    { reason: "TOO_MANY_ORIGINS", message: "An account can have 10 origins.", help: "Delete some." },
    { field: undefined, text: "An account can have 10 origins. Delete some." },
  ],
  [
    { reason: "constructor", message: "Your request contains invalid secret parameter." },
    { field: undefined, text: "Your request contains invalid secret parameter." },
  ],
])("%j is told at the field that it is about", (problem, told) => {
  const byReason = { URL_PREFIX_TAKEN: "urlPrefix", EXTENSION_CONFIG_INVALID: "config" };
  expect(fieldProblemIn({ reason: undefined, help: undefined, ...problem }, fields, byReason)).toEqual(told);
});
