import type { PageReply, PageSize } from "../page-task.ts";
import type { Pdfium } from "./pdfium.ts";

/** The renderer's numbers for what is asked of it. */
const withAlpha = 4;
const annotations = 1;
const redFirst = 16;
const opaqueWhite = 0xff_ff_ff_ff;

/** Draws a page on white paper, as if it filled the size. */
export function drawPage(pdfium: Pdfium, document: number, index: number, { width, height }: PageSize): PageReply {
  const page = pdfium._FPDF_LoadPage(document, index);
  if (page === 0) return { failed: "content" };
  const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, withAlpha, 0, 0);
  if (bitmap === 0) return { failed: "size" };
  pdfium._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, opaqueWhite);
  pdfium._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, annotations | redFirst);
  const start = pdfium._FPDFBitmap_GetBuffer(bitmap);
  const drawn = pdfium.HEAPU8.subarray(start, start + width * height * 4);
  return { pixels: { data: withoutAlpha(drawn), width, height, channels: 3 } };
}

/** Paper isn't transparent. */
function withoutAlpha(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array((pixels.length / 4) * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = pixels[from] ?? 0;
    data[to + 1] = pixels[from + 1] ?? 0;
    data[to + 2] = pixels[from + 2] ?? 0;
  }
  return data;
}
