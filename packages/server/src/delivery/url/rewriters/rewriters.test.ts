import { parseTransformation } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { rewriteAkamai } from "./akamai.ts";
import { rewriteCloudinary } from "./cloudinary.ts";
import { rewriteImgix } from "./imgix.ts";
import type { Rewritten } from "./rewritten.ts";

/** Every translation is a transformation that our language knows. */
function known({ transformations }: Rewritten): readonly string[] {
  for (const text of transformations) expect(parseTransformation(text).steps.length, text).toBe(1);
  return transformations;
}

// The translations that the vendor documents (docs/url-endpoints.md).
describe("Cloudinary", () => {
  const translated = (step: string) => known(rewriteCloudinary(`${step}/a/b.jpg`, false));

  test.each([
    ["w_100", "w-100"],
    ["w_0.5,h_100", "w-0.5,h-100"],
    ["w_auto,dpr_auto", "w-auto,dpr-auto"],
    ["ar_2.5", "ar-2.5-1"],
    ["ar_3", "ar-3-1"],
    ["ar_4:3", "ar-4-3"],
    ["ar_4%3A3", "ar-4-3"],
    ["g_north", "fo-top"],
    ["g_south_west", "fo-bottom_left"],
    ["g_center", "fo-center"],
    ["g_auto", "fo-auto"],
    ["g_face", "fo-face"],
    ["g_custom", "fo-custom"],
    ["x_100,y_20,c_crop", "x-100,y-20,cm-extract"],
    ["f_jpg", "f-jpg"],
    ["f_auto,q_auto", "f-auto,q-70"],
    ["q_60", "q-60"],
    ["q_auto:low", "q-50"],
    ["q_auto:eco", "q-60"],
    ["q_auto:good", "q-70"],
    ["q_auto:best", "q-86"],
    ["a_90", "rt-90"],
    ["a_-67", "rt-N67"],
    ["r_20", "r-20"],
    ["r_max", "r-max"],
    ["e_blur", "bl-1"],
    ["e_blur:500", "bl-5"],
    ["e_grayscale", "e-grayscale"],
    ["e_contrast:100", "e-contrast"],
    ["e_contrast:-50", "e-contrast"],
    ["e_sharpen:500", "e-sharpen-5"],
    ["e_unsharp_mask:500", "e-usm-0-5-1-0.05"],
    ["e_unsharp_mask:250", "e-usm-0-2.5-1-0.05"],
    ["e_trim", "t-true"],
    ["e_trim:20", "t-20"],
    ["e_trim:20:red", "t-20"],
    ["bo_5px_solid_red", "b-5_red"],
    ["bo_5px_solid_rgb:AAAA54A9", "b-5_AAAA5466"],
    ["b_BLUE", "bg-blue"],
    ["b_rgb:AAAA54", "bg-AAAA54"],
    ["b_rgb:B4F", "bg-BB44FF"],
    ["b_rgb:B4F9", "bg-BB44FF60"],
    ["b_rgb:FFFFFFFF", "bg-FFFFFF99"],
    ["dpr_3.0", "dpr-3.0"],
    ["c_fill,w_1", "c-maintain_ratio,w-1"],
    ["c_fit,w_1", "c-at_max,w-1"],
    ["c_limit,w_1", "c-at_max,w-1"],
    ["c_pad,w_1", "cm-pad_resize,w-1"],
    ["c_scale,w_1", "c-force,w-1"],
    ["t_small", "n-small"],
    ["fl_progressive:steep", "pr-true"],
    ["fl_progressive:none", "pr-false"],
  ])("%s is %s", (step, expected) => {
    expect(translated(step)).toEqual([expected]);
  });

  test.each([
    ["image/upload/w_10/a_90/v1700000000/a/b.jpg", false, "a/b.jpg", ["w-10", "rt-90"]],
    ["image/upload/w_10/v17/a/b.jpg?v=2", true, "image/upload/a/b.jpg?v=2", ["w-10"]],
    ["image/upload/a/b.jpg", false, "a/b.jpg", []],
    ["raw/private/v1/b_roll/a.txt", false, "b_roll/a.txt", []],
    ["my_folder/w_10/a.jpg", false, "my_folder/w_10/a.jpg", []],
    ["w_10,my_folder/a.jpg", false, "w_10,my_folder/a.jpg", []],
    ["image/w_10.jpg", false, "image/w_10.jpg", []],
    ["w_10.jpg", false, "w_10.jpg", []],
    ["image/upload/", false, "", []],
    ["v1/v2/a.jpg", false, "v2/a.jpg", []],
    ["", false, "", []],
  ] as const)("%s, types kept: %s", (rest, preserves, expected, transformations) => {
    expect(rewriteCloudinary(rest, preserves)).toEqual({ rest: expected, transformations });
  });

  test.each([
    ["l_text:Arial_20:hi", "l_text:Arial_20:hi"],
    ["w_10,c_thumb", "c_thumb"],
    ["w_x", "w_x"],
    ["w_10%20%C3%A4", "w_10??"],
    ["e_sepia", "e_sepia"],
    ["e_blur:1:2", "e_blur:1:2"],
    ["r_20:30", "r_20:30"],
    ["so_1.5", "so_1.5"],
    ["fl_lossy", "fl_lossy"],
    ["b_auto:predominant", "b_auto:predominant"],
    ["q_auto:x", "q_auto:x"],
    ["t_a-b", "t_a-b"],
    ["b_rgb:12345", "b_rgb:12345"],
    ["a_auto_right", "a_auto_right"],
  ])("%s is refused by name", (step, part) => {
    expect(() => rewriteCloudinary(`${step}/a.jpg`, false)).toThrow(`The Cloudinary parameter ${part} can't be`);
  });
});

