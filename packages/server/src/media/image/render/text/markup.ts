import type { TextParameters } from "../../plan/text-parameters.ts";

/** Writes a text for Pango: escaped, with its colour and what else isn't part of a font. */
export function markupOf({
  text,
  colour,
  struckThrough,
  lineHeight,
}: Pick<TextParameters, "text" | "colour" | "struckThrough" | "lineHeight">): string {
  const { r, g, b, alpha } = colour;
  const attributes = {
    foreground: `#${[r, g, b].map(twoHexDigits).join("")}`,
    // Pango counts opacity from 1 to 65535. The least of it can't be seen.
    ...(alpha < 1 && { alpha: Math.max(1, Math.round(alpha * 65_535)) }),
    ...(struckThrough && { strikethrough: true }),
    // Pango counts lengths in 1024ths. No more than 1024 would be a factor.
    ...(lineHeight !== undefined && { line_height: Math.max(1025, Math.round(lineHeight * 1024)) }),
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return `<span ${written.join(" ")}>${escaped(text)}</span>`;
}

function twoHexDigits(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
