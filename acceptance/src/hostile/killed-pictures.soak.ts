import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver } from "../harness/deliver.ts";
import { jpeg } from "../harness/samples.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { alarmsOf } from "./support/alarms.ts";
import { png, pngChunk, zeros } from "./support/bombs.ts";

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--limit", "image-seconds=2"] });
});
afterAll(async () => {
  expect(alarmsOf(server)).toEqual([]);
  await server.stop();
});

/** On a machine that is busy with other tests as well, nothing here takes longer. */
const promptMs = 8000;

/** An EXIF directory of 500 pointers that lead to itself. Following them takes for ever. */
function loopingExif(): Buffer {
  const entries = Array.from({ length: 500 }, (_, index) => {
    const entry = Buffer.alloc(12);
    entry.writeUInt16LE([0x8769, 0x8825, 0xa005][index % 3] ?? 0, 0);
    entry.writeUInt16LE(4, 2);
    entry.writeUInt32LE(1, 4);
    entry.writeUInt32LE(8, 8);
    return entry;
  });
  const count = Buffer.from([500 & 0xff, 500 >> 8]);
  return Buffer.concat([Buffer.from("II*\0\x08\0\0\0", "latin1"), count, ...entries, Buffer.alloc(4)]);
}

function withSegment(picture: Buffer, exif: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), exif]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([picture.subarray(0, 2), head, body, picture.subarray(2)]);
}

/** A drawing whose filters take minutes. */
const slowDrawing = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3000 3000"><filter id="f">${`<feGaussianBlur stdDeviation="90"/><feTurbulence numOctaves="9"/>`.repeat(60)}</filter><rect width="3000" height="3000" filter="url(#f)"/></svg>`,
);

async function timed<Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> {
  const began = performance.now();
  return [await work(), performance.now() - began];
}

test("pictures that would keep a decoder busy for ever hold up neither uploads nor other pictures", async () => {
  const exif = loopingExif();
  const files: readonly (readonly [name: string, bytes: Buffer])[] = [
    ["looping.jpg", withSegment(await jpeg(), exif)],
    ["looping.png", png({ width: 8, height: 8, data: zeros(264), chunks: [pngChunk("eXIf", exif)] })],
    ["looping again.jpg", withSegment(await jpeg(), exif)],
    ["slow.svg", slowDrawing],
  ];
  const { body: good } = await uploadBasic(server.url, await jpeg(), { fileName: "good.jpg" });
  const uploads = await Promise.all(
    files.map(([fileName, bytes]) => timed(() => uploadBasic(server.url, bytes, { fileName }))),
  );
  for (const [{ status }, tookMs] of uploads) {
    expect(status).toBe(200);
    expect(tookMs).toBeLessThan(promptMs);
  }
  const urls = uploads.map(([{ body }]) => body.url as string);
  const asked = urls.flatMap((url) => [1, 2, 3].map((width) => deliver(`${url}?tr=w-${width},f-png`)));
  for (const width of [41, 42, 43]) {
    const [{ status }, tookMs] = await timed(() => deliver(`${good.url}?tr=w-${width}`));
    expect(status).toBe(200);
    expect(tookMs).toBeLessThan(promptMs);
  }
  const [{ status }, tookMs] = await timed(async () =>
    uploadBasic(server.url, await jpeg(), { fileName: "meanwhile.jpg" }),
  );
  expect(status).toBe(200);
  expect(tookMs).toBeLessThan(promptMs);
  for (const answer of await Promise.all(asked)) expect([200, 400]).toContain(answer.status);
});

test("a drawing without end is refused at the end of its time, and SIGTERM waits for none", async () => {
  const { body } = await uploadBasic(server.url, slowDrawing, { fileName: "without-end.svg" });
  const [{ status }, tookMs] = await timed(() => deliver(`${body.url}?tr=w-500,f-png`));
  expect(status).toBe(400);
  expect(tookMs).toBeLessThan(2000 + promptMs);
  const other = await startServerProcess({ flags: ["--limit", "image-seconds=60"] });
  const { body: stored } = await uploadBasic(other.url, slowDrawing, { fileName: "a.svg" });
  const left = deliver(`${stored.url}?tr=w-500,f-png`).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const [, stopMs] = await timed(() => other.stop());
  expect(stopMs).toBeLessThan(45_000);
  await left;
}, 120_000);
