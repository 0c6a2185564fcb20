import { afterEach, describe, expect, test } from "vitest";
import { spoolFiles } from "./harness/data-dir.ts";
import { deliver, original } from "./harness/deliver.ts";
import { call, refusal } from "./harness/media-api.ts";
import { textPart } from "./harness/multipart.ts";
import { mp4, webm } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadZeros } from "./harness/streamed-upload.ts";
import { basic, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;

let server: RunningServer;
afterEach(() => server?.stop());

async function start(...flags: string[]): Promise<void> {
  server = await startServer({ flags });
}

/** Uploads a file of this size that begins with `head` and continues with zeros. */
const upload = (size: number, fileName: string, head?: Uint8Array) => uploadZeros(server.url, { fileName }, size, head);
const film = mp4();
const tooLarge = (bytes: number) => [
  400,
  `Your request contains invalid file parameter. The file size exceeds ${bytes} bytes limit.`,
  "FILE_TOO_LARGE",
];

/** Expects a file of this size to be accepted, and a file of one byte more to be refused. */
async function expectLimit(limit: number, fileName: string, head?: Uint8Array): Promise<void> {
  const fits = await upload(limit, fileName, head);
  expect(fits.body).toMatchObject({ size: limit });
  expect(fits.status).toBe(200);
  expect(refusal(await upload(limit + 1, fileName, head))).toEqual(tooLarge(limit));
}

describe("the plan", () => {
  test("default takes 25 MiB, and videos up to 300 MiB", async () => {
    await start();
    await expectLimit(26_214_400, "zeros.bin");
    const video = await upload(26 * MiB, "film.mp4", film);
    expect(video.body).toMatchObject({ size: 26 * MiB });
    expect(refusal(await upload(300 * MiB + 1, "film.mp4", film))).toEqual(tooLarge(314_572_800));
  });

  test("free takes 25 MiB of everything", async () => {
    await start("--plan", "free");
    await expectLimit(26_214_400, "film.mp4", film);
    await expectLimit(26_214_400, "zeros.bin");
  });

  test("lite takes 40 MiB, and larger videos", async () => {
    await start("--plan", "lite");
    await expectLimit(41_943_040, "zeros.bin");
    expect((await upload(41 * MiB, "film.mp4", film)).status).toBe(200);
  });

  test("pro takes 50 MiB, and larger videos", async () => {
    await start("--plan", "pro");
    await expectLimit(52_428_800, "zeros.bin");
    expect((await upload(51 * MiB, "film.mp4", film)).status).toBe(200);
  });

  test("unlimited takes what comes", async () => {
    await start("--plan", "unlimited");
    expect((await upload(60 * MiB, "zeros.bin")).body).toMatchObject({ size: 60 * MiB });
  });

  test("is overridden by single limits", async () => {
    await start("--plan", "pro", "--max-file-size", "1000", "--max-video-size", "500");
    await expectLimit(1000, "zeros.bin");
    await expectLimit(500, "film.mp4", film);
  });

  test("comes from the environment as well", async () => {
    const environment = { SLUICE_PLAN: "free", SLUICE_MAX_FILE_SIZE: "1000" };
    server = await startServer({ environment });
    await expectLimit(1000, "zeros.bin");
    expect((await upload(2000, "film.mp4", film)).status).toBe(200);
  });
});

describe("the limit", () => {
  test("follows from what the first bytes are, whatever the file is called", async () => {
    await start("--max-file-size", "1000", "--max-video-size", "3000");
    for (const name of ["film.mp4", "picture.jpg", "letter.txt", "film"]) {
      await expectLimit(3000, name, film);
      await expectLimit(3000, name, webm());
      await expectLimit(1000, name);
      await expectLimit(1000, name, Buffer.from("A letter, which is no film."));
    }
  });

  test("is judged on decoded bytes for base64 and data URIs", async () => {
    await start("--max-file-size", "1000", "--max-video-size", "3000");
    const send = (text: string) =>
      post(server.url, [textPart("fileName", "f.bin"), textPart("file", text)], { authorization: basic });
    for (const header of ["", "data:application/octet-stream;base64,"]) {
      for (const [limit, make] of [
        [1000, Buffer.alloc],
        [3000, mp4],
      ] as const) {
        const wrapped = (size: number) =>
          header +
          make(size)
            .toString("base64")
            .replace(/(.{76})/g, "$1\r\n");
        expect((await send(wrapped(limit))).body).toMatchObject({ size: limit });
        expect(refusal(await send(wrapped(limit + 1)))).toEqual(tooLarge(limit));
      }
    }
  });

  test("leaves nothing behind of a file that exceeds it", async () => {
    await start("--max-file-size", "100000");
    const fields = { fileName: "large.bin" };
    const large = Buffer.alloc(3 * MiB, 1);
    expect(refusal(await uploadBasic(server.url, large, fields))).toEqual(tooLarge(100_000));
    // The file comes before the token.
    expect(refusal(await uploadWithToken(server.url, large.subarray(0, 150_000), fields))).toEqual(tooLarge(100_000));
    expect((await call(server.url, "GET", "/v1/files")).body).toEqual([]);
    await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
    // The server still takes uploads.
    const { body } = await uploadBasic(server.url, "small", fields);
    expect((await deliver(original(body.url))).bytes.toString()).toBe("small");
  });
});
