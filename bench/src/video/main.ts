import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { percentile } from "../report/statistics.ts";
import { makeClips } from "./clips.ts";
import { type Engine, engines, measureVideo, type VideoRun } from "./measure.ts";
import { plainEncode } from "./plain-encode.ts";

// node bench/src/video/main.ts [--seconds 60] [--positions 20] [--rounds 3] [--folder /tmp] [--sources]
// Measures stills of a long clip, and an encode to 720p beside one plain ffmpeg command. The engines take turns.

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    positions: { type: "string", default: "20" },
    rounds: { type: "string", default: "3" },
    folder: { type: "string", default: tmpdir() },
    sources: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const budgets = { auto: { ratio: 1.1, stillMs: 300 }, embedded: { ratio: 1.5, stillMs: 500 } } as const;

interface Round extends VideoRun {
  /** The processor seconds of the plain command in the same round. */
  readonly plain: number;
}

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupted.abort());
const { signal } = interrupted;
const names = Object.keys(engines) as Engine[];
const runs = new Map(names.map((name) => [name, [] as Round[]]));
const folder = await mkdtemp(join(values.folder, "sluice-bench-video-"));
try {
  const clips = await makeClips(folder, seconds, signal);
  const bench = { folder, clips, longSeconds: 10 * seconds, positions: Number(values.positions), signal };
  for (let round = 0; round < Number(values.rounds); round++) {
    const plain = await plainEncode(clips.short, folder, signal);
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const run = await measureVideo(name, { ...bench, fromSources: values.sources });
      runs.get(name)?.push({ ...run, plain });
      process.stderr.write(`${name}: ${run.encodeCpu.toFixed(1)} s beside ${plain.toFixed(1)} s\n`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

process.stdout.write(
  `A clip of ${seconds} s, stills of one of ${10 * seconds} s, ${values.rounds} rounds\n\n` +
    "| | still p50 | p95 | budget | 720p, CPU s | of plain ffmpeg (least to most) | budget |\n|---|--:|--:|--:|--:|--:|--:|\n",
);
for (const name of names) {
  const all = runs.get(name) ?? [];
  const stills = all.flatMap((run) => run.stills);
  const ratios = all.map(({ encodeCpu, plain }) => encodeCpu / plain);
  const [p50, p95] = [0.5, 0.95].map((share) => `${percentile(stills, share).toFixed(0)} ms`);
  const cpu = percentile(
    all.map(({ encodeCpu }) => encodeCpu),
    0.5,
  ).toFixed(1);
  const ratio = `${percentile(ratios, 0.5).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
  const { ratio: mostRatio, stillMs } = budgets[name];
  process.stdout.write(
    `| ${engines[name]} | ${p50} | ${p95} | ${stillMs} ms | ${cpu} | ${ratio} | ${mostRatio.toFixed(1)} |\n`,
  );
}
