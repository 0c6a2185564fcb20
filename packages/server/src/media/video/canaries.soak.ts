import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseTransformation } from "@sluice/grammar";
import { videoProgram } from "@sluice/video";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { MediaError } from "../media-error.ts";
import { applyTo, change } from "../testing/changed-bytes.ts";
import { type ClipOptions, hasFfmpeg, makeClip } from "../testing/clips.ts";
import { type Bait, lies, playlists, references } from "../testing/hostile-clips.ts";
import { openVideoEngine, type VideoEngine } from "./video-engine.ts";

const run = promisify(execFile);
const waiting = { signal: new AbortController().signal };
const traces = await run("strace", ["-D", "-f", "-o", "/dev/null", "true"]).then(
  () => true,
  () => false,
);
/** The bounds of a fact and of a still together. */
const mostMs = 8000 + 15_000;
/** An encode of a fifth of a second. */
const mostEncodeMs = 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-canaries-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Has the engine do all that it can with a file. What it refuses, it refuses in its own words. */
async function useAll(engine: VideoEngine, bytes: Buffer, name: string): Promise<string> {
  const refusal = (error: unknown): string => {
    if (error instanceof MediaError && error.code !== "EBUSY") return error.code;
    throw new Error(name, { cause: error });
  };
  const began = performance.now();
  const facts = await engine.probe(bytes, waiting);
  const still = await engine.still(bytes, 0, waiting).then(() => "a still", refusal);
  expect(performance.now() - began, name).toBeLessThan(mostMs);
  const target = join(folder, "encoded");
  const task = { transformation: parseTransformation("w-64,du-0.2"), target };
  const video = await engine.encode(bytes, task, waiting).then(() => "a video", refusal);
  await rm(target, { force: true });
  expect(performance.now() - began, name).toBeLessThan(mostMs + mostEncodeMs);
  return `${facts === undefined ? "no facts" : "facts"}, ${still}, ${video}`;
}

/** The words that begin a command of each engine's programs. */
const engines: Readonly<Record<string, (program: string) => string>> = {
  FFmpeg: (program) => program,
  "@sluice/video": (program) => `${process.execPath} ${fileURLToPath(videoProgram)} ${program}`,
};

