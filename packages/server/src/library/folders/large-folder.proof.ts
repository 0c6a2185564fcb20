import { expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import { advanceFolderJob } from "./advance-job.ts";
import type { FolderJobToStart } from "./start-job.ts";
import { startFolderJob } from "./start-job.ts";
import { pathsIn, seedTree } from "./testing/seed-tree.ts";

const folderCount = 499;
const fileCount = 99_500;

describeEngines((engine) => {
  test("a folder of 100,000 files and folders is renamed at once, and copied and deleted while uploads go on", {
    timeout: 1_800_000,
  }, async () => {
    const fixture = await openUploadFixture(engine);
    const jobs = await fixture.openJobs();
    const { database } = fixture.parts;
    const figures: Record<string, number | string> = {};
    try {
      const like = await fixture.upload("content", { folder: "/like" });
      const folders = pathsIn("/a", "f", folderCount);
      const perFolder = Math.ceil(fileCount / folderCount);
      const files = folders.flatMap((folder) => pathsIn(folder, "x", perFolder)).slice(0, fileCount);
      await seedTree(fixture.config, { folders: ["/a", ...folders], files, like });

      async function start(job: Pick<FolderJobToStart, "type" | "source" | "target" | "maxObjects">) {
        const jobId = newId();
        const began = performance.now();
        const { outcome } = await database.run(startFolderJob, {
          ...{
            jobId,
            accountId: fixture.principal.accountId,
            allVersions: false,
            trashMs: null,
            purgeId: null,
            storageLimit: 0,
          },
          ...{ publicUrl: "https://media.example", events: undefined, now: Date.now(), ...job },
        });
        return { jobId, outcome, ms: Math.round(performance.now() - began) };
      }

      /** Takes the steps of a job while uploads go on, and notes how long both take. */
      async function finish(name: string, jobId: string): Promise<void> {
        const steps: number[] = [];
        const uploads: number[] = [];
        let isOver = false;
        const uploading = (async () => {
          for (let count = 0; !isOver; count += 1) {
            const began = performance.now();
            await fixture.upload(`${name} ${count}`, { folder: "/beside", fileName: `${count}` });
            uploads.push(performance.now() - began);
          }
        })();
        const began = performance.now();
        for (let outcome: unknown = "under way"; outcome !== "ended"; ) {
          const stepped = performance.now();
          outcome = await database.run(advanceFolderJob, { jobId, storageLimit: 0, now: Date.now() });
          steps.push(performance.now() - stepped);
        }
        figures[`${name} s`] = ((performance.now() - began) / 1000).toFixed(1);
        isOver = true;
        await uploading;
        figures[`${name} step ms, median and max`] = medianAndMax(steps);
        figures[`upload beside it ms, median and max (${name})`] = medianAndMax(uploads);
      }

      const renamed = await start({ type: "RENAME_FOLDER", source: "/a", target: "/b", maxObjects: null });
      figures["rename ms"] = renamed.ms;
      const moved = await start({ type: "MOVE_FOLDER", source: "/b", target: "/c/b", maxObjects: 100_000 });
      figures["move ms"] = moved.ms;
      expect([renamed.outcome, moved.outcome]).toEqual(["ended", "ended"]);
      const copy = await start({ type: "COPY_FOLDER", source: "/c/b", target: "/d/b", maxObjects: 100_000 });
      figures["copy: start ms"] = copy.ms;
      await finish("copy", copy.jobId);
      const removal = await start({ type: "DELETE_FOLDER", source: "/d/b", target: null, maxObjects: 100_000 });
      figures["delete: start ms"] = removal.ms;
      await finish("delete", removal.jobId);
      expect(await fixture.problems({ quick: true })).toEqual([]);
      const left = await database.reader
        .selectFrom("files")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("name", "like", "x%")
        .executeTakeFirstOrThrow();
      expect(Number(left.count)).toBe(fileCount);
    } finally {
      process.stderr.write(`${JSON.stringify(figures, null, 2)}\n`);
      await jobs.close();
      await fixture.close();
    }
  });
});

function medianAndMax(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  return `${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1)}, ${(sorted.at(-1) ?? 0).toFixed(1)}`;
}
