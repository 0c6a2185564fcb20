import { expect, test } from "vitest";
import { parseTransformation } from "./parse.ts";
import { printTransformation } from "./print.ts";

// The worked examples of docs/protocol/transformations.md, each beside its printed form.
test.each([
  // §1, §1.1
  ["tr:w-300,h-400:rt-90", "w-300,h-400:rt-90"],
  ["ar-4:3,w-400", "w-400,ar-4-3"],
  ["ar-4-3", "ar-4-3"],
  ["ar-4_3", "ar-4-3"],
  ["ar-2.5-1", "ar-2.5-1"],
  ["di-,bg-,w-20", "w-20"],
  ["t-", "t-true"],
  ["w-100,w-200", "w-200"],
  ["l-text,i-Manu,l-end", "l-text,i-Manu,l-end"],
  ["l-text,ie-TGV0J3MgdXNlIMKpLCDCriwg4oSiLCBldGM%3D,l-end", "l-text,ie-TGV0J3MgdXNlIMKpLCDCriwg4oSiLCBldGM%3D,l-end"],
  ["l-image,i-customer_logo@@nykaa.png,l-end", "l-image,i-customer_logo@@nykaa.png,l-end"],
  ["l-image,ie-Y3VzdG9tZXJfbG9nby%2FDkXlrYWEucG5n,l-end", "l-image,ie-Y3VzdG9tZXJfbG9nby%2FDkXlrYWEucG5n,l-end"],
  ["l-image,i-ik_canvas,bg-FF0000,l-end", "l-image,i-ik_canvas,bg-FF0000,l-end"],
  ["l-subtitle,i-x.srt,l-end", "l-subtitles,i-x.srt,l-end"],
  // §2.3
  ["bg-FFAABB50", "bg-FFAABB50"],
  ["bg-fab", "bg-FFAABB"],
  ["bg-RED", "bg-red"],
  // §3
  ["w-ih_mul_0.8_add_iw_mul_0.4", "w-ih_mul_0.8_add_iw_mul_0.4"],
  ["w-10_add_7_mod_4", "w-10_add_7_mod_4"],
  ["w-2_pow_3_add_1", "w-2_pow_3_add_1"],
  ["b-ih_div_20_FF00FF", "b-ih_div_20_FF00FF"],
  ["b-10-FF0000", "b-10_FF0000"],
  // §4
  ["if-h_gte_100_and_h_lte_400_or_ar_lt_4-3,w-10,if-end", "if-h_gte_100_and_h_lte_400_or_ar_lt_4-3,w-10,if-end"],
  ["h-200:if-h_eq_200,w-100,if-end:rt-90", "h-200:if-h_eq_200,w-100,if-end:rt-90"],
  ["if-w_gt_9,w-9:rt-90,if-else,bl-3:o-20,if-end", "if-w_gt_9,w-9:rt-90,if-else,bl-3:o-20,if-end"],
  // §5.3
  ["w-300,h-200,c-force", "w-300,h-200,c-force"],
  ["w-300,h-200,c-at_max", "w-300,h-200,c-at_max"],
  ["w-850,h-1000,c-at_max_enlarge", "w-850,h-1000,c-at_max_enlarge"],
  ["w-300,h-200,c-at_least", "w-300,h-200,c-at_least"],
  ["w-300,h-200,cm-pad_resize,bg-F3F3F3", "w-300,h-200,cm-pad_resize,bg-F3F3F3"],
  ["w-300,h-300,cm-extract,x-100,y-300", "w-300,h-300,cm-extract,x-100,y-300"],
  ["w-300,h-300,cm-extract,xc-300,yc-500", "w-300,h-300,cm-extract,xc-300,yc-500"],
  ["w-900,h-900,cm-pad_resize_no_enlarge", "w-900,h-900,cm-pad_resize_no_enlarge"],
  ["w-200,h-200,cm-extract,fo-bottom_right", "w-200,h-200,cm-extract,fo-bottom_right"],
  ["w-700,h-700,cm-pad_extract", "w-700,h-700,cm-pad_extract"],
  ["w-500,h-500,cm-pad_extract_no_shrink", "w-500,h-500,cm-pad_extract_no_shrink"],
  ["w-800,h-800,c-maintain_ratio_no_enlarge", "w-800,h-800,c-maintain_ratio_no_enlarge"],
  ["w-0.5", "w-0.5"],
  ["w-100,dpr-2", "w-100,dpr-2"],
  // §5.4
  ["w-20,h-20,fo-auto-custom_override", "w-20,h-20,fo-auto-custom_override"],
  ["fo-trafficLight_cellPhone,ar-2_1", "ar-2-1,fo-trafficLight_cellPhone"],
  // §6.1
  ["w-auto,dpr-auto", "w-auto,dpr-auto"],
  ["e-grayscale,e-contrast,e-sharpen,e-usm", "e-contrast,e-grayscale,e-sharpen-50,e-usm-2-2-0.8-0.024"],
  ["e-usm-5-2-1.5-0.1,e-sharpen-20", "e-sharpen-20,e-usm-5-2-1.5-0.1"],
  ["r-10_max_20_30", "r-10_max_20_30"],
  ["rt-N45,fl-v_h", "fl-h_v,rt-N45"],
  ["bg-blurred_auto_N15", "bg-blurred_auto_N15"],
  ["bg-blurred", "bg-blurred_auto_0"],
  ["bg-dominant_gradient_4", "bg-gradient_dominant_4"],
  ["bg-gradient_dominant", "bg-gradient_dominant_2"],
  ["f-jpeg", "f-jpg"],
  ["pg-2_3-4", "pg-2_3-4"],
  ["pg-3-", "pg-3-"],
  ["pg-name-%22a%22_%22b%2C%22,w-2", "pg-name-%22a%22_%22b%2C%22,w-2"],
  // §6.2
  ["l-image,i-a.png,lx-N35,ly-N0,l-end", "l-image,i-a.png,lx-N35,ly-N0,l-end"],
  ["l-image,i-a.png,lx-N14,ly-14,lap-top_right,l-end", "l-image,i-a.png,lx-N14,ly-14,lap-top_right,l-end"],
  ["l-image,i-a.png,lm-displacement,ly-9,l-end", "l-image,i-a.png,ly-9,lm-displace,l-end"],
  [
    "l-text,i-a b,fs-bw_mul_0.1,pa-10_bw_div_2_30,tg-i_b,ff-fonts@@x.ttf,co-red,l-end",
    "l-text,i-a%20b,fs-bw_mul_0.1,ff-fonts@@x.ttf,co-red,pa-10_bw_div_2_30,tg-b_i,l-end",
  ],
  [
    "l-image,i-a,l-image,i-b,l-text,i-c,l-end,l-end,w-20:rt-90,l-end,w-300",
    "w-300,l-image,i-a,w-20,l-image,i-b,l-text,i-c,l-end,l-end:rt-90,l-end",
  ],
  // §6.3
  ["e-shadow-bl-15_st-40_x-10_y-N5", "e-shadow-bl-15_st-40_x-10_y-N5"],
  ["e-gradient-ld-topleft_to-blue_sp-0.4", "e-gradient-ld-315_from-FFFFFF_to-blue_sp-0.4"],
  ["e-colorize-in-20_co-red", "e-colorize-co-red_in-20"],
  ["cr-FF0000", "cr-FF0000_35"],
  ["cr-FF0000_20_blue", "cr-FF0000_20_blue"],
  ["e-distort-p-N5_0_90_N5_100_100_0_80", "e-distort-p-N5_0_90_N5_100_100_0_80"],
  ["e-distort-a-N45", "e-distort-a-N45"],
  [
    "e-gradient:l-image,i-a.png,t-false,l-end",
    "e-gradient-ld-180_from-FFFFFF_to-00000000_sp-1:l-image,i-a.png,t-false,l-end",
  ],
  // §6.4
  ["e-bgremove:e-dropshadow-az-45", "e-bgremove:e-dropshadow-az-45_el-45_st-60"],
  ["e-changebg-prompt-snow road", "e-changebg-prompte-c25vdyByb2Fk"],
  [
    "bg-genfill-prompte-c25vdyByb2Fk,w-10,h-10,cm-pad_resize",
    "w-10,h-10,cm-pad_resize,bg-genfill-prompte-c25vdyByb2Fk",
  ],
  // §7
  ["so-1.234,eo-bdu_sub_2,vc-none,ac-opus", "vc-none,ac-opus,so-1.23,eo-bdu_sub_2"],
  ["sr-1080_240", "sr-240_1080"],
  ["l-subtitles,i-x.srt,fol-2_A1CCDD50,fsh-blue_2,l-end", "l-subtitles,i-x.srt,fol-2_A1CCDD50,fsh-blue_2,l-end"],
])("%s is %s", (text, printed) => {
  const tree = parseTransformation(text);
  expect(printTransformation(tree)).toBe(printed);
  expect(parseTransformation(printed)).toEqual(tree);
});
