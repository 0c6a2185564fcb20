import { expect, test } from "vitest";
import { findCurrentAsset, updatedAtOf } from "../../database/repositories/assets.ts";
import { changeFileDetails } from "../../extensions/file-patch/patch-file.ts";
import type { ReportProgress } from "../../jobs/progress/report-progress.ts";
import { recordJobProgress } from "../../jobs/progress/report-progress.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never } from "../../testing/upload-fixture.ts";
import { removeFileTransaction, restoreFileVersionTransaction } from "../files/edit-files.ts";
import { moveFileTo } from "../files/organise-files.ts";
import { restoreFromTrash } from "../trash/restore-transaction.ts";
import { maxVersions } from "../versions/add-version.ts";
import { advanceFolderJob, failFolderJob } from "./advance-job.ts";
import { folderJobKind } from "./job-kinds.ts";
import { resumeFolderJobs, runFolderJob } from "./jobs.ts";
import { findFolderJob } from "./manage-folders.ts";
import { useFolderJobs } from "./testing/folder-jobs.ts";
import { pathsIn, seedVersions } from "./testing/seed-tree.ts";

describeEngines((engine) => {
  const {
    fixture,
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
  } = useFolderJobs(engine);

  test("what is uploaded while a job runs and has no room at the destination stops the job, and stays", async () => {
    for (const start of [move, copy]) {
      const top = start === move ? "/moved" : "/copied";
      const base = `/into-${top.slice(1)}`;
      const into = `${base}/d/d`;
      await seed([top, base, `${base}/d`, into, `${into}${top}`], pathsIn(top, "x", 250));
      const { jobId, outcome } = await start(top, `${into}${top}`);
      expect(outcome).toBe("started");
      const deep = `${top}/${Array.from({ length: 47 }, (_, index) => index).join("/")}`;
      await fixture().upload("deep", { folder: deep, fileName: "deep.txt" });
      await finish(jobId);
      const { status, error, done, total } = await jobOf(jobId);
      expect([status, JSON.parse(error ?? "")]).toEqual(["Completed", { reason: "PATH_LIMIT" }]);
      expect(done).toBeLessThanOrEqual(total);
      expect(await folderId(deep)).toBeDefined();
      expect((await folders()).filter((path) => path.split("/").length - 1 > 50)).toEqual([]);
      const long = `${"n".repeat(250)}.txt`;
      const folder = `${top}-long/${[..."abc"].map((letter) => letter.repeat(250)).join("/")}`;
      await seed([`${top}-long`, `${into}${top}-long`], pathsIn(`${top}-long`, "x", 250));
      const second = await start(`${top}-long`, `${into}${top}-long`);
      await fixture().upload("long", { folder, fileName: long });
      await finish(second.jobId);
      expect(await jobOf(second.jobId)).toMatchObject({ status: "Completed", error: '{"reason":"PATH_LIMIT"}' });
      expect(Object.keys(await library())).toContain(`${folder}/${long}`);
      await expectClean();
    }
  }, 60_000);

  test("a change in a folder that a node with a clock ahead has moved gives the file's URL another updatedAt", async () => {
    const { file_id: fileId } = await fixture().upload("first", { folder: "/skewed", fileName: "x.txt" });
    const { accountId, viewer } = fixture().principal;
    const ahead = Date.now() + 3600_000;
    await start({ type: "RENAME_FOLDER", source: "/skewed", target: "/renamed", now: ahead });
    const shown = async () => {
      const asset = await findCurrentAsset(database().reader, viewer, fileId);
      return asset === undefined ? 0 : updatedAtOf(asset);
    };
    const times = [await shown()];
    expect(times[0]).toBe(ahead);
    const changes = [
      () => fixture().upload("second", { folder: "/renamed", fileName: "x.txt" }),
      () =>
        database().run(changeFileDetails, {
          accountId,
          fileId,
          now: Date.now(),
          details: { tags: ["x"] },
          extensions: [],
        }),
      () => database().run(restoreFileVersionTransaction, { accountId, fileId, versionId: fileId, now: Date.now() }),
    ];
    for (const change of changes) {
      await change();
      times.push(await shown());
    }
    await database().run(removeFileTransaction, { accountId, fileId, trashMs: 1, now: Date.now() });
    await database().run(restoreFromTrash, { accountId, fileId, now: Date.now() });
    times.push(await shown());
    expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
  });

  test("a rename doesn't touch the files, however many there are", async () => {
    await seed(["/a", "/a/b"], pathsIn("/a/b", "x", 500));
    const before = await database().reader.selectFrom("files").selectAll().orderBy("id").execute();
    expect((await rename("/a", "/c")).outcome).toBe("ended");
    expect(await database().reader.selectFrom("files").selectAll().orderBy("id").execute()).toEqual(before);
    expect(await folders()).toEqual(["/c", "/c/b"]);
    await expectClean();
  });

  test("a copy in several steps copies each file once, whoever takes the steps", async () => {
    await seed(
      ["/a", "/a/b", "/a/c"],
      [...pathsIn("/a", "x", 250), ...pathsIn("/a/b", "x", 250), ...pathsIn("/a/c", "x", 3)],
    );
    await seed(["/t", "/t/a"], pathsIn("/t/a", "x", 2));
    const { jobId } = await copy("/a", "/t/a");
    // Two workers at once, as after a lease that has run out.
    await Promise.all([finish(jobId), finish(jobId)]);
    const files = await library();
    const copies = Object.entries(files).filter(([path]) => path.startsWith("/t/a/"));
    expect(copies).toHaveLength(503);
    expect(copies.filter(([, count]) => count !== 1)).toEqual(
      expect.arrayContaining([
        ["/t/a/x0", 2],
        ["/t/a/x1", 2],
      ]),
    );
    expect(copies.filter(([, count]) => count !== 1)).toHaveLength(2);
    expect(await jobOf(jobId)).toMatchObject({ status: "Completed", done: 506, total: 506 });
    await expectClean();
  });

  test("a merge moves the files into the folders of the same names", async () => {
    await seed(["/a", "/a/b", "/a/only", "/t", "/t/a", "/t/a/b"], []);
    await seed([], [...pathsIn("/a/b", "x", 300), "/a/only/y", "/t/a/b/x1", "/t/a/b/other"]);
    const { jobId } = await move("/a", "/t/a");
    await finish(jobId);
    expect(await folders()).toEqual(["/t", "/t/a", "/t/a/b", "/t/a/only"]);
    const files = await library();
    expect([files["/t/a/b/x1"], files["/t/a/b/x2"], files["/t/a/b/other"], files["/t/a/only/y"]]).toEqual([2, 1, 1, 1]);
    await expectClean();
  });

  test("files that would have too many versions stay, and the job says so", async () => {
    const { file_id } = await fixture().upload("many", { folder: "/t/a", fileName: "x0" });
    await seed(["/a"], pathsIn("/a", "x", 3));
    await seedVersions(fixture().config, { file_id }, maxVersions);
    const { jobId } = await move("/a", "/t/a");
    await finish(jobId);
    const files = await library();
    expect([files["/a/x0"], files["/t/a/x0"], files["/t/a/x1"]]).toEqual([1, 100, 1]);
    expect(JSON.parse((await jobOf(jobId)).error ?? "")).toEqual({ reason: "VERSION_LIMIT", files: 1, first: "/a/x0" });
    await expectClean();
  });

  test("a copy beyond the storage limit is refused before anything is copied", async () => {
    await seed(["/a"], pathsIn("/a", "x", 3));
    // The library has four versions of 7 bytes; the copy would add three.
    expect((await copy("/a", "/t/a", { storageLimit: 48 })).outcome).toBe("storage limit");
    expect(await folders()).toEqual(["/a"]);
    expect((await copy("/a", "/t/a", { storageLimit: 49 })).outcome).toBe("ended");
    await expectClean();
  });

  test("a copy stops when the storage is full by then", async () => {
    await seed(["/a"], pathsIn("/a", "x", 250));
    const { jobId } = await copy("/a", "/t/a");
    await database().run(advanceFolderJob, { jobId, storageLimit: 7 * 460, now: Date.now() });
    expect(JSON.parse((await jobOf(jobId)).error ?? "")).toEqual({ reason: "STORAGE_LIMIT" });
    expect(Object.keys(await library()).filter((path) => path.startsWith("/t/"))).toHaveLength(209);
    await expectClean();
  });

  test("while a job is under way, its paths and those around them are locked", async () => {
    await seed(["/x", "/x/a", "/x/a/b", "/y", "/x/ab"], pathsIn("/x/a", "x", 450));
    const { jobId } = await copy("/x/a", "/y/t/a");
    const outcomes = async (...starts: (() => ReturnType<typeof start>)[]) => {
      const found = [];
      for (const one of starts) found.push((await one()).outcome);
      return found;
    };
    expect(
      await outcomes(
        () => rename("/x/a", "/x/c"),
        () => remove("/x/a/b"),
        () => remove("/x"),
        () => move("/y/t", "/z/t"),
        () => remove("/y"),
      ),
    ).toEqual(Array(5).fill("source locked"));
    expect(
      await outcomes(
        () => move("/x/ab", "/y/t/a/ab"),
        () => copy("/x/ab", "/x/a/ab"),
      ),
    ).toEqual(Array(2).fill("target locked"));
    // Beside the locked paths everything goes on.
    expect(
      await outcomes(
        () => rename("/x/ab", "/x/abc"),
        () => copy("/x/abc", "/y/abc"),
      ),
    ).toEqual(["ended", "ended"]);
    await finish(jobId);
    expect((await rename("/x/a", "/x/c")).outcome).toBe("ended");
    await expectClean();
  });

  test("a deletion in several steps takes everything, also what is uploaded meanwhile", async () => {
    await seed(
      ["/a", "/a/b", "/a/c"],
      [...pathsIn("/a", "x", 10), ...pathsIn("/a/b", "x", 300), ...pathsIn("/a/c", "x", 20)],
    );
    const { jobId, outcome } = await remove("/a");
    expect(outcome).toBe("started");
    await expectClean();
    await fixture().upload("late", { folder: "/a/new" });
    await finish(jobId);
    expect(await folders()).toEqual([]);
    expect(Object.keys(await library())).toEqual(["/like/a.txt"]);
    await fixture().upload("after", { folder: "/a/new" });
    expect(await folders()).toEqual(["/a", "/a/new"]);
    await expectClean();
  });

  test("a folder with too many files and folders is refused", async () => {
    await seed(["/a", "/a/b"], pathsIn("/a/b", "x", 4));
    const outcomes = [];
    for (const maxObjects of [4, 5]) {
      outcomes.push((await start({ type: "COPY_FOLDER", source: "/a", target: "/t/a", maxObjects })).outcome);
    }
    expect(outcomes).toEqual(["too many objects", "ended"]);
    expect((await start({ type: "DELETE_FOLDER", source: "/a", target: null, maxObjects: 4 })).outcome).toBe(
      "too many objects",
    );
  });

  test("files with many versions make shorter steps", async () => {
    await seed(["/a"], pathsIn("/a", "f", 9));
    const files = database().reader.selectFrom("files").select("id as file_id").where("name", "like", "f%");
    for (const file of await files.execute()) await seedVersions(fixture().config, file, 100);
    const { jobId, outcome } = await copy("/a", "/b/a", { allVersions: true });
    expect([outcome, (await jobOf(jobId)).done]).toEqual(["started", 5]);
    await finish(jobId);
    const removal = await remove("/b");
    expect(removal.outcome).toBe("started");
    await finish(removal.jobId);
    expect(await folders()).toEqual(["/a"]);
    await expectClean();
  });

  test("a job that can't go on ends, and its paths are free", async () => {
    await seed(["/a"], pathsIn("/a", "x", 450));
    const { jobId } = await copy("/a", "/t/a");
    await database().run(failFolderJob, { jobId, now: Date.now() });
    expect(await jobOf(jobId)).toMatchObject({ status: "Completed", error: JSON.stringify({ reason: "FAILED" }) });
    expect(await step(jobId)).toBe("ended");
    expect((await rename("/a", "/b")).outcome).toBe("ended");
    await expectClean();
  });

  test("a job tells how far it is after each of its steps", async () => {
    await seed(["/a"], pathsIn("/a", "f", 500));
    const { jobId } = await copy("/a", "/b/a");
    const told: unknown[] = [];
    const report: ReportProgress = (accountId, progress) => told.push([accountId, progress]);
    await runFolderJob({ ...fixture().services, now: Date.now }, { input: { jobId }, isLast: false, report }, never);
    const progress = { fraction: 401 / 501, message: "401 of 501 files and folders are copied." };
    expect(told).toEqual([[fixture().principal.accountId, progress]]);
  });

  test("a job shows how far it is until it has ended", async () => {
    await seed(["/a"], pathsIn("/a", "f", 500));
    const { jobId } = await copy("/a", "/b/a");
    const { accountId, viewer } = fixture().principal;
    const shown = async () => (await findFolderJob({ database: database() }, viewer, jobId)).progress;
    expect(await shown()).toBeUndefined();
    const progress = { fraction: 0.5, message: "250 of 500 files and folders are copied." };
    const row = { job: folderJobKind.name, key: jobId, account_id: accountId, ...progress, updated_at: Date.now() };
    await database().run(recordJobProgress, { row, isFirst: true });
    expect(await shown()).toEqual(progress);
    await finish(jobId);
    expect(await shown()).toBeUndefined();
  });

  test("a job that has lost its worker is done by a later one", async () => {
    await seed(["/a"], pathsIn("/a", "f", 300));
    const { jobId } = await copy("/a", "/b/a");
    const deps = { ...fixture().services, now: () => Date.now() + 3 * 3600 * 1000 };
    expect(await resumeFolderJobs({ ...deps, now: Date.now }, never)).toBe(0);
    expect(await resumeFolderJobs(deps, never)).toBe(1);
    expect(await jobOf(jobId)).toMatchObject({ status: "Completed", error: null });
    expect((await copy("/a", "/c/a")).outcome).toBe("started");
  });

  test("folder operations, uploads and moves of files in the same folders leave every invariant", async () => {
    const names = ["/p", "/q", "/p/r", "/q/r", "/p/r/s"];
    const at = () => names[Math.floor(Math.random() * names.length)] ?? "/p";
    const uploads: string[] = [];
    const pending: string[] = [];
    const failures: unknown[] = [];
    let count = 0;
    const actions: (() => Promise<unknown>)[] = [
      async () => {
        const name = `u${count++}`;
        uploads.push(name);
        await fixture().upload(`content ${name}`, { folder: at(), fileName: name });
      },
      () => fixture().upload(`same ${count++}`, { folder: at(), fileName: "same" }),
      async () => {
        const [source, target] = [at(), `${at()}/m${count % 3}`];
        if (!`${target}/`.startsWith(`${source}/`) && !`${source}/`.startsWith(`${target}/`)) {
          const { jobId, outcome } = await move(source, target);
          if (outcome === "started") pending.push(jobId);
        }
      },
      async () => {
        const source = at();
        const { jobId, outcome } = await rename(source, `${source}x`);
        if (outcome === "ended") await rename(`${source}x`, source);
        if (outcome === "started") pending.push(jobId);
      },
      async () => {
        const { jobId, outcome } = await copy(at(), `/copies/c${count++ % 4}`);
        if (outcome === "started") pending.push(jobId);
      },
      async () => {
        const { jobId, outcome } = await remove(`${at()}/m${count % 3}`);
        if (outcome === "started") pending.push(jobId);
      },
      async () => {
        const accountId = fixture().principal.accountId;
        const [source, folder] = [at(), at()];
        const from = { folder: source, name: "same" };
        if (source !== folder) await database().run(moveFileTo, { accountId, from, folder, now: Date.now() });
      },
      async () => {
        const jobId = pending.pop();
        if (jobId !== undefined) await finish(jobId);
      },
    ];
    const client = async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) {
        const action = actions[Math.floor(Math.random() * actions.length)];
        await action?.().catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: 8 }, () => client(10)));
    for (const jobId of pending) await finish(jobId);
    expect(failures.map(String)).toEqual([]);
    await expectClean();
    const files = Object.keys(await library());
    const deleted = /\/m\d/;
    for (const name of uploads) {
      const found = files.filter((path) => path.endsWith(`/${name}`) && !path.startsWith("/copies/"));
      // Only a deletion of a folder into which the file had been moved may have taken it.
      if (!deleted.test(found.join())) expect(found.length).toBeLessThanOrEqual(1);
    }
  }, 120_000);
});
