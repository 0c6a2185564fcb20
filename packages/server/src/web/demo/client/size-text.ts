/** Bytes for people, in decimal units like those of the upload element. */
export function sizeText(bytes: number): string {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return value.toLocaleString("en", { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 });
}
