import { describe, expect, test } from "vitest";
import { black } from "../pixels/colour.ts";
import type { Anchor, Region, Size } from "../pixels/geometry.ts";
import { type FramingMode, type FramingParameters, frame } from "./framing.ts";
import { type ClientHints, type SizeParameters, targetSize } from "./target-size.ts";

type Wanted = SizeParameters & Partial<Omit<FramingParameters, "pad" | "focus" | "mode">> & { mode?: FramingMode };

function framed(input: Size, wanted: Wanted, focus: Anchor | Region | "saliency" = centre, hints: ClientHints = {}) {
  return frame(input, targetSize(input, wanted, hints), {
    mode: "maintain_ratio",
    ...wanted,
    focus:
      focus === "saliency"
        ? { kind: "saliency" }
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
