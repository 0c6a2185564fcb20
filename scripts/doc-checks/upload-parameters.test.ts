import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ErrorReason, errorCatalogue, wireReasonOf } from "../../packages/protocol/src/error-catalogue.ts";
import type { ParseParameter } from "../../packages/server/src/text/parameter.ts";
import { uploadParameters } from "../../packages/server/src/upload/resolve/parameters/table.ts";

const page = readFileSync("docs/upload-parameters.md", "utf8");
const records = new Map<string, { readonly parse: ParseParameter<unknown>; readonly default: unknown }>(
  Object.entries(uploadParameters),
);

test("the page has a section for each parameter of an upload", () => {
  const headings = [...page.matchAll(/^### (.*)$/gm)].flatMap(([, heading = ""]) => heading.split(", "));
  expect(headings.toSorted()).toEqual(["file", "fileName", ...records.keys()].toSorted());
});

test("the table has the records' defaults", () => {
  const rows = [...page.matchAll(/^\| (.*`.*`.*) \| `(.*)` \| .* \|$/gm)];
  const shown = rows.flatMap(([, names = "", value = ""]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, value]),
  );
  const defaults = [...records].map(([name, record]) => [name, record.default]);
  expect(shown.toSorted()).toEqual(
    defaults
      .filter(([, value]) => typeof value !== "object" && value !== undefined)
      .map(([name, value]) => [name, String(value)])
      .toSorted(),
  );
});

test("each example of a parameter is one that the server takes", () => {
  const examples = [...page.matchAll(/^ *(?:-F|--form-string) '?(\w+)=(.*?)'?(?: \\)?$/gm)].map(
    ([, name = "", value = ""]) => ({ name, value }),
  );
  const shown = new Set(examples.map(({ name }) => name));
  const missing = [...records.keys()].filter((name) => !shown.has(name) && !/^overwrite./.test(name));
  expect(missing).toEqual([]);
  for (const { name, value } of examples) expect(() => records.get(name)?.parse(value)).not.toThrow();
});

test("each reason on the page is one of the error catalogue", () => {
  const known: ReadonlySet<string> = new Set(
    Object.keys(errorCatalogue).map((reason) => wireReasonOf(reason as ErrorReason)),
  );
  const named = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, reason = ""]) => reason);
  expect(named.filter((reason) => !known.has(reason))).toEqual([]);
});
