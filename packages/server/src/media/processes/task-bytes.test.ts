import { mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTaskBytes } from "./task-bytes.ts";

const folder = await mkdtemp(join(tmpdir(), "task-bytes-"));
const path = join(folder, "file");
await writeFile(path, "picture");
afterAll(() => rm(folder, { recursive: true }));

test("a file is read whole, and bytes are taken as they are", async () => {
  expect((await readTaskBytes({ path, size: 7 })).toString()).toBe("picture");
  const whole = Buffer.from("a picture");
  const data = await readTaskBytes({ data: new Uint8Array(whole.buffer, whole.byteOffset + 2, 7) });
  expect(data.toString()).toBe("picture");
  // Nothing is copied.
  expect(data.buffer).toBe(whole.buffer);
});

test.each([6, 8, 2 ** 40])(
  "a file of another size than its record says is refused, and no memory is taken (%i)",
  async (size) => {
    await expect(readTaskBytes({ path, size })).rejects.toThrow("A stored image has another size than its record says");
  },
);

test("a file that isn't there is the system's error", async () => {
  await expect(readTaskBytes({ path: join(folder, "gone"), size: 7 })).rejects.toMatchObject({ code: "ENOENT" });
});

test.runIf(process.platform === "linux")("the file is closed again", async () => {
  await readTaskBytes({ path, size: 7 });
  await readTaskBytes({ path, size: 8 }).catch(() => undefined);
  const targets = await Promise.all(
    (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
  );
  expect(targets).not.toContain(path);
});
