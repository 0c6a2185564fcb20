import { families } from "@sluice/fonts";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { MediaError } from "../../../media-error.ts";
import { plain, render } from "../../../testing/pictures.ts";
import { readTransformation } from "../../plan/read-transformation.ts";
import type { LayerBytes } from "../layers/layer-source.ts";
import { fontNamed } from "./testing/font-named.ts";

const width = 600;
const height = 400;
const base = await plain(width, height, "#ffffff").png().toBuffer();

/** The first and the last pixel of each axis, and how many there are from the one to the other. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Says which pixels a test looks for. */
type Picks = (red: number, green: number, blue: number) => boolean;

const isInk: Picks = (red, green, blue) => Math.min(red, green, blue) < 255;
const isDark: Picks = (red, green, blue) => Math.max(red, green, blue) < 100;
const isGreen: Picks = (red, green, blue) => red === 0 && green === 255 && blue === 0;
const isInkOnGreen: Picks = (...pixel) => isInk(...pixel) && !isGreen(...pixel);

/** The picture with a text, on white. */
class Drawn {
  readonly data: Buffer;

  constructor(data: Buffer) {
    this.data = data;
  }

  at(x: number, y: number): readonly [red: number, green: number, blue: number] {
    const [red = 0, green = 0, blue = 0] = this.data.subarray((y * width + x) * 3);
    return [red, green, blue];
  }

  is(picks: Picks, x: number, y: number): boolean {
    return picks(...this.at(x, y));
  }

  /** The pixels that are picked, by their index. */
  places(picks: Picks): number[] {
    const found: number[] = [];
    for (let index = 0; index < width * height; index += 1) {
      const [red = 0, green = 0, blue = 0] = [this.data[index * 3], this.data[index * 3 + 1], this.data[index * 3 + 2]];
      if (picks(red, green, blue)) found.push(index);
    }
    return found;
  }

  /** The box around the pixels that are picked. */
  boxOf(picks: Picks = isInk): Box {
    const places = this.places(picks);
    if (places.length === 0) throw new Error("Nothing was drawn");
    let [left, right] = [width, 0];
    for (const place of places) {
      left = Math.min(left, place % width);
      right = Math.max(right, place % width);
    }
    const [top, bottom] = [Math.floor((places[0] ?? 0) / width), Math.floor((places.at(-1) ?? 0) / width)];
    return { left, top, right, bottom, width: right - left + 1, height: bottom - top + 1 };
  }
}

const noFiles: ReadonlyMap<string, LayerBytes> = new Map();

async function draw(text: string, layers = noFiles): Promise<Drawn> {
  const transformation = readTransformation(parseTransformation(text));
  const output = { format: "png", lossless: true } as const;
  const rendered = await render(base, { ...transformation, output }, { layers });
  const { data, info } = await sharp(rendered.data).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([width, height]);
  return new Drawn(data);
}

const inkOf = async (text: string): Promise<Box> => (await draw(text)).boxOf();

const base64 = (text: string): string => encodeURIComponent(Buffer.from(text).toString("base64"));
const written = (text: string, rest = ""): string => `l-text,ie-${base64(text)}${rest},l-end`;

