import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { Peer } from "../ipc/peer.ts";
import { WorkClock } from "../media/image/pixels/work-clock.ts";
import { MediaError } from "../media/media-error.ts";
import type { MediaProcesses } from "../media/processes/media-processes.ts";
import type { SupervisorCalls, WorkerCalls } from "./calls.ts";
import { MediaOfWorker } from "./media-of-worker.ts";
import { RemoteMediaProcesses } from "./remote-media-processes.ts";

const forever = new AbortController().signal;
const small = { picture: Buffer.from("small") };
type Run = (...args: Parameters<MediaProcesses["run"]>) => Promise<unknown>;

/** A worker and its supervisor, whose calls arrive as plain data. */
function linked(run: Run, others: Partial<MediaProcesses> = {}) {
  const processes = { run, assertRoom: async () => undefined, isolation: async () => "none", ...others };
  const toWorker = { call: (name: string, input: unknown) => passed(() => remote.calls, name, input) };
  const host = new MediaOfWorker(
    () => processes as unknown as MediaProcesses,
    () => toWorker as unknown as Pick<Peer<WorkerCalls>, "call">,
  );
  const toSupervisor = { call: (name: string, input: unknown) => passed(() => host.calls, name, input) };
  const remote = new RemoteMediaProcesses(toSupervisor as unknown as Pick<Peer<SupervisorCalls>, "call">);
  return { host, remote };
}

async function passed(calls: () => object, name: string, input: unknown): Promise<unknown> {
  const call = (calls() as Record<string, (given: unknown) => Promise<unknown>>)[name];
  try {
    return structuredClone(await call?.(structuredClone(input)));
  } catch (error) {
    // The other process gets the words alone.
    throw new Error((error as Error).message);
  }
}

test("a task is prepared once its turn has come, and its party, files and key go along", async () => {
  const asked = vi.fn();
  const turn = Promise.withResolvers<void>();
  const { remote } = linked(async (name, prepare, { party, file, layers, key, clock }) => {
    await turn.promise;
    asked({ name, input: await prepare(forever), party, file, layers, key });
    clock?.add(30);
    return { hash: "0" };
  });
  const prepare = vi.fn(async () => small);
  const party = { account: "a", client: "b" };
  const known = { party, file: "f", layers: ["logo"], key: "k" };
  const done = remote.run("fingerprint", prepare, { signal: forever, ...known, clock: new WorkClock() });
  await sleep(10);
  expect(prepare).not.toHaveBeenCalled();
  turn.resolve();
  expect(await done).toEqual({ hash: "0" });
  expect(asked).toHaveBeenCalledWith({ name: "fingerprint", input: { picture: expect.anything() }, ...known });
});

test("a rendering's time is that of the process", async () => {
  const clock = new WorkClock();
  const { remote } = linked(async (_name, _prepare, options) => {
    options.clock?.add(1234);
    return {};
  });
  await remote.run("render", async () => ({}) as never, { signal: forever, clock });
  expect(clock.ms).toBe(1234);
});

test("a picture's refusal arrives whole, also whether it has used up its own time", async () => {
  const { remote } = linked(async () => {
    throw new MediaError("ETIME", "too long", { exhausted: true });
  });
  const refusal = await remote
    .run("fingerprint", async () => small, { signal: forever })
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(MediaError);
  expect(refusal).toMatchObject({ code: "ETIME", message: "too long", exhausted: true });
});

test("what the worker throws when it is asked for something is thrown as it is", async () => {
  const missing = new Error("no model has made it");
  const { remote } = linked(async (_name, prepare, { findAiPicture }) => {
    await prepare(forever);
    const picture = { width: 1, height: 1, channels: 3, digest: "d", png: async () => Buffer.from("png") } as const;
    return findAiPicture?.({ effect: "e-upscale", prompt: undefined }, picture);
  });
  const seen = vi.fn();
  const asking = remote.run("render", async () => ({}) as never, {
    signal: forever,
    findAiPicture: async (_request, { png }) => {
      seen(Buffer.from(await png()).toString());
      throw missing;
    },
  });
  expect(await asking.catch((error: unknown) => error)).toBe(missing);
  expect(seen).toHaveBeenCalledWith("png");
  const unread = new Error("no such blob");
  expect(await remote.run("render", () => Promise.reject(unread), { signal: forever }).catch((error) => error)).toBe(
    unread,
  );
});

test("whoever leaves ends the task, and so does the end of the worker", async () => {
  const stopped: unknown[] = [];
  const { host, remote } = linked(
    (_name, _prepare, { signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          stopped.push(signal.reason);
          reject(signal.reason);
        }),
      ),
  );
  const leaving = new AbortController();
  const left = remote.run("fingerprint", async () => small, { signal: leaving.signal });
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  await vi.waitFor(() => expect(stopped).toHaveLength(1));
  const other = remote.run("fingerprint", async () => small, { signal: forever });
  await sleep(0);
  host.close();
  await expect(other).rejects.toThrow("the worker has ended");
  expect(stopped).toHaveLength(2);
});

test("whether there is room, and how the processes are kept apart, is asked of the supervisor", async () => {
  const full = async () => Promise.reject(new MediaError("EBUSY", "full"));
  expect(await linked(async () => undefined).remote.assertRoom()).toBeUndefined();
  await expect(linked(async () => undefined, { assertRoom: full }).remote.assertRoom()).rejects.toMatchObject({
    code: "EBUSY",
  });
  expect(await linked(async () => undefined).remote.isolation()).toBe("none");
});
