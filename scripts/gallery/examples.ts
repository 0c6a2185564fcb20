import type { parameterGroups } from "../../packages/grammar/src/index.ts";
import { type Example, on } from "./example.ts";
import { focusExamples } from "./focus-examples.ts";

type T1KeyOf<Records> = Records extends unknown
  ? { [Key in keyof Records]: Records[Key] extends { readonly tier: "T1" } ? Key : never }[keyof Records]
  : never;

export type T1Key = T1KeyOf<(typeof parameterGroups)[number]["records"]>;

const photo = on("photo");
const phone = on("phone");
const dull = on("dull");
const wide = on("wide");
const logo = on("logo");
const framed = on("framed");
const ball = on("ball");
const pages = on("pages");
const chart = on("chart");

/** The gallery's examples for each parameter of the first tier. */
export const examples = {
  n: [photo("n-media_library_thumbnail", "A name stands for a transformation: this built-in one fits into 100 × 100.")],
  di: [{ ...photo("di-photo.jpg,w-180", "There is no such file, so this one is delivered."), fileName: "missing.jpg" }],
  orig: [
    phone("orig-true,w-60", "The stored bytes, whatever else is asked; it is the browser that turns them upright."),
  ],
  pg: [
    pages("pg-2", "The second page of a TIFF."),
    ball("pg-3", "The third frame of an animation, as a still picture."),
  ],
  w: [
    photo("w-240", "Width alone: the height follows."),
    photo("w-0.5", "A fraction of the width."),
    photo("w-auto", "As wide as the client says, rounded up to hundreds: here 212.", { "sec-ch-width": "212" }),
    ball("w-120", "An animation keeps moving, in WebP for browsers."),
  ],
  h: [
    photo("h-120", "Height alone: the width follows."),
    photo("w-180,h-180", "Both: scaled to cover, the overflow cut."),
  ],
  ar: [
    photo("ar-1-1,w-180", "A width and a ratio."),
    photo("ar-3_4,h-200", "A height and a ratio, with an underscore."),
    photo("ar-2-1", "A ratio alone: the largest part of that ratio."),
  ],
  dpr: [
    photo("w-120,dpr-2", "Twice the pixels for a dense screen."),
    photo("w-120,dpr-auto", "By the client's hint, here 1.5.", { "sec-ch-dpr": "1.5" }),
  ],
  c: [
    photo("w-180,h-180,c-maintain_ratio", "Covers the box exactly; the overflow is cut."),
    photo("w-400,h-400,c-maintain_ratio_no_enlarge", "Never larger than the source: the largest square in it."),
    photo("w-180,h-180,c-force", "Exactly the box, squeezed."),
    photo("w-180,h-180,c-at_max", "The whole picture inside the box."),
    photo("w-420,h-420,c-at_max_enlarge", "The whole picture inside the box, enlarged if need be."),
    photo("w-180,h-180,c-at_least", "The whole picture around the box."),
  ],
  cm: [
    photo("w-220,h-220,cm-pad_resize,bg-CBD5E1", "The whole picture in the box, padded."),
    photo("w-420,h-420,cm-pad_resize_no_enlarge,bg-CBD5E1", "Padded, but never enlarged."),
    photo("w-160,h-160,cm-extract", "Cut from the middle at its own scale."),
    photo("w-280,h-280,cm-pad_extract,bg-CBD5E1", "Own scale: cut where larger, padded where smaller."),
    photo("w-280,h-280,cm-pad_extract_no_shrink,bg-CBD5E1", "Own scale, padded, never cut."),
  ],
  fo: [
    ...["center", "left", "right"].map((focus) =>
      photo(`w-160,h-200,fo-${focus}`, `What stays when the sides are cut: ${focus}.`),
    ),
    ...["top", "bottom"].map((focus) =>
      photo(`w-320,h-120,fo-${focus}`, `What stays when top and bottom are cut: ${focus}.`),
    ),
    ...["top_left", "top_right", "bottom_left", "bottom_right"].map((focus) =>
      photo(`w-140,h-140,cm-extract,fo-${focus}`, `The ${focus.replace("_", " ")} corner at its own scale.`),
    ),
    photo("w-220,h-220,cm-pad_resize,fo-top,bg-CBD5E1", "All padding below."),
    photo("w-160,h-200,fo-auto", "What draws the eye: the house, to libvips."),
    photo("w-140,h-140,cm-extract,fo-auto", "The same at its own scale."),
    photo("w-140,h-140,fo-custom", "The coordinates stored with the file: the balloon."),
    photo("w-160,h-160,cm-extract,fo-custom", "Centred on those coordinates at its own scale."),
    photo("w-140,h-140,fo-auto-custom_override", "Stored coordinates before what draws the eye."),
    logo("w-80,h-120,fo-auto-custom_override", "No coordinates are stored: what draws the eye."),
    ...Object.values(focusExamples.fo),
  ],
  x: [photo("w-120,h-120,cm-extract,x-220,y-30", "From 220 px from the left and 30 px from the top.")],
  y: [photo("w-120,h-120,cm-extract,y-120", "From 120 px from the top, centred across.")],
  xc: [photo("w-120,h-120,cm-extract,xc-268,yc-90", "Around the point at 268, 90.")],
  yc: [photo("w-120,h-120,cm-extract,yc-60", "Around 60 px from the top, centred across.")],
  z: Object.values(focusExamples.z),
  bg: [
    photo("w-240,h-240,cm-pad_resize,bg-7C3AED", "Padding of one colour."),
    photo("w-120,h-120,cm-pad_resize,bg-7C3AED40,f-png", "40 % opaque."),
    photo("w-240,h-240,cm-pad_resize,bg-blurred", "The picture itself, blurred."),
    photo("w-240,h-240,cm-pad_resize,bg-blurred_90_N60", "Blurred more, and darker."),
    photo("w-240,h-240,cm-pad_resize,bg-dominant", "The colour that is most at its edges."),
    photo("w-240,h-240,cm-pad_resize,bg-gradient_dominant", "From one dominant colour to another."),
    photo("w-240,h-240,cm-pad_resize,bg-gradient_dominant_4", "Between four of them."),
    logo("bg-FDE68A", "What a transparent picture is laid upon."),
    photo("rt-20,bg-F59E0B,f-jpg,w-180", "The corners of a turned picture."),
  ],
  t: [
    framed("t-5", "Five percent: the paper goes, the mat stays."),
    framed("t-true", "Ten: the mat goes as well."),
    framed("t-15", "Fifteen."),
  ],
  "e-contrast": [dull("e-contrast", "The contrast stretched.")],
  cr: [
    photo("w-240,cr-BE123C_30_5B8FC7", "The blue becomes red, light where it was light."),
    logo("cr-16A34A", "The colour that most pixels have, in green."),
  ],
  "e-colorize": [
    photo("w-180,e-colorize-co-7C3AED_in-40", "Two fifths of a violet in every pixel."),
    logo("e-colorize-co-BE123C", "Bare of an intensity, the colour takes everything but the shape."),
  ],
  "e-grayscale": [photo("e-grayscale", "Without colours."), logo("e-grayscale", "Transparency stays.")],
  bl: [photo("bl-3", "A little blurred."), photo("bl-20", "Much.")],
  "e-sharpen": [photo("w-240,e-sharpen-10", "Sharpened a little."), photo("w-240,e-sharpen", "Bare: 50.")],
  "e-usm": [photo("w-240,e-usm", "An unsharp mask, bare."), photo("w-240,e-usm-2-2-4-0.02", "A strong one.")],
  "e-gradient": [
    photo("w-180,e-gradient", "Bare: from white to nothing, downwards."),
    photo("w-180,e-gradient-ld-top_from-000000_to-00000000_sp-0.6", "From the bottom up, done at three fifths."),
    photo("w-180,e-gradient-ld-45_from-BE123C70_to-7C3AED70", "Across, from one colour to another, 70 % opaque."),
    photo("w-180,e-gradient-ld-right_sp-ch_div_4", "As far as a quarter of the height, by arithmetic."),
  ],
  "e-shadow": [
    logo("e-shadow", "Bare."),
    logo("e-shadow-bl-5_st-70_x-6_y-6", "Sharper, darker and further away."),
    logo("e-shadow-bl-0_st-40_x-N6_y-4", "Without blur, to the left."),
  ],
  "e-dropshadow": [logo("w-120:e-dropshadow", "Bare: the light comes from the front, on the left.")],
  "e-distort": [
    photo("w-240,e-distort-p-30_20_210_0_240_150_0_130", "The corners moved, clockwise from the top left."),
    photo("w-160,e-distort-a-60", "Bent upwards."),
    photo("w-160,e-distort-a-N60", "Bent downwards."),
    photo("w-160,e-distort-a-300", "Bent almost to a ring."),
  ],
  fl: [
    photo("w-180,fl-h", "Mirrored horizontally."),
    photo("w-180,fl-v", "Mirrored vertically."),
    photo("w-180,fl-h_v", "Both."),
    photo("w-180,fl-v_h", "Both, named the other way."),
  ],
  rt: [
    photo("rt-90,w-160", "A quarter turn clockwise."),
    photo("rt-N90,w-160", "A quarter turn counter-clockwise."),
    photo("w-180,rt-180", "Half a turn."),
    photo("rt-30,w-300", "Other angles make the picture larger, with see-through corners."),
    phone("rt-auto", "Upright by its EXIF."),
  ],
  b: [photo("w-200,b-8_BE123C", "A frame around the picture: it grows by twice the width.")],
  r: [
    photo("w-200,r-30", "Round corners."),
    photo("w-180,h-180,r-max", "A circle."),
    photo("w-200,r-max", "An ellipse, when it is no square."),
    photo("w-200,r-0_60_0_max", "Each corner on its own, from the top left clockwise."),
    photo("w-200,r-30,bg-BE123C,f-jpg", "In a JPEG the corners have a colour."),
    photo("w-200,b-8_BE123C,r-30", "The frame is rounded with the picture."),
  ],
  o: [photo("w-240,o-40", "40 % opaque."), photo("w-240,o-40,bg-FFFFFF", "40 % opaque on white.")],
  f: [
    photo("w-180,f-auto", "What the client takes: WebP."),
    photo("w-180,f-auto", "What a client takes that names nothing.", { accept: "*/*" }),
    photo("w-180,f-jpg", "JPEG."),
    logo("f-jpg", "JPEG has no transparency: black under it, unless `bg` says otherwise."),
    photo("w-120,f-png", "PNG, with a palette."),
    photo("w-180,f-webp", "WebP."),
    photo("w-180,f-avif", "AVIF."),
    ball("w-180,f-gif", "A GIF stays one."),
    photo("w-180,f-orig", "The source's format."),
    chart("f-svg", "A drawing stays one."),
    chart("w-300,f-png", "A drawing as pixels, sharp at its new size."),
  ],
  q: [
    photo("w-160,f-jpg,q-5", "Quality 5."),
    photo("w-160,f-jpg,q-40", "Quality 40."),
    photo("w-160,f-jpg,q-95", "Quality 95."),
  ],
  lo: [photo("w-80,f-webp,lo-true", "WebP without loss."), photo("w-80,f-png,lo-true", "PNG without a palette.")],
  pr: [photo("w-180,f-jpg,pr-true", "Appears whole and gets sharper while it loads.")],
  cp: [
    wide("w-180,f-jpg,cp-true", "The profile goes along."),
    wide("w-180,f-jpg,cp-false", "Without: converted, so that it looks the same."),
  ],
  md: [phone("w-120,f-jpg,md-true", "EXIF and profile go along, the orientation put right.")],
  dn: [photo("w-180,f-jpg,dn-300", "The file says 300 dots per inch; the pixels are the same.")],
  c2pa: [photo("w-180,c2pa-true", "Taken and without effect.")],
  fs: [
    photo("w-200,h-100,l-text,i-Harbour,fs-24,co-FFFFFF,l-end", "Letters of 24 px."),
    photo("w-200,h-100,l-text,i-Harbour,fs-bw_div_5,co-FFFFFF,l-end", "A fifth of the picture's width."),
  ],
  ff: [
    photo("w-200,h-100,l-text,i-Harbour,ff-Lobster,fs-40,co-FFFFFF,l-end", "Lobster."),
    photo("w-200,h-100,l-text,i-Harbour,ff-Abril%20FatFace,fs-40,co-FFFFFF,l-end", "Abril Fatface."),
    photo("w-200,h-100,l-text,i-Harbour,ff-PT%20Mono,fs-40,co-FFFFFF,l-end", "PT Mono."),
    photo(
      "w-200,h-100,l-text,ie-5rivIOaXpeacrCDXqdec15XXnSDwn5iA,ff-Lato,fs-24,co-FFFFFF,l-end",
      "Letters that the font doesn't have come from others.",
    ),
  ],
  co: [
    photo("w-200,h-100,l-text,i-Harbour,fs-44,co-F59E0B,l-end", "A colour of its own."),
    photo("w-200,h-100,l-text,i-Harbour,fs-44,co-FFFFFF,al-5,l-end", "Half as opaque."),
  ],
  ia: [
    photo(
      "w-200,h-100,l-text,i-Evening%20at%20the%20pier,fs-24,co-FFFFFF,bg-1E293B,w-150,ia-left,l-end",
      "On the left.",
    ),
    photo(
      "w-200,h-100,l-text,i-Evening%20at%20the%20pier,fs-24,co-FFFFFF,bg-1E293B,w-150,ia-right,l-end",
      "On the right.",
    ),
  ],
  pa: [
    photo("w-200,h-100,l-text,i-Harbour,fs-30,co-FFFFFF,bg-BE123C,pa-12,r-8,l-end", "12 px on every side."),
    photo(
      "w-200,h-100,l-text,i-Harbour,fs-30,co-FFFFFF,bg-BE123C,pa-6_30,l-end",
      "6 px above and below, 30 px beside it.",
    ),
  ],
  tg: [
    photo("w-200,h-100,l-text,i-Harbour,fs-40,co-FFFFFF,tg-b,l-end", "Bold."),
    photo("w-200,h-100,l-text,i-Harbour,fs-40,co-FFFFFF,tg-i,l-end", "In italics."),
    photo("w-200,h-100,l-text,i-Harbour,fs-40,co-FFFFFF,tg-b_strikethrough,l-end", "Bold and struck through."),
  ],
  lh: [
    photo("w-200,h-100,l-text,i-Evening%20at%20the%20pier,fs-26,co-FFFFFF,w-140,lh-28,l-end", "Lines 28 px apart."),
    photo("w-200,h-100,l-text,i-Evening%20at%20the%20pier,fs-26,co-FFFFFF,w-140,lh-56,l-end", "Lines 56 px apart."),
  ],
  al: [photo("w-240,l-image,i-ik_canvas,bg-BE123C,al-5,w-120,h-80,l-end", "Half as opaque as the colour is.")],
  lx: [
    photo("w-240,l-image,i-logo.png,w-80,lx-10,ly-10,l-end", "A layer 10 px from the left and the top."),
    photo("w-240,l-image,i-logo.png,w-80,lx-N10,ly-10,l-end", "10 px from the right."),
    photo("w-240,l-image,i-logo.png,w-80,lx-bw_div_2,ly-0,l-end", "Its left edge in the middle of the picture."),
  ],
  ly: [
    photo("w-240,l-image,i-logo.png,w-80,ly-N10,l-end", "10 px from the bottom, centred across."),
    photo("w-240,l-image,i-ik_canvas,bg-1E293B,w-240,h-30,ly-N0,l-end", "A block along the lower edge."),
  ],
  lxc: [photo("w-240,l-image,i-logo.png,w-80,lxc-60,ly-10,l-end", "Its centre 60 px from the left.")],
  lyc: [photo("w-240,l-image,i-logo.png,w-80,lx-10,lyc-120,l-end", "Its centre 120 px from the top.")],
  lap: [
    photo(
      "w-240,l-image,i-logo.png,w-80,lx-N10,ly-N10,lap-bottom_right,l-end",
      "Its lower right corner, 10 px inside.",
    ),
    photo("w-240,l-image,i-logo.png,w-80,lx-0,ly-30,lap-center,l-end", "30 px below the middle."),
  ],
  lfo: [
    photo("w-240,l-image,i-logo.png,w-80,lfo-center,l-end", "In the middle, as without anything."),
    photo("w-240,l-image,i-logo.png,w-80,lfo-bottom_left,l-end", "In a corner."),
  ],
  lm: [
    photo("w-240,l-image,i-ik_canvas,bg-F59E0B,w-120,h-160,lm-multiply,l-end", "Multiplied with the picture below."),
    photo("w-240,l-image,i-logo.png,w-120,lm-cutout,l-end", "Its shape cut out."),
    photo("w-240,l-image,i-logo.png,w-160,lm-cutter,l-end", "Its shape left over."),
  ],
} as const satisfies Readonly<Record<T1Key, readonly Example[]>>;

/** Transformations of several steps, each on the result of the previous one. */
export const chains: readonly Example[] = [
  photo("w-200,h-200:rt-45", "First a square, then turned."),
  photo("rt-45:w-200,h-200", "First turned, then a square."),
  photo("w-160,h-160,fo-auto:r-max:b-6_FFFFFF", "A portrait with a frame."),
  photo(
    "w-300:l-image,i-logo.png,w-120,bg-FFFFFF,r-20,l-end:l-image,i-ball.gif,w-60,r-max,lfo-top_right,l-end",
    "Two layers, each with its own steps.",
  ),
  photo(
    "w-300:l-text,i-Evening%20at%20the%20pier,fs-22,co-FFFFFF,bg-1E293B,pa-8,rt-N8,lx-20,ly-N20,l-end",
    "A text on a ground, turned.",
  ),
  photo(
    "w-300:l-image,i-ik_canvas,w-160,h-100,bg-1E293B,r-12,l-image,i-logo.png,w-120,l-end,l-end",
    "A layer in a layer.",
  ),
  logo("w-120:bg-BE123C:w-200,h-120,cm-pad_resize,bg-FDE68A", "Laid on a colour, then padded with another."),
];
