import { parseTransformation } from "@sluice/grammar";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MediaError } from "../../../media-error.ts";
import { plain, render } from "../../../testing/pictures.ts";
import { readTransformation } from "../../plan/read-transformation.ts";
import { textProcessLimits } from "./draw-with-font.ts";
import { fontNamed } from "./testing/font-named.ts";

const font = fontNamed("lobster");
const base = await plain(300, 200, "#ffffff").png().toBuffer();
const hamburg = readTransformation(parseTransformation("l-text,i-Hamburg%20fi%20H%C3%A9,ff-own.ttf,fs-60,w-280,l-end"));

/** The time that the process takes to start, and the rest of the picture, on a busy machine. */
const besidesMs = 6000;

/** @returns the code of the error; an empty text for a picture */
async function outcomeOf(bytes: Buffer): Promise<string> {
  const start = performance.now();
  const layers = new Map([["own.ttf", { bytes, area: undefined }]]);
  const outcome = await render(base, hamburg, { layers }).then(
    () => "",
    (error: unknown) => (error instanceof MediaError ? error.code : String(error)),
  );
  expect(performance.now() - start).toBeLessThan(textProcessLimits.milliseconds + besidesMs);
  return outcome;
}

/** The place of the font's table, by the directory at its start. */
function tableAt(name: string): number {
  const tables = font.readUInt16BE(4);
  const entries = Array.from({ length: tables }, (_, index) => 12 + 16 * index);
  const entry = entries.find((at) => font.toString("latin1", at, at + 4) === name);
  if (entry === undefined) throw new Error(`The font has no table ${name}`);
  return font.readUInt32BE(entry + 8);
}

test.each([1, 16, 200])("a font whose letters are gigantic draws a text or is refused (%d units)", async (units) => {
  const bytes = Buffer.from(font);
  bytes.writeUInt16BE(units, tableAt("head") + 18);
  expect(["", "ELIMIT", "ETIME"]).toContain(await outcomeOf(bytes));
});

const change = fc.record({
  at: fc.nat({ max: font.length - 1 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }),
});

test("whatever is changed in a font, its text is drawn or refused", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 30 }), async (changes) => {
      const bytes = Buffer.from(font);
      for (const { at, bytes: written } of changes) bytes.set(written.subarray(0, bytes.length - at), at);
      expect(["", "ELIMIT", "ETIME", "ELAYER"]).toContain(await outcomeOf(bytes));
    }),
    { numRuns: 30 },
  );
}, 300_000);
