/** The transformations that the page offers as buttons, for pictures only. `text` is the value of the URL's `tr`. */
export const transformations = [
  { name: "As delivered", text: "" },
  { name: "400 pixels wide", text: "w-400" },
  { name: "Square around the subject", text: "w-300,h-300,fo-auto" },
  { name: "Circle", text: "w-300,h-300,fo-auto,r-max" },
  { name: "Black and white", text: "w-400,e-grayscale" },
  { name: "Blur", text: "w-400,bl-20" },
  { name: "Rotated", text: "w-400:rt-90" },
  { name: "Small JPEG", text: "w-400,q-30,f-jpg" },
  { name: "Stored file", text: "orig-true" },
] as const satisfies readonly { readonly name: string; readonly text: string }[];

/** The URL that delivers the file at `url` with this transformation. */
export function transformedUrl(url: string, text: string): string {
  // Commas and colons need no encoding in a query, so the URL stays as readable as the documentation's.
  const query = encodeURIComponent(text).replaceAll(/%(?:2C|3A)/g, decodeURIComponent);
  return text === "" ? url : `${url}?tr=${query}`;
}
