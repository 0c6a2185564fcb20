import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launchBrowser } from "./harness/browser.ts";
import { type ClientPages, startClientPages } from "./harness/client-page.ts";
import { listFiles } from "./harness/library.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";
import { startWire, type Wire } from "./harness/wire.ts";

const MiB = 1024 * 1024;

let server: RunningServer;
let pages: ClientPages;
let browser: Browser;
let wire: Wire;
let page: Page;
beforeAll(async () => {
  server = await startServer({ flags: ["--max-file-size", String(25 * MiB), "--v1-uploads"] });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  wire = await startWire(server.url);
  pages = await startClientPages();
  page = await browser.newPage();
  await page.goto(pages.url);
});
afterEach(async () => {
  await page.close();
  await pages.close();
  await wire.close();
});

interface PageUpload {
  readonly fileName: string;
  readonly size?: number;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly extras?: Readonly<Record<string, unknown>>;
}

/** Uploads from the page. @returns the outcome, and what the page saw on the way */
function upload({ fileName, size = 1000, options = {}, extras = {} }: PageUpload) {
  return page.evaluate(
    async ({ fileName, size, options, extras, endpoint }) => {
      const { upload, UploadError } = window.client;
      const phases: [string, number, number][] = [];
      const file = new Blob([new Uint8Array(size).fill(97)]);
      try {
        const response = await upload(
          { file, fileName, endpoint, getToken: "/token", ...options },
          {
            backoff: () => 50,
            ...extras,
            onProgress: ({ phase, loaded, total }) => phases.push([phase, loaded, total]),
          },
        );
        return { response, metadata: response.$ResponseMetadata, phases };
      } catch (error) {
        if (!(error instanceof UploadError)) throw error;
        const { reason, message, status, help, retryable, requestId } = error;
        return { error: { reason, message, status, help, retryable, requestId }, phases };
      }
    },
    { fileName, size, options, extras, endpoint: wire.url },
  );
}

async function stored(fileName: string): Promise<string[]> {
  const prefix = `/${fileName.slice(0, fileName.lastIndexOf("."))}_`;
  return (await listFiles(server.url))
    .filter(({ filePath }) => filePath.startsWith(prefix))
    .map(({ fileId }) => fileId);
}

/** Holds only the next upload, once the server has received `bytes` of it. Resolves when the upload stands still. */
function holdOne(bytes: number): Promise<void> {
  wire.holdAfter = bytes;
  return new Promise((resolve) => {
    wire.onHold = () => {
      wire.holdAfter = Number.POSITIVE_INFINITY;
      resolve();
    };
  });
}

/** Expects the file to be in the library once, and the page to have been told so. */
async function expectStoredOnce(
  { response }: { response?: { readonly fileId: string } | undefined },
  fileName: string,
) {
  expect(await stored(fileName)).toEqual([response?.fileId]);
}

