/** The kinds of documents whose pages are drawn. */
export type DocumentKind = "pdf" | "psd";

export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Selects layers of a Photoshop file: by their places from the lowest one up, counted from 0, or by their names. A range
 * includes both ends, and goes up to the uppermost layer without `to`.
 */
export type LayerSelection =
  | { readonly ranges: readonly { readonly from: number; readonly to?: number | undefined }[] }
  | { readonly names: readonly string[] };

/** The task of a page's thread, which is its `workerData`. */
export interface PageTask {
  readonly kind: DocumentKind;
  readonly bytes: Uint8Array;
  /**
   * The page of a PDF, or the layer of a Photoshop file from the lowest one up, counted from 0. Without it, and where
   * the document doesn't have it, it is the first page, or the picture that all layers make.
   */
  readonly page?: number | undefined;
  /** The layers of a Photoshop file that make the picture, each drawn over those below. They count instead of `page`. */
  readonly layers?: LayerSelection | undefined;
  /**
   * The size in pixels at which the page is drawn. The pixels of a Photoshop file keep their own size. Without a size,
   * the page is only measured.
   */
  readonly size?: PageSize | undefined;
  /** The memory that the renderer may take besides the document itself, in bytes. */
  readonly maxMemoryBytes: number;
}

/**
 * The facts about a page. The size of a PDF's page is in points, that of a Photoshop file in pixels. Layers count as
 * pages where one of them is asked for.
 */
export interface PageFacts extends PageSize {
  readonly pages: number;
  readonly hasAlpha: boolean;
  /** The colour profile of the pixels. */
  readonly icc?: Uint8Array | undefined;
}

/** Pixels with 8 bits a channel: red, green, blue and, with four channels, alpha. */
export interface PagePixels extends PageSize {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly channels: 3 | 4;
}

/**
 * `content`: the document can't be read. `size`: it takes more memory than it may. `layers`: it lacks a layer that is
 * asked for.
 */
export type PageFailure = "content" | "size" | "layers";

/** The one message that a page's thread sends. */
export type PageReply =
  | { readonly facts: PageFacts }
  | { readonly pixels: PagePixels }
  | { readonly failed: PageFailure };
