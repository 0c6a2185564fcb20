import { parseTransformation } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { MediaError } from "../../media-error.ts";
import { renderContext } from "../../testing/pictures.ts";
import { planRendition } from "./plan.ts";
import { readTransformation } from "./read-transformation.ts";
import type { SourceFacts } from "./source-facts.ts";

const photo: SourceFacts = {
  format: "jpeg",
  size: { width: 600, height: 400 },
  orientation: 1,
  hasAlpha: false,
  isDrawn: false,
  pages: 1,
  animation: undefined,
};

function plan(text: string, facts: Partial<SourceFacts> = {}) {
  return planRendition(
    readTransformation(parseTransformation(text)),
    { ...photo, ...facts },
    { ...renderContext, layers: new Map() },
  );
}

function sizeOf(text: string, facts?: Partial<SourceFacts>): string {
  const { width, height } = plan(text, facts).stage.size;
  return `${width}x${height}`;
}

describe("arithmetic (docs/protocol/transformations.md §3)", () => {
  test.each([
    ["w-iw_div_2", "300x200"],
    ["w-iw_mul_0.4,h-ih_mul_0.2", "240x80"],
    ["h-ih_mul_0.8_add_iw_mul_0.4", "840x560"],
    ["w-10_add_7_mod_4,h-2_pow_3_add_1", "1x16"],
    ["w-300:w-iw_div_2,h-ch_div_2,c-force", "300x100"],
    ["w-300:w-cw_div_2", "150x100"],
    ["w-100,ar-iar_mul_2", "100x33"],
    ["w-100,dpr-iar", "150x100"],
    ["w-200,h-200,cm-extract,x-iw_sub_100", "100x200"],
    ["b-iw_div_60_red", "620x420"],
    ["w-iw_div_2:b-cw_div_100_FF0000", "306x206"],
    // A number beyond all dimensions is ignored, as one that is written.
    ["w-iw_mul_1000", "600x400"],
    ["w-iw_mul_1000,h-100", "150x100"],
    ["w-iw_div_1000", "1x1"],
  ])("%s of 600x400 is %s", (text, size) => {
    expect(sizeOf(text)).toBe(size);
  });

  test("the size of the file is its size as it is shown", () => {
    expect(sizeOf("w-iw_div_2", { orientation: 6 })).toBe("200x300");
  });

  test.each([
    ["w-iw_div_0", "w-iw_div_0"],
    ["w-100:h-cw_sub_100", "h-cw_sub_100"],
    ["b-1_div_0_red", "b-1_div_0_FF0000"],
    ["dn-idn_div_0", "dn-idn_div_0"],
    ["w-100:w-1000_pow_iw", "w-1000_pow_iw"],
  ])("%s is refused, and %s named", (text, named) => {
    expect(() => plan(text)).toThrow(
      new MediaError("ETRANSFORMATION", `Arithmetic expression gives no usable number: ${named}`),
    );
  });

  test("a picture that becomes too large is refused", () => {
    expect(() => plan("w-iw_mul_100,h-ih_mul_100")).toThrow(expect.objectContaining({ code: "ELIMIT" }));
  });

  test("the density may be arithmetic with that of the source", () => {
    expect(plan("dn-idn_div_2", { density: 300 }).output.density).toBe(150);
    expect(plan("dn-idn_div_2").output.density).toBe(36);
    expect(plan("dn-idn_mul_100", { density: 300 }).output.density).toBe(1200);
    expect(plan("w-iw_div_2,dn-idn", { density: 300 })).toMatchObject({ output: { density: 300 } });
  });
});

