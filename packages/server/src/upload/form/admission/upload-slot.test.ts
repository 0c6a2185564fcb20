import { SluiceError } from "@sluice/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FairQueue } from "../../../concurrency/fair-queue.ts";
import { UnauthenticatedUploads } from "./unauthenticated-uploads.ts";
import { type AdmittedBody, type Trust, UploadSlot } from "./upload-slot.ts";

const KiB = 1024;
const refusal = () => new SluiceError("SERVER_BUSY");
const never = new AbortController().signal;

let authenticated: FairQueue;
let unauthenticated: UnauthenticatedUploads;
let trusts: Trust[];
let slots: UploadSlot[];

beforeEach(() => {
  authenticated = new FairQueue({ capacity: 2, waitMs: 20, refusal });
  unauthenticated = new UnauthenticatedUploads({
    files: 2,
    bound: { bytes: () => 100, measure: async () => undefined },
    clientShare: 1,
    waitMs: 20,
    refusal,
  });
  trusts = [];
  slots = [];
});
afterEach(() => {
  for (const slot of slots) slot.release();
  expect(authenticated.usage).toEqual({ taken: 0, waiting: 0 });
  expect(unauthenticated.usage).toEqual({ files: 0, bytes: 0, waiting: 0 });
});

function open(): UploadSlot {
  const onTrust = (trust: Trust): void => void trusts.push(trust);
  const slot = new UploadSlot({ admission: { authenticated, unauthenticated }, client: "a", signal: never, onTrust });
  slots.push(slot);
  return slot;
}

/** A body of chunks of 16 KiB without end. */
function body(): AdmittedBody & { bytesRead: number } {
  return {
    isAwaited: false,
    throughput: 0,
    stop: () => undefined,
    bytesRead: 0,
    async next() {
      this.bytesRead += 16 * KiB;
      return { done: false, value: Buffer.alloc(16 * KiB) };
    },
  };
}

async function enter(): Promise<UploadSlot> {
  const slot = open();
  slot.read(body());
  await slot.enter();
  return slot;
}

test("the start of a form is read without a slot, and nothing more", async () => {
  const [read, slot] = [body(), open()];
  const placed = slot.read(read);
  for (let chunk = 0; chunk < 4; chunk++) await placed.next();
  expect([unauthenticated.usage.files, read.bytesRead]).toEqual([0, 64 * KiB]);
  await placed.next();
  expect([unauthenticated.usage.files, read.bytesRead]).toEqual([1, 80 * KiB]);
  for (let index = 0; index < 1; index++) await enter();
  const late = open().read({ ...body(), bytesRead: 64 * KiB });
  await expect(late.next()).rejects.toMatchObject({ reason: "SERVER_BUSY" });
});

test("credentials within the form's start need no slot of those without", async () => {
  for (let index = 0; index < 2; index++) await enter();
  const slot = open();
  const placed = slot.read(body());
  await placed.next();
  expect(slot.tryAdmit("account")).toBe(true);
  for (let chunk = 0; chunk < 100; chunk++) await placed.next();
  await slot.enter();
  expect(slot.takeRoom(1000)).toBeUndefined();
  expect([authenticated.usage.taken, unauthenticated.usage.files]).toEqual([1, 2]);
  expect(trusts).toEqual(["unauthenticated", "unauthenticated", "authenticated"]);
});

test("an upload that shows credentials leaves bytes and slot to others without", async () => {
  const slot = await enter();
  slot.takeRoom(60);
  expect(unauthenticated.usage).toMatchObject({ files: 1, bytes: 60 });
  expect(slot.tryAdmit("account")).toBe(true);
  expect(unauthenticated.usage).toMatchObject({ files: 0, bytes: 0 });
  expect(authenticated.usage.taken).toBe(1);
});

test("an upload that shows credentials while those with credentials have no free slot keeps the one it has", async () => {
  for (let index = 0; index < 2; index++) open().tryAdmit("account");
  const slot = await enter();
  slot.takeRoom(60);
  expect(slot.tryAdmit("account")).toBe(true);
  expect(unauthenticated.usage).toMatchObject({ files: 1, bytes: 0 });
  expect(slot.takeRoom(1000)).toBeUndefined();
});

test("credentials that come first wait for a slot, and are told to come back", async () => {
  const [first] = Array.from({ length: 2 }, () => {
    const slot = open();
    slot.tryAdmit("account");
    return slot;
  });
  const slot = open();
  expect(slot.tryAdmit("account")).toBe(false);
  await expect(slot.admit("account")).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  const next = open();
  const waiting = next.admit("account");
  first?.release();
  await waiting;
  expect(trusts).toEqual(["authenticated", "authenticated", "authenticated"]);
});
