import { once } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fill, pdfOf } from "../testing/documents.ts";
import { startPage } from "../testing/run-page.ts";

const paper = pdfOf([
  { content: `${fill([255, 0, 0], [0, 0, 150, 200])} BT /F 40 Tf 20 80 Td (Pages) Tj ET` },
  { content: fill([0, 255, 0], [0, 0, 300, 200]), box: [0, 0, 50, 80], entries: "/Rotate 90 /UserUnit 2" },
]);

const change = fc.record({
  at: fc.nat({ max: paper.length - 1 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
});

/** Longer than the server waits for a page. */
const waitMs = 5000;

test("whatever is changed in a PDF, its thread answers, or breaks, or can be ended", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean(), async (changes, draws) => {
      const bytes = Buffer.from(paper);
      for (const { at, bytes: written } of changes) bytes.set(written.subarray(0, bytes.length - at), at);
      const size = draws ? { width: 30, height: 20 } : undefined;
      const thread = startPage({ kind: "pdf", bytes, page: 1, ...(size && { size }) });
      const answered = once(thread, "message", { signal: AbortSignal.timeout(waitMs) });
      const outcome = await answered.then(([reply]) => Object.keys(reply)[0]).catch((error: Error) => error.name);
      expect(["facts", "pixels", "failed", "Error", "RuntimeError", "RangeError", "AbortError"]).toContain(outcome);
      const start = performance.now();
      await thread.terminate();
      expect(performance.now() - start).toBeLessThan(1000);
    }),
    { numRuns: 300 },
  );
}, 300_000);
