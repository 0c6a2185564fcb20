import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { processCpu, processFamily, residentMemory } from "../process/procfs.ts";
import { type StartedServer, startServer } from "../process/start-server.ts";
import { percentile } from "../report/statistics.ts";
import { keys } from "../subjects.ts";
import { resumableSubjects } from "./subjects.ts";

// node bench/src/resumable/main.ts [--megabytes 1024] [--piece 8] [--rounds 5] [--folder /tmp]
// Sends one large file in pieces to Sluice, to `@tus/server`, and to `@tus/server` that does what Sluice does with each
// byte. The subjects take turns. Servers run on one core, the client on the other.

const MiB = 1024 * 1024;
const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "1024" },
    piece: { type: "string", default: "8" },
    rounds: { type: "string", default: "5" },
    folder: { type: "string", default: tmpdir() },
  },
});
const totalBytes = Number(values.megabytes) * MiB;
const pieceBytes = Number(values.piece) * MiB;

/** The same pieces for all, made before the clock runs. No two pieces are alike. */
const pieces = Array.from({ length: Math.ceil(totalBytes / pieceBytes) }, (_, index) =>
  Buffer.alloc(Math.min(pieceBytes, totalBytes - index * pieceBytes), `piece ${index}`),
);

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Bytes of resident memory above what the server had before the upload. */
  readonly memory: number;
}

async function measure(name: keyof typeof resumableSubjects, signal: AbortSignal): Promise<Run> {
  const folder = await mkdtemp(join(values.folder, "sluice-bench-resumable-"));
  const subject = resumableSubjects[name];
  const options = {
    dataDir: join(folder, "data"),
    maxFileBytes: totalBytes,
    fromSources: false,
    engines: {},
    peers: undefined,
  };
  const run = { cores: [0], environment: {}, threads: 4, folder, nodeOptions: [], signal };
  let server: StartedServer | undefined;
  try {
    server = await startServer(subject, { ...options, ...run } as Parameters<typeof startServer>[1]);
    const pids = processFamily(server.pid);
    await upload(server.port, subject.path, 2);
    const before = { cpu: processCpu(pids), memory: residentMemory(pids).now };
    const began = performance.now();
    await upload(server.port, subject.path, pieces.length);
    const seconds = (performance.now() - began) / 1000;
    const memory = residentMemory(pids).now - before.memory;
    return { seconds, cpuSeconds: processCpu(pids) - before.cpu, memory };
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function upload(port: number, path: string, count: number): Promise<void> {
  const used = pieces.slice(0, count);
  const length = used.reduce((sum, { length: bytes }) => sum + bytes, 0);
  const created = await send(port, "POST", path, {
    "upload-length": String(length),
    "upload-metadata": `fileName ${Buffer.from("large.bin").toString("base64")}`,
  });
  if (created.status !== 201) throw new Error(`a creation was answered ${created.status}`);
  const session = new URL(created.location, `http://127.0.0.1:${port}`).pathname;
  let offset = 0;
  for (const piece of used) {
    const headers = { "upload-offset": String(offset), "content-type": "application/offset+octet-stream" };
    const { status } = await send(port, "PATCH", session, headers, piece);
    if (status !== 204) throw new Error(`a piece at ${offset} was answered ${status}`);
    offset += piece.length;
  }
}

function send(port: number, method: string, path: string, headers: Record<string, string>, body?: Buffer) {
  const authorization = `Basic ${Buffer.from(`${keys.privateKey}:`).toString("base64")}`;
  return new Promise<{ readonly status: number; readonly location: string }>((resolve, reject) => {
    const sending = request(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        headers: {
          "tus-resumable": "1.0.0",
          authorization,
          "content-length": String(body?.length ?? 0),
          ...headers,
        },
      },
      (answer) => {
        answer.resume();
        answer.once("end", () => resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? "" }));
      },
    );
    sending.once("error", reject);
    sending.end(body);
  });
}

const median = (all: readonly number[]): number => percentile(all, 0.5);

const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupted.abort());
const names = Object.keys(resumableSubjects) as (keyof typeof resumableSubjects)[];
const runs = new Map(names.map((name) => [name, [] as Run[]]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const run = await measure(name, interrupted.signal);
    runs.get(name)?.push(run);
    process.stderr.write(`${name}: ${(totalBytes / MiB / run.seconds).toFixed(0)} MiB/s\n`);
  }
}

const rates = (name: keyof typeof resumableSubjects) =>
  (runs.get(name) ?? []).map(({ seconds }) => totalBytes / MiB / seconds);
const own = median(rates("sluice"));
process.stdout.write(`${values.megabytes} MiB in pieces of ${values.piece} MiB, ${values.rounds} rounds\n\n`);
process.stdout.write(
  "| | MiB/s, median (least to most) | Sluice beside it | CPU s | memory, MiB |\n|---|--:|--:|--:|--:|\n",
);
for (const name of names) {
  const all = rates(name);
  const [least, most] = [Math.min(...all), Math.max(...all)].map((rate) => rate.toFixed(0));
  const cpu = median((runs.get(name) ?? []).map(({ cpuSeconds }) => cpuSeconds)).toFixed(2);
  const memory = (median((runs.get(name) ?? []).map((run) => run.memory)) / MiB).toFixed(0);
  const ratio = (own / median(all)).toFixed(2);
  process.stdout.write(
    `| ${resumableSubjects[name].title} | ${median(all).toFixed(0)} (${least} to ${most}) | ${ratio} | ${cpu} | ${memory} |\n`,
  );
}
