import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dropDatabase, ensureDatabase } from "../../../scripts/services/databases.ts";
import { call } from "../harness/media-api.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { uploadWithToken } from "../harness/upload.ts";
import { fillLibrary } from "./fill-library.ts";

const [small, large] = [10_000, 1_000_000];
const minutes = 60_000;

interface Library {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly server: RunningServer;
  /** Milliseconds from the command until the server is ready, with the data in place. */
  readonly startMs: number;
}

const engines = [
  ["SQLite", undefined],
  ["PostgreSQL", process.env.DATABASE_URL],
] as const;

describe.each(engines)("a library of a million files on %s", (engine, postgres) => {
  const libraries = new Map<number, Library>();
  const skipped = engine === "PostgreSQL" && !postgres;

  beforeAll(async () => {
    if (skipped) return;
    for (const files of [small, large]) libraries.set(files, await openLibrary(files, postgres));
  }, 20 * minutes);

  afterAll(async () => {
    for (const { dataDir, databaseUrl, server } of libraries.values()) {
      await server.stop();
      if (databaseUrl !== undefined && postgres) await dropDatabase(postgres, new URL(databaseUrl).pathname.slice(1));
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 5 * minutes);

  test.skipIf(skipped)("starts", () => {
    const [few, many] = [small, large].map((files) => Math.round(of(files).startMs));
    tell(`${engine}: start to ready ${few} ms with ${small} files, ${many} ms with ${large}`);
    expect(many).toBeLessThan(5000);
  });

  test.skipIf(skipped).each([
    ["the first page of the list", "/v1/files?limit=100"],
    ["the newest files", "/v1/files?limit=100&sort=DESC_CREATED"],
    ["a folder's files", "/v1/files?limit=100&path=/photos"],
    ["a file by its name", "/v1/files?name=photo-777.txt"],
  ])("answers %s", { timeout: 2 * minutes }, async (what, path) => {
    const one = (files: number) =>
      timed(async () => {
        const { status, body } = await call(of(files).server.url, "GET", path);
        expect([status, body.length > 0]).toEqual([200, true]);
      });
    const { few, many } = await compare(one, 60);
    tell(`${engine}: ${what}: ${few.toFixed(1)} ms with ${small} files, ${many.toFixed(1)} ms with ${large}`);
    expect(many, "first page at the median").toBeLessThan(20);
    expect(many < 5 || many < 1.5 * few, "within 1.5 times the small library, or under 5 ms").toBe(true);
  });

  test.skipIf(skipped)("takes uploads and delivers", { timeout: 3 * minutes }, async () => {
    let number = 0;
    const upload = (files: number) =>
      timed(async () => {
        const fields = { fileName: `new-${number++}.txt`, folder: "/photos", useUniqueFileName: "false" };
        const answer = await uploadWithToken(of(files).server.url, `content ${number}`, fields);
        expect(answer.status).toBe(200);
      });
    const uploads = await compare(upload, 300);
    const deliver = (files: number) =>
      timed(async () => {
        const answer = await fetch(`${of(files).server.url}/demo/photos/photo-${1 + (number++ % 9000)}.txt`);
        expect([answer.status, await answer.text()]).toEqual([200, "the only content"]);
      });
    const deliveries = await compare(deliver, 300);
    for (const [what, { few, many }] of Object.entries({ upload: uploads, delivery: deliveries })) {
      tell(`${engine}: one ${what}: ${few.toFixed(2)} ms with ${small} files, ${many.toFixed(2)} ms with ${large}`);
      expect(many / few, what).toBeLessThan(1.1);
    }
  });

  function of(files: number): Library {
    const library = libraries.get(files);
    if (library === undefined) throw new Error(`there is no library of ${files} files`);
    return library;
  }

  /** Medians of rounds that alternate between the two libraries, so that other load on the machine affects both. */
  async function compare(run: (files: number) => Promise<number>, rounds: number) {
    const [few, many]: number[][] = [[], []];
    for (let round = 0; round < rounds; round++) {
      few?.push(await run(small));
      many?.push(await run(large));
    }
    return { few: median(few ?? []), many: median(many ?? []) };
  }
});

async function openLibrary(files: number, postgres: string | undefined): Promise<Library> {
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-scale-"));
  const name = `sluice_scale_${process.pid}_${files}`;
  if (postgres) await ensureDatabase(postgres, name);
  const databaseUrl = postgres ? Object.assign(new URL(postgres), { pathname: name }).href : undefined;
  const environment = databaseUrl === undefined ? {} : { SLUICE_DATABASE_URL: databaseUrl };
  const first = await startServer({ dataDir, environment });
  const fields = { fileName: "photo-0.txt", folder: "/photos", useUniqueFileName: "false" };
  expect((await uploadWithToken(first.url, "the only content", fields)).status).toBe(200);
  await first.stop();
  await fillLibrary(files, dataDir, databaseUrl);
  const before = performance.now();
  const server = await startServer({ dataDir, environment });
  return { dataDir, databaseUrl, server, startMs: performance.now() - before };
}

/** Prints a measured figure in the run's output, for the docs. */
function tell(figure: string): void {
  process.stdout.write(`${figure}\n`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;
}
