import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { sluice } from "./harness/command.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { deliver, original } from "./harness/deliver.ts";
import { describeWhere } from "./harness/needs.ts";
import { startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const service = process.env.SLUICE_TEST_S3_URL;
const missing = service ? undefined : "SLUICE_TEST_S3_URL names no S3 service; npm test starts one";

describeWhere(missing, "a server whose files are in a bucket", () => {
  const [place = "", parameters = ""] = (service ?? "").split("?");
  const newStorage = (more = "") => `${place}/test/${randomBytes(8).toString("hex")}?${parameters}${more}`;

  test("keeps nothing of them on its own disk, and finds them again after a restart", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const flags = ["--storage-url", newStorage()];
      // One file fits in a single request, the other needs several parts.
      const files = [randomBytes(1000), randomBytes(12_000_000)];
      const first = await startServer({ dataDir, flags });
      const paths: string[] = [];
      for (const bytes of files) {
        const { status, body } = await uploadBasic(first.url, bytes, { fileName: "data.bin" });
        expect(status).toBe(200);
        paths.push(new URL(body.url).pathname);
      }
      expect(await readdir(dataDir)).not.toContain("blobs");
      expect(await first.stop()).toBe(0);
      const second = await startServer({ dataDir, flags });
      try {
        for (const [n, path] of paths.entries()) {
          const { status, bytes } = await deliver(original(`${second.url}${path}`));
          expect([status, bytes.equals(files[n] ?? Buffer.of())]).toEqual([200, true]);
          const part = await deliver(original(`${second.url}${path}`), { headers: { range: "bytes=100-199" } });
          expect([part.status, part.bytes]).toEqual([206, files[n]?.subarray(100, 200)]);
        }
        expect((await fetch(`${second.url}/health`)).status).toBe(200);
        const checked = await sluice(["fsck", "--deep", "--data-dir", dataDir, ...flags]);
        expect(checked.stdout).toMatch(/^2 files, 2 versions, 2 blobs checked\nclean$/m);
        const swept = await sluice(["sweep", "--data-dir", dataDir, ...flags]);
        expect(swept.stdout).toMatch(/^releasedBlobs: 0\nreleasedBytes: 0\norphanedObjects: 0\nunfinishedUploads: 0$/m);
      } finally {
        await second.stop();
      }
    });
  });

  test("sends clients there for pictures when it is told to", async () => {
    const server = await startServer({ flags: ["--storage-url", newStorage("&redirect=true")] });
    try {
      const png = Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==",
        "base64",
      );
      const { body } = await uploadBasic(server.url, png, { fileName: "dot.png" });
      const url = `${server.url}${new URL(body.url).pathname}`;
      expect((await deliver(url)).status).toBe(200);
      const { status, headers } = await deliver(original(url));
      expect(status).toBe(302);
      const there = await fetch(headers.location ?? "");
      expect(there.headers.get("content-type")).toBe("image/png");
      expect(Buffer.from(await there.arrayBuffer())).toEqual(png);
    } finally {
      await server.stop();
    }
  });

  test.each([
    [
      "a bucket that is not there",
      () => (service ?? "").replace(/^s3:\/\/[^/?]+/, "s3://no-such-bucket"),
      {},
      2,
      "no bucket",
    ],
    ["keys that don't fit", newStorage, { AWS_SECRET_ACCESS_KEY: "another-secret" }, 2, "credentials"],
    ["a service that isn't there", () => `${place}?endpoint=http://127.0.0.1:1`, {}, 1, "ECONNREFUSED"],
  ])("%s: one line, no secret, nothing made", async (_, storageUrl, environment, exitCode, problem) => {
    await withTemporaryFolder(async (cwd) => {
      const args = ["serve", "--port", "0", "--storage-url", storageUrl()];
      const { code, stdout, stderr } = await sluice(args, { cwd, environment: { ...environment } });
      expect({ code, stdout, made: await readdir(cwd) }, stderr).toEqual({ code: exitCode, stdout: "", made: [] });
      expect(stderr).toMatch(/^sluice: [^\n]+\n$/);
      expect(stderr).toContain(problem);
      expect(stderr).not.toMatch(/secret|AWS4-HMAC/i);
    });
  });
});
