import { createUploadToken } from "@sluice/token";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { verifyToken } from "../form/authorise/upload-token.ts";
import { burnToken } from "../ledger/token-transactions.ts";
import { validate } from "../resolve/validate.ts";
import { commit } from "../store/commit.ts";
import { askOutcome, type OutcomeDeps } from "./ask-outcome.ts";
import { UploadsUnderWay } from "./uploads-under-way.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  let services: OutcomeDeps;
  let token: string;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    services = withPatience(60_000);
    const keys = { publicKey: "public_demo", privateKey: "private_demo" };
    token = await createUploadToken({ fileName: "a.txt" }, { ...keys, expiresIn: 60 });
  });
  afterEach(() => fixture.close());

  function withPatience(outcomeMs: number): OutcomeDeps {
    const config = { ...fixture.config, limits: { ...fixture.config.limits, outcomeMs } };
    const uploadsUnderWay = new UploadsUnderWay();
    return { ...fixture.services, config, uploadsUnderWay, publicUrl: () => "http://localhost" };
  }

  /** An upload whose form is complete. */
  async function begin() {
    const { token: verified, principal } = await verifyToken(services.accountsByKey, token, fixture.time);
    const key = { expires_at: verified.expiresAt, digest: verified.digest };
    const burnt = { accountId: principal.accountId, digest: key.digest, expiresAt: key.expires_at, attempt: null };
    await services.database.run(burnToken, { ...burnt, now: fixture.time });
    const end = services.uploadsUnderWay.begin(key.digest);
    return {
      end,
      async store() {
        const file = fixture.parts.spool.create();
        await file.write(Buffer.from("hello"));
        const spooled = await file.finish();
        const media = { mime: "text/plain", kind: "other" } as const;
        const request = validate(new Map([["fileName", "a.txt"]]));
        const upload = { principal, request, media, spooled, customMetadata: null, token: key };
        return commit(fixture.services, upload, never).finally(() => file.discard());
      },
    };
  }

  const ask = (asked = services, signal = never) => askOutcome(asked, { token }, fixture.time, signal);

  test("an upload that may be stored any moment is waited for", async () => {
    const upload = await begin();
    const asking = ask();
    const { file_id: fileId } = await upload.store();
    upload.end();
    expect(await asking).toMatchObject({ outcome: "stored", response: { fileId, name: expect.stringMatching(/^a_/) } });
  });

  test("one that fails is waited for as well, and abandoned", async () => {
    services = withPatience(2000);
    const upload = await begin();
    const asking = ask();
    setTimeout(upload.end, 100);
    expect(await asking).toEqual({ outcome: "nothing" });
    await expect(upload.store()).rejects.toMatchObject({ reason: "UPLOAD_ABANDONED" });
    expect(await fixture.storedKeys()).toEqual([]);
  });

  test("one that takes long is pending, and goes on", async () => {
    services = withPatience(20);
    const upload = await begin();
    expect(await ask()).toEqual({ outcome: "pending" });
    await upload.store();
    upload.end();
    expect(await ask()).toMatchObject({ outcome: "stored" });
  });

  test("of one that is still being received nothing comes any more", async () => {
    services = withPatience(0);
    const upload = await begin();
    upload.end();
    expect(await ask()).toEqual({ outcome: "nothing" });
    await expect(upload.store()).rejects.toMatchObject({ reason: "UPLOAD_ABANDONED" });
  });

  test("a client that leaves while it waits has settled nothing", async () => {
    const upload = await begin();
    expect(await ask(services, AbortSignal.timeout(20))).toEqual({ outcome: "pending" });
    await upload.store();
    upload.end();
    expect(await ask()).toMatchObject({ outcome: "stored" });
  });
});
