import sharp from "sharp";
import { FairQueue } from "../../concurrency/fair-queue.ts";
import { defaultLimits, type Limits } from "../../config/limits.ts";
import { createImageEngine, type ImageEngine } from "../image/image-engine.ts";
import type { FoundThing } from "../image/plan/found-things.ts";
import { openMediaPools, openMediaProcesses } from "../processes/local-media-processes.ts";
import type { MediaProcesses, TaskOptions } from "../processes/media-processes.ts";
import type { SmallPicture, Tag, TaskInput, TaskName, TaskOutput } from "../processes/tasks.ts";

/** The processes of all tests that share this module. They end with the process of the tests. */
const pools = openMediaPools(2);

/** Stands for the models. */
export interface InjectedModels {
  installed: boolean;
  /** The answers that stand for what models would find. */
  found: { faces: readonly FoundThing[]; objects: readonly FoundThing[]; tags: readonly Tag[] };
  /** The kinds of searches that were made with the sizes of their pictures, in their order: `faces 640x160`. */
  readonly searched: string[];
  /** The time that a search takes: until this resolves. A rejection fails it. */
  busy: Promise<unknown>;
}

export function injectedModels(): InjectedModels {
  return { installed: true, found: { faces: [], objects: [], tags: [] }, searched: [], busy: Promise.resolve() };
}

export interface OpenedImages {
  readonly limits?: Partial<Limits>;
  readonly concurrency?: number;
  /** Without any, no models are installed. */
  readonly models?: InjectedModels;
}

/** An image engine whose processes are shared with other tests. */
export function openImages({ limits, concurrency, models }: OpenedImages = {}): ImageEngine {
  const all = { ...defaultLimits, ...limits };
  const processes = openTestProcesses(all, concurrency, models);
  const without = createImageEngine({ limits: all, processes, detects: false });
  const engine = createImageEngine({ limits: all, processes, detects: true });
  return {
    ...engine,
    get detects() {
      return models?.installed === true;
    },
    detect: (request) => (models?.installed === true ? engine : without).detect(request),
    async close() {
      await engine.close();
      await processes.close();
    },
  };
}

/** Processes that are shared with other tests, with a line and a budget of their own. */
export function openTestProcesses(
  limits: Limits = defaultLimits,
  concurrency = 2,
  models?: InjectedModels,
): MediaProcesses {
  const processes = openMediaProcesses({ limits, concurrency, pools });
  return models === undefined ? processes : { ...processes, run: withModels(processes, models) };
}

function withModels(processes: MediaProcesses, models: InjectedModels): MediaProcesses["run"] {
  const answers: Partial<Record<TaskName, () => unknown>> = {
    faces: () => models.found.faces,
    objects: () => models.found.objects,
    tag: () => models.found.tags,
  };
  // Models take one picture at a time.
  const line = new FairQueue({ capacity: 1, queueLimit: 100 });
  return async <Name extends TaskName>(
    name: Name,
    prepare: (signal: AbortSignal) => Promise<TaskInput<Name>>,
    options: TaskOptions,
  ): Promise<TaskOutput<Name>> => {
    const answer = answers[name];
    if (answer === undefined) return processes.run(name, prepare, options);
    const search = async (signal: AbortSignal): Promise<TaskOutput<Name>> => {
      const { picture } = (await prepare(signal)) as SmallPicture;
      const { width, height } = await sharp(picture).metadata();
      models.searched.push(`${name} ${width}x${height}`);
      const work = () => models.busy;
      await (options.clock?.count(work) ?? work());
      return answer() as TaskOutput<Name>;
    };
    return line.run(search, options.signal, options.party);
  };
}
