import { once } from "node:events";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { catalog, endlessPage, fill, type PdfPage, pdfOf, pdfWith, streamOf } from "../testing/documents.ts";
import { drawn, measured, runPage, startPage } from "../testing/run-page.ts";

const kind = "pdf" as const;
const red = [255, 0, 0];
const green = [0, 255, 0];
const blue = [0, 0, 255];
const white = [255, 255, 255];

/** Red on the left, the rest of the paper is left white. */
const halfRed: PdfPage = { content: fill(red, [0, 0, 150, 200]) };

describe("a page is measured", () => {
  test.each<[string, Partial<PdfPage>, number, number]>([
    ["as its box says", {}, 300, 200],
    ["whose corners are the other ones", { box: [300, 200, 0, 0] }, 300, 200],
    ["whose box lies somewhere", { box: [-50, 20, 50, 220] }, 100, 200],
    ["turned by a quarter", { entries: "/Rotate 90" }, 200, 300],
    ["as it is cropped", { entries: "/CropBox [100 50 200 150]" }, 100, 100],
    ["which is miles long", { box: [0, 0, 1e9, 1e9] }, 1e9, 1e9],
    ["without an area, as a letter", { box: [0, 0, 0, 0] }, 612, 792],
    ["with words for a box, as a letter", { box: ["(a)", "(b)", "(c)", "(d)"] }, 612, 792],
  ])("%s", async (_, page, width, height) => {
    const bytes = pdfOf([{ content: "", ...page }]);
    expect(await measured({ kind, bytes })).toMatchObject({ pages: 1, width, height, hasAlpha: false });
  });

  test("of several, the one that is asked for, or the first one", async () => {
    const bytes = pdfOf([10, 20, 30].map((side) => ({ content: "", box: [0, 0, side, side] })));
    for (const [page, width] of [
      [0, 10],
      [2, 30],
      [3, 10],
    ] as const) {
      expect(await measured({ kind, bytes, page })).toMatchObject({ pages: 3, width });
    }
  });
});

test("a page is drawn on white paper at the size that is asked for, whatever that does to its shape", async () => {
  for (const size of [
    { width: 60, height: 40 },
    { width: 7, height: 90 },
    { width: 1500, height: 1000 },
  ]) {
    const { width, height, channels, at } = await drawn({ kind, bytes: pdfOf([halfRed]), size });
    expect({ width, height, channels }).toEqual({ ...size, channels: 3 });
    expect(at(0, 0)).toEqual(red);
    expect(at(width - 1, height - 1)).toEqual(white);
  }
});

test("an edge is sharp at any size, since nothing is scaled", async () => {
  const { at } = await drawn({ kind, bytes: pdfOf([halfRed]), size: { width: 3000, height: 20 } });
  expect([at(1499, 10), at(1500, 10)]).toEqual([red, white]);
});

test("the page that is asked for is drawn", async () => {
  const bytes = pdfOf([red, green, blue].map((colour) => ({ content: fill(colour, [0, 0, 300, 200]) })));
  for (const [page, colour] of [red, green, blue].entries()) {
    const { at } = await drawn({ kind, bytes, page, size: { width: 3, height: 2 } });
    expect(at(1, 1)).toEqual(colour);
  }
});

test("a text in one of the standard fonts is drawn, although no font is installed", async () => {
  const entries = "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";
  const bytes = pdfOf([{ content: "BT /F 40 Tf 20 80 Td (Pages) Tj ET", entries }]);
  const { data } = await drawn({ kind, bytes, size: { width: 300, height: 200 } });
  expect(data.some((value) => value < 50)).toBe(true);
});

test("a broken table of objects is made anew", async () => {
  const bytes = Buffer.from(
    pdfOf([halfRed])
      .toString("latin1")
      .replace(/startxref\n\d+/, "startxref\n9"),
    "latin1",
  );
  expect((await drawn({ kind, bytes, size: { width: 30, height: 20 } })).at(0, 0)).toEqual(red);
});

const paper = "/Type /Page /Parent 2 0 R /MediaBox [0 0 10 10]";
const onePage = [catalog, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"];

/** A page of a few hundred bytes that unpacks to 100 MB of spaces. */
function bomb(): Buffer {
  const packed = deflateSync(deflateSync(Buffer.alloc(100_000_000, " "), { level: 1 })).toString("latin1");
  return pdfWith([
    ...onePage,
    `<< ${paper} /Contents 4 0 R >>`,
    streamOf(packed, "/Filter [/FlateDecode /FlateDecode]"),
  ]);
}

/** A form that draws itself twice. */
function mirrored(): Buffer {
  const resources = "/Resources << /XObject << /F 5 0 R >> >>";
  return pdfWith([
    ...onePage,
    `<< ${paper} /Contents 4 0 R ${resources} >>`,
    streamOf("/F Do"),
    streamOf("/F Do /F Do", `/Type /XObject /Subtype /Form /BBox [0 0 10 10] ${resources}`),
  ]);
}

function cyclic(): Buffer {
  return pdfWith([catalog, "<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R] >>"]);
}

/** Needs a password to be opened. */
function locked(): Buffer {
  const lock = `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${"ab".repeat(32)}> /U <${"cd".repeat(32)}> >>`;
  const id = `<${"00".repeat(16)}>`;
  return pdfWith([...onePage, `<< ${paper} >>`, lock], `/Encrypt 4 0 R /ID [${id} ${id}]`);
}

test.each<[string, () => Buffer, "content" | "size"]>([
  ["a name alone", () => Buffer.from("%PDF-1.7 x"), "content"],
  ["a document without pages", () => pdfOf([]), "content"],
  ["pages that contain themselves", cyclic, "content"],
  ["a document that needs a password", locked, "content"],
  ["a bomb", bomb, "size"],
  ["a form that draws itself", mirrored, "size"],
])("%s is refused", async (_, bytes, failed) => {
  expect(await runPage({ kind, bytes: bytes(), size: { width: 20, height: 20 } })).toEqual({ failed });
});

test("a picture takes no more memory than it may", async () => {
  const task = { kind, bytes: pdfOf([halfRed]), size: { width: 3000, height: 3000 } };
  expect(await runPage({ ...task, maxMemoryBytes: 8_000_000 })).toEqual({ failed: "size" });
  expect(await runPage({ ...task, maxMemoryBytes: 64_000_000 })).toHaveProperty("pixels");
});

test("a document of many pages is measured at once", async () => {
  const bytes = pdfOf(Array.from({ length: 20_000 }, () => ({ content: "" })));
  expect(await measured({ kind, bytes, page: 19_999 })).toMatchObject({ pages: 20_000 });
});

test("a page that takes for ever is ended with its thread", async () => {
  const thread = startPage({ kind, bytes: pdfOf([endlessPage]), size: { width: 300, height: 200 } });
  const ended = once(thread, "exit");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const start = performance.now();
  await thread.terminate();
  await ended;
  expect(performance.now() - start).toBeLessThan(1000);
});
