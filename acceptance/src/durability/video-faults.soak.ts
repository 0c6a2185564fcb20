import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test, vi } from "vitest";
import { hasFfmpeg, makeClip } from "../../../packages/server/src/media/testing/clips.ts";
import { startPostgres } from "../../../scripts/services/postgres.ts";
import { findPostgresPrograms } from "../../../scripts/services/postgres-programs.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { deliver } from "../harness/deliver.ts";
import { call } from "../harness/media-api.ts";
import { fill, mountProblem, mountTmpfs } from "../harness/mount.ts";
import { describeWhere } from "../harness/needs.ts";
import { encodersOf, isAlive } from "../harness/processes.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { startWebhookReceiver } from "../harness/webhook-receiver.ts";
import { startWorkerProcess } from "../harness/worker.ts";
import { expectWholeVideo, type WatchedVideo, watchVideo } from "./watched-video.ts";

const seconds = 15;
/** Encoders take some seconds for each of these. */
const small = "/demo/film.mp4?tr=w-640,f-webm";
const large = "/demo/film.mp4?tr=q-100";

/** A lease ends after a minute, and the check for such leases comes twice a minute. */
const patience = { timeout: 150_000, interval: 100 };
vi.setConfig({ testTimeout: 400_000 });

const postgresProblem = findPostgresPrograms() === undefined ? "PostgreSQL is not installed" : undefined;

interface Stage {
  readonly dataDir: string;
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  start(flags?: readonly string[]): Promise<ServerProcess>;
  /** Watches a video until its test ends. */
  watch(url: () => string): WatchedVideo;
  /** What endpoints have been told of the video, each event once. */
  told(path: string): readonly string[];
}

/** Runs a test in a folder that holds the data and the temporary files. Nothing half made may be left there. */
async function onStage(run: (stage: Stage) => Promise<void>): Promise<void> {
  const receiver = await startWebhookReceiver();
  const watching: WatchedVideo[] = [];
  const told = (path: string): readonly string[] => {
    const events = receiver.received.map(({ event }) => event).filter(({ request }) => request?.url?.endsWith(path));
    const byId = new Map(
      events.map(({ id, type, data }) => [id, `${type} ${data.transformation.error?.reason ?? ""}`]),
    );
    return [...byId.values()].map((text) => text.replace("video.transformation.", "").trim()).toSorted();
  };
  try {
    await withTemporaryFolder(async (dataDir) => {
      const temporary = join(dataDir, "temporary");
      await mkdir(temporary);
      const limits = "video-wait-seconds=0,sweep-interval-seconds=2";
      const flags = ["--allow-private-networks", "--no-auto-tagging", "--limit", limits];
      const environment = { TMPDIR: temporary };
      const start = (more: readonly string[] = []) =>
        startServerProcess({ dataDir, flags: ["--webhook-url", receiver.url, ...flags, ...more], environment });
      const watch = (url: () => string) => {
        const watched = watchVideo(url);
        watching.push(watched);
        return watched;
      };
      await run({ dataDir, flags, environment, start, watch, told });
      const left = async (): Promise<readonly string[]> => [
        ...(await unfinishedIn(dataDir)),
        ...(await readdir(temporary)),
      ];
      await expect.poll(left, patience).toEqual([]);
    });
  } finally {
    for (const watched of watching) watched.stop();
    await receiver.close();
  }
}

async function unfinishedIn(dataDir: string): Promise<readonly string[]> {
  const names = await readdir(join(dataDir, "derived", "unfinished")).catch(() => []);
  return names.filter((name) => name.endsWith(".part"));
}

/** Waits until an encoder of this process has told how far it is. */
async function encoderOf({ pid = 0 }: { readonly pid?: number | undefined }, { progress }: WatchedVideo) {
  const before = progress.length;
  await expect.poll(() => progress.length > before && encodersOf(pid).length, patience).toBe(1);
  const [encoder = 0] = encodersOf(pid);
  return encoder;
}

async function expectVideo(watched: WatchedVideo, { told }: Stage, path: string): Promise<void> {
  await expect.poll(() => watched.videos.size, patience).toBe(1);
  await expect.poll(() => told(path), patience).toEqual(["accepted", "ready"]);
  watched.stop();
  for (const video of watched.videos.values()) await expectWholeVideo(video, seconds);
}

