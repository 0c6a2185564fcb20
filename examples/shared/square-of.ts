/** The URL of a picture, cut to a square of this many pixels. Only URLs from the media API already have a query. */
export function squareOf(url: string, side: number): string {
  return `${url}${url.includes("?") ? "&" : "?"}tr=w-${side},h-${side}`;
}
