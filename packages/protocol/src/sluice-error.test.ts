import { expect, test } from "vitest";
import { errorCatalogue } from "./error-catalogue.ts";
import { SluiceError } from "./sluice-error.ts";

test("an error carries its entry's status and text, with the details filled in", () => {
  const error = new SluiceError("FILE_TOO_LARGE", { limit: 26_214_400, setBy: "--max-file-size" });
  expect(error.status).toBe(400);
  expect(error.toJSON()).toEqual({
    message: "Your request contains invalid file parameter. The file size exceeds 26214400 bytes limit.",
    help: "Send a smaller file. The limit comes from --max-file-size.",
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

test("the body names the reason that the protocol has for it", () => {
  const error = new SluiceError("FILE_NAME_TAKEN", { path: "/a/b.jpg" });
  expect([error.reason, error.toJSON().reason]).toEqual(["FILE_NAME_TAKEN", "FILE_ALREADY_EXISTS"]);
});

test("the ids that are missing stand in the body of a refused bulk request", () => {
  const error = new SluiceError("FILES_NOT_FOUND", {}, { missingFileIds: ["a", "b"] });
  expect(error.toJSON()).toMatchObject({ reason: "FILES_NOT_FOUND", missingFileIds: ["a", "b"] });
});

test("a detail that looks like a placeholder is not expanded", () => {
  const error = new SluiceError("PARAMETER_INVALID", { parameter: "{problem}", problem: "no" });
  expect(error.message).toBe("Your request contains invalid {problem} parameter.");
});

/** Messages in the vendor's own words, which have no full stop. */
const vendorsOwn: ReadonlySet<string> = new Set([
  "CUSTOM_FIELD_INVALID",
  "EXTENSION_NAME_INVALID",
  "FILE_MISSING_AT_PATH",
  "FOLDER_IS_DESTINATION",
  "FOLDER_NAME_IS_DOTS",
  "FOLDER_NOT_FOUND",
  "NO_FILES_FOLDER",
  "ORIGIN_INVALID",
  "SAVED_EXTENSIONS_UNRESOLVED",
  "SOURCE_FILE_MISSING",
  "URL_ENDPOINT_INVALID",
]);

test("every entry says in a whole sentence what happened and what to do", () => {
  for (const [reason, entry] of Object.entries(errorCatalogue)) {
    expect(reason).toMatch(/^[A-Z][A-Z_]+$/);
    if (!vendorsOwn.has(reason)) expect(entry.message, reason).toMatch(/\.$/);
    expect(entry.help, reason).toMatch(/[.}]$/);
  }
});
