export interface GatheringWriter {
  writev(chunks: Uint8Array[]): Promise<{ bytesWritten: number }>;
}

/** Appends the chunks in order. A disk that fills up writes a part first: only the next attempt tells why. */
export async function writeAll(file: GatheringWriter, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks.filter((chunk) => chunk.byteLength > 0);
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left);
    if (bytesWritten === 0) throw new Error("The file takes no more bytes");
    left = dropBytes(left, bytesWritten);
  }
}

function dropBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let toDrop = count;
  return chunks.flatMap((chunk) => {
    const dropped = Math.min(toDrop, chunk.byteLength);
    toDrop -= dropped;
    return dropped < chunk.byteLength ? [chunk.subarray(dropped)] : [];
  });
}
