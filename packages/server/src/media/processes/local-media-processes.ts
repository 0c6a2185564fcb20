import { availableParallelism } from "node:os";
import { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import { type TaskSlot, TimedQueue } from "../../concurrency/timed-queue.ts";
import { NoSlotError } from "../../concurrency/wait-for-slot.ts";
import { extraPictures, type Limits } from "../../config/limits.ts";
import { nobodyToAsk } from "../image/asked-picture.ts";
import { refuseBusy } from "../image/refuse-busy.ts";
import { type TaskBounds, TaskFailure, type TaskHost } from "./decoding-task.ts";
import { ExhaustedWork } from "./exhausted-work.ts";
import type { MediaProcess } from "./media-process.ts";
import type { Isolation, MediaProcesses, TaskOptions } from "./media-processes.ts";
import { ProcessPool } from "./process-pool.ts";
import { SandboxProbe } from "./sandbox.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { LostProcessError } from "./task-errors.ts";
import type { TaskInput, TaskName, TaskOutput } from "./tasks.ts";

export type MediaProcessLimits = Pick<
  Limits,
  "imageMs" | "animationMs" | "imagesMemoryBytes" | "imagesSpare" | "imagesWaiting" | "imagesWaitMs"
>;

export interface LocalMediaProcessesOptions {
  readonly limits: MediaProcessLimits;
  /** The number of pictures that are made at once. */
  readonly concurrency?: number;
  /** The processes, where others use them as well. Whoever made them closes them. */
  readonly pools?: MediaPools;
}

/** Models take hundreds of megabytes, so they have processes of their own. */
export interface MediaPools {
  readonly pictures: ProcessPool;
  readonly models: ProcessPool;
  /** The way in which the system keeps the processes away from everything else. */
  isolation(): Promise<Isolation>;
  close(): Promise<void>;
}

/** @param ready the number of processes for pictures that are kept ready, once `keepReady` was called */
export function openMediaPools(ready: number): MediaPools {
  const scratch = new ScratchFolder();
  const sandbox = new SandboxProbe();
  const pictures = new ProcessPool({ scratch, sandbox, ready });
  const models = new ProcessPool({ scratch, sandbox, ready: 0 });
  return {
    pictures,
    models,
    isolation: async () => (await sandbox.find()).name,
    async close() {
      await Promise.all([pictures.close(), models.close()]);
      await scratch.close();
    },
  };
}

/** More pictures at once than this take more memory than they save time. */
const maxConcurrency = 3;
/** The time for writing a picture, apart from that for making it. Encoders take seconds, as their efforts are chosen. */
const writingMs = 20_000;
/** A header takes milliseconds. A busy machine gets patience, and the file itself a little processor time. */
const header: TaskBounds = { milliseconds: 10_000, cpuMs: 2000 };
const fingerprint: TaskBounds = { milliseconds: 4000 };
/** Models take seconds at most, and have to be loaded first. */
const search: TaskBounds = { milliseconds: 30_000, programBytes: 1024 * 1024 * 1024 };

/** A visitor who has used nothing yet. In a full line, one who has used more gives way to such a visitor. */
const anyVisitor: Party = { account: "any", client: "any" };

/** The pool of a machine, in the process that owns it. */
export function openMediaProcesses({
  limits,
  concurrency = Math.min(availableParallelism(), maxConcurrency),
  pools: given,
}: LocalMediaProcessesOptions): MediaProcesses {
  const waiting = { queueLimit: limits.imagesWaiting, waitMs: limits.imagesWaitMs };
  const { imagesSpare: spare } = limits;
  // A picture for which there is a place, or one that follows a process that was ended, doesn't wait for a start.
  const pools = given ?? openMediaPools(spare === 0 ? 0 : concurrency + spare);
  const pictures = {
    line: new TimedQueue({ slots: concurrency, extraSlots: extraPictures, ...waiting }),
    pool: pools.pictures,
  };
  const models = { line: new TimedQueue({ slots: 1, extraSlots: 0, ...waiting }), pool: pools.models };
  const memory = new ByteBudget(limits.imagesMemoryBytes);
  const exhausted = new ExhaustedWork();
  const workMs = Math.max(limits.imageMs, limits.animationMs);
  const kinds: Readonly<Record<TaskName, { readonly group: typeof pictures; readonly bounds: TaskBounds }>> = {
    render: { group: pictures, bounds: { milliseconds: limits.imageMs, workMs, writingMs } },
    header: { group: pictures, bounds: header },
    fingerprint: { group: pictures, bounds: fingerprint },
    faces: { group: models, bounds: search },
    objects: { group: models, bounds: search },
    tag: { group: models, bounds: search },
  };
  return {
    async run<Name extends TaskName>(
      name: Name,
      prepare: (signal: AbortSignal) => Promise<TaskInput<Name>>,
      options: TaskOptions,
    ) {
      const { group, bounds } = kinds[name];
      const { file, layers = [], key, signal, party, estimateMs } = options;
      const task = async ({ signal: stop, meter, ...place }: TaskSlot) => {
        // Another request may have tried it while this one waited.
        exhausted.refuse(file, key);
        // Neither reading the bytes nor starting a process is work of the picture.
        let usedMs = (): number => 0;
        meter(() => usedMs());
        const input = await prepare(stop);
        const work = (process: MediaProcess): Promise<unknown> => {
          usedMs = () => process.taskMs;
          const shared = { memory, maxBytes: limits.imagesMemoryBytes, exhausted, ...place };
          return runIn(process, { name, input, bounds }, shared, { ...options, signal: stop });
        };
        return useLiving(group.pool, work, stop);
      };
      exhausted.refuse(file, key);
      const files = [...(file === undefined ? [] : [file]), ...layers];
      const asked = { signal, party, files, key, estimateMs, restartable: true };
      return (await group.line.run(task, asked).catch(refuseBusy)) as TaskOutput<Name>;
    },
    async assertRoom() {
      if (!pictures.line.hasRoomFor({ party: anyVisitor })) refuseBusy(new NoSlotError("full"));
    },
    isolation: () => pools.isolation(),
    keepReady: () => pools.pictures.keepReady(),
    async close() {
      await Promise.all([pictures.line.close(), models.line.close()]);
      if (given === undefined) await pools.close();
    },
  };
}

/** Takes another process, once, where the first one ended just as it got its task. */
async function useLiving<Result>(
  pool: ProcessPool,
  work: (process: MediaProcess) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await pool.use(work, signal);
  } catch (error) {
    if (!(error instanceof LostProcessError)) throw error;
    return pool.use(work, signal);
  }
}

