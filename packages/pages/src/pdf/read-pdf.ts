import type { PageReply, PageTask } from "../page-task.ts";
import { drawPage } from "./draw-page.ts";
import { measurePage } from "./measure-page.ts";
import { openPdfium } from "./pdfium.ts";

/**
 * Measures or draws a page of a PDF. A document that needs a password counts as unreadable. Nothing is freed, since the
 * thread ends with its one page.
 */
export async function readPdf({ bytes, page = 0, size }: PageTask): Promise<PageReply> {
  const pdfium = await openPdfium();
  const start = pdfium.wasmExports.malloc(bytes.length);
  if (start === 0) return { failed: "size" };
  pdfium.HEAPU8.set(bytes, start);
  const document = pdfium._FPDF_LoadMemDocument(start, bytes.length, noPassword);
  if (document === 0) return { failed: "content" };
  const pages = pdfium._FPDF_GetPageCount(document);
  const index = page < pages ? page : 0;
  return size === undefined ? measurePage(pdfium, document, index) : drawPage(pdfium, document, index, size);
}

const noPassword = 0;
