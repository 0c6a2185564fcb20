import type { Peer } from "../ipc/peer.ts";
import { WorkClock } from "../media/image/pixels/work-clock.ts";
import { MediaError } from "../media/media-error.ts";
import type { MediaProcesses } from "../media/processes/media-processes.ts";
import type { TaskName } from "../media/processes/tasks.ts";
import type { MediaAnswer, MediaCalls, MediaTask, WorkerCalls } from "./calls.ts";

interface Running {
  readonly stop: AbortController;
  /** The picture about which a model is being asked. */
  png: (() => Promise<Uint8Array>) | undefined;
}

/** Lets a worker use the machine's pool of processes, which the supervisor has. */
export class MediaOfWorker {
  readonly #processes: () => MediaProcesses;
  readonly #worker: () => Pick<Peer<WorkerCalls>, "call">;
  readonly #running = new Map<number, Running>();

  constructor(processes: () => MediaProcesses, worker: () => Pick<Peer<WorkerCalls>, "call">) {
    this.#processes = processes;
    this.#worker = worker;
  }

  readonly calls: MediaCalls = {
    media: (task) => this.#run(task),
    stopMedia: async (id) => this.#running.get(id)?.stop.abort(new Error("nobody waits for the task")),
    askedPicture: async (id) => {
      const png = this.#running.get(id)?.png;
      if (png === undefined) throw new Error("no model is asked");
      return png();
    },
    isolation: async () => this.#processes().isolation(),
    hasMediaRoom: async () => {
      try {
        await this.#processes().assertRoom();
        return true;
      } catch {
        return false;
      }
    },
  };

  /** Ends the tasks of a worker that has ended. */
  close(): void {
    for (const { stop } of this.#running.values()) stop.abort(new Error("the worker has ended"));
  }

  async #run({ id, name, party, file, layers, key, estimateMs }: MediaTask): Promise<MediaAnswer> {
    const running: Running = { stop: new AbortController(), png: undefined };
    this.#running.set(id, running);
    const clock = new WorkClock();
    try {
      const value = await this.#processes().run<TaskName>(
        name,
        async () => (await this.#worker().call("prepareMedia", id)) as never,
        {
          signal: running.stop.signal,
          party,
          file,
          layers,
          key,
          estimateMs,
          clock,
          findAiPicture: async (request, { png, ...picture }) => {
            running.png = png;
            return this.#worker().call("findAiPicture", { id, request, picture });
          },
        },
      );
      return { value, usedMs: clock.ms };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      const { code, message, exhausted } = error;
      return { refused: { code, message, exhausted }, usedMs: clock.ms };
    } finally {
      this.#running.delete(id);
    }
  }
}
