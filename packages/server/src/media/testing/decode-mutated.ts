import { Readable } from "node:stream";
import { parseTransformation } from "@sluice/grammar";
import fc from "fast-check";
import { expect } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { createImageEngine, type ImageEngine } from "../image/image-engine.ts";
import { ownContext } from "../image/plan/own-context.ts";
import { readTransformation } from "../image/plan/read-transformation.ts";
import { MediaError } from "../media-error.ts";
import { openMediaProcesses } from "../processes/local-media-processes.ts";
import { applyTo, change } from "./changed-bytes.ts";
import { quadrants } from "./pictures.ts";
import { type SeedFile, seedFiles } from "./seed-files.ts";

const imageMs = 2000;
/** The time in which somebody else's picture comes, on a machine that is busy with the tests as well. */
const servedMs = 8000;
const forever = new AbortController().signal;

export interface Decoded {
  readonly files: number;
  readonly pictures: number;
  /** The refusals by their codes. */
  readonly refused: Readonly<Record<string, number>>;
  readonly longestMs: number;
  /** The longest time in which a picture of somebody else came. */
  readonly othersMs: number;
}

/**
 * Has files decoded that were changed by lot, one after the other, while somebody else asks for good pictures. Each file
 * becomes a picture or is refused, in time.
 */
export async function decodeMutated(files: number, seed: number): Promise<Decoded> {
  const limits = { ...defaultLimits, imageMs, animationMs: imageMs, imagesSpare: 1 };
  const processes = openMediaProcesses({ limits, concurrency: 2 });
  processes.keepReady();
  const images = createImageEngine({ limits, processes, detects: false });
  const seeds = await seedFiles();
  const good = await quadrants(600, 400).jpeg().toBuffer();
  const plain = { kind: "good", bytes: good, transformation: "w-100" };
  const refused: Record<string, number> = {};
  let [longestMs, othersMs, pictures] = [0, 0, 0];
  let done = false;
  const others = (async () => {
    for (let asked = 0; !done; asked += 1) {
      const began = performance.now();
      await render(images, plain, good, `good ${asked}`, "visitor");
      othersMs = Math.max(othersMs, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    const drawn = fc.sample(
      fc.record({ from: fc.nat({ max: seeds.length - 1 }), changes: fc.array(change, { minLength: 1, maxLength: 3 }) }),
      { numRuns: files, seed },
    );
    for (const [index, { from, changes }] of drawn.entries()) {
      const file = seeds[from] as SeedFile;
      const bytes = changes.reduce(applyTo, file.bytes);
      const began = performance.now();
      try {
        await render(images, file, bytes, `mutated ${index}`, "stranger");
        pictures += 1;
      } catch (error) {
        if (!(error instanceof MediaError))
          throw new Error(`file ${index} (${file.kind}) of seed ${seed}`, { cause: error });
        refused[error.code] = (refused[error.code] ?? 0) + 1;
      }
      const tookMs = performance.now() - began;
      expect(tookMs, `file ${index} (${file.kind}) of seed ${seed}`).toBeLessThan(imageMs + servedMs);
      longestMs = Math.max(longestMs, tookMs);
    }
  } finally {
    done = true;
    await others;
    await images.close();
    await processes.close();
  }
  expect(othersMs).toBeLessThan(servedMs);
  return { files, pictures, refused, longestMs: Math.round(longestMs), othersMs: Math.round(othersMs) };
}

async function render(images: ImageEngine, file: SeedFile, bytes: Buffer, key: string, client: string): Promise<void> {
  const source = (data: Buffer) => ({ size: data.length, open: async () => Readable.from([data]) });
  const base = file.isFont ? await quadrants(200, 80).png().toBuffer() : bytes;
  const layers = file.isFont
    ? new Map([["own.ttf", { source: source(bytes), content: key, area: undefined }]])
    : undefined;
  await images.render({
    source: source(base),
    layers,
    transformation: readTransformation(parseTransformation(file.transformation)),
    context: ownContext,
    key,
    signal: forever,
    party: { account: "account", client },
  });
}
