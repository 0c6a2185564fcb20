import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

test("a file uploaded with a token is answered as stored", async () => {
  const { status, body } = await uploadWithToken(server.url, "hello", { fileName: "hello.txt", folder: "/greetings" });
  expect(body).toMatchObject({ size: 5, fileType: "non-image", versionInfo: { name: "Version 1" } });
  expect(status).toBe(200);
});
