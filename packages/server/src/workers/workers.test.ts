import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { Workers, type WorkersOptions } from "./workers.ts";

type Worker = ReturnType<NonNullable<WorkersOptions["fork"]>>;
type End = Awaited<Worker["exited"]>;

const config = resolveConfig({ port: 0, workers: 2 });
const former = { config, logLevel: "info", demoSecret: "secret" } as const;
const later = { ...former, logLevel: "warn" } as const;

/** A process that starts as it is told to, with the settings that it was started with. */
class FakeWorker implements Worker {
  readonly name: string;
  readonly #end = Promise.withResolvers<End>();
  readonly exited = this.#end.promise;
  level: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  async listen() {
    const url = "http://127.0.0.1:1";
    return { url, address: url, port: 1 };
  }
  async open({ logLevel }: Parameters<Worker["open"]>[0]) {
    this.level = logLevel;
    await opening?.(this);
  }
  async serve() {}
  async metrics() {
    return [];
  }
  async refusals() {
    return [];
  }
  async leave() {}
  async drain() {
    return undefined;
  }
  async end() {
    this.kill();
  }
  kill() {
    this.#end.resolve({ code: 0, signal: null });
  }
}

let opening: ((worker: FakeWorker) => Promise<void>) | undefined;
let workers: Workers;
beforeEach(async () => {
  opening = undefined;
  workers = new Workers({
    settings: former,
    logger: pino({ level: "silent" }),
    calls: {} as WorkersOptions["calls"],
    media: () => expect.unreachable("no task is asked for"),
    measured: () => undefined,
    ended: async () => undefined,
    fork: (name) => new FakeWorker(name),
  });
  await workers.listen();
  await workers.open();
  await workers.serve();
});
afterEach(() => workers.close());

const levels = () => (workers.running as readonly FakeWorker[]).map(({ level }) => level);

/** Has the first process that opens from now on wait for the end of an old one. */
function killOldWhileOpening(then: () => void): void {
  const [old] = workers.running;
  opening = async () => {
    opening = undefined;
    old?.kill();
    await expect.poll(() => workers.running.includes(old as Worker)).toBe(false);
    then();
  };
}

test("a process that ends while another starts in its place is replaced by that one alone", async () => {
  killOldWhileOpening(() => undefined);
  await workers.restart(later);
  await expect.poll(levels).toEqual(["warn", "warn"]);
  // The pause before another one would be started.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(levels()).toEqual(["warn", "warn"]);
});

test("where that one can't start, another takes the place, with the former settings", async () => {
  killOldWhileOpening(() => {
    throw new Error("can't start");
  });
  await expect(workers.restart(later)).rejects.toThrow("can't start");
  await expect.poll(levels).toEqual(["info", "info"]);
});
