import { buildTransformationString } from "@imagekit/javascript";
import { supportedTransforms } from "@imagekit/nodejs/lib/transformation-utils.js";
import { expect, test } from "vitest";
import { transformationParameters } from "./parameters/parameters.ts";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";

test("what the SDKs write is what is printed, as far as our order of parameters is theirs", () => {
  const text = buildTransformationString([
    { width: 300, height: 200, crop: "at_max" },
    { overlay: { type: "text", text: "Let's use ©, ®, ™, etc" } },
    { overlay: { type: "image", input: "/customer_logo/nykaa.png", position: { x: 10 } } },
  ]);
  expect(printTransformation(parseTransformation(text))).toBe(text);
});

test("every name that the SDKs know is in the records under its key", () => {
  const known = new Map(
    Object.entries(transformationParameters).flatMap(([key, { sdk }]) => sdk.map((name) => [name, key] as const)),
  );
  const { raw: _, ...names } = supportedTransforms;
  expect(Object.fromEntries(Object.keys(names).map((name) => [name, known.get(name)]))).toEqual(names);
  expect(known.get("density")).toBe("dn");
});