describe.skipIf(!hasFfmpeg || !traces).each(Object.keys(engines))(
  "no film makes %s open another file or a connection",
  (name) => {
    const isEmbedded = name === "@sluice/video";
    let server: Server;
    let bait: Bait;
    let engine: VideoEngine;
    let asked = 0;

    beforeAll(async () => {
      server = createServer((_, response) => {
        asked += 1;
        response.end();
      }).on("connection", () => {
        asked += 1;
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      bait = { path: join(folder, "canary.mp4"), url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      await writeFile(bait.path, await makeClip({ seconds: 1 }));
      for (const program of ["ffmpeg", "ffprobe"]) {
        const { stdout } = await run("which", [program]);
        const command = engines[name]?.(isEmbedded ? program : stdout.trim());
        const calls =
          "open,openat,openat2,creat,socket,connect,sendto,execve,readlink,readlinkat,stat,newfstatat,statx,access";
        const log = join(folder, "calls");
        // The search for an FFmpeg asks what only FFmpeg itself answers.
        const asked = `case "$2" in -version) echo "${program} version 8";; -protocols) echo fd;; *)`;
        const traced = `exec strace -D -f -qq -s 4096 -e trace=${calls} -o ${log}.$$ ${command} "$@"`;
        const script = `#!/bin/sh\n${isEmbedded ? `${asked} ${traced};; esac` : traced}\n`;
        await writeFile(join(folder, program), script);
        await chmod(join(folder, program), 0o755);
      }
      engine = openVideoEngine({ ffmpeg: join(folder, "ffmpeg"), limits: defaultLimits });
      expect(await engine.program()).toMatchObject({ name: expect.stringMatching(/^FFmpeg/) });
    });
    afterAll(async () => {
      await engine.close();
      server.closeAllConnections();
      server.close();
    });

    /** The calls since the last look. */
    async function calls(): Promise<string> {
      // strace ends a moment after the program that it follows.
      await new Promise((resolve) => setTimeout(resolve, 200));
      const logs = (await readdir(folder)).filter((name) => name.startsWith("calls."));
      const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), "latin1")));
      await Promise.all(logs.map((name) => rm(join(folder, name))));
      const lines = texts.join("\n").split("\n");
      return lines.filter((line) => /execve|canary|AF_INET|connect|sendto/.test(line)).join("\n");
    }

    test.skipIf(isEmbedded)("the trap sees both where FFmpeg is let", async () => {
      await calls();
      const films = playlists(bait);
      const free = [
        "-protocol_whitelist",
        "file,http,tcp,concat",
        "-allowed_extensions",
        "ALL",
        "-extension_picky",
        "0",
      ];
      for (const name of ["HLS playlist", "HLS master"]) {
        const path = join(folder, "list.m3u8");
        await writeFile(path, films[name] ?? "");
        await run(join(folder, "ffprobe"), ["-v", "error", ...free, path]).catch(() => undefined);
      }
      const seen = await calls();
      expect(seen).toContain("canary.mp4");
      expect(seen).toMatch(/connect\(\d+, \{sa_family=AF_INET/);
      expect(asked).toBeGreaterThan(0);
    });

    test("and sees nothing where the engine starts it", async () => {
      asked = 0;
      const films = { ...playlists(bait), ...(await references(bait)) };
      for (const [film, bytes] of Object.entries(films)) {
        const end = await useAll(engine, bytes, film);
        process.stdout.write(`${film}: ${end}\n`);
        const seen = await calls();
        expect(seen, film).toContain("execve(");
        expect(seen, film).not.toMatch(/^\d+ +(?!execve)\w+\(.*canary/m);
        expect(seen, film).not.toMatch(/socket\(AF_INET|connect\(|sendto\(/);
      }
      expect(asked).toBe(0);
    }, 300_000);
  },
);

describe.skipIf(!hasFfmpeg).each(["auto", "embedded"])(
  "a film that lies or is broken ends within its bounds (%s)",
  (ffmpeg) => {
    let engine: VideoEngine;
    beforeAll(() => {
      engine = openVideoEngine({ ffmpeg, limits: defaultLimits });
    });
    afterAll(() => engine.close());

    /** The engine still does its work. */
    const goesOn = async () => {
      expect(await useAll(engine, await makeClip({ seconds: 1 }), "good")).toBe("facts, a still, a video");
    };

    test("lies", async () => {
      const films = await lies();
      for (const [name, bytes] of Object.entries(films)) {
        process.stdout.write(`${name}: ${await useAll(engine, bytes, name)}\n`);
      }
      await goesOn();
    }, 300_000);

    test("clips of all containers that were changed by lot", async () => {
      const seed = Date.now() % 1_000_000;
      const formats = ["mp4", "webm", "mkv", "avi", "mov", "m4a", "mp3", "wav", "ogg"] as const;
      const ends: Record<string, number> = {};
      for (const [index, format] of formats.entries()) {
        const isSound = format === "m4a" || format === "mp3" || format === "wav" || format === "ogg";
        const options: ClipOptions = { seconds: 1, format, ...(isSound && { picture: undefined }) };
        const clip = await makeClip(options);
        const drawn = fc.sample(fc.noBias(fc.array(change, { minLength: 1, maxLength: 3 })), {
          numRuns: 6,
          seed: seed + index,
        });
        for (const changes of drawn) {
          const end = await useAll(engine, changes.reduce(applyTo, clip), `${format} of seed ${seed}`);
          ends[end] = (ends[end] ?? 0) + 1;
        }
      }
      process.stdout.write(`${JSON.stringify({ seed, ends })}\n`);
      await goesOn();
    }, 600_000);
  },
);
