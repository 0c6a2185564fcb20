import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { parseFilePatchWithExtensions } from "../../../extensions/file-patch/patch-file.ts";
import { validate } from "../../resolve/validate.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { hostileText } from "./hostile-text.ts";
import { outcomeOf } from "./parameters-target.ts";

const words = [
  "name",
  "options",
  "id",
  "saved-extension",
  "remove-bg",
  "google-auto-tagging",
  "aws-auto-tagging",
  "ai-auto-description",
  "ai-tasks",
  "tasks",
  "type",
  "instruction",
  "vocabulary",
  "minConfidence",
  "maxTags",
  "bg_color",
  "add_shadow",
  "pre",
  "post",
  "transformation",
  "thumbnail",
  "gif-to-video",
  "abs",
  "value",
  "protocol",
  "hls",
  "w-100,h-100",
  "n-x",
  "w-1:h-1",
  "l-text,i-x,l-end",
  "sr-240_360",
  "publish",
  "isPublished",
  "tags",
  "removeAITags",
  "all",
  "__proto__",
  "constructor",
  "toJSON",
  "length",
  "a",
  "",
] as const;

const leaf: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.constantFrom(0, -1, 0.5, 10, 101, 1e308, true, false, null) },
);

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("tree"), { maxLength: 7 }),
    fc.array(fc.tuple(fc.constantFrom(...words), tie("tree")), { maxLength: 5 }).map(Object.fromEntries),
  ),
}));

/** Extensions and transformations that are nearly right, so that they get past the first check. */
const extension = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom(...words), tree)
  .map(([name, member, value]) => [{ name, [member]: value }]);
const transformation = fc
  .tuple(
    fc.oneof(fc.constantFrom(...words), leaf),
    fc.array(fc.tuple(fc.constantFrom(...words), leaf), { maxLength: 4 }),
  )
  .map(([pre, members]) => ({ pre, post: [Object.fromEntries([["type", "transformation"], ...members])] }));

const nested = fc
  .tuple(fc.constantFrom("[", '{"a":', '[{"name":'), fc.constantFrom(20, 1000, 8000), fc.boolean())
  .map(([open, times, closed]) => {
    const close = open.startsWith("[{") ? "}]" : open === "[" ? "]" : "}";
    return open.repeat(times) + (closed ? `1${close.repeat(times)}` : "");
  });

const json: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: tree.map((value) => JSON.stringify(value) ?? "") },
  { weight: 3, arbitrary: extension.map((value) => JSON.stringify(value)) },
  { weight: 3, arbitrary: transformation.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: hostileText },
);

const parameter = fc.constantFrom(
  "extensions",
  "transformation",
  "customMetadata",
  "tags",
  "responseFields",
  "webhookUrl",
);

/**
 * Any JSON in an upload's parameters and in a change's body is refused with a 4xx, or becomes plain data that can cross
 * to another thread and be written as JSON again.
 */
export const jsonParametersTarget: FuzzTarget = {
  name: "the parameters that are JSON",
  share: 120,
  check: (batch) =>
    fc.assert(
      fc.property(parameter, json, (name, text) => {
        expectPlain(outcomeOf(() => validate(new Map([...named, [name, text]]))));
        const body = parsed(text);
        if (isObject(body)) expectPlain(outcomeOf(() => parseFilePatchWithExtensions({ ...body })));
        expectPlain(outcomeOf(() => parseFilePatchWithExtensions({ [name]: body })));
      }),
      batch,
    ),
};

const named = [["fileName", "a.png"]] as const;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Custom metadata is left out: it is checked against the account's fields later, which has a target of its own. */
function expectPlain(value: unknown): void {
  const plain = JSON.stringify(value, (key, inner: unknown) => (key === "customMetadata" ? undefined : inner));
  if (plain !== undefined) expect(JSON.stringify(JSON.parse(plain))).toBe(plain);
  expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
}
