import { afterEach, beforeEach, expect, test } from "vitest";
import { Places } from "./places.ts";
import { Strangers } from "./strangers.ts";
import { type PlacedBody, type Trust, UploadPlace } from "./upload-place.ts";

const KiB = 1024;
const never = new AbortController().signal;

let vouched: Places;
let strangers: Strangers;
let trusts: Trust[];
let places: UploadPlace[];

beforeEach(() => {
  vouched = new Places({ count: 2, accountShare: 1, clientShare: 1, waitMs: 20 });
  strangers = new Strangers({
    files: 2,
    bound: { bytes: () => 100, measure: async () => undefined },
    clientShare: 1,
    waitMs: 20,
  });
  trusts = [];
  places = [];
});
afterEach(() => {
  for (const place of places) place.release();
  expect(vouched.usage).toEqual({ taken: 0, waiting: 0 });
  expect(strangers.usage).toEqual({ files: 0, bytes: 0, waiting: 0 });
});

function open(): UploadPlace {
  const onTrust = (trust: Trust): void => void trusts.push(trust);
  const place = new UploadPlace({ admission: { vouched, strangers }, client: "a", signal: never, onTrust });
  places.push(place);
  return place;
}

/** A body of chunks of 16 KiB without end. */
function body(): PlacedBody & { bytesRead: number } {
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

async function stranger(): Promise<UploadPlace> {
  const place = open();
  place.read(body());
  await place.enter();
  return place;
}

test("the start of a form is read without a place, and nothing more", async () => {
  const [read, place] = [body(), open()];
  const placed = place.read(read);
  for (let chunk = 0; chunk < 4; chunk++) await placed.next();
  expect([strangers.usage.files, read.bytesRead]).toEqual([0, 64 * KiB]);
  await placed.next();
  expect([strangers.usage.files, read.bytesRead]).toEqual([1, 80 * KiB]);
  for (let index = 0; index < 1; index++) await stranger();
  const late = open().read({ ...body(), bytesRead: 64 * KiB });
  await expect(late.next()).rejects.toMatchObject({ reason: "SERVER_BUSY" });
});

test("credentials within the form's start need no place among strangers", async () => {
  for (let index = 0; index < 2; index++) await stranger();
  const place = open();
  const placed = place.read(body());
  await placed.next();
  expect(place.tryVouch("account")).toBe(true);
  for (let chunk = 0; chunk < 100; chunk++) await placed.next();
  await place.enter();
  expect(place.takeRoom(1000)).toBeUndefined();
  expect([vouched.usage.taken, strangers.usage.files]).toEqual([1, 2]);
  expect(trusts).toEqual(["stranger", "stranger", "vouched"]);
});

test("a stranger who shows credentials leaves room and place to others", async () => {
  const place = await stranger();
  place.takeRoom(60);
  expect(strangers.usage).toMatchObject({ files: 1, bytes: 60 });
  expect(place.tryVouch("account")).toBe(true);
  expect(strangers.usage).toMatchObject({ files: 0, bytes: 0 });
  expect(vouched.usage.taken).toBe(1);
});

test("a stranger who shows credentials while the vouched have no place keeps the one it has", async () => {
  for (let index = 0; index < 2; index++) open().tryVouch("account");
  const place = await stranger();
  place.takeRoom(60);
  expect(place.tryVouch("account")).toBe(true);
  expect(strangers.usage).toMatchObject({ files: 1, bytes: 0 });
  expect(place.takeRoom(1000)).toBeUndefined();
});

test("credentials that come first wait for a place, and are told to come back", async () => {
  const [first] = Array.from({ length: 2 }, () => {
    const place = open();
    place.tryVouch("account");
    return place;
  });
  const place = open();
  expect(place.tryVouch("account")).toBe(false);
  await expect(place.vouch("account")).rejects.toMatchObject({ reason: "SERVER_BUSY" });
  const next = open();
  const waiting = next.vouch("account");
  first?.release();
  await waiting;
  expect(trusts).toEqual(["vouched", "vouched", "vouched"]);
});
