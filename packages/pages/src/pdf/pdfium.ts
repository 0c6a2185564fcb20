import { PDFiumModule } from "@hyzyla/pdfium";

/** The functions of PDFium that are called here, besides those that its package describes. */
interface MoreFunctions {
  /** Writes two numbers of 32 bits, without reading what is on the page. Returns 0 where there is no such page. */
  _FPDF_GetPageSizeByIndexF(document: number, page: number, size: number): number;
}

export type Pdfium = Awaited<ReturnType<typeof PDFiumModule>> & MoreFunctions;

/**
 * Starts PDFium, the renderer of Chromium, as WASM. The build runs no scripts of a document, and has no files and no
 * fonts but its own, so that a page looks alike on all machines.
 */
export async function openPdfium(): Promise<Pdfium> {
  const pdfium = (await PDFiumModule({})) as Pdfium;
  // The renderer takes the address of its options. An object stands for none.
  pdfium._FPDF_InitLibraryWithConfig({});
  return pdfium;
}
