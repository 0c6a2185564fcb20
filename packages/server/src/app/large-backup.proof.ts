import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBackupPlace } from "../backup/backup-place.ts";
import { makeBackup } from "../backup/make-backup.ts";
import { restoreBackup } from "../backup/restore-backup.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { pathsIn, seedTree } from "../library/folders/testing/seed-tree.ts";
import { checkConsistency } from "../maintenance/fsck.ts";
import { makeDurableFolder } from "../storage/durable-folder.ts";
import { describeEngines } from "../testing/engines.ts";
import { never, openUploadFixture } from "../testing/upload-fixture.ts";
import { backupDeps, openRestoreDeps } from "./backup-deps.ts";
import { openParts } from "./parts.ts";

const folderCount = 500;
const filesPerFolder = 200;
/** The number of bytes that a backup or a restore may add to the memory in use, whatever the number of files. */
const maxGrowth = 400 * 2 ** 20;

describeEngines((engine) => {
  test("the rows of 100,000 files are backed up and restored in bounded memory, while uploads go on", {
    timeout: 3_600_000,
  }, async () => {
    const fixture = await openUploadFixture(engine);
    const folder = await mkdtemp(join(tmpdir(), "sluice-backup-"));
    const target = await engine.prepare();
    const place = await openBackupPlace({ text: join(folder, "to"), option: "--to", writes: true }, never);
    const figures: Record<string, number> = {};
    async function timed<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
      const before = process.memoryUsage.rss();
      let most = before;
      const timer = setInterval(() => {
        most = Math.max(most, process.memoryUsage.rss());
      }, 50);
      const began = performance.now();
      try {
        return await work();
      } finally {
        clearInterval(timer);
        figures[`${name} ms`] = Math.round(performance.now() - began);
        figures[`${name} MiB`] = Math.round((most - before) / 2 ** 20);
        expect(most - before).toBeLessThan(maxGrowth);
      }
    }
    try {
      const like = await fixture.upload("content");
      const folders = pathsIn("/", "f", folderCount);
      const files = folders.flatMap((path) => pathsIn(path, "x", filesPerFolder));
      await seedTree(fixture.config, { folders, files, like });
      let isOver = false;
      const slowest = { ms: 0 };
      const uploading = (async () => {
        for (let count = 0; !isOver; count++) {
          const began = performance.now();
          await fixture.upload(`beside ${count}`, { fileName: `${count}` });
          slowest.ms = Math.max(slowest.ms, performance.now() - began);
        }
      })();
      const { manifest } = await timed("backup", () =>
        makeBackup(backupDeps(fixture.config, fixture.parts), { place }, never),
      );
      isOver = true;
      await uploading;
      figures["slowest upload ms"] = Math.round(slowest.ms);
      expect(manifest.files).toBeGreaterThanOrEqual(files.length + 1);

      const config = resolveConfig({ ...target.settings, dataDir: join(folder, "restored"), port: 0 });
      const deps = await openRestoreDeps(config, async (path) => void (await makeDurableFolder(path)), never);
      await timed("restore", () => restoreBackup(deps, { place, manifest }, never));
      await deps.close();
      const parts = await openParts(config);
      const found = await checkConsistency(parts, { deep: true }, never);
      await parts.close();
      expect(found).toMatchObject({ files: manifest.files, problems: [] });
      process.stdout.write(
        `${target.settings.databaseUrl === undefined ? "SQLite" : "PostgreSQL"}, ${manifest.files} files: ${JSON.stringify(figures)}\n`,
      );
    } finally {
      await place.close();
      await fixture.close();
      await target.drop();
      await rm(folder, { recursive: true });
    }
  });
});
