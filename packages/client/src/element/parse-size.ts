/**
 * Parses a size in bytes: `25MB` is 25 million, `25MiB` is 25 × 1024², and a plain number is bytes. Returns NaN for
 * other texts.
 */
export function parseSize(text: string): number {
  const [, number = Number.NaN, prefix = "", binary] = /^([\d.]+) ?(?:([kmg]?)(i?)b)?$/i.exec(text) ?? [];
  return Number(number) * (binary ? 1024 : 1000) ** ("kmg".indexOf(prefix.toLowerCase() || " ") + 1);
}
