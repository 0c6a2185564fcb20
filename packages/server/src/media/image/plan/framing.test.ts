import { describe, expect, test } from "vitest";
import { black } from "../pixels/colour.ts";
import type { Anchor, Region, Size } from "../pixels/geometry.ts";
import { type FramingMode, type FramingParameters, frame } from "./framing.ts";
import { type ClientHints, type SizeParameters, targetSize } from "./target-size.ts";

type Wanted = SizeParameters & Partial<Omit<FramingParameters, "pad" | "focus" | "mode">> & { mode?: FramingMode };

type FocusOn = Anchor | Region | "saliency" | Extract<FramingParameters["focus"], { readonly zoom: number }>;

function framed(input: Size, wanted: Wanted, focus: FocusOn = centre, hints: ClientHints = {}) {
  return frame(input, targetSize(input, wanted, hints), {
    mode: "maintain_ratio",
    ...wanted,
    focus:
      focus === "saliency"
        ? { kind: "saliency" }
        : "zoom" in focus
          ? focus
          : "x" in focus
            ? { kind: "anchor", anchor: focus }
            : { kind: "area", area: focus },
    pad: (margins) => ({ kind: "pad", background: black, ...margins }),
  });
}

const centre: Anchor = { x: 0.5, y: 0.5 };
const left: Anchor = { x: 0, y: 0.5 };
const top: Anchor = { x: 0.5, y: 0 };
const bottomRight: Anchor = { x: 1, y: 1 };

/** The operations as text: `scale 300x200`, `cut 300x200+0+103`, `pad 0 76 0 76`. */
function told(input: Size, wanted: Wanted, focus?: Parameters<typeof framed>[2], hints?: ClientHints): string {
  const { operations, size } = framed(input, wanted, focus, hints);
  const parts = operations.map((operation) => {
    switch (operation.kind) {
      case "scale":
        return `scale ${operation.width}x${operation.height}`;
      case "extract":
        return `cut ${operation.width}x${operation.height}+${operation.left}+${operation.top}`;
      case "extract-salient":
        return `look ${operation.width}x${operation.height}`;
      case "pad":
        return `pad ${operation.top} ${operation.right} ${operation.bottom} ${operation.left}`;
      default:
        return operation.kind;
    }
  });
  return [...parts, `= ${size.width}x${size.height}`].join(", ");
}

const portrait: Size = { width: 640, height: 865 };
const landscape: Size = { width: 600, height: 400 };
const small = { width: 300, height: 200 };

describe("the worked examples of docs/protocol/transformations.md §5.3", () => {
  test.each<[Wanted, Anchor, string]>([
    [small, centre, "scale 300x405, cut 300x200+0+103, = 300x200"],
    [{ ...small, mode: "force" }, centre, "scale 300x200, = 300x200"],
    [{ ...small, mode: "at_max" }, centre, "scale 148x200, = 148x200"],
    [{ width: 850, height: 1000, mode: "at_max_enlarge" }, centre, "scale 740x1000, = 740x1000"],
    [{ ...small, mode: "at_least" }, centre, "scale 300x405, = 300x405"],
    [{ ...small, mode: "pad_resize" }, centre, "scale 148x200, pad 0 76 0 76, = 300x200"],
    [{ ...small, mode: "pad_resize" }, left, "scale 148x200, pad 0 152 0 0, = 300x200"],
    [{ width: 300, height: 300, mode: "extract", x: 100, y: 300 }, centre, "cut 300x300+100+300, = 300x300"],
    [{ width: 300, height: 300, mode: "extract", xc: 300, yc: 500 }, centre, "cut 300x300+150+350, = 300x300"],
  ])("640x865 with %j at %j: %s", (wanted, focus, expected) => {
    expect(told(portrait, wanted, focus)).toBe(expected);
  });

  test.each<[Wanted, Anchor, string]>([
    [{ width: 300 }, centre, "scale 300x200, = 300x200"],
    [{ height: 100 }, centre, "scale 150x100, = 150x100"],
    [{ width: 300, height: 300 }, centre, "scale 450x300, cut 300x300+75+0, = 300x300"],
    [{ width: 300, height: 300 }, left, "scale 450x300, cut 300x300+0+0, = 300x300"],
    [{ aspectRatio: 4 / 3, width: 400 }, centre, "scale 450x300, cut 400x300+25+0, = 400x300"],
    [{ width: 900, height: 900, mode: "at_max" }, centre, "= 600x400"],
    [{ width: 900, height: 900, mode: "at_max_enlarge" }, centre, "scale 900x600, = 900x600"],
    [{ width: 300, height: 300, mode: "at_least" }, centre, "scale 450x300, = 450x300"],
    [{ width: 900, height: 300, mode: "at_least" }, centre, "scale 900x600, = 900x600"],
    [{ width: 300, height: 300, mode: "pad_resize" }, centre, "scale 300x200, pad 50 0 50 0, = 300x300"],
    [{ width: 300, height: 300, mode: "pad_resize" }, top, "scale 300x200, pad 0 0 100 0, = 300x300"],
    [{ width: 900, height: 900, mode: "pad_resize" }, centre, "scale 900x600, pad 150 0 150 0, = 900x900"],
    [{ width: 900, height: 900, mode: "pad_resize_no_enlarge" }, centre, "pad 250 150 250 150, = 900x900"],
    [{ width: 200, height: 200, mode: "extract" }, centre, "cut 200x200+200+100, = 200x200"],
    [{ width: 200, height: 200, mode: "extract" }, bottomRight, "cut 200x200+400+200, = 200x200"],
    [{ width: 700, height: 700, mode: "pad_extract" }, centre, "pad 150 50 150 50, = 700x700"],
    [{ width: 500, height: 500, mode: "pad_extract" }, centre, "cut 500x400+50+0, pad 50 0 50 0, = 500x500"],
    [{ width: 500, height: 500, mode: "pad_extract_no_shrink" }, centre, "pad 50 0 50 0, = 600x500"],
    [{ width: 800, height: 800, mode: "maintain_ratio_no_enlarge" }, centre, "cut 400x400+100+0, = 400x400"],
    [{ width: 0.5 }, centre, "scale 300x200, = 300x200"],
    [{ width: 100, dpr: 2 }, centre, "scale 200x133, = 200x133"],
    [{ width: 3000, dpr: 2 }, centre, "scale 3000x2000, = 3000x2000"],
  ])("600x400 with %j at %j: %s", (wanted, focus, expected) => {
    expect(told(landscape, wanted, focus)).toBe(expected);
  });

  test("a centre whose region leaves the image is refused", () => {
    expect(() => told(landscape, { width: 200, height: 200, mode: "extract", xc: 50, yc: 50 })).toThrow(
      expect.objectContaining({ code: "ETRANSFORMATION" }),
    );
  });
});