/** The size of the files that a task reads. */
function inputBytesOf(input: AskedTask["input"]): number {
  const own = "file" in input ? [input.file] : [];
  const files = [...own, ...("layers" in input ? input.layers.values() : [])];
  const sizes = files
    .map((file) => ("file" in file ? file.file : file))
    .map((bytes) => ("data" in bytes ? bytes.data.length : bytes.size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface AskedTask {
  readonly name: TaskName;
  readonly input: TaskInput<TaskName>;
  readonly bounds: TaskBounds;
}

interface Shared extends Pick<TaskSlot, "charge"> {
  readonly memory: ByteBudget;
  /** The memory of all tasks together. */
  readonly maxBytes: number;
  readonly exhausted: ExhaustedWork;
}

async function runIn(
  process: MediaProcess,
  task: AskedTask,
  { memory, maxBytes, exhausted, charge }: Shared,
  { signal, clock, file, key, findAiPicture = nobodyToAsk }: TaskOptions,
): Promise<unknown> {
  let release = (): void => undefined;
  const ended = new AbortController();
  const host: TaskHost = {
    async take(bytes) {
      release();
      const taken = await memory.take(bytes, AbortSignal.any([signal, ended.signal]));
      // The process may have ended while it waited, in this very moment too.
      if (ended.signal.aborted) taken();
      else release = taken;
      return Math.min(bytes, maxBytes);
    },
    askAi: ({ request, picture }, png) => findAiPicture(request, { ...picture, png }),
  };
  try {
    const work = () => process.run({ ...task, inputBytes: inputBytesOf(task.input), host, signal });
    // Others look at the clock while models work.
    const isLive = task.name !== "render" && clock !== undefined;
    const { value, usedMs, cpuMs } = await (isLive ? clock.count(work) : work());
    if (!isLive) clock?.add(usedMs);
    charge(cpuMs);
    return value;
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    if (task.name === "render") clock?.add(error.usedMs);
    charge(error.cpuMs, error.replacementMs);
    // A layer's file may be what could not be opened. The picture below it is not at fault.
    const hasLayers = "layers" in task.input && task.input.layers.size > 0;
    exhausted.add(error.hasOpened || hasLayers ? key : (file ?? key), error.cause);
    throw error.cause;
  } finally {
    ended.abort();
    release();
  }
}
