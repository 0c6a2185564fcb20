import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "../harness/media-api.ts";
import { uploadWithToken } from "../harness/upload.ts";
import { type Figure, FigureTable, figureOf, timed } from "./figures.ts";
import { deliverableFiles, type LargeLibrary, openLibrary } from "./large-library.ts";
import { listCases, somePicture } from "./list-cases.ts";

/** The libraries' sizes, the smallest first. `SLUICE_SCALE_FILES=10000,100000` measures smaller ones. */
const sizes = (process.env.SLUICE_SCALE_FILES ?? "10000,100000,1000000").split(",").map(Number);
const minutes = 60_000;

const engines = [
  ["SQLite", undefined],
  ["PostgreSQL", process.env.DATABASE_URL],
] as const;

describe.each(engines)(`libraries of ${sizes.join(", ")} files on %s`, (engine, postgres) => {
  const skipped = engine === "PostgreSQL" && !postgres;
  const table = new FigureTable(sizes);
  const libraries: LargeLibrary[] = [];
  let empty: LargeLibrary;

  beforeAll(async () => {
    if (skipped) return;
    empty = await openLibrary(0, postgres);
    for (const files of sizes) libraries.push(await openLibrary(files, postgres));
  }, 60 * minutes);

  afterAll(async () => {
    if (skipped) return;
    tell(table.text(engine));
    await empty?.close();
    for (const { files, startMs, seedSeconds, bytes, ...opened } of libraries) {
      const delay = await opened.close();
      tell(
        `${engine}, ${files} files: seeded in ${seedSeconds.toFixed(0)} s, start to ready ${startMs.toFixed(0)} ms, database ${(bytes / 1e6).toFixed(0)} MB, event loop p99.9 ${delay?.toFixed(1)} ms`,
      );
    }
  }, 5 * minutes);

  test.skipIf(skipped)("start", () => {
    for (const { startMs } of libraries) expect(startMs).toBeLessThan(10_000);
    for (const library of libraries) library.restartLoopCount();
  });

  test.skipIf(skipped).each(listCases)("answer $what", { timeout: 5 * minutes }, async (listCase) => {
    const { what, query, isHard, grows } = listCase;
    const path = `/v1/files?${new URLSearchParams(query)}`;
    const pictures = path.includes(somePicture) ? await picturesOf(libraries) : undefined;
    const figures = await measure(what, 40, async (library) => {
      const own = path.replace(somePicture, pictures?.get(library) ?? "");
      const { status, body } = await call(library.server.url, "GET", own);
      expect([status, Array.isArray(body)], JSON.stringify(body)).toEqual([200, true]);
    });
    const [few, many] = [figures[0]?.median ?? Number.NaN, figures.at(-1)?.median ?? Number.NaN];
    if (isHard) return;
    expect(many, "first page at the median").toBeLessThan(20);
    expect(grows || many < 5 || many < 1.5 * few, "within 1.5 times the small library, or under 5 ms").toBe(true);
  });

  test.skipIf(skipped)("take uploads as an empty library does", { timeout: 10 * minutes }, async () => {
    let number = 0;
    const upload = async ({ server }: LargeLibrary) => {
      const fields = {
        fileName: `new-${number++}.txt`,
        folder: "/uploads",
        tags: "tag 3,new",
        useUniqueFileName: "false",
      };
      expect((await uploadWithToken(server.url, `content ${number}`, fields)).status).toBe(200);
    };
    const figures = await measure("one upload", 200, upload);
    const [few, many] = await alternate([empty, libraries.at(-1) ?? empty], 200, upload);
    const ratio = Number(many?.median) / Number(few?.median);
    tell(`${engine}: an upload into the largest library takes ${ratio.toFixed(2)} times as long as into an empty one`);
    expect(figures.length).toBe(sizes.length);
    expect(ratio).toBeLessThan(1.1);
  });

  test.skipIf(skipped)("deliver", { timeout: 5 * minutes }, async () => {
    let number = 0;
    const figures = await measure("one delivery", 200, async ({ server }) => {
      const answer = await fetch(`${server.url}/demo/photos/photo-${number++ % deliverableFiles}.txt`);
      expect([answer.status, await answer.text()]).toEqual([200, "the only content"]);
    });
    expect(Number(figures.at(-1)?.median) / Number(figures[0]?.median)).toBeLessThan(1.1);
  });

  test.skipIf(skipped)("rename a folder with a tenth of all files", { timeout: 10 * minutes }, async () => {
    let name = "large";
    const names = new Map(libraries.map((library) => [library, name]));
    let renames = 0;
    await measure("rename a folder with a tenth of all files", 4, async (library) => {
      // The last round gives each library its names again, so that a kept one is as it was.
      name = Math.floor(renames++ / libraries.length) === 3 ? "large" : `renamed-${renames}`;
      const body = { folderPath: `/seed/${names.get(library)}`, newFolderName: name, purgeCache: false };
      const { status, body: job } = await call(library.server.url, "POST", "/v1/bulkJobs/renameFolder", { body });
      expect([status, typeof job.jobId], JSON.stringify(job)).toEqual([202, "string"]);
      while ((await call(library.server.url, "GET", `/v1/bulkJobs/${job.jobId}`)).body.status !== "Completed") {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      names.set(library, name);
    });
  });

  /** Measures the same work in each library, and adds the figures to the table. */
  async function measure(what: string, rounds: number, work: (library: LargeLibrary) => Promise<void>) {
    const figures = await alternate(libraries, rounds, work);
    table.add(what, figures);
    return figures;
  }
});

/** One picture of each library, as its search finds it. */
async function picturesOf(libraries: readonly LargeLibrary[]): Promise<Map<LargeLibrary, string>> {
  const pictures = new Map<LargeLibrary, string>();
  for (const library of libraries) {
    const { body } = await call(library.server.url, "GET", "/v1/files?path=/seed/f7&fileType=image&limit=1");
    pictures.set(library, String(body[0]?.fileId));
  }
  return pictures;
}

/** Rounds alternate between the libraries, so that other load on the machine affects all of them. */
async function alternate(
  libraries: readonly LargeLibrary[],
  rounds: number,
  work: (library: LargeLibrary) => Promise<void>,
): Promise<Figure[]> {
  const times = libraries.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, library] of libraries.entries()) times[index]?.push(await timed(() => work(library)));
  }
  return times.map(figureOf);
}

/** Prints a measured figure in the run's output, for the docs. */
function tell(figure: string): void {
  process.stdout.write(`${figure}\n`);
}
