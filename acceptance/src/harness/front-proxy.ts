import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { expect } from "vitest";

/** A proxy in front of servers. */
export interface FrontProxy {
  readonly url: string;
  /** Returns its log of errors. */
  errors(): Promise<string>;
  stop(): Promise<void>;
}

export interface StartedProxy {
  readonly child: ChildProcess;
  readonly url: string;
  /** The proxy's own folder, which goes with it. */
  readonly folder: string;
  readonly errors: FrontProxy["errors"];
}

/** Waits until a proxy answers. One that does not is ended. */
export async function untilProxyAnswers({ child, url, folder, errors }: StartedProxy): Promise<FrontProxy> {
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  try {
    await expect.poll(answers).toBe(true);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, errors, stop };
}