describe("a text (docs/protocol/transformations.md §6.2)", () => {
  test("is black, 45 px large and in the middle unless it says otherwise", async () => {
    const drawn = await draw("l-text,i-HEX,l-end");
    const box = drawn.boxOf();
    // The capitals of Open Sans are 0.714 as high as the font is large.
    expect(Math.abs(box.height - 45 * 0.714)).toBeLessThanOrEqual(2);
    expect(Math.abs(box.left + box.right + 1 - width)).toBeLessThanOrEqual(1);
    expect(Math.abs(box.top + box.bottom + 1 - height)).toBeLessThanOrEqual(1);
    expect(drawn.places(isDark).length).toBeGreaterThan(300);
  });

  test("grows with its size", async () => {
    const [one, two] = [await inkOf("l-text,i-HEX,fs-40,l-end"), await inkOf("l-text,i-HEX,fs-120,l-end")];
    expect(Math.abs(two.height - 3 * one.height)).toBeLessThanOrEqual(3);
    expect(Math.abs(two.width - 3 * one.width)).toBeLessThanOrEqual(6);
  });

  test("is cut to its ink: letters below or above the small ones add to its height", async () => {
    const small = await inkOf(written("x", ",fs-60,ly-0"));
    expect(small.top).toBe(0);
    for (const text of ["xh", "xp"]) {
      expect((await inkOf(written(text, ",fs-60,ly-0"))).height, text).toBeGreaterThan(small.height + 10);
    }
  });

  test("has letters that stand upon one line", async () => {
    const drawn = await draw(written("xpx", ",fs-60"));
    const box = drawn.boxOf();
    const lowest = (from: number): number => {
      const places = drawn.places(isDark).filter((place) => place % width >= from && place % width < from + 20);
      return Math.floor((places.at(-1) ?? 0) / width);
    };
    expect(lowest(box.left)).toBe(lowest(box.right - 19));
    expect(lowest(box.left)).toBeLessThan(box.bottom - 5);
  });

  test.each([
    ["co-FF0000", [255, 0, 0]],
    ["co-00800050", [127, 191, 127]],
    ["co-0000FF,al-5", [127, 127, 255]],
    ["al-5", [127, 127, 127]],
    // A named colour, or one that states its opacity, stays as it is.
    ["co-red,al-5", [255, 0, 0]],
    ["co-FF000080,al-1", [255, 51, 51]],
  ])("has the colour of %s", async (parameters, expected) => {
    const middle = (await draw(`l-text,i-I,fs-200,${parameters},lx-0,ly-0,l-end`)).at(10, 60);
    for (const [channel, value] of expected.entries()) {
      expect(Math.abs((middle[channel] ?? 0) - value), `${middle}`).toBeLessThanOrEqual(2);
    }
  });

  test("is bold, leans, and is struck through", async () => {
    const styled = (style: string): Promise<Drawn> => draw(`l-text,i-ll ll,fs-80${style},l-end`);
    const plainly = await styled("");
    const bold = await styled(",tg-b");
    expect(bold.places(isDark).length).toBeGreaterThan(1.3 * plainly.places(isDark).length);
    expect((await styled(",tg-i")).boxOf().width).toBeGreaterThan(plainly.boxOf().width);
    // Only the line through the text crosses the space between the words.
    const crosses = (drawn: Drawn): boolean => drawn.places(isDark).some((place) => place % width === width / 2);
    expect([plainly, bold, await styled(",tg-strikethrough")].map(crosses)).toEqual([false, false, true]);
    const all = await styled(",tg-b_i_strikethrough");
    expect(crosses(all)).toBe(true);
    expect(all.places(isDark).length).toBeGreaterThan(1.3 * plainly.places(isDark).length);
  });

  test("holds markup and signs as they are", async () => {
    expect((await inkOf(written("<b>x</b> & y", ",fs-20"))).width).toBeGreaterThan(80);
    expect(await inkOf(written("a\u0007b\u0000c"))).toEqual(await inkOf(written("abc")));
    expect(await inkOf(written("a\r\nb"))).toEqual(await inkOf(written("a\nb")));
  });

  test("of spaces alone shows its background, and nothing else", async () => {
    expect((await draw(written("   "))).places(isInk)).toEqual([]);
    const box = await inkOf(written(" \n ", ",w-50,pa-20,bg-00FF00"));
    expect([box.width, box.height]).toEqual([90, 41]);
  });
});

