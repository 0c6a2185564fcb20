import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createUploadToken, verifyUploadToken } from "@sluice/token";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeyPairs } from "../../accounts/key-pairs.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { askOutcome } from "./ask-outcome.ts";
import { UploadsUnderWay } from "./uploads-under-way.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

/** As a node of a version before outcomes does it, which knows neither them nor attempts. */
function burnAsBefore(digest: Uint8Array, expiresAt: number): void {
  const database = new DatabaseSync(join(fixture.config.dataDir, "sluice.sqlite"));
  try {
    const insert = "insert into used_tokens (expires_at, digest, account_id, used_at) values (?, ?, ?, ?)";
    database.prepare(insert).run(expiresAt, digest, fixture.principal.accountId, fixture.time);
  } finally {
    database.close();
  }
}

test.each([undefined, "mine"])("nobody says what an older version made of a token, attempt %s", async (attempt) => {
  const { services } = fixture;
  const pair = { publicKey: "public_demo", privateKey: "private_demo" };
  const token = await createUploadToken({ fileName: "a.txt" }, { ...pair, expiresIn: 60 });
  const now = services.now() / 1000;
  const { digest, expiresAt } = await verifyUploadToken(token, { now, findPrivateKey: () => pair.privateKey });
  burnAsBefore(digest, expiresAt);
  const asked = {
    ...services,
    keyPairs: new KeyPairs(services.database.reader),
    publicUrl: () => "http://localhost",
    uploadsUnderWay: new UploadsUnderWay(),
  };
  await expect(askOutcome(asked, { token, attempt }, services.now(), never)).rejects.toMatchObject({
    reason: "OUTCOME_UNKNOWN",
  });
});
