import { afterEach, expect, test, vi } from "vitest";
import { networkError } from "./network-error.ts";

afterEach(() => vi.unstubAllGlobals());

const url = "https://uploads.example/api/v2/files/upload";
const sent = { loaded: 5, total: 9, ms: 20 };
const file = new Blob(["hello"]);

/** Answers the test request to the server. */
function serverThat(answer: () => Promise<Response>) {
  const asked = vi.fn<typeof fetch>(answer);
  vi.stubGlobal("fetch", asked);
  return asked;
}

test("an upload without an answer was interrupted if the server is in reach", async () => {
  const asked = serverThat(async () => new Response(null, { status: 204 }));
  const error = await networkError(file, url, sent, new AbortController().signal);
  expect(error).toMatchObject({ reason: "INTERRUPTED", retryable: true, open: true, url, sent });
  expect(asked).toHaveBeenCalledExactlyOnceWith(url, expect.objectContaining({ method: "OPTIONS" }));
});

test.each([
  ["nobody answers", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["a proxy answers in its place", async () => new Response(null, { status: 502 })],
])("the server could not be reached if %s", async (_, answer) => {
  serverThat(answer);
  const error = await networkError(file, url, sent, new AbortController().signal);
  expect(error).toMatchObject({ reason: "NETWORK", retryable: true, open: true, url });
  expect(error.sent).toBeUndefined();
});

test("whoever aborts the upload doesn't wait for the server", async () => {
  const asked = serverThat(() => new Promise(() => undefined));
  const abort = new AbortController();
  const error = networkError(file, url, sent, abort.signal);
  await expect.poll(() => asked.mock.calls.length).toBe(1);
  abort.abort();
  expect((await error).reason).toBe("NETWORK");
  expect(asked.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
});

test("a file that has changed is the reason, wherever the server is", async () => {
  const asked = serverThat(async () => new Response(null, { status: 204 }));
  const changed = new Blob(["hello"]);
  vi.spyOn(Blob.prototype, "arrayBuffer").mockRejectedValueOnce(new DOMException("", "NotReadableError"));
  expect(await networkError(changed, url, sent, new AbortController().signal)).toMatchObject({
    reason: "FILE_UNREADABLE",
    retryable: false,
  });
  expect(asked).not.toHaveBeenCalled();
});
