import { Hono } from "hono";
import { cors } from "hono/cors";
import { expect, test } from "vitest";
import { verifyUploadToken } from "../verify.ts";
import { uploadTokenHandler } from "./upload-token-handler.ts";

const keys = { publicKey: "public_test", privateKey: "private_test" };
const uploadToken = uploadTokenHandler({
  keys,
  authorize: (request) => request.headers.get("Cookie")?.match(/session=(\w+)/)?.[1],
  policy: (user, requested) => ({
    allow: ["fileName", "tags"],
    force: { folder: `/users/${user}/`, useUniqueFileName: true },
    default: { tags: [requested.fileName?.endsWith(".mp4") ? "video" : "image"] },
    maxLifetime: 300,
  }),
});
const body = JSON.stringify({ uploadPayload: { fileName: "a.mp4" }, expire: 3600, publicKey: "public_test" });

test("a Hono route mints by its policy", async () => {
  const app = new Hono();
  app.all("/upload-token", (context) => uploadToken(context.req.raw));
  const response = await app.request("/upload-token", { method: "POST", body, headers: { Cookie: "session=u7" } });
  expect(response.status).toBe(200);
  const { token, parameters } = await response.json();
  expect(parameters).toEqual({ fileName: "a.mp4", folder: "/users/u7/", useUniqueFileName: "true", tags: "video" });
  const now = Date.now() / 1000;
  const verified = await verifyUploadToken(token, { findPrivateKey: () => keys.privateKey, now });
  expect(Object.fromEntries(verified.claims)).toEqual(parameters);
  expect(verified.expiresAt - verified.issuedAt).toBe(300);
  expect((await app.request("/upload-token", { method: "POST", body })).status).toBe(401);
  expect((await app.request("/upload-token")).status).toBe(405);
});

test("a Hono middleware can add its own CORS headers", async () => {
  const app = new Hono();
  app.use("/upload-token", cors({ origin: "https://app.example" }));
  app.all("/upload-token", (context) => uploadToken(context.req.raw));
  const headers = { Cookie: "session=u7", Origin: "https://app.example" };
  const response = await app.request("/upload-token", { method: "POST", body, headers });
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
});
