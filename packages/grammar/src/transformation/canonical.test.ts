import { describe, expect, test } from "vitest";
import { canonicalText } from "./canonical.ts";
import { parseTransformation } from "./parse.ts";

const canonical = (text: string): string => canonicalText(parseTransformation(text));

describe("what means the same has one text", () => {
  test.each([
    ["the order of parameters", "h-200,w-300,rt-90", "rt-90,w-300,h-200"],
    ["encoding", "w-300,h-200:rt-90", "w-300%2Ch-200%3Art-90"],
    ["the crop that is the standard one", "w-300,h-200", "w-300,h-200,c-maintain_ratio,fo-center,dpr-1"],
    ["`cm` over `c`", "w-3,h-2,cm-extract", "w-3,h-2,c-force,cm-extract"],
    ["a ratio beside both dimensions", "w-3,h-2", "w-3,h-2,ar-4-3"],
    ["arithmetic without a picture", "w-300,b-4_red", "w-2_mul_150,b-16_div_4_red"],
    ["arithmetic that gives no dimension", "h-2", "h-2,w-2_mul_50000"],
    ["encoding parameters around a condition", "if-w_gt_2,w-2,if-end:q-20,f-png", "q-20:if-w_gt_2,w-2,if-end:f-png"],
    ["ratios", "w-3,ar-4-3", "w-3,ar-8_6"],
    ["a pixel ratio without dimensions", "bl-2", "bl-2,dpr-2"],
    ["coordinates without an extract", "w-3,h-2", "w-3,h-2,x-2,yc-3"],
    ["a zoom without something to look at", "w-3,h-2,fo-left", "w-3,h-2,z-2,fo-left"],
    ["colours", "bg-FF0000,b-5_00FF00", "bg-red,b-5_lime"],
    ["short colours", "bg-FF00AA", "bg-f0a"],
    ["angles", "rt-270", "rt-N90"],
    ["flips", "fl-h_v", "fl-v_h"],
    ["effects with what they are when bare", "e-sharpen,e-usm", "e-sharpen-50,e-usm-2-2-0.8-0.024"],
    ["encoding parameters, said anywhere", "w-3:rt-90,q-20,f-png", "w-3,q-20:rt-90,f-png"],
    ["encoding parameters, said twice", "w-3:q-30", "w-3,q-20:q-30"],
    ["the default image", "w-3", "w-3,di-a.png"],
    ["the stored bytes", "orig-true", "w-3,orig-true:rt-90"],
    ["not the stored bytes", "w-3", "w-3,orig-false"],
    ["content credentials", "w-3", "w-3,c2pa-true"],
    ["an end beside a duration", "eo-3", "eo-3,du-4"],
    ["a branch in which nothing is done", "if-w_gt_2,w-2,if-end", "if-w_gt_2,w-2,if-else,bg-,if-end"],
    ["branches in which nothing is done", "w-3", "w-3:if-w_gt_2,c-maintain_ratio,if-end"],
    ["a layer's place that is the standard one", "l-text,i-a,l-end", "l-text,i-a,lfo-center,lap-top_left,l-end"],
    ["a layer's focus beside an offset", "l-text,i-a,lx-2,l-end", "l-text,i-a,lx-2,lfo-left,l-end"],
    [
      "places of a layer that displaces the picture",
      "l-image,i-a.png,lm-displace,lx-2,l-end",
      "l-image,i-a.png,lm-displace,lx-2,lyc-3,lap-right,lfo-center,l-end",
    ],
    ["what stands for a text", "l-text,i-ab,l-end", "l-text,ie-YWI,l-end"],
  ])("%s", (_, one, other) => {
    expect(canonical(other)).toBe(canonical(one));
  });
});

describe("what means something else has another text", () => {
  test.each([
    ["the order of steps", "w-3:rt-90", "rt-90:w-3"],
    ["the order of layers", "l-text,i-a,l-end,l-text,i-b,l-end", "l-text,i-b,l-end,l-text,i-a,l-end"],
    ["a ratio that a missing hint lets count", "w-auto,h-2", "w-auto,h-2,ar-4-3"],
    ["a ratio that arithmetic may let count", "w-iw_mul_2,h-2", "w-iw_mul_2,h-2,ar-4-3"],
    ["coordinates of an extract", "w-3,h-2,cm-extract", "w-3,h-2,cm-extract,x-1"],
    ["a zoom on a face", "w-3,h-2,fo-face", "w-3,h-2,fo-face,z-2"],
    [
      "a colour that opacity is applied to",
      "l-image,i-ik_canvas,bg-red,al-4,l-end",
      "l-image,i-ik_canvas,bg-FF0000,al-4,l-end",
    ],
    [
      "the focus of a layer that displaces the picture",
      "l-image,i-a.png,lm-displace,lx-2,l-end",
      "l-image,i-a.png,lm-displace,lx-2,lfo-left,l-end",
    ],
    ["a flush edge", "l-text,i-a,lx-0,l-end", "l-text,i-a,lx-N0,l-end"],
    ["a format that is chosen automatically", "w-3", "w-3,f-auto"],
    ["quality that depends on a condition", "if-w_gt_2,q-20,if-end:q-30", "q-30:if-w_gt_2,q-20,if-end"],
    [
      "quality before a condition that sets it",
      "w-3,q-20:if-w_gt_2,q-30,if-end:rt-90",
      "w-3:if-w_gt_2,q-30,if-end:rt-90,q-20",
    ],
    ["a page", "w-3", "w-3,pg-2"],
  ])("%s", (_, one, other) => {
    expect(canonical(other)).not.toBe(canonical(one));
  });
});
