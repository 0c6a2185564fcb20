import { type Layer, type Step, valueIn, withValue } from "./steps.ts";

/** The name that stands for a block of colour in the place of a picture's path. */
const canvas = "ik_canvas";

export type LayerKind = "image" | "canvas" | "text" | "other";

export function kindOfLayer({ type, steps }: Layer): LayerKind {
  if (type === "l-text") return "text";
  if (type !== "l-image") return "other";
  return contentOf(steps) === canvas ? "canvas" : "image";
}

/** The text of a layer, or the path of its picture. */
export function contentOf([step = []]: readonly Step[]): string {
  const encoded = valueIn(step, "ie");
  if (encoded !== undefined) return fromBase64(unescaped(encoded));
  return unescaped(valueIn(step, "i") ?? "");
}

/** Writes a text as the official SDKs do: letters and spaces as they are, and everything else in base64. */
export function withText(steps: readonly Step[], text: string): readonly Step[] {
  const isSimple = /^[\w.\- ]*$/.test(text);
  return withContent(steps, isSimple ? "i" : "ie", encodeURIComponent(isSimple ? text : toBase64(text)));
}

/** The path of a layer's picture in the library, which begins with a slash. */
export function pathIn(steps: readonly Step[]): string {
  return `/${contentOf(steps).replaceAll("@@", "/").replace(/^\/+/, "")}`;
}

export function withPath(steps: readonly Step[], path: string): readonly Step[] {
  const plain = path.replace(/^\/+/, "");
  const isSimple = /^[\w.\-/ ]*$/.test(plain);
  const value = isSimple ? plain.replaceAll("/", "@@") : toBase64(plain);
  return withContent(steps, isSimple ? "i" : "ie", isSimple ? value.replaceAll(" ", "%20") : encodeURIComponent(value));
}

function withContent([first = [], ...rest]: readonly Step[], key: "i" | "ie", value: string): readonly Step[] {
  const other = key === "i" ? "ie" : "i";
  if (valueIn(first, key) !== undefined) return [withValue(withValue(first, other, undefined), key, value), ...rest];
  // What a layer shows stands at its beginning.
  const others = withValue(withValue(first, other, undefined), key, undefined);
  return [[{ kind: "parameter", key, value }, ...others], ...rest];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function fromBase64(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return "";
  }
}
