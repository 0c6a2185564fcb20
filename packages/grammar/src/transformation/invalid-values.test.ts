import { describe, expect, test } from "vitest";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";
import { TransformationError } from "./transformation-error.ts";

function refusal(text: string): unknown {
  try {
    return parseTransformation(text);
  } catch (error) {
    return error instanceof TransformationError ? [error.problem, error.message] : error;
  }
}

// docs/protocol/transformations.md §9
test.each([
  // Unknown parameters, including the overlays of earlier versions.
  ["foo-3", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: foo"],
  ["w-3,foo", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: foo"],
  ["e-foo-3", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: e-foo"],
  ["oi-a.png", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: oi"],
  ["ot-text,ox-3", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: ot"],
  ["toString-1", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: toString"],
  ["__proto__-1", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: __proto__"],
  // A layer's parameters outside a layer.
  ["fs-20", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: fs"],
  ["lx-20", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: lx"],
  ["i-a.png", "UNKNOWN_PARAMETER", "Unsupported transformation parameter: i"],
  // Values that can't be read.
  ...[
    ..."w w-abc w-0 w-N20 w--20 w-1e3 w-0x10 w-3_add h-auto q-x c-foo cm-maintain_ratio fo-foo fo-face_dog".split(" "),
    ..."f-foo bg-nocolor bg-12345 bg-FF0000FF b-5 b-red r-1_2_3 rt-left fl-x o-half ar-4-0 ar-4-3-2 dpr-x t-yes".split(
      " ",
    ),
    ..."n- n n-a.b orig-1 pr-yes pg-0-x pg-4-2 e-sharpen-x e-usm-1-2 e-shadow-zz-1 e-gradient-ld-up".split(" "),
    ..."e-distort-a-0 e-distort-p-1_2_3 e-distort-p-90_0_0_0_100_100_0_100 cr-red_x bl-iw w-bw di-.. di-a@@..@@b".split(
      " ",
    ),
    ..."sr-99 vc-x so-x e-edit-snow x-bh z-x dn-iw w-iw_iw w-add_2 w-2_foo_3".split(" "),
  ].map((text) => [text, "INVALID_VALUE", `Invalid value of transformation parameter ${text}`]),
  // Text and blocks have no size of their own yet.
  ["l-text,i-a,fs-iw_mul_2,l-end", "INVALID_VALUE", "Invalid value of transformation parameter fs-iw_mul_2"],
  ["l-image,i-ik_canvas,w-iw,l-end", "INVALID_VALUE", "Invalid value of transformation parameter w-iw"],
  // What a layer doesn't take must be right all the same.
  ["l-text,i-a,q-x,l-end", "INVALID_VALUE", "Invalid value of transformation parameter q-x"],
  // Blocks.
  ["l-image,i-a,w-20", "LAYER_NOT_CLOSED", "Layer without l-end: l-image"],
  ["l-end", "STRAY_DELIMITER", "Nothing is open that this could close: l-end"],
  ["w-2,if-end", "STRAY_DELIMITER", "Nothing is open that this could close: if-end"],
  ["l-image,i-a,if-w_gt_2,w-2,l-end,if-end", "STRAY_DELIMITER", "Nothing is open that this could close: l-end"],
  ["l-image,w-20,l-end", "LAYER_WITHOUT_INPUT", "Layer without input: l-image"],
  ["l-text,i-,l-end", "LAYER_WITHOUT_INPUT", "Layer without input: l-text"],
  ["l-image,i-..@@a,l-end", "LAYER_WITHOUT_INPUT", "Layer without input: l-image"],
  ["l-image,ie-*,l-end", "INVALID_VALUE", "Invalid value of transformation parameter ie-*"],
  ["l-sound,i-a,l-end", "UNKNOWN_LAYER", "Unsupported layer: l-sound"],
  ["l-text,i-a,lx-2,lxc-3,l-end", "OFFSETS_CONFLICT", "Layer parameters exclude each other: lx, lxc"],
  [
    "l-text,i-a,l-text,i-b,l-text,i-c,l-text,i-d,l-end,l-end,l-end,l-end",
    "LAYERS_TOO_DEEP",
    "Layers are nested more than 3 deep: l-text",
  ],
  ["if-w_gt_2,w-2,if-end,rt-90", "CONDITION_NOT_ALONE", "A condition must be alone in its step: if-w_gt_2"],
  ["rt-90,if-w_gt_2,w-2,if-end", "CONDITION_NOT_ALONE", "A condition must be alone in its step: if-w_gt_2"],
  ["if-w_gt_2,if-h_gt_2,w-2,if-end,if-end", "CONDITIONS_NESTED", "Conditions can't be nested: if-h_gt_2"],
  ["if-w_gt_2,w-2", "CONDITION_NOT_CLOSED", "Condition without if-end: if-w_gt_2"],
  ["if-w_gt_2,w-2,if-else,w-3", "CONDITION_NOT_CLOSED", "Condition without if-end: if-w_gt_2"],
  ...["if-w_gt", "if-w_gt_2_and", "if-w_gt_2_xor_h_gt_2", "if-z_gt_2", "if-w_is_2", "if-ar_gt_4-0", "if-w_gt_x"].map(
    (text) => [`${text},w-2,if-end`, "INVALID_CONDITION", `Invalid condition: ${text}`],
  ),
  ["w-%ff", "INVALID_ENCODING", "Transformation is not encoded in UTF-8: w-%ff"],
])("%s is refused as %s", (text, problem, message) => {
  expect(refusal(text)).toEqual([problem, message]);
});

describe("what isn't refused", () => {
  test.each([
    [
      "numbers beyond their range are the nearest in it",
      "q-150,bl-500,o-200,dpr-10,t-0",
      "dpr-5,t-1,bl-100,q-100,o-100",
    ],
    ["negative ones too", "q-N5,o--1,dpr-0", "dpr-0.1,q-1,o-0"],
    ["numbers are rounded to what their parameter can be", "q-80.4,w-300.5,bl-1.5", "w-301,bl-2,q-80"],
    ["dimensions beyond 65535 are ignored", "w-65536,h-20", "h-20"],
    ["empty values are ignored", "w-,h-20,bg-,di-", "h-20"],
    ["effects that an SDK was told not to apply", "e-sharpen-false,e-shadow-false,e-grayscale-false,w-2", "w-2"],
    [
      "effects with a value that says no more than that",
      "e-contrast-1,e-grayscale-true,e-sharpen-true",
      "e-contrast,e-grayscale,e-sharpen-50",
    ],
    ["nothing between delimiters", "w-2,,h-3,:,:rt-90:", "w-2,h-3:rt-90"],
    ["what a text doesn't take", "l-text,i-a,h-20,f-png,q-50,l-end", "l-text,i-a,l-end"],
    ["what a block doesn't take", "l-image,i-ik_canvas,w-9,fo-face,l-end", "l-image,i-ik_canvas,w-9,l-end"],
    ["what an image layer doesn't take", "l-image,i-a,w-9,orig-true,e-upscale,l-end", "l-image,i-a,w-9,l-end"],
    ["a text that says nothing", "", ""],
  ])("%s", (_, text, printed) => {
    const sorted = (written: string): string[] => written.split(",").toSorted();
    expect(sorted(printTransformation(parseTransformation(text)))).toEqual(sorted(printed));
  });

  test("an account may ignore what nobody knows; what it knows must still be right", () => {
    const lenient = { unknownParameters: "ignore" } as const;
    expect(printTransformation(parseTransformation("foo-3,w-2,e-foo:fs-3", lenient))).toBe("w-2");
    expect(() => parseTransformation("w-abc", lenient)).toThrow(TransformationError);
  });
});

test("a message holds visible ASCII alone and little of the caller's text", () => {
  const [, message] = refusal(`w-\u{1f600}${"é\n".repeat(100)}`) as [string, string];
  expect(message).toMatch(/^[\x20-\x7e]{1,100}$/);
});