describe("target size", () => {
  test.each<[Wanted, ClientHints, string]>([
    [{ width: 70_000, height: 100 }, {}, "scale 150x100, = 150x100"],
    [{ width: 70_000 }, {}, "= 600x400"],
    [{ width: 300, height: 200, aspectRatio: 1 }, {}, "scale 300x200, = 300x200"],
    [{ height: 200, aspectRatio: 0.5 }, {}, "scale 300x200, cut 100x200+100+0, = 100x200"],
    [{ aspectRatio: 1 }, {}, "cut 400x400+100+0, = 400x400"],
    [{ aspectRatio: 3 }, {}, "cut 600x200+0+100, = 600x200"],
    [{ width: 1 }, {}, "scale 1x1, = 1x1"],
    [{ width: 300, mode: "extract" }, {}, "scale 300x200, = 300x200"],
    [{ width: 900, mode: "at_max" }, {}, "= 600x400"],
    [{ width: 900, mode: "at_least" }, {}, "scale 900x600, = 900x600"],
    [{ dpr: 2 }, {}, "= 600x400"],
    [{ width: 0.5, height: 0.5, dpr: 2 }, {}, "= 600x400"],
    [{ width: 4, height: 4, dpr: 0.1 }, {}, "scale 6x4, cut 4x4+1+0, = 4x4"],
    [{ width: 30, height: 6, dpr: 0.1 }, {}, "scale 30x20, cut 30x6+0+7, = 30x6"],
    [{ width: 100, dpr: "auto" }, { dpr: 2 }, "scale 200x133, = 200x133"],
    [{ width: 100, dpr: "auto" }, {}, "scale 100x67, = 100x67"],
    [{ width: "auto" }, { width: 212 }, "scale 300x200, = 300x200"],
    [{ width: "auto" }, { width: 600 }, "= 600x400"],
    [{ width: "auto", dpr: "auto" }, { width: 150, dpr: 2 }, "scale 200x133, = 200x133"],
    [{ width: "auto" }, {}, "= 600x400"],
    [{ width: "auto", height: 100 }, {}, "scale 150x100, = 150x100"],
  ])("%j with hints %j: %s", (wanted, hints, expected) => {
    expect(told(landscape, wanted, centre, hints)).toBe(expected);
  });
});

describe("focus", () => {
  const box = { width: 200, height: 200 };
  const subject = { left: 420, top: 40, width: 100, height: 60 };

  test.each<[Wanted, string]>([
    [box, "cut 100x60+420+40, scale 333x200, cut 200x200+67+0, = 200x200"],
    [{ ...box, mode: "extract" }, "cut 200x200+370+0, = 200x200"],
    [{ aspectRatio: 1 }, "cut 400x400+200+0, = 400x400"],
    [{ width: 700, height: 700, mode: "pad_extract" }, "pad 150 50 150 50, = 700x700"],
  ])("stored coordinates with %j: %s", (wanted, expected) => {
    expect(told(landscape, wanted, subject)).toBe(expected);
  });

  test("coordinates outside of the image count as none, and those that stick out are cut", () => {
    const cut = "scale 300x200, cut 200x200+50+0, = 200x200";
    expect(told(landscape, box, { left: 900, top: 0, width: 10, height: 10 })).toBe(cut);
    expect(told(landscape, box, { left: 500, top: 300, width: 300, height: 300 })).toBe(
      "cut 100x100+500+300, scale 200x200, = 200x200",
    );
  });

  test("saliency decides where to cut, never how large", () => {
    expect(told(landscape, box, "saliency")).toBe("scale 300x200, look 200x200, = 200x200");
    expect(told(landscape, { ...box, mode: "extract" }, "saliency")).toBe("look 200x200, = 200x200");
    expect(told(landscape, { width: 300, height: 200 }, "saliency")).toBe("scale 300x200, = 300x200");
    expect(told(landscape, { width: 300, height: 300, mode: "pad_resize" }, "saliency")).toBe(
      "scale 300x200, pad 50 0 50 0, = 300x300",
    );
  });
});

