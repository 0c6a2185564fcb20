import { afterEach, beforeEach, expect, test } from "vitest";
import { rotateKeyPair } from "../accounts/manage-key-pairs.ts";
import { describeEngines } from "../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { secretsOf } from "./webhook-secret.ts";
import { rotateWebhookUrlSecret, webhookUrlSecret } from "./webhook-url-secret.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const stored = ({ accountId } = fixture.principal) => webhookUrlSecret(fixture.parts.database, accountId);
  const rotate = (secret: string, graceMs: number) =>
    fixture.parts.database.run(rotateWebhookUrlSecret, {
      accountId: fixture.principal.accountId,
      secret,
      graceMs,
      now: fixture.time,
    });

  test("it is made once, though many ask for it at once, for each account another", async () => {
    const secrets = (await Promise.all(Array.from({ length: 20 }, () => stored()))).map(({ secret }) => secret);
    expect(new Set(secrets).size).toBe(1);
    expect((await stored(fixture.stranger)).secret).not.toBe(secrets[0]);
  });

  test("it outlives the account's API keys, and is rotated by itself, with a grace", async () => {
    const { secret: first } = await stored();
    const pair = { publicKey: "public_next", privateKey: "private_next" };
    await fixture.parts.database.run(rotateKeyPair, { imagekitId: "demo", pair, graceMs: 0, now: fixture.time });
    expect((await stored()).secret).toBe(first);
    await rotate("whsec_the-second-secret", 1000);
    expect(secretsOf(await stored(), fixture.time + 999)).toEqual(["whsec_the-second-secret", first]);
    expect(secretsOf(await stored(), fixture.time + 1000)).toEqual(["whsec_the-second-secret"]);
    await rotate("whsec_the-third-secret", 0);
    expect(secretsOf(await stored(), fixture.time)).toEqual(["whsec_the-third-secret"]);
  });

  test("one that nobody has asked for yet can be chosen", async () => {
    await rotate("whsec_chosen-beforehand", 1000);
    expect(secretsOf(await stored(), fixture.time)).toEqual(["whsec_chosen-beforehand"]);
  });
});
