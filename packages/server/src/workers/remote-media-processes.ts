import { NoSlotError } from "../concurrency/wait-for-slot.ts";
import type { Peer } from "../ipc/peer.ts";
import { nobodyToAsk } from "../media/image/asked-picture.ts";
import { refuseBusy } from "../media/image/refuse-busy.ts";
import { MediaError } from "../media/media-error.ts";
import type { Isolation, MediaProcesses, TaskOptions } from "../media/processes/media-processes.ts";
import type { TaskInput, TaskName, TaskOutput } from "../media/processes/tasks.ts";
import type { SupervisorCalls, WorkerCalls } from "./calls.ts";

interface Asked {
  readonly prepare: () => Promise<unknown>;
  readonly options: TaskOptions;
  /** The error that this process threw when it was asked for something. The supervisor gets its words alone. */
  failure: { readonly error: unknown } | undefined;
}

/** The machine's pool of processes, as a worker sees it. The supervisor has the processes. */
export class RemoteMediaProcesses implements MediaProcesses {
  readonly #supervisor: Pick<Peer<SupervisorCalls>, "call">;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;

  constructor(supervisor: Pick<Peer<SupervisorCalls>, "call">) {
    this.#supervisor = supervisor;
  }

  /** The supervisor's questions about this worker's tasks. */
  readonly calls: Pick<WorkerCalls, "prepareMedia" | "findAiPicture"> = {
    prepareMedia: (id) => this.#answer(id, ({ prepare }) => prepare()),
    findAiPicture: ({ id, request, picture }) =>
      this.#answer(id, ({ options: { findAiPicture = nobodyToAsk } }) =>
        findAiPicture(request, { ...picture, png: () => this.#supervisor.call("askedPicture", id) }),
      ),
  };

  async run<Name extends TaskName>(
    name: Name,
    prepare: (signal: AbortSignal) => Promise<TaskInput<Name>>,
    options: TaskOptions,
  ): Promise<TaskOutput<Name>> {
    const { signal, party, file, layers, key, estimateMs, clock } = options;
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const begun = Promise.withResolvers<void>();
    const asked: Asked = {
      async prepare() {
        begun.resolve();
        return prepare(signal);
      },
      options,
      failure: undefined,
    };
    this.#asked.set(id, asked);
    const stop = (): void => void this.#supervisor.call("stopMedia", id).catch(() => undefined);
    signal.addEventListener("abort", stop, { once: true });
    try {
      const answering = this.#supervisor.call("media", { id, name, party, file, layers, key, estimateMs });
      // Others look at the clock while models work.
      if (name !== "render")
        void Promise.race([begun.promise, answering])
          .then(() => clock?.count(() => answering))
          .catch(() => undefined);
      const answer = await answering;
      if (name === "render") clock?.add(answer.usedMs);
      if ("value" in answer) return answer.value as TaskOutput<Name>;
      const { code, message, exhausted } = answer.refused;
      throw new MediaError(code, message, { exhausted });
    } catch (error) {
      signal.throwIfAborted();
      throw asked.failure === undefined ? error : asked.failure.error;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#asked.delete(id);
    }
  }

  async assertRoom(): Promise<void> {
    if (!(await this.#supervisor.call("hasMediaRoom", undefined))) refuseBusy(new NoSlotError("full"));
  }

  isolation(): Promise<Isolation> {
    return this.#supervisor.call("isolation", undefined);
  }

  keepReady(): void {
    // The supervisor keeps them ready.
  }

  async close(): Promise<void> {
    // The supervisor closes them, after its workers.
  }

  async #answer<Result>(id: number, work: (asked: Asked) => Promise<Result>): Promise<Result> {
    const asked = this.#asked.get(id);
    if (asked === undefined) throw new Error("nobody waits for the task");
    try {
      return await work(asked);
    } catch (error) {
      asked.failure = { error };
      throw error;
    }
  }
}
