import fc, { type Arbitrary } from "fast-check";
import type { HostileRequest } from "./hostile-request.ts";
import { text } from "./hostile-values.ts";

/** The name of the picture of which the requests ask. */
export const pictureName = "p.png";

const words = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(..."l-image l-text l-end i-p.png i-ik_canvas i-Hi if-w_gt_9 if-else if-end".split(" ")),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["w-9", "h-0.5", "w-iw_mul_2", "h-bh_sub_3", "w-iw_pow_iw_pow_iw", "h-ih_div_0", "w-65535", "ar-4-3", "dpr-5"],
      ...["cm-extract", "cm-pad_resize", "x-ih_mod_7", "fo-auto", "bg-blurred", "t-9", "rt-45", "b-iw_red", "r-max"],
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        "e-shadow",
        "e-gradient-sp-iw_div_2",
        "e-colorize-co-red_in-30",
        "cr-red_40_blue",
        "e-distort-a-90",
        "bl-100",
      ],
      ...["e-distort-p-0_0_9_1_8_9_1_8", "lx-bw_div_0", "ly-N9999", "lxc-3", "lap-top", "lm-cutter", "lm-displace"],
      ...[
        "n-a",
        "f-avif",
        "f-gif",
        "q-1",
        "orig-true",
        "pg-2",
        "di-p.png",
        "t-false",
        "al-3",
        "fs-bh",
        "pa-9_9",
        "z-3",
      ],
    ),
  },
  { weight: 1, arbitrary: text.map(encodeURIComponent) },
);

/** Steps of any words, of which some are whole layers. */
const transformation = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: words },
      {
        weight: 1,
        arbitrary: fc.array(words, { maxLength: 3 }).map((own) => ["l-image,i-p.png", ...own, "l-end"].join(",")),
      },
    ),
    { maxLength: 8 },
  )
  .chain((parts) =>
    fc
      .array(fc.constantFrom(",", ",", ":"), { minLength: parts.length, maxLength: parts.length })
      .map((between) => parts.map((part, at) => part + (at < parts.length - 1 ? between[at] : "")).join("")),
  );

/** Requests for pictures in all words of the image language, in any order. */
export const pictureRequest: Arbitrary<HostileRequest> = fc
  .record({
    written: transformation,
    inPath: fc.boolean(),
    accept: fc.constantFrom("*/*", "image/avif,image/webp", "image/webp"),
    hint: fc.constantFrom("9", "1e9", "-1"),
  })
  .map(({ written, inPath, accept, hint }) => ({
    method: "GET",
    target: inPath ? `/demo/tr:${written}/${pictureName}` : `/demo/${pictureName}?tr=${written}`,
    headers: { accept, "sec-ch-width": hint },
    body: undefined,
    chunked: false,
  }));