describe("the box of a text", () => {
  test.each([
    ["pa-10", [10, 10, 10, 10]],
    ["pa-10_20", [10, 20, 10, 20]],
    ["pa-10_20_30", [10, 20, 30, 20]],
    ["pa-10_20_30_40", [10, 20, 30, 40]],
    ["pa-bw_div_60_bh_div_20", [10, 20, 10, 20]],
  ])("has padding around the ink: %s", async (padding, sides) => {
    const drawn = await draw(`l-text,i-Hxg,bg-00FF00,${padding},l-end`);
    const box = drawn.boxOf();
    const ink = drawn.boxOf(isInkOnGreen);
    expect([ink.top - box.top, box.right - ink.right, box.bottom - ink.bottom, ink.left - box.left]).toEqual(sides);
  });

  test("is as wide as asked, and lines break at words", async () => {
    const text = "The quick brown fox jumps over the lazy dog";
    const wide = await inkOf(written(text, ",fs-20,bg-00FF00"));
    const narrow = await inkOf(written(text, ",fs-20,bg-00FF00,w-200"));
    const half = await inkOf(written(text, ",fs-20,bg-00FF00,w-bw_div_3"));
    expect(wide.width).toBeGreaterThan(350);
    expect([narrow.width, half.width]).toEqual([200, 200]);
    expect(narrow.height).toBeGreaterThan(2.5 * wide.height);
    expect((await inkOf(written("word", ",fs-20,bg-00FF00,w-0.5"))).width).toBe(300);
  });

  test("breaks a word that is longer than a line", async () => {
    const box = await inkOf(written("Donaudampfschifffahrtsgesellschaft", ",fs-40,bg-00FF00,w-200"));
    expect(Math.abs(box.width - 200)).toBeLessThanOrEqual(4);
    expect(box.height).toBeGreaterThan(120);
  });

  test.each([
    ["left", 0, 300],
    ["right", 300, 0],
    ["center", 150, 150],
    [undefined, 150, 150],
  ])("has its text on the side that ia names: %s", async (side, left, right) => {
    const alignment = side === undefined ? "" : `,ia-${side}`;
    for (const text of ["H\nHHHH", "ב\nבבבב"]) {
      const ink = await inkOf(written(text, `,fs-30,w-500${alignment}`));
      const room = 500 - ink.width;
      const [before, after] = [ink.left - 50, 550 - 1 - ink.right];
      expect(Math.abs(before - (room * left) / 300), text).toBeLessThanOrEqual(1);
      expect(Math.abs(after - (room * right) / 300), text).toBeLessThanOrEqual(1);
    }
  });

  test("has lines that begin or end together, in either direction", async () => {
    for (const text of ["H\nHHHH", "ב\nבבבב"]) {
      for (const side of ["left", "right"] as const) {
        const drawn = await draw(written(text, `,fs-40,lh-100,w-500,ia-${side}`));
        const all = drawn.boxOf();
        const ofFirstLine = drawn.places(isInk).filter((place) => Math.floor(place / width) < all.top + 50);
        const columns = ofFirstLine.map((place) => place % width);
        const edge = side === "left" ? Math.min(...columns) : Math.max(...columns);
        expect(Math.abs(edge - all[side]), `${text} ${side}`).toBeLessThanOrEqual(3);
      }
    }
  });

  test.each([60, 100])("has lines %d px apart", async (distance) => {
    const one = await inkOf(written("H", `,fs-40,lh-${distance}`));
    const three = await inkOf(written("H\nH\nH", `,fs-40,lh-${distance}`));
    expect(Math.abs(three.height - one.height - 2 * distance)).toBeLessThanOrEqual(2);
  });

  test("is turned, mirrored and rounded with its text, and takes further steps", async () => {
    const lying = await inkOf("l-text,i-Hello,bg-00FF00,pa-10,l-end");
    const standing = await inkOf("l-text,i-Hello,bg-00FF00,pa-10,rt-90,l-end");
    expect([standing.width, standing.height]).toEqual([lying.height, lying.width]);
    const halved = await inkOf("l-text,i-Hello,bg-00FF00,pa-10:w-bw_div_6,l-end");
    expect(halved.width).toBe(100);
    const round = await draw("l-text,i-Hello,bg-00FF00,pa-30,r-max,l-end");
    const box = round.boxOf();
    expect(round.at(box.left, box.top)).toEqual([255, 255, 255]);
    for (const [flip, stemIsLeft] of [
      ["", true],
      [",fl-h", false],
    ] as const) {
      const drawn = await draw(`l-text,i-L,fs-200${flip},l-end`);
      const { left, top } = drawn.boxOf();
      expect(drawn.is(isDark, left + 8, top + 40)).toBe(stemIsLeft);
    }
  });

  test("lies where its position says, in its own parent", async () => {
    const corner = await inkOf("l-text,i-H,lx-N10,ly-20,l-end");
    expect([corner.top, corner.right]).toEqual([20, 589]);
    const block = "l-image,i-ik_canvas,w-200,h-100,bg-00FF00,lx-50,ly-60";
    const drawn = await draw(`${block},l-text,i-H,fs-bh_div_2,co-0000FF,lx-0,ly-0,l-end,l-end`);
    const ink = drawn.boxOf(isInkOnGreen);
    expect([ink.left, ink.top]).toEqual([50, 60]);
    expect(Math.abs(ink.height - 50 * 0.714)).toBeLessThanOrEqual(2);
  });

  test("takes the writing from any of its steps, and its width from the first", async () => {
    const one = await draw("l-text,i-Hello,w-300,bg-00FF00,fs-30,co-red,pa-5,l-end");
    const several = await draw("l-text,i-Hello,w-300,bg-00FF00:fs-30,pa-5:co-red,l-end");
    expect(several.data.equals(one.data)).toBe(true);
  });
});

