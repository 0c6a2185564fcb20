import { expect, test } from "vitest";
import { psdOf } from "../../../../pages/src/testing/documents.ts";
import { bufferSource } from "../byte-source.ts";
import { readFrom } from "../reading.ts";
import { psdHeader } from "./psd.ts";

const read = (bytes: Buffer) => readFrom(bufferSource(bytes), psdHeader());
const picture = { width: 3, height: 1, mode: 1, rows: [Uint8Array.from([1, 2, 3])] };
const facts = { width: 3, height: 1, orientation: undefined, hasAlpha: false, animated: false };

test("a Photoshop file's size, and whether all of its layers together are transparent", async () => {
  expect(await read(psdOf(picture))).toEqual(facts);
  const resources = { 1005: new Uint8Array(31) };
  expect(await read(psdOf({ ...picture, resources, layers: 2 }))).toEqual(facts);
  expect(await read(psdOf({ ...picture, resources, layers: -2 }))).toEqual({ ...facts, hasAlpha: true });
});

test("pixels that follow at once aren't taken for layers", async () => {
  const full = { ...picture, width: 9, rows: [new Uint8Array(9).fill(255)] };
  const bytes = psdOf(full);
  expect(await read(bytes)).toEqual({ ...facts, width: 9 });
  // The length of nothing about layers.
  const empty = Buffer.concat([bytes.subarray(0, 34), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]), bytes.subarray(38)]);
  empty.writeInt16BE(-1, 42);
  expect(await read(empty)).toEqual({ ...facts, width: 9 });
});

test("a file that ends behind its header has a size, one that ends before has none", async () => {
  const bytes = psdOf(picture);
  expect(await read(bytes.subarray(0, 26))).toEqual(facts);
  expect(await read(bytes.subarray(0, 25))).toBeUndefined();
  expect(await read(Buffer.from("8BPS"))).toBeUndefined();
});

test("sections that claim to be longer than the file hide its layers alone", async () => {
  const bytes = psdOf({ ...picture, layers: -2 });
  bytes.writeUInt32BE(0xff_ff_ff_ff, 26);
  expect(await read(bytes)).toEqual(facts);
});

test("a picture without pixels is none", async () => {
  const bytes = psdOf(picture);
  bytes.writeUInt32BE(0, 18);
  expect(await read(bytes)).toBeUndefined();
});
