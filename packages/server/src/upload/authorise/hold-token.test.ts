import { createUploadToken } from "@sluice/token";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KeyPairs } from "../../accounts/key-pairs.ts";
import { findUsedToken } from "../../database/repositories/used-tokens.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { noScanner } from "../../virus-scan/virus-scanner.ts";
import { commit } from "../commit.ts";
import { askOutcome } from "../outcome/ask-outcome.ts";
import { UploadsUnderWay } from "../outcome/uploads-under-way.ts";
import { validate } from "../validate.ts";
import type { Gate } from "./gate.ts";
import { openGate } from "./open-gate.ts";

const small = 1000;
let fixture: UploadFixture;
let services: ReturnType<typeof gateServices>;
let token: string;
beforeEach(async () => {
  fixture = await openUploadFixture();
  services = gateServices();
  const keys = { publicKey: "public_demo", privateKey: "private_demo" };
  token = await createUploadToken({ fileName: "a.txt" }, { ...keys, expiresIn: 60 });
});
afterEach(() => fixture.close());

function gateServices() {
  return {
    ...fixture.services,
    keyPairs: new KeyPairs(fixture.parts.database.reader),
    scanner: noScanner,
    images: { ...fixture.parts.images, assertRoom: () => undefined },
    uploadsUnderWay: new UploadsUnderWay(),
    publicUrl: () => "http://localhost",
  };
}

/** A request of that many bytes, read as far as its token. */
async function present(contentLength: number | undefined): Promise<{ gate: Gate; burnt: () => boolean }> {
  let burnt = false;
  const onBurn = () => {
    burnt = true;
  };
  const request = { apiVersion: 2, authorization: undefined, arrivedAt: fixture.time, contentLength, onBurn } as const;
  const gate = await openGate(services, request, () => ({ spool: 0, blobs: 0 }));
  await gate.field("token", token);
  return { gate, burnt: () => burnt };
}

async function store({ token: held }: Gate) {
  const file = fixture.parts.spool.create();
  await file.write(Buffer.from("hello"));
  const upload = {
    principal: fixture.principal,
    request: validate(new Map([["fileName", "a.txt"]])),
    media: { mime: "text/plain", fileType: "non-image" },
    spooled: await file.finish(),
    token: held,
  } as const;
  return commit(fixture.services, upload, never).finally(() => file.discard());
}

const rowOf = ({ token: held }: Gate) => held && findUsedToken(fixture.parts.database.reader, held);
const ask = () => askOutcome(services, { token }, fixture.time, never);

describe("the token of a small upload", () => {
  test("is written to the ledger with what the upload stores", async () => {
    const { gate, burnt } = await present(small);
    expect([await rowOf(gate), burnt()]).toEqual([undefined, false]);
    const asset = await store(gate);
    expect(await rowOf(gate)).toEqual({ outcome: "stored", version_id: asset.id, attempt: null });
  });

  test("is written before anybody is told that it has been used, and lets in the first alone", async () => {
    const { gate, burnt } = await present(small);
    for (const refused of await Promise.allSettled([present(small), present(undefined), present(small)])) {
      expect(refused).toMatchObject({ status: "rejected", reason: { reason: "TOKEN_USED" } });
      expect(await rowOf(gate)).toMatchObject({ outcome: "open" });
    }
    expect(burnt()).toBe(true);
    const asset = await store(gate);
    expect(await rowOf(gate)).toMatchObject({ outcome: "stored", version_id: asset.id });
  });

  test("stores nothing for whoever comes when the upload has ended", async () => {
    const { gate } = await present(small);
    await store(gate);
    services.uploadsUnderWay.end(gate.token?.digest ?? new Uint8Array());
    const later = await present(small);
    await expect(store(later.gate)).rejects.toMatchObject({ reason: "TOKEN_USED" });
    expect(await later.gate.token?.entry?.write()).toBe(false);
    expect(later.burnt()).toBe(true);
    expect(await fixture.storedKeys()).toHaveLength(1);
  });

  test("stores nothing once another process has used it", async () => {
    const { gate } = await present(small);
    const row = gate.token?.entry?.row;
    if (row === undefined) throw new Error("no token is held");
    await fixture.parts.database.run("burnToken", row);
    await expect(store(gate)).rejects.toMatchObject({ reason: "TOKEN_USED" });
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("whose outcome is asked for while its form is still coming stores nothing any more", async () => {
    const { gate } = await present(small);
    expect(await ask()).toEqual({ outcome: "nothing" });
    await expect(store(gate)).rejects.toMatchObject({ reason: "UPLOAD_ABANDONED" });
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("that can't be written can be written later", async () => {
    const { gate } = await present(small);
    const { database } = fixture.parts;
    const run = database.run;
    Object.assign(services.database, { run: () => Promise.reject(new Error("the disk is full")) });
    await expect(gate.token?.entry?.write()).rejects.toThrow("the disk is full");
    Object.assign(services.database, { run });
    expect(await gate.token?.entry?.write()).toBe(true);
    expect(await rowOf(gate)).toMatchObject({ outcome: "open" });
  });
});

test.each([
  ["of a larger upload", 1024 * 1024, 1],
  ["of one whose length is not said", undefined, 1],
  ["where other processes take uploads as well", small, 2],
])("the token %s is written at once", async (_, contentLength, workers) => {
  services = { ...services, config: { ...services.config, workers } };
  const { gate, burnt } = await present(contentLength);
  expect(await rowOf(gate)).toMatchObject({ outcome: "open" });
  expect(burnt()).toBe(true);
});
