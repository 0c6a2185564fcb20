/**
 * Gives a chunk's memory back at once, when nobody will read the chunk any more. Bytes come faster than the garbage
 * collector looks for them. When chunks were left to the collector, a gigabyte upload spent half of its processor time
 * there, and a picture made from a photograph a third. A chunk that shares its memory with others, or is a slice of
 * something longer, is left to the collector.
 */
export function releaseMemory(chunk: Uint8Array): void {
  if (ownsMemory(chunk)) (chunk.buffer as ArrayBuffer).transfer(0);
}

/** Returns the chunk, or a copy of it if its memory will be released. */
export function outlivingRelease(chunk: Buffer): Buffer {
  return ownsMemory(chunk) ? Buffer.from(chunk) : chunk;
}

function ownsMemory({ buffer, byteLength }: Uint8Array): boolean {
  return byteLength > 0 && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
}
