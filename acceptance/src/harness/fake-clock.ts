import { globSync, realpathSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { problemOf } from "./needs.ts";

/** A clock for one process, which a test can set while the process runs. */
export interface FakeClock {
  /** The environment variables for the process that is to use this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** @param ahead how many seconds the clock is ahead of real time */
  set(ahead: number): Promise<void>;
}

/** Returns the reason why this machine can't give a process another time; undefined if it can. */
export function fakeClockProblem(): string | undefined {
  const library = findLibrary();
  if (library === undefined) return "there is no libfaketime";
  return problemOf("env", [`LD_PRELOAD=${library}`, "FAKETIME=+1d", "true"]);
}

/** @param file where the process reads the time from */
export async function fakeClock(file: string, ahead: number): Promise<FakeClock> {
  const set = async (seconds: number): Promise<void> => {
    // A process that read an empty or half-written file would end.
    await writeFile(`${file}.new`, seconds < 0 ? `${seconds}` : `+${seconds}`);
    await rename(`${file}.new`, file);
  };
  await set(ahead);
  return {
    environment: {
      LD_PRELOAD: findLibrary() ?? "",
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      // Setting a clock changes neither the monotonic time nor the timestamps of files.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
      FAKETIME_DISABLE_SHM: "1",
    },
    set,
  };
}

/** Finds the library beside its package's program, wherever the package is unpacked. */
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
