import { expect, test } from "vitest";
import { openUploadFixture } from "../../testing/upload-fixture.ts";
import { maxWaitingJobs } from "./ask-for-ai-picture.ts";

test("an account's pictures that wait are so many at most, and another account's come all the same", async () => {
  const fixture = await openUploadFixture();
  try {
    const ask = (accountId: string, key: string, maxWaiting = maxWaitingJobs) => {
      const job = { accountId, versionId: "v", transformation: "e-edit", thumbnail: false, showsPrivate: false };
      return fixture.parts.database.run("askForAiPicture", { job, key, maxWaiting });
    };
    const { accountId } = fixture.principal;
    const keys = Array.from({ length: maxWaitingJobs }, (_, index) => String(index));
    const asked = await Promise.all(keys.map((key) => ask(accountId, key)));
    expect(new Set(asked)).toEqual(new Set([true]));
    expect(await ask(accountId, "one more")).toBe(false);
    expect(await ask(accountId, "7"), "what waits already").toBe(true);
    expect(await ask(fixture.stranger.accountId, "of another")).toBe(true);
    expect(await ask(fixture.stranger.accountId, "of a visitor", 1)).toBe(false);
  } finally {
    await fixture.close();
  }
});
