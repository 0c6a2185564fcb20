import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { expectClean } from "../harness/fsck.ts";
import { call } from "../harness/media-api.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";

const filesPerFolder = 400;
/** Time for the lease of a killed worker to end, and for the rest of the job. */
const patience = { timeout: 120_000, interval: 250 };

test.each(["1", "2"])(
  "a folder job goes on after kill -9 and does each step once, with --workers %s",
  {
    timeout: 600_000,
  },
  async (workers) => {
    const flags = ["--workers", workers];
    await withTemporaryFolder(async (dataDir) => {
      let server = await startServerProcess({ dataDir, flags });
      const api = (method: string, path: string, body?: unknown) =>
        call(server.url, method, path, body === undefined ? {} : { body });
      const start = async (what: string, sourceFolderPath: string, destinationPath: string): Promise<string> => {
        const { status, body } = await api("POST", `/v1/bulkJobs/${what}`, { sourceFolderPath, destinationPath });
        expect(status).toBe(200);
        return body.jobId;
      };
      const statusOf = async (jobId: string) => (await api("GET", `/v1/bulkJobs/${jobId}`)).body;
      const end = (jobId: string) =>
        expect.poll(async () => (await statusOf(jobId)).status, patience).toBe("Completed");

      /** Kills the server as soon as the job has done something, and starts another one. */
      const killUnder = async (jobId: string): Promise<boolean> => {
        for (;;) {
          const { status, done } = await statusOf(jobId);
          if (status === "Completed") return false;
          if (done > filesPerFolder) break;
          await sleep(5);
        }
        await server.kill();
        server = await startServerProcess({ dataDir, flags });
        return true;
      };

      try {
        await fill(server, filesPerFolder);
        for (const target of ["/many/1", "/many/2", "/many/3", "/many/4", "/there"]) {
          await end(await start("copyFolder", "/seed", target));
        }
        const copy = await start("copyFolder", "/many", "/copies");
        expect(await killUnder(copy)).toBe(true);
        await end(copy);
        for (const target of ["1", "2", "3", "4"]) {
          await expectVersions(server, `/copies/many/${target}/seed`, 1);
        }
        // A merge gives each file of the destination the versions of one file.
        const merge = await start("moveFolder", "/copies/many/1/seed", "/there");
        await killUnder(merge);
        await end(merge);
        await expectVersions(server, "/there/seed", 2);
        const deletion = api("DELETE", "/v1/folder", { folderPath: "/many" }).catch(() => undefined);
        await sleep(150);
        await server.kill();
        await deletion;
        server = await startServerProcess({ dataDir, flags });
        await expect
          .poll(async () => (await api("DELETE", "/v1/folder", { folderPath: "/many" })).status, patience)
          .toBe(404);
        expect((await api("GET", "/v1/files?path=/many/4/seed")).body).toEqual([]);
      } finally {
        await server.stop();
      }
      await expectClean(dataDir);
    });
  },
);

async function fill(server: ServerProcess, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${index}.txt`);
  const client = async (): Promise<void> => {
    for (let fileName = names.pop(); fileName !== undefined; fileName = names.pop()) {
      const fields = { folder: "/seed", fileName, useUniqueFileName: "false" };
      expect((await uploadBasic(server.url, fileName, fields)).status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
}

/** Expects that every file was dealt with once: none is missing, and none has a version too many. */
async function expectVersions(server: ServerProcess, folder: string, count: number): Promise<void> {
  const list = (type: string) => call(server.url, "GET", `/v1/files?path=${folder}&type=${type}&limit=1000`);
  expect((await list("file")).body).toHaveLength(filesPerFolder);
  expect((await list("file-version")).body).toHaveLength(filesPerFolder * (count - 1));
}
