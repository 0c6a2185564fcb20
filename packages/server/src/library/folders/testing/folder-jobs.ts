import { afterEach, beforeEach, expect } from "vitest";
import type { AssetRow } from "../../../database/repositories/assets.ts";
import type { TestEngine } from "../../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../../testing/upload-fixture.ts";
import { newId } from "../../../text/id.ts";
import { advanceFolderJob } from "../advance-job.ts";
import type { FolderJobOutcome, FolderJobToStart } from "../start-job.ts";
import { startFolderJob } from "../start-job.ts";
import { finishFolderJob } from "./finish-folder-job.ts";
import { seedTree } from "./seed-tree.ts";

/** Gives each test of a block a library of its own, and what it needs to start folder jobs there and to look at them. */
export function useFolderJobs(engine: TestEngine) {
  let fixture: UploadFixture;
  let jobs: Awaited<ReturnType<UploadFixture["openJobs"]>>;
  let like: AssetRow;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    // A test takes the steps of jobs by itself.
    jobs = await fixture.openJobs();
    like = await fixture.upload("content", { folder: "/like" });
  });
  afterEach(async () => {
    await jobs.close();
    await fixture.close();
  });

  const database = () => fixture.parts.database;

  async function start(job: Pick<FolderJobToStart, "type" | "source" | "target"> & Partial<FolderJobToStart>) {
    const jobId = newId();
    const outcome: FolderJobOutcome = await database().run(startFolderJob, {
      ...{
        jobId,
        accountId: fixture.principal.accountId,
        allVersions: false,
        trashMs: null,
        purgeId: null,
        maxObjects: 100_000,
      },
      ...{ storageLimit: 0, publicUrl: "https://media.example", events: undefined, now: Date.now(), ...job },
    });
    return { jobId, outcome: outcome.outcome };
  }
  const move = (source: string, target: string) => start({ type: "MOVE_FOLDER", source, target });
  const copy = (source: string, target: string, more: Partial<FolderJobToStart> = {}) =>
    start({ type: "COPY_FOLDER", source, target, ...more });
  const rename = (source: string, target: string) => start({ type: "RENAME_FOLDER", source, target, maxObjects: null });
  const remove = (source: string) => start({ type: "DELETE_FOLDER", source, target: null });
  const seed = (folders: readonly string[], files: readonly string[]) =>
    seedTree(fixture.config, { folders, files, like });
  const step = (jobId: string) => database().run(advanceFolderJob, { jobId, storageLimit: 0, now: Date.now() });
  const finish = (jobId: string) => finishFolderJob({ database: database(), now: Date.now() }, jobId);

  async function jobOf(jobId: string) {
    return database().reader.selectFrom("bulk_jobs").selectAll().where("id", "=", jobId).executeTakeFirstOrThrow();
  }

  async function folderId(path: string): Promise<string | undefined> {
    const row = await database().reader.selectFrom("folders").select("id").where("path", "=", path).executeTakeFirst();
    return row?.id;
  }

  /** The number of versions of each file, by its path. */
  async function library(): Promise<Record<string, number>> {
    const rows = await database()
      .reader.selectFrom("versions")
      .innerJoin("files", "files.id", "versions.file_id")
      .innerJoin("folders", "folders.id", "files.folder_id")
      .select(["folders.path", "files.name"])
      .execute();
    const counts: Record<string, number> = {};
    for (const { path, name } of rows) counts[`${path}/${name}`] = (counts[`${path}/${name}`] ?? 0) + 1;
    return counts;
  }

  async function folders(): Promise<string[]> {
    const rows = await database().reader.selectFrom("folders").select("path").orderBy("path").execute();
    return rows.map(({ path }) => path).filter((path) => path !== "/" && path !== "/like");
  }

  async function expectClean(): Promise<void> {
    expect(await fixture.problems({ quick: true })).toEqual([]);
  }

  return {
    fixture: () => fixture,
    database,
    start,
    move,
    copy,
    rename,
    remove,
    seed,
    step,
    finish,
    jobOf,
    folderId,
    library,
    folders,
    expectClean,
  };
}
