import { expect, test } from "vitest";
import { errorCatalogue } from "./error-catalogue.ts";
import { SluiceError } from "./sluice-error.ts";

test("an error carries its entry's status and text, with the details filled in", () => {
  const error = new SluiceError("FILE_TOO_LARGE", { limit: 26_214_400 });
  expect(error.status).toBe(400);
  expect(error.toJSON()).toEqual({
    message: "Your request contains invalid file parameter. The file size exceeds 26214400 bytes limit.",
    help: errorCatalogue.FILE_TOO_LARGE.help,
    reason: "FILE_TOO_LARGE",
  });
});

test("what is wrong with each member stands in the body", () => {
  const error = new SluiceError("CUSTOM_METADATA_INVALID", {}, { errors: { price: "Value must be of type number." } });
  expect(error.toJSON()).toMatchObject({
    message: "Invalid custom metadata.",
    errors: { price: "Value must be of type number." },
  });
});

test("a detail that looks like a placeholder is not expanded", () => {
  const error = new SluiceError("PARAMETER_INVALID", { parameter: "{problem}", problem: "no" });
  expect(error.message).toBe("Your request contains invalid {problem} parameter.");
});

/** Messages in the vendor's own words, which have no full stop. */
const vendorsOwn: ReadonlySet<string> = new Set([
  "CUSTOM_FIELD_INVALID",
  "EXTENSION_NAME_INVALID",
  "SAVED_EXTENSIONS_UNRESOLVED",
]);

test("every entry says in a whole sentence what happened and what to do", () => {
  for (const [reason, entry] of Object.entries(errorCatalogue)) {
    expect(reason).toMatch(/^[A-Z][A-Z_]+$/);
    if (!vendorsOwn.has(reason)) expect(entry.message, reason).toMatch(/\.$/);
    expect(entry.help, reason).toMatch(/[.}]$/);
  }
});