describe("an upload", () => {
  test("sends its token first, tells of two phases, and resolves with the server's answer", async () => {
    const options = { tags: ["a", "b"], responseFields: ["tags"], description: "x\ny" };
    const result = await upload({ fileName: "whole.txt", size: 3 * MiB, options });
    expect(result.error).toBeUndefined();
    expect(result.response).toMatchObject({ tags: ["a", "b"], description: "x\r\ny", size: 3 * MiB });
    expect(result.metadata).toMatchObject({ statusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await expectStoredOnce(result, "whole.txt");
    const phases = result.phases.map(([phase]) => phase);
    expect(new Set(phases)).toEqual(new Set(["sending", "processing"]));
    expect(phases.indexOf("processing")).toBe(phases.length - 1);
    const [, loaded, total] = result.phases.at(-1) ?? [];
    expect(loaded).toBe(total);
    expect(loaded).toBeGreaterThan(3 * MiB);
    expect(/name="([^"]+)"/.exec(wire.uploads[0]?.head ?? "")?.[1]).toBe("token");
    expect(pages.minted).toHaveLength(1);
  });

  test("takes a URL or base64 for a file, and parameters that the backend has changed", async () => {
    const result = await page.evaluate(async (endpoint) => {
      const { upload } = window.client;
      const getToken = async ({ uploadPayload }: { uploadPayload: Record<string, string> }) => {
        const parameters = { ...uploadPayload, folder: "/forced" };
        const answer = await fetch("/token", { method: "POST", body: JSON.stringify({ uploadPayload: parameters }) });
        return { ...(await answer.json()), parameters };
      };
      return upload({ file: btoa("hello"), fileName: "text.txt", endpoint, getToken });
    }, wire.url);
    expect(result).toMatchObject({ size: 5, filePath: expect.stringMatching(/^\/forced\/text/) });
  });

  test("is the vendor's with another import: ready credentials, the same options, and what can be told of the answer", async () => {
    const result = await page.evaluate(
      async ({ endpoint, token }) => {
        const { upload } = window.client;
        let share = 0;
        const answer = await upload({
          file: new File(["hello"], "local.txt"),
          fileName: "moved.txt",
          tags: ["from", "the SDK"],
          responseFields: ["tags"],
          token,
          onProgress: (event) => {
            if (event.lengthComputable) share = event.loaded / event.total;
          },
          abortSignal: new AbortController().signal,
          endpoint,
        });
        return { answer, share, requestId: answer.$ResponseMetadata.requestId };
      },
      { endpoint: wire.url, token: mint({ fileName: "moved.txt", tags: "from,the SDK", responseFields: "tags" }) },
    );
    expect(result).toMatchObject({ answer: { tags: ["from", "the SDK"] }, share: 1, requestId: expect.any(String) });
  });

  test("is aborted by its signal, and leaves nothing behind", async () => {
    wire.holdAfter = 300_000;
    const result = await page.evaluate(async (endpoint) => {
      const { upload } = window.client;
      const controller = new AbortController();
      const file = new Blob([new Uint8Array(4_000_000)]);
      return upload(
        { file, fileName: "aborted.txt", endpoint, getToken: "/token", abortSignal: controller.signal },
        { onProgress: () => controller.abort() },
      ).catch(({ reason, retryable }) => ({ reason, retryable }));
    }, wire.url);
    expect(result).toEqual({ reason: "ABORTED", retryable: false });
    expect(await stored("aborted.txt")).toEqual([]);
  });
});

describe("a refusal is told in the server's words, and not asked for again", () => {
  test.each([
    ["a file over the limit", { size: 26 * MiB, extras: { resumable: false } }, "FILE_TOO_LARGE", 400],
    ["a parameter that is none", { options: { isPrivateFile: "perhaps" } }, "PARAMETER_INVALID", 400],
  ])("%s", async (_, what, reason, status) => {
    const { error } = await upload({ fileName: "refused.txt", ...what });
    expect(error).toMatchObject({ reason, status, retryable: false, help: expect.any(String) });
    expect(error?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(pages.minted).toHaveLength(1);
  });

  test("options that can't be sent", async () => {
    const { error } = await upload({ fileName: "a.txt", options: { tags: ["a,b"] } });
    expect(error).toMatchObject({ reason: "OPTIONS_INVALID", message: expect.stringContaining("tags") });
    expect((await upload({ fileName: "" })).error).toMatchObject({ reason: "OPTIONS_INVALID" });
    expect(pages.minted).toHaveLength(0);
  });
});

describe("the token endpoint", () => {
  test("is asked again when it fails for a while", async () => {
    pages.instead.push(
      (response) => response.destroy(),
      (response) => response.writeHead(503, { "retry-after": "1" }).end("<html>"),
    );
    const begun = performance.now();
    await expectStoredOnce(await upload({ fileName: "patient.txt" }), "patient.txt");
    expect(performance.now() - begun).toBeGreaterThan(1000);
  });

  test("refuses by its policy, which is final", async () => {
    const refusal = { message: "The parameter folder is not allowed.", reason: "PARAMETER_NOT_ALLOWED" };
    pages.instead.push((response) => response.writeHead(400).end(JSON.stringify(refusal)));
    const { error } = await upload({ fileName: "a.txt", options: { folder: "/elsewhere" } });
    expect(error).toMatchObject({ ...refusal, status: 400, retryable: false });
  });

  test("fails for good after as many repetitions as were allowed", async () => {
    for (let time = 0; time < 3; time++) pages.instead.push((response) => response.writeHead(500).end());
    const { error } = await upload({ fileName: "a.txt", extras: { retries: 2 } });
    expect(error).toMatchObject({ reason: "TOKEN_ENDPOINT", status: 500, retryable: true });
    expect(pages.instead).toHaveLength(0);
  });

  test.each(["TOKEN_EXPIRED", "TOKEN_USED"])("is asked once more after %s", async (reason) => {
    const fileName = `${reason}.txt`;
    const stale = reason === "TOKEN_USED" ? await usedTokens(fileName) : [expired(fileName), expired(fileName)];
    const [last = ""] = stale;
    const { mint: fresh } = pages;
    pages.mint = (payload) => stale.shift() ?? fresh(payload);
    // Two stale tokens in a row exhaust the one further request.
    expect((await upload({ fileName, extras: { retries: 0 } })).error).toMatchObject({ reason });
    stale.push(last);
    await expectStoredOnce(await upload({ fileName, extras: { retries: 0 } }), fileName);
  });

  const expired = (fileName: string) => mint({ fileName, iat: 1_700_000_000 });
  async function usedTokens(fileName: string): Promise<string[]> {
    const tokens = [mint({ fileName }), mint({ fileName })];
    for (const token of tokens) await upload({ fileName, options: { token, tags: ["a mismatch"] } });
    return tokens;
  }
});

describe("an answer that is lost", () => {
  test("is asked for: what was stored is not sent again", async () => {
    wire.answers = "lose";
    wire.onAnswer = () => {
      wire.answers = "pass";
    };
    await expectStoredOnce(await upload({ fileName: "lost.txt" }), "lost.txt");
    expect(pages.minted).toHaveLength(1);
  });

  test("on a connection that was used before: the browser sends it again by itself, and it is stored once", async () => {
    await upload({ fileName: "before.txt" });
    wire.answers = "lose";
    wire.onAnswer = () => {
      wire.answers = "pass";
    };
    await expectStoredOnce(await upload({ fileName: "resent.txt" }), "resent.txt");
    expect(pages.minted).toHaveLength(2);
  });

  test("because the browser stops loading: it is asked for as well", async () => {
    wire.answers = "hold";
    const result = upload({ fileName: "stopped.txt" });
    await expect.poll(() => stored("stopped.txt")).toHaveLength(1);
    wire.answers = "pass";
    await page.evaluate(() => window.stop());
    await expectStoredOnce(await result, "stopped.txt");
    expect(pages.minted).toHaveLength(1);
  });

  test("with a ready token as well, which is all that there is", async () => {
    wire.answers = "lose";
    const token = mint({ fileName: "ready.txt" });
    await expectStoredOnce(await upload({ fileName: "ready.txt", options: { token } }), "ready.txt");
  });

  test("and can't be asked for: whoever reads it knows that it may be there", async () => {
    wire.answers = "lose";
    await page.route("**/_sluice/upload-outcome", (route) =>
      route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" }, body: "Not Found" }),
    );
    const { error } = await upload({ fileName: "unknown.txt" });
    expect(error).toMatchObject({ reason: "OUTCOME_UNKNOWN", retryable: false });
    expect(pages.minted).toHaveLength(1);
  });

  test("while the server is out of reach for too long: whoever tries again asks again", async () => {
    wire.answers = "lose";
    wire.onAnswer = () => {
      wire.cut = true;
    };
    const { error } = await upload({ fileName: "unknown.txt" });
    expect(error).toMatchObject({ reason: "OUTCOME_UNKNOWN", retryable: true });
    expect(pages.minted).toHaveLength(1);
  });
});

test("a network that is cut in the middle and restored: it is sent anew with a token of its own, and stored once", async () => {
  const held = holdOne(500_000);
  const result = upload({ fileName: "cut.txt", size: 6 * MiB });
  await held;
  const noticed = page.waitForEvent("requestfailed");
  wire.cut = true;
  await noticed;
  wire.cut = false;
  await expectStoredOnce(await result, "cut.txt");
  expect(pages.minted).toHaveLength(2);
});

test("bytes that no longer move are given up after the stall time, and it is sent anew", async () => {
  const held = holdOne(500_000);
  const result = upload({ fileName: "stalled.txt", size: 24 * MiB, extras: { stallTimeout: 2000, resumable: false } });
  await held;
  await expectStoredOnce(await result, "stalled.txt");
  expect(pages.minted.length).toBe(2);
});

test("an answer that takes long stalls nothing: the stall time ends with the last byte", async () => {
  wire.answers = "hold";
  wire.onAnswer = () =>
    setTimeout(() => {
      wire.answers = "lose";
      wire.cut = true;
      wire.cut = false;
    }, 1000);
  await expectStoredOnce(await upload({ fileName: "slow.txt", extras: { stallTimeout: 200 } }), "slow.txt");
  expect(pages.minted).toHaveLength(1);
});

describe("what the server says of trying again", () => {
  /** Lets an intermediary between page and server answer once in the server's place. */
  async function answerOnce(status: number, headers: Record<string, string>, body: object | string): Promise<void> {
    await page.route(
      "**/api/v2/files/upload",
      (route) =>
        route.fulfill({
          status,
          headers: {
            "access-control-allow-origin": "*",
            "access-control-expose-headers": "retry-after, x-should-retry",
            ...headers,
          },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      { times: 1 },
    );
  }
  const busy = { message: "The server is busy.", reason: "SERVER_BUSY" };

  test("a time", async () => {
    await answerOnce(503, { "retry-after": "1" }, busy);
    const begun = performance.now();
    await expectStoredOnce(await upload({ fileName: "later.txt" }), "later.txt");
    expect(performance.now() - begun).toBeGreaterThan(1000);
    expect(pages.minted).toHaveLength(2);
  });

  test("not to", async () => {
    await answerOnce(503, { "x-should-retry": "false" }, busy);
    const { error } = await upload({ fileName: "never.txt" });
    expect(error).toMatchObject({ ...busy, status: 503, retryable: true });
    expect(pages.minted).toHaveLength(1);
  });

  test.each([
    ["gateway.txt", {}],
    ["zone.txt", { "access-control-expose-headers": "x-zone", "x-zone": "" }],
  ])(
    "nothing, as a gateway does whose upload may have been stored: it is asked for first (%s)",
    async (fileName, headers) => {
      await answerOnce(502, headers, "<html>Bad Gateway</html>");
      await expectStoredOnce(await upload({ fileName }), fileName);
      expect(pages.minted).toHaveLength(2);
    },
  );
});

test("a V1 signature can be used as well", async () => {
  const { expire, ...signed } = signV1();
  const options = { ...signed, expire: Number(expire), getToken: undefined };
  await expectStoredOnce(await upload({ fileName: "signed.txt", options }), "signed.txt");
});