describe("imgix", () => {
  const translated = (query: string) => known(rewriteImgix(`a/b.jpg?${query}`));

  test.each([
    ["w=100&h=50", "w-100,h-50"],
    ["w=100&ar=2:3&fit=crop", "w-100,ar-2-3"],
    ["ar=2%3A3", "ar-2-3"],
    ["crop=top", "fo-top"],
    ["crop=left,top", "fo-top_left"],
    ["crop=bottom%2Cright", "fo-bottom_right"],
    ["crop=faces", "fo-auto"],
    ["fit=clip&w=1", "c-at_max_enlarge,w-1"],
    ["fit=fill&fill=solid&fill-color=red", "cm-pad_resize,bg-red"],
    ["fit=fillmax", "cm-pad_resize"],
    ["fit=max", "c-at_max"],
    ["fit=scale", "c-force"],
    ["fit=facearea", "fo-face"],
    ["fm=jp2", "f-jpg"],
    ["fm=png32", "f-png"],
    ["auto=format,compress", "f-auto"],
    ["auto=format&fm=png", "f-png"],
    ["q=60", "q-60"],
    ["orient=6", "rt-90"],
    ["orient=270", "rt-270"],
    ["bg=A9AAAA54", "bg-AAAA5466"],
    ["bg=9B4F", "bg-BB44FF60"],
    ["dpr=3.0", "dpr-3.0"],
    ["sharp=10", "e-sharpen-200"],
    ["con=-50", "e-contrast"],
    ["usm=40", "e-usm-2.5-8.00-1-0.05"],
    ["usm=-50&usmrad=2", "e-usm-2-0.00-1-0.05"],
    ["blur=100", "bl-5.00"],
    ["trim=color", "t-true"],
  ])("%s is %s", (query, expected) => {
    expect(translated(query)).toEqual([expected]);
  });

  test.each(["", "v=2", "ixlib=js-3&ixid=a", "fit=crop", "auto=compress", "con=0&blur=0", "usmrad=2"])(
    "%s says nothing",
    (query) => {
      expect(rewriteImgix(`a/b.jpg?${query}`)).toEqual({ rest: `a/b.jpg?${query}`, transformations: [] });
    },
  );

  test.each([
    ["w=x", "w=x"],
    ["w=1,h-5", "w=1,h-5"],
    ["crop=edges", "crop=edges"],
    ["fit=min", "fit=min"],
    ["fill=blur", "fill=blur"],
    ["auto=enhance", "auto=enhance"],
    ["rot=5", "rot"],
    ["txt=hi", "txt"],
    ["mark-align=top", "mark-align"],
    ["blend64=a", "blend64"],
    ["sat=5", "sat"],
    ["usm=1&usmrad=x", "usmrad=x"],
    ["bg=%0a", "bg=?"],
  ])("%s is refused by name", (query, part) => {
    expect(() => rewriteImgix(`a.jpg?${query}`)).toThrow(`The imgix parameter ${part} can't be translated`);
  });
});

describe("Akamai", () => {
  test("sizes are translated, and everything else of its parameters is refused by name", () => {
    expect(known(rewriteAkamai("a.jpg?imwidth=100&imheight=50&v=1"))).toEqual(["w-100,h-50"]);
    expect(rewriteAkamai("a.jpg").transformations).toEqual([]);
    for (const [query, part] of [
      ["imwidth=x", "imwidth=x"],
      ["im=Resize,width=1", "im"],
      ["impolicy=small", "impolicy"],
    ]) {
      expect(() => rewriteAkamai(`a.jpg?${query}`)).toThrow(`The Akamai parameter ${part} can't be translated`);
    }
  });
});
