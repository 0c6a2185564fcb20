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

test("a detail that looks like a placeholder is not expanded", () => {
  const error = new SluiceError("PARAMETER_INVALID", { parameter: "{problem}", problem: "no" });
  expect(error.message).toBe("Your request contains invalid {problem} parameter.");
});

test("every entry says in a whole sentence what happened and what to do", () => {
  for (const [reason, entry] of Object.entries(errorCatalogue)) {
    expect(reason).toMatch(/^[A-Z][A-Z_]+$/);
    expect(entry.message, reason).toMatch(/\.$/);
    expect(entry.help, reason).toMatch(/[.}]$/);
  }
});
