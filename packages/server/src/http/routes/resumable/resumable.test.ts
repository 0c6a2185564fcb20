import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeEngines } from "../../../testing/engines.ts";
import {
  basic,
  collection,
  mint,
  openResumableApp,
  publicUrl,
  type ResumableApp,
  reasonOf,
} from "./testing/resumable-app.ts";

describeEngines((engine) => {
  let app: ResumableApp;
  beforeAll(async () => {
    app = await openResumableApp(engine);
  });
  afterAll(() => app?.close());

  test("a file that comes in pieces is stored with its last byte, and not before", async () => {
    const path = await app.create({
      parameters: { fileName: "pieces.txt", useUniqueFileName: false, tags: ["a", "b"] },
    });
    expect(await app.offsetOf(path)).toBe(0);
    const first = await app.patch(path, 0, "hello");
    expect([first.statusCode, first.headers["upload-offset"]]).toEqual([204, "5"]);
    expect(await app.offsetOf(path)).toBe(5);
    expect(await app.names()).not.toContain("pieces.txt");
    const progress = await app.send("GET", path);
    expect([progress.statusCode, progress.json()]).toEqual([202, { offset: 5, length: 10 }]);
    const last = await app.patch(path, 5, "world");
    expect([last.statusCode, last.headers["upload-offset"]]).toEqual([204, "10"]);
    expect(await app.names()).toContain("pieces.txt");
    const answer = await app.send("GET", path);
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { name: "pieces.txt", size: 10 }]);
    const { fileId } = answer.json();
    const file = await app.app.inject({ url: `/v1/files/${fileId}/details`, headers: basic });
    expect(file.json()).toMatchObject({ tags: ["a", "b"] });
    const bytes = await app.app.inject({ url: "/demo/pieces.txt" });
    expect(bytes.body).toBe("helloworld");
    expect(await app.offsetOf(path)).toBe(10);
  });

  test("the address is built from the public URL alone", async () => {
    const headers = { ...basic, host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "ftp" };
    const { statusCode, headers: told } = await app.tryCreate({ headers });
    expect([statusCode, told.location]).toEqual([
      201,
      expect.stringMatching(/^https:\/\/media\.example\/_sluice\/resumable\/[\w-]{43}$/),
    ]);
    expect(Date.parse(String(told["upload-expires"])) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  test("a token creates one session", async () => {
    const token = await mint({ fileName: "once.txt" });
    const creations = await Promise.all(
      [1, 2, 3].map(() => app.tryCreate({ parameters: { fileName: "once.txt" }, token })),
    );
    expect(creations.map(({ statusCode }) => statusCode).sort()).toEqual([201, 400, 400]);
    const again = await app.tryCreate({ parameters: { fileName: "once.txt" }, token });
    expect([again.statusCode, reasonOf(again)]).toEqual([400, "TOKEN_USED"]);
  });

  test("the first bytes may come with the creation, and so may the whole file", async () => {
    const headers = { "content-type": "application/offset+octet-stream" };
    const part = await app.tryCreate({ headers, body: "hello" });
    expect([part.statusCode, part.headers["upload-offset"]]).toEqual([201, "5"]);
    const path = String(part.headers.location).slice(publicUrl.length);
    expect((await app.patch(path, 5, "world")).statusCode).toBe(204);
    const whole = await app.tryCreate({
      headers,
      body: "helloworld",
      parameters: { fileName: "whole.txt", useUniqueFileName: false },
    });
    expect([whole.statusCode, whole.headers["upload-offset"]]).toEqual([201, "10"]);
    expect(await app.names()).toContain("whole.txt");
  });

  describe("a piece", () => {
    test("at another offset is refused, and changes nothing", async () => {
      const path = await app.create();
      await app.patch(path, 0, "hello");
      for (const offset of [0, 4, 6]) {
        const answer = await app.patch(path, offset, "w");
        expect([answer.statusCode, reasonOf(answer)]).toEqual([409, "UPLOAD_OFFSET_WRONG"]);
      }
      expect(await app.offsetOf(path)).toBe(5);
    });

    test("that is longer than what is left is refused, announced or not", async () => {
      const path = await app.create();
      const answer = await app.patch(path, 0, "hello world");
      expect([answer.statusCode, reasonOf(answer)]).toEqual([413, "PIECE_BEYOND_LENGTH"]);
      expect(await app.offsetOf(path)).toBe(0);
    });

    test("of which nothing was acknowledged leaves no hash to the bytes that another server takes instead", async () => {
      const other = await app.another();
      const path = await app.create({ parameters: { fileName: "hashed.txt", useUniqueFileName: false } });
      const beyond = await app.patch(path, 0, Readable.from(["wrong", "beyond"]));
      expect([beyond.statusCode, reasonOf(beyond)]).toEqual([413, "PIECE_BEYOND_LENGTH"]);
      const first = await other.app.inject({
        method: "PATCH",
        url: path,
        headers: {
          ...{ "tus-resumable": "1.0.0", "upload-offset": "0" },
          "content-type": "application/offset+octet-stream",
        },
        payload: "hello",
      });
      expect(first.statusCode).toBe(204);
      expect((await app.patch(path, 5, "world")).statusCode).toBe(204);
      const blobs = app.parts.database.reader.selectFrom("blobs").select("sha256").where("size", "=", 10);
      const hashes = (await blobs.execute()).map(({ sha256 }) => Buffer.from(sha256).toString("hex"));
      expect(hashes).toEqual([createHash("sha256").update("helloworld").digest("hex")]);
    });

    test.each(["sha1", "sha256"])("with a %s is kept if it has that checksum", async (algorithm) => {
      const path = await app.create();
      const sum = (text: string) => ({
        "upload-checksum": `${algorithm} ${createHash(algorithm).update(text).digest("base64")}`,
      });
      const wrong = await app.patch(path, 0, "hello", sum("hellp"));
      expect([wrong.statusCode, reasonOf(wrong)]).toEqual([460, "CHECKSUM_MISMATCH"]);
      expect(await app.offsetOf(path)).toBe(0);
      expect((await app.patch(path, 0, "hello", sum("hello"))).statusCode).toBe(204);
      expect((await app.patch(path, 5, "world", sum("world"))).statusCode).toBe(204);
      expect((await app.send("GET", path)).json()).toMatchObject({ size: 10 });
    });
  });

  test("a session that is deleted is unknown, and so is one that never was", async () => {
    const path = await app.create();
    await app.patch(path, 0, "hello");
    expect((await app.send("DELETE", path)).statusCode).toBe(204);
    for (const gone of [path, `${collection}/${"a".repeat(43)}`, `${collection}/short`]) {
      expect(await app.offsetOf(gone)).toBe(-404);
      expect((await app.patch(gone, 5, "world")).statusCode).toBe(404);
      expect((await app.send("GET", gone)).statusCode).toBe(404);
      expect((await app.send("DELETE", gone)).statusCode).toBe(404);
    }
  });

  test("deleting the session of a stored upload leaves the file", async () => {
    const path = await app.create({ parameters: { fileName: "stays.txt", useUniqueFileName: false } });
    await app.patch(path, 0, "helloworld");
    expect((await app.send("DELETE", path)).statusCode).toBe(204);
    expect(await app.offsetOf(path)).toBe(-404);
    expect((await app.app.inject({ url: "/demo/stays.txt" })).body).toBe("helloworld");
  });

  test("last pieces that two servers are sent at once make one version", async () => {
    const other = await app.another();
    for (let round = 0; round < 3; round++) {
      const fileName = `race-${round}.txt`;
      const path = await app.create({ parameters: { fileName, useUniqueFileName: false } });
      await app.patch(path, 0, "hello");
      const headers = {
        "upload-offset": "5",
        "content-type": "application/offset+octet-stream",
        "tus-resumable": "1.0.0",
      };
      const answers = await Promise.all(
        [app.app, other.app, app.app, other.app].map((one) =>
          one.inject({ method: "PATCH", url: path, headers, payload: `w${round}rld` }),
        ),
      );
      const statuses = answers.map(({ statusCode }) => statusCode);
      expect(statuses).toContain(204);
      for (const status of statuses) expect([204, 409, 423]).toContain(status);
      expect((await app.send("GET", path)).json()).toMatchObject({ versionInfo: { name: "Version 1" } });
    }
  });

  test("a refusal at the end is kept, and told to whoever asks", async () => {
    const parameters = { fileName: "big.txt", useUniqueFileName: false, checks: '"file.size" < 5' };
    const path = await app.create({ parameters });
    const last = await app.patch(path, 0, "helloworld");
    expect([last.statusCode, reasonOf(last)]).toEqual([400, "CHECKS_FAILED"]);
    expect(await app.offsetOf(path)).toBe(-400);
    for (const answer of [await app.send("GET", path), await app.patch(path, 10, "")]) {
      expect([answer.statusCode, answer.body]).toEqual([400, last.body]);
    }
    expect(await app.names()).not.toContain("big.txt");
  });
});