describe("conditions (docs/protocol/transformations.md §4)", () => {
  const large = { size: { width: 1200, height: 800 } };

  test.each([
    ["h-200:if-h_eq_200,w-100,if-end:rt-90", "67x100"],
    ["h-200:if-h_eq_201,w-100,if-end:rt-90", "200x300"],
    ["if-iw_gt_1000,w-10,if-else,w-20,if-end", "10x7"],
    ["if-iw_gt_5000,w-10,if-else,w-30:h-10,if-end", "15x10"],
    ["w-300:if-iw_eq_1200_and_w_eq_300,w-cw_div_3,if-end", "100x67"],
    ["if-ar_eq_3-2,h-20,if-end", "30x20"],
    ["if-h_gte_100_and_h_lte_400_or_ar_lt_4-3,w-10,if-end", "1200x800"],
    ["if-w_ne_1200,w-1_div_0,if-end", "1200x800"],
    ["w-300:if-w_lt_400,rt-90,if-end:if-w_eq_200,w-20,if-end", "20x30"],
    ["if-iar_gt_1,ar-1-1,w-10,if-end", "10x10"],
  ])("%s of 1200x800 is %s", (text, size) => {
    expect(sizeOf(text, large)).toBe(size);
  });

  test("neither a GIF nor a page asks any", () => {
    const text = "if-w_gt_1,w-10,if-end";
    expect(sizeOf(text, { ...large, format: "gif" })).toBe("1200x800");
    expect(sizeOf(`pg-1,h-80:${text}`, large)).toBe("120x80");
    expect(sizeOf("if-w_gt_1,w-10,pg-3,if-end:h-80", large)).toBe("120x80");
  });

  test("a branch says how the result is written, unless a later step does", () => {
    expect(plan("if-w_gt_1,f-png,q-20,if-end").output).toMatchObject({ formats: ["png"], quality: 20 });
    expect(plan("if-w_lt_1,f-png,q-20,if-end").output).toMatchObject({ quality: 80 });
    expect(plan("q-10:if-w_gt_1,q-20,if-end").output.quality).toBe(20);
    expect(plan("if-w_gt_1,q-20,if-end:q-10").output.quality).toBe(10);
    const red = { r: 255, g: 0, b: 0, alpha: 1 };
    expect(plan("if-w_gt_1,bg-red,if-end").output.background).toEqual(red);
    expect(plan("if-w_lt_1,bg-red,if-end").output.background).not.toEqual(red);
  });

  test("what a trim leaves decides about what comes behind it", () => {
    const { stage, undecided, outputOf } = plan("t-true:if-w_lt_100,w-iw_div_10,f-png,if-else,h-cw_div_2,if-end");
    expect([stage.size, undecided]).toEqual([photo.size, true]);
    const small = stage.pause?.next({ left: 0, top: 0, width: 90, height: 90 });
    expect(small?.size).toEqual({ width: 60, height: 60 });
    expect(small && outputOf(small.asked).formats).toEqual(["png"]);
    const large = stage.pause?.next({ left: 0, top: 0, width: 200, height: 300 });
    expect(large?.size).toEqual({ width: 67, height: 100 });
    expect(large && outputOf(large.asked).formats).toEqual(["jpeg", "png"]);
  });

  test("a drawing that may have to become a picture becomes one", () => {
    const text = "if-w_lt_1,f-png,if-end";
    expect(plan(text, { format: "svg" }).output.formats).toEqual(["jpeg", "png"]);
    expect(() => plan("if-w_lt_1,w-20,if-end", { format: "svg" })).toThrow(MediaError);
  });

  test("the steps of a branch count as steps", () => {
    const branch = Array.from({ length: 40 }, () => "rt-90").join(":");
    expect(() => plan(`if-w_gt_1,${branch},if-end`)).toThrow(expect.objectContaining({ code: "ELIMIT" }));
    expect(sizeOf(`if-w_lt_1,${branch},if-end`)).toBe("600x400");
  });
});

describe("layers", () => {
  const layersOf = (text: string) => {
    const { pause } = plan(text).stage;
    return pause?.kind === "layers" ? pause.layers : [];
  };

  test("are as large as arithmetic on what they lie upon says, after that step's own resize", () => {
    const [block] = layersOf("w-300,l-image,i-ik_canvas,w-bw_div_2,h-bh_sub_50,bg-red,lx-bw_sub_cw,l-end");
    expect(block?.content).toMatchObject({ kind: "block", width: 150, height: 150 });
    expect(block?.place({ width: 150, height: 150 })).toEqual({ left: 150, top: 25 });
  });

  test("have conditions of their own", () => {
    const [block] = layersOf("l-image,i-ik_canvas,w-200,h-100:if-w_gt_100,w-bw_div_10,if-else,w-1,if-end,l-end");
    expect(block?.stage.size).toEqual({ width: 60, height: 30 });
  });

  test("with arithmetic that gives no size are refused", () => {
    expect(() => plan("l-image,i-ik_canvas,w-bw_sub_bw,l-end")).toThrow(
      "Arithmetic expression gives no usable number: w-bw_sub_bw",
    );
  });
});