describe("fonts", () => {
  const picture = async (text: string): Promise<string> => (await draw(text)).data.toString("latin1");

  test("are as many as there are families, and no two are alike", async () => {
    const seen = new Set<string>();
    for (const { name } of families) seen.add(await picture(`l-text,i-Hamburg,ff-${encodeURIComponent(name)},l-end`));
    expect(seen.size).toBe(families.length);
  });

  test("have names without case, spaces and underscores; an unknown one is Open Sans", async () => {
    expect(await picture("l-text,i-Ha,ff-ptserif,l-end")).toBe(await picture("l-text,i-Ha,ff-PT_Serif,l-end"));
    const standard = await picture("l-text,i-Ha,l-end");
    for (const name of ["Open Sans", "Comic Sans", "DejaVu Sans", "sans-serif"]) {
      expect(await picture(`l-text,i-Ha,ff-${encodeURIComponent(name)},l-end`), name).toBe(standard);
    }
  });

  /** Whether a character is drawn as the frame that stands for one that no font has: a line along each of its sides. */
  async function isFrame(character: string): Promise<boolean> {
    const drawn = await draw(written(character, ",fs-200"));
    const { left, right, top, bottom } = drawn.boxOf();
    const across = Array.from({ length: right - left - 20 }, (_, index) => left + 10 + index);
    const down = Array.from({ length: bottom - top - 20 }, (_, index) => top + 10 + index);
    const insets = Array.from({ length: 12 }, (_, inset) => inset);
    return (
      insets.some((inset) => across.every((x) => drawn.is(isDark, x, top + inset))) &&
      insets.some((inset) => across.every((x) => drawn.is(isDark, x, bottom - inset))) &&
      insets.some((inset) => down.every((y) => drawn.is(isDark, left + inset, y))) &&
      insets.some((inset) => down.every((y) => drawn.is(isDark, right - inset, y)))
    );
  }

  test.each([
    ["Latin with marks", "ế"],
    ["Greek", "Ω"],
    ["Cyrillic", "Ж"],
    ["Hebrew", "ש"],
    ["Arabic", "ع"],
    ["Devanagari", "न"],
    ["Thai", "ก"],
    ["Kana", "あ"],
    ["Japanese", "語"],
    ["simplified Chinese", "汉"],
    ["Korean", "한"],
  ])("have the letters of many scripts: %s", async (_, letter) => {
    expect(await isFrame(letter)).toBe(false);
  });

  test("draw what no font has as a frame", async () => {
    expect(await isFrame("\u16a0")).toBe(true);
  });

  test("draw emoji in their colours, also those of several characters", async () => {
    const drawn = await draw(written("😀", ",fs-100,co-FF0000"));
    const box = drawn.boxOf();
    const row = Array.from({ length: box.width }, (_, index) => drawn.at(box.left + index, box.top + 50).join(" "));
    expect(new Set(row).size).toBeGreaterThan(10);
    const family = await inkOf(written("👨\u200d👩\u200d👧", ",fs-100"));
    expect(family.width).toBeLessThan(160);
  });

  test("join letters and run from right to left where the script does", async () => {
    const joined = await inkOf(written("بب", ",fs-100"));
    const apart = await inkOf(written("ب\u200cب", ",fs-100"));
    expect(joined.width).toBeLessThan(apart.width);
  });
});

