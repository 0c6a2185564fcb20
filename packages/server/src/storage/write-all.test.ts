import fc from "fast-check";
import { expect, test } from "vitest";
import { type GatheringWriter, writeAll } from "./write-all.ts";

test("whatever part of it each attempt writes, all of it is written once and in order", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.infiniteStream(fc.integer({ min: 1, max: 30 })), async (chunks, parts) => {
      const written: Uint8Array[] = [];
      const writer: GatheringWriter = {
        async writev(offeredChunks) {
          const offered = Buffer.concat(offeredChunks);
          const taken = offered.subarray(0, parts.next().value);
          written.push(taken);
          return { bytesWritten: taken.length };
        },
      };
      await writeAll(writer, chunks);
      expect(Buffer.concat(written).equals(Buffer.concat(chunks))).toBe(true);
    }),
  );
});

test("a file that takes nothing is an error, not an endless loop", async () => {
  const stuck: GatheringWriter = { writev: async () => ({ bytesWritten: 0 }) };
  await expect(writeAll(stuck, [Uint8Array.of(1)])).rejects.toThrow("no more");
});
