import { createHash } from "node:crypto";

const sealLength = 64;

/**
 * Content that shows whether it is complete, because it begins with the SHA-256 of the rest. Equal names and sizes give
 * equal content.
 */
export function sealedContent(name: string, size: number): Buffer {
  const line = `${createHash("sha256").update(name).digest("hex")}\n`;
  const rest = Buffer.from(line.repeat(Math.ceil(size / line.length))).subarray(0, Math.max(size - sealLength, 1));
  return Buffer.concat([Buffer.from(createHash("sha256").update(rest).digest("hex")), rest]);
}

export function isWhole(content: Buffer): boolean {
  const rest = content.subarray(sealLength);
  return createHash("sha256").update(rest).digest("hex") === content.subarray(0, sealLength).toString();
}