describe("extraction", () => {
  const box = { width: 200, height: 200, mode: "extract" } as const;
  test.each<[Wanted, string]>([
    [{ ...box, x: 10 }, "cut 200x200+10+100, = 200x200"],
    [{ ...box, y: 0 }, "cut 200x200+200+0, = 200x200"],
    [{ ...box, x: 500, y: 350 }, "cut 100x50+500+350, = 100x50"],
    [{ ...box, x: 10, yc: 150 }, "cut 200x200+10+50, = 200x200"],
    [{ width: 900, height: 100, mode: "extract" }, "cut 600x100+0+150, = 600x100"],
  ])("%j: %s", (wanted, expected) => {
    expect(told(landscape, wanted)).toBe(expected);
  });

  test.each<Wanted>([
    { ...box, x: 600, y: 0 },
    { ...box, xc: 99, yc: 100 },
    { ...box, xc: 700, yc: 200 },
  ])("%j lies outside", (wanted) => {
    expect(() => told(landscape, wanted)).toThrow(expect.objectContaining({ code: "ETRANSFORMATION" }));
  });
});

describe("faces and objects of docs/protocol/transformations.md §5.4", () => {
  const street: Size = { width: 1920, height: 1280 };
  const car = (zoom = 1) =>
    ({ kind: "objects", area: { left: 500, top: 600, width: 982, height: 301 }, zoom }) as const;
  const faces = (zoom = 1) =>
    ({ kind: "faces", area: { left: 900, top: 300, width: 100, height: 120 }, zoom }) as const;

  test.each<[string, Wanted, FocusOn, string]>([
    ["the worked example, without a size", {}, car(), "cut 982x301+500+600, = 982x301"],
    ["the worked example, with a ratio", { aspectRatio: 2 }, car(), "cut 982x491+500+505, = 982x491"],
    ["a ratio that adds width", { aspectRatio: 4 }, car(), "cut 1204x301+389+600, = 1204x301"],
    ["wider around it", {}, car(0.5), "cut 1920x602+0+450, = 1920x602"],
    ["wider with a ratio, within the image", { aspectRatio: 2 }, car(0.5), "cut 1920x960+0+271, = 1920x960"],
    ["closer", {}, car(2), "cut 491x151+746+675, = 491x151"],
    ["a box is filled around it", { width: 300, height: 300 }, car(), "cut 1280x1280+351+0, scale 300x300, = 300x300"],
    [
      "a box is filled closely around it",
      { width: 300, height: 300 },
      car(2),
      "cut 640x640+671+431, scale 300x300, = 300x300",
    ],
    [
      "the part around it stays at its own scale",
      { width: 300, height: 200, mode: "extract" },
      car(),
      "cut 300x200+841+651, = 300x200",
    ],
    [
      "the part around it is enlarged by a zoom",
      { width: 300, height: 200, mode: "extract" },
      car(2),
      "cut 150x100+916+701, scale 300x200, = 300x200",
    ],
    [
      "coordinates count more",
      { width: 300, height: 200, mode: "extract", x: 1, y: 2 },
      car(),
      "cut 300x200+1+2, = 300x200",
    ],
    ["one side scales alone", { width: 960 }, car(), "scale 960x640, = 960x640"],
    [
      "padding knows no objects",
      { width: 960, height: 960, mode: "pad_resize" },
      car(),
      "scale 960x640, pad 160 0 160 0, = 960x960",
    ],
    ["faces have a margin", {}, faces(), "cut 220x264+840+228, = 220x264"],
    ["faces in a box", { width: 200, height: 200 }, faces(), "cut 264x264+818+228, scale 200x200, = 200x200"],
    [
      "faces are extracted like that, too",
      { width: 200, height: 200, mode: "extract" },
      faces(),
      "cut 264x264+818+228, scale 200x200, = 200x200",
    ],
    ["faces with a ratio", { aspectRatio: 2 }, faces(), "cut 528x264+686+228, = 528x264"],
    ["faces from afar", { width: 200, height: 200 }, faces(0.1), "cut 1280x1280+310+0, scale 200x200, = 200x200"],
    ["faces up close", { width: 200, height: 200 }, faces(2.2), "cut 120x120+890+300, scale 200x200, = 200x200"],
    [
      "nothing is enlarged",
      { width: 600, height: 600, mode: "maintain_ratio_no_enlarge" },
      faces(),
      "cut 264x264+818+228, = 264x264",
    ],
  ])("%s", (_, wanted, focus, expected) => {
    expect(told(street, wanted, focus)).toBe(expected);
  });
});
