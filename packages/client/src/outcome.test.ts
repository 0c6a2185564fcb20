import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { madeLater, outcomeOf } from "./outcome.ts";
import { json, type Served, serve } from "./testing/serve.ts";

const never = new AbortController().signal;
const gone: RequestListener = (_request, response) => response.destroy();
const stored = json({ outcome: "stored", response: { fileId: "f" } });

let server: Served;
afterEach(() => server.close());

async function ask(answers: RequestListener[], signal = never) {
  server = await serve(...answers);
  return outcomeOf({ endpoint: server.url, token: "t.o.k", attempt: "one" }, () => 5, signal);
}

test("the token and the attempt are asked for in a form, which takes no preflight", async () => {
  expect(await ask([stored])).toMatchObject({ fileId: "f" });
  const [{ headers, body } = { headers: {}, body: "" }] = server.requests;
  expect(headers["content-type"]).toContain("application/x-www-form-urlencoded");
  expect(body).toBe("token=t.o.k&attempt=one");
});

test("nothing was stored", async () => {
  expect(await ask([json({ outcome: "nothing" })])).toBeUndefined();
});

test("a file that is made later is waited for, and one that could not be made is not sent again", async () => {
  server = await serve(
    json({ outcome: "pending" }, 200, { "retry-after": "0.01" }),
    stored,
    json({ outcome: "nothing" }),
  );
  const wait = () => madeLater({ endpoint: server.url, token: "t.o.k" }, () => 5, never);
  expect(await wait()).toMatchObject({ fileId: "f" });
  await expect(wait()).rejects.toMatchObject({ reason: "TRANSFORMATION_FAILED", retryable: false });
});

test("a server that is out of reach, or doesn't know yet, is asked again", async () => {
  const unknown = json({ reason: "OUTCOME_UNKNOWN", message: "" }, 503);
  expect(await ask([gone, unknown, json({ outcome: "pending" }), stored])).toMatchObject({ fileId: "f" });
  expect(server.requests).toHaveLength(4);
});

test("as long as it is pending, the server is asked at its own pace", async () => {
  const pending = json({ outcome: "pending" }, 200, { "retry-after": "0.01" });
  expect(await ask([...Array<RequestListener>(30).fill(pending), stored])).toMatchObject({ fileId: "f" });
});

describe("what can't be found out", () => {
  test.each<[string, boolean, RequestListener]>([
    ["may be asked later where the server is out of reach", true, gone],
    ["stays unknown where the server says so", false, json({ reason: "TOKEN_EXPIRED", message: "" }, 400)],
    ["stays unknown to an answer of another server", false, json("not found", 404)],
    [
      "is not asked again against the server's wish",
      false,
      json({ reason: "OUTCOME_UNKNOWN" }, 503, { "x-should-retry": "false" }),
    ],
  ])("%s", async (_, retryable, answer) => {
    await expect(ask([answer])).rejects.toMatchObject({ reason: "OUTCOME_UNKNOWN", retryable });
  });

  test("and what has been deleted since is no success", async () => {
    const deleted = json({ outcome: "stored", response: null });
    await expect(ask([deleted])).rejects.toMatchObject({ reason: "DELETED", retryable: false });
  });
});

test("an abort ends it", async () => {
  const signal = AbortSignal.timeout(50);
  await expect(ask([(): void => undefined], signal)).rejects.toMatchObject({ reason: "ABORTED" });
});