describeWhere(hasFfmpeg ? undefined : "Debian's package ffmpeg is not installed", "an encode", () => {
  let film: Buffer;
  beforeAll(async () => {
    film = await makeClip({ width: 1280, height: 720, seconds });
  });

  async function store({ url }: ServerProcess): Promise<void> {
    const { status } = await uploadBasic(url, film, { fileName: "film.mp4", useUniqueFileName: "false" });
    expect(status).toBe(200);
  }

  test("whose encoder is killed is done by the next run", () =>
    onStage(async (stage) => {
      const server = await stage.start();
      try {
        await store(server);
        const watched = stage.watch(() => server.url + small);
        process.kill(await encoderOf(server.process, watched), "SIGKILL");
        await expectVideo(watched, stage, small);
        expect([...watched.statuses]).toEqual([302, 200]);
      } finally {
        await server.stop();
      }
    }));

  test("whose encoder is killed in each run ends once, and keeps no other from its end", () =>
    onStage(async (stage) => {
      const server = await stage.start();
      try {
        await store(server);
        const watched = stage.watch(() => server.url + small);
        const killed = new Set<number>();
        const killing = setInterval(() => {
          for (const encoder of encodersOf(server.process.pid ?? 0)) {
            killed.add(encoder);
            process.kill(encoder, "SIGKILL");
          }
        }, 100);
        try {
          await expect.poll(() => watched.error(), patience).toMatch(/^EENCODE/);
        } finally {
          clearInterval(killing);
        }
        watched.stop();
        expect([[...watched.statuses], killed.size]).toEqual([[302, 400], 4]);
        await expect.poll(() => stage.told(small)).toEqual(["accepted", "error internal_server_error"]);
        const other = stage.watch(() => server.url + large);
        await expectVideo(other, stage, large);
      } finally {
        await server.stop();
      }
    }));

  test("whose server is killed is done after the restart", () =>
    onStage(async (stage) => {
      let server = await stage.start();
      try {
        await store(server);
        const watched = stage.watch(() => server.url + small);
        const encoder = await encoderOf(server.process, watched);
        await server.kill();
        await expect.poll(() => isAlive(encoder)).toBe(false);
        server = await stage.start();
        await expectVideo(watched, stage, small);
      } finally {
        await server.stop();
      }
    }));

  test("whose server ends goes back to the queue, leads who waits to the original, and is done after the restart", () =>
    onStage(async (stage) => {
      let server = await stage.start(["--limit", "video-wait-seconds=60"]);
      try {
        await store(server);
        const waiting = fetch(server.url + small, { redirect: "manual" });
        await expect.poll(() => encodersOf(server.process.pid ?? 0), patience).toHaveLength(1);
        const asked = performance.now();
        expect(await server.stop()).toBe(0);
        expect(performance.now() - asked).toBeLessThan(10_000);
        expect((await waiting).status).toBe(302);
        server = await stage.start();
        await expectVideo(
          stage.watch(() => server.url + small),
          stage,
          small,
        );
      } finally {
        await server.stop();
      }
    }));

  describeWhere(mountProblem(), "on a small disk", () => {
    /** Runs a test with a server that encodes onto a disk of 64 MiB, on which the film is being encoded. */
    const onSmallDisk = (
      run: (stage: Stage, server: ServerProcess, watched: WatchedVideo, derived: string) => Promise<void>,
    ) =>
      onStage(async (stage) => {
        const derived = join(stage.dataDir, "derived");
        await mkdir(derived);
        const mount = await mountTmpfs(derived, "64m");
        try {
          const server = await stage.start();
          try {
            await store(server);
            const watched = stage.watch(() => server.url + large);
            await encoderOf(server.process, watched);
            await run(stage, server, watched, derived);
          } finally {
            await server.stop();
          }
        } finally {
          await mount.unmount();
        }
      });

    test("that gets full is tried again, and done once there is room", () =>
      onSmallDisk(async (stage, { url }, watched, derived) => {
        const makeRoom = await fill(derived);
        const reasons = async () => {
          const { body } = await call(url, "GET", "/_sluice/jobs?state=waiting&name=video-rendition");
          return body.jobs.map(({ reason }: { reason: string }) => reason);
        };
        await expect.poll(reasons, patience).toEqual([expect.stringContaining("No room")]);
        expect([await unfinishedIn(stage.dataDir), [...watched.statuses]]).toEqual([[], [302]]);
        await makeRoom();
        await expectVideo(watched, stage, large);
      }));

    test("that stays full ends once, and is refused for a while", () =>
      onSmallDisk(async (stage, { url }, watched, derived) => {
        const makeRoom = await fill(derived);
        await expect.poll(() => stage.told(large), patience).toEqual(["accepted", "error internal_server_error"]);
        await expect.poll(() => watched.error(), patience).toMatch(/^EENCODE/);
        watched.stop();
        expect([[...watched.statuses], await unfinishedIn(stage.dataDir)]).toEqual([[302, 400], []]);
        await makeRoom();
        const other = stage.watch(() => url + small);
        await expectVideo(other, stage, small);
      }));
  });

  describeWhere(postgresProblem, "on PostgreSQL", () => {
    /** Runs a test with a database of its own. */
    const onDatabase = (run: (stage: Stage, database: Awaited<ReturnType<typeof startPostgres>>) => Promise<void>) =>
      onStage(async (stage) => {
        const database = await startPostgres();
        try {
          await run(stage, database);
        } finally {
          await database.stop();
        }
      });

    test("whose worker is killed is taken over by another, and never by a server that is to do none", () =>
      onDatabase(async (stage, { url }) => {
        const where = ["--database-url", url];
        const work = () =>
          startWorkerProcess([...stage.flags, ...where, "--data-dir", stage.dataDir], stage.environment);
        const server = await stage.start([...where, "--limit", "encodes=0"]);
        const workers = [await work()];
        try {
          await store(server);
          const watched = stage.watch(() => server.url + small);
          const [first] = workers;
          await encoderOf(first?.process ?? {}, watched);
          expect(encodersOf(server.process.pid ?? 0)).toEqual([]);
          workers.push(await work());
          await first?.end("SIGKILL");
          await expectVideo(watched, stage, small);
          expect([...watched.statuses]).toEqual([302, 200]);
        } finally {
          await server.stop();
          for (const worker of workers) await worker.end("SIGTERM");
        }
      }));

    test.each(["fast", "immediate"] as const)("is done though the database ends (%s) and comes back", (how) =>
      onDatabase(async (stage, database) => {
        const server = await stage.start(["--database-url", database.url]);
        try {
          await store(server);
          const watched = stage.watch(() => server.url + small);
          await encoderOf(server.process, watched);
          await database.halt(how);
          await sleep(3000);
          await database.resume();
          await expectVideo(watched, stage, small);
          expect(await deliver(server.url + small)).toMatchObject({ status: 200 });
        } finally {
          await server.stop();
        }
      }),
    );
  });
});
