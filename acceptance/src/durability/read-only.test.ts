import { expect, test } from "vitest";
import { acknowledged, expectKept } from "../harness/acknowledged.ts";
import { withDataOnMounts } from "../harness/data-on-mounts.ts";
import { expectUnavailable } from "../harness/expectations.ts";
import { expectClean } from "../harness/fsck.ts";
import { mountProblem } from "../harness/mount.ts";
import { describeWhere } from "../harness/needs.ts";
import { startServerProcess } from "../harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";

describeWhere(mountProblem(), "a read-only folder", () => {
  const content = Buffer.from("the content");
  const large = Buffer.from("large ".repeat(100_000));
  const fields = { fileName: "file.txt" };

  test.each(["spool", "blobs"] as const)(
    "of %s refuses uploads with 503, burns no token, still delivers, and is over when it is writable again",
    async (place) => {
      await withDataOnMounts(place, async (dataDir, mount) => {
        const server = await startServerProcess({ dataDir });
        try {
          const kept = [acknowledged(await uploadBasic(server.url, content, fields), content)];
          const other = Buffer.from("other content");
          const token = mint(fields);
          const makeWritable = await mount.makeReadOnly();
          const answer = await uploadWithToken(server.url, other, fields, token);
          expectUnavailable(answer);
          expect(answer.headers.has("x-should-retry")).toBe(false);
          expectUnavailable(await uploadBasic(server.url, large, fields));
          // A small upload never enters the spool. With a token it is refused all the same, and can still be retried.
          const small = await uploadBasic(server.url, other, fields);
          if (place === "spool") kept.push(acknowledged(small, other));
          else expectUnavailable(small);
          await expectKept(server.url, kept);
          await makeWritable();
          kept.push(acknowledged(await uploadWithToken(server.url, other, fields, token), other));
          await expectKept(server.url, kept);
        } finally {
          await server.stop();
        }
        await expectClean(dataDir);
      });
    },
  );

  test("of all data is refused at the start in one line, and served once it is writable", async () => {
    await withDataOnMounts("database", async (dataDir, mount) => {
      const first = await startServerProcess({ dataDir });
      const stored = await uploadBasic(first.url, content, fields).finally(() => first.stop());
      const kept = acknowledged(stored, content);
      const makeWritable = await mount.makeReadOnly();
      await expect(startServerProcess({ dataDir })).rejects.toThrow(
        /ready:\nsluice: --data-dir: \S+ is on a read-only .*\n$/,
      );
      await makeWritable();
      const server = await startServerProcess({ dataDir });
      try {
        await expectKept(server.url, [kept]);
      } finally {
        await server.stop();
      }
      await expectClean(dataDir);
    });
  });
});
