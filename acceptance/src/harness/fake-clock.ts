import { globSync, realpathSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { problemOf } from "./needs.ts";

/** A clock for one process, which can be set while that runs. */
export interface FakeClock {
  /** For the process that is to live by it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds that it is ahead of the real time. */
  set(ahead: number): Promise<void>;
}

/** Why no process can be given another time here; undefined where it can. */
export function fakeClockProblem(): string | undefined {
  const library = findLibrary();
  if (library === undefined) return "there is no libfaketime";
  return problemOf("env", [`LD_PRELOAD=${library}`, "FAKETIME=+1d", "true"]);
}

/** @param file where the process reads the time from */
export async function fakeClock(file: string, ahead: number): Promise<FakeClock> {
  const set = async (seconds: number): Promise<void> => {
    // Half a time, or none, would end the process that reads it.
    await writeFile(`${file}.new`, seconds < 0 ? `${seconds}` : `+${seconds}`);
    await rename(`${file}.new`, file);
  };
  await set(ahead);
  return {
    environment: {
      LD_PRELOAD: findLibrary() ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      // A clock that is set changes neither the time since the start nor that of files.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
      FAKETIME_DISABLE_SHM: "1",
    },
    set,
  };
}

/** It lies near the program of its package, wherever that is unpacked. */
function findLibrary(): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    try {
      const program = realpathSync(join(folder, "faketime"));
      return globSync(join(dirname(program), "../lib/*/faketime/libfaketime.so.1"))[0];
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
