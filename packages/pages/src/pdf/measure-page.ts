import type { PageReply } from "../page-task.ts";
import type { Pdfium } from "./pdfium.ts";

/** Measures a page as it is shown: cropped, and turned. */
export function measurePage(pdfium: Pdfium, document: number, page: number): PageReply {
  const size = pdfium.wasmExports.malloc(8);
  if (size === 0) return { failed: "size" };
  if (pdfium._FPDF_GetPageSizeByIndexF(document, page, size) === 0) return { failed: "content" };
  const numbers = new DataView(pdfium.HEAPU8.buffer, size, 8);
  const [width, height] = [numbers.getFloat32(0, true), numbers.getFloat32(4, true)];
  if (!isLength(width) || !isLength(height)) return { failed: "content" };
  return { facts: { pages: pdfium._FPDF_GetPageCount(document), width, height, hasAlpha: false } };
}

function isLength(points: number): boolean {
  return Number.isFinite(points) && points > 0;
}