describe("a font of the library", () => {
  const withFont = async (bytes: Buffer, text = "l-text,i-Hamburg,ff-fonts@@own.ttf,l-end"): Promise<Buffer> =>
    (await draw(text, new Map([["fonts/own.ttf", { bytes, area: undefined }]]))).data;
  const built = async (name: string): Promise<Buffer> => (await draw(`l-text,i-Hamburg,ff-${name},l-end`)).data;

  test("writes as the same font that is built in, whatever it calls itself", async () => {
    const lobster = fontNamed("lobster");
    expect((await withFont(lobster)).equals(await built("Lobster"))).toBe(true);
    expect((await withFont(fontNamed("roboto"))).equals(await built("Roboto"))).toBe(true);
    // No style of it is made up, and no text without it changes.
    const bold = await withFont(lobster, "l-text,i-Hamburg,ff-fonts@@own.ttf,tg-b_i,l-end");
    expect(bold.equals(await built("Lobster"))).toBe(true);
    expect((await built("nobody's")).equals(await built("Open%20Sans"))).toBe(true);
  });

  test("takes letters that it doesn't have from others, and other writing as every text", async () => {
    const text = (font: string) => written("日本 Ha", `,ff-${font},fs-60,co-red,pa-9,bg-00FF00,w-300,ia-left`);
    const own = await withFont(fontNamed("lobster"), text("fonts@@own.ttf"));
    expect(own.equals((await draw(text("Lobster"))).data)).toBe(true);
  });

  test("that is missing, or can't be read, is Open Sans", async () => {
    const standard = await built("Open%20Sans");
    expect((await draw("l-text,i-Hamburg,ff-fonts@@own.ttf,l-end")).data.equals(standard)).toBe(true);
    const lobster = fontNamed("lobster");
    for (const broken of [Buffer.from("no font"), Buffer.alloc(0), lobster.subarray(0, 2000)]) {
      expect((await withFont(broken)).equals(standard)).toBe(true);
    }
  });

  test("has the bounds of every text", async () => {
    const long = written("W".repeat(2000), ",ff-fonts@@own.ttf");
    const error: unknown = await withFont(fontNamed("lobster"), long).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "ELIMIT", message: expect.stringContaining("16383") });
    expect((await draw(written("  ", ",ff-fonts@@own.ttf"))).places(isInk)).toEqual([]);
  });
});

describe("what asks for too much is refused", () => {
  async function refusal(text: string): Promise<string> {
    const error: MediaError | undefined = await draw(text).then(
      () => undefined,
      (thrown) => thrown,
    );
    return error === undefined ? "" : `${error.code} ${error.message}`;
  }

  test.each([
    ["a line that is too long", written("W".repeat(2000)), /^ELIMIT .*16383/],
    ["letters that are too large", "l-text,i-W,fs-65535,l-end", /^ELIMIT A text of up to/],
    ["many large letters", written("W ".repeat(1000), ",fs-500,w-4000"), /^ELIMIT A text of up to/],
    ["a long line and many short ones", written(`${"W".repeat(900)}${"\n".repeat(1300)}.`), /^ELIMIT A text of up to/],
    ["many lines of piled marks", written(`a${"\u0301".repeat(1200)}\nbbb`, ",fs-200"), /^ELIMIT/],
    ["wide phrases", written("\u{fdfd}".repeat(700), ",fs-200,w-9000"), /^ELIMIT/],
    ["padding", "l-text,i-W,pa-20000,l-end", /^ELIMIT .*16383/],
    ["a wide box", "l-text,i-W,w-60000,bg-red,l-end", /^ELIMIT .*16383/],
    ["arithmetic without a result", "l-text,i-W,fs-bw_div_0,l-end", /^ETRANSFORMATION .*fs-bw_div_0/],
  ])("%s", async (_, text, expected) => {
    const before = performance.now();
    expect(await refusal(text)).toMatch(expected);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  test("what is long, and no larger than it may be, is drawn", async () => {
    expect(await refusal(written("W ".repeat(1250), ",fs-12,w-590"))).toBe("");
    expect(await refusal(written("日本語😀ع".repeat(300), ",fs-10,w-590"))).toBe("");
    expect(await refusal(written("a\u0301\u0302\u0303".repeat(400), ",fs-10,w-590"))).toBe("");
    expect(await refusal(written("\u202e".repeat(600), ",fs-10"))).toBe("");
  });

  test("writing that follows from a condition", () => {
    const read = (text: string) => () => readTransformation(parseTransformation(text));
    expect(read("l-text,i-a:if-w_gt_3,fs-20,if-end,l-end")).toThrow("Unsupported transformation parameter: fs");
    expect(read("l-text,i-a:if-w_gt_3,rt-90,if-end,l-end")).not.toThrow();
  });
});
