import { Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sluice } from "./harness/command.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { type Answer, mint, uploadWithToken } from "./harness/upload.ts";

const fields = { fileName: "once.txt" } as const;

describe("in parallel", () => {
  const presentations = 500;
  const agent = new Agent({ maxSockets: presentations });
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(async () => {
    agent.destroy();
    await server?.stop();
  });

  /** Sends everything but the token on every connection before the first token goes out. */
  async function presentAtOnce(tokens: readonly string[]): Promise<Answer[]> {
    const uploads = tokens.map((token) =>
      openUpload(server.url, [filePart("hello"), ...textParts(fields), textPart("token", token)], { agent }),
    );
    await Promise.all(uploads.map((upload) => upload.sendUntil('name="token"')));
    for (const upload of uploads) upload.finish();
    return Promise.all(uploads.map(({ answer }) => answer));
  }

  test("one token presented 500 times at once is accepted exactly once, and no answer is a 5xx", async () => {
    const answers = await presentAtOnce(Array<string>(presentations).fill(mint(fields)));
    const [stored = [], refused = []] = [
      answers.filter(({ status }) => status === 200),
      answers.filter(({ status }) => status !== 200),
    ];
    expect(stored).toHaveLength(1);
    expect(refused).toHaveLength(presentations - 1);
    for (const answer of refused) expectRefusal(answer, 400, "TOKEN_USED");
    expect(await listFiles(server.url)).toHaveLength(1);
  });

  test("as many different tokens at once are all accepted", async () => {
    const answers = await presentAtOnce(Array.from({ length: 100 }, () => mint(fields)));
    for (const answer of answers) expectStored(answer);
  });
});

describe("after kill -9 and a restart on the same data folder", () => {
  test("tokens stay used: accepted ones, failed ones, and one whose replay was the last thing answered", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const [accepted, failed, replayed, unused] = [mint(fields), mint(fields), mint(fields), mint(fields)];
      const first = await startServerProcess({ dataDir });
      try {
        expectStored(await uploadWithToken(first.url, "accepted", fields, accepted));
        const mismatch = await uploadWithToken(first.url, "failed", { ...fields, tags: "extra" }, failed);
        expectRefusal(mismatch, 400, "PAYLOAD_MISMATCH");
        // Two uploads at once: the refused one need not have waited for the other's commit.
        const both = await Promise.all([1, 2].map(() => uploadWithToken(first.url, "twice", fields, replayed)));
        expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
      } finally {
        await first.kill();
      }
      const second = await startServerProcess({ dataDir });
      try {
        for (const token of [accepted, failed, replayed]) {
          expectRefusal(await uploadWithToken(second.url, "again", fields, token), 400, "TOKEN_USED");
        }
        expectStored(await uploadWithToken(second.url, "fresh", fields, unused));
      } finally {
        await second.stop();
      }
    });
  });

  test("a refusal that says used holds even when the kill follows at once", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const token = mint(fields);
      const first = await startServerProcess({ dataDir });
      try {
        const refusals = Array.from({ length: 20 }, async () => {
          const answer = await uploadWithToken(first.url, "hello", fields, token);
          expectRefusal(answer, 400, "TOKEN_USED");
        });
        // The first refusal decides. The test waits neither for the accepted upload nor for the other refusals.
        await Promise.any(refusals);
      } finally {
        await first.kill();
      }
      const second = await startServerProcess({ dataDir });
      try {
        expectRefusal(await uploadWithToken(second.url, "hello", fields, token), 400, "TOKEN_USED");
      } finally {
        await second.stop();
      }
    });
  });

  test("every upload that was acknowledged is listed and has its bytes, and the store is consistent", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const acknowledged = await uploadUntilKilled(dataDir, 60);
      const second = await startServerProcess({ dataDir });
      try {
        const listed = new Set((await listFiles(second.url)).map(({ fileId }) => fileId));
        for (const { fileId, url, content, token } of acknowledged) {
          expect(listed).toContain(fileId);
          expect((await fetchOriginal(second.url, url)).toString()).toBe(content);
          expectRefusal(await uploadWithToken(second.url, content, fields, token), 400, "TOKEN_USED");
        }
      } finally {
        await second.stop();
      }
      expect(await sluice(["fsck", "--deep", "--data-dir", dataDir])).toMatchObject({ code: 0 });
    });
  });
});

interface Acknowledged {
  readonly fileId: string;
  readonly url: string;
  readonly content: string;
  readonly token: string;
}

/** Uploads in eight lanes, and kills the server in the middle once `enough` uploads have been answered. */
async function uploadUntilKilled(dataDir: string, enough: number): Promise<Acknowledged[]> {
  const server = await startServerProcess({ dataDir });
  const acknowledged: Acknowledged[] = [];
  const { promise: answered, resolve } = Promise.withResolvers<void>();
  const uploadOn = async (lane: number): Promise<void> => {
    for (let count = 0; ; count++) {
      const content = `lane ${lane}, upload ${count}, ${"x".repeat(1000 * count)}`;
      const token = mint(fields);
      const { status, body } = await uploadWithToken(server.url, content, fields, token);
      expect(status).toBe(200);
      acknowledged.push({ fileId: body.fileId, url: body.url, content, token });
      if (acknowledged.length >= enough) resolve();
    }
  };
  const lanes = Promise.allSettled(Array.from({ length: 8 }, (_, lane) => uploadOn(lane)));
  try {
    await Promise.race([answered, lanes]);
  } finally {
    await server.kill();
  }
  // With workers, one that has lost its supervisor may still refuse an upload before it ends itself.
  const ends = expect.stringMatching(/^(?:fetch failed|expected 503 to be 200\b.*)$/);
  for (const end of await lanes) expect(end).toMatchObject({ reason: { message: ends } });
  return acknowledged;
}
