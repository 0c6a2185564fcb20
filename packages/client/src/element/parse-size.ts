/** `25MB` is 25 million bytes, `25MiB` 25 × 1024², a plain number bytes. NaN for anything else. */
export function parseSize(text: string): number {
  const [, number = Number.NaN, prefix = "", binary] = /^([\d.]+) ?(?:([kmg]?)(i?)b)?$/i.exec(text) ?? [];
  return Number(number) * (binary ? 1024 : 1000) ** ("kmg".indexOf(prefix.toLowerCase() || " ") + 1);
}
