// Types for packages that bring none.

declare module "fresh" {
  export default function fresh(
    requestHeaders: Readonly<Record<string, string | string[] | undefined>>,
    responseHeaders: Readonly<Record<string, string>>,
  ): boolean;
}

declare module "range-parser" {
  /** -1 when unsatisfiable, -2 when malformed. */
  export default function parseRanges(
    size: number,
    header: string,
  ): readonly { readonly start: number; readonly end: number }[] | -1 | -2;
}
