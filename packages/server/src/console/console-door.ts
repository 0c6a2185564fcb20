import type { Config } from "../config/config.ts";
import { findConsoleInstance } from "../database/repositories/console-sessions.ts";
import type { ConsoleDeps } from "./deps.ts";
import type { SignInDeps } from "./sign-in.ts";
import { SignInAttempts } from "./sign-in-attempts.ts";

/** The parts by which a process lets browsers in to the console. */
export interface ConsoleDoor extends SignInDeps {
  readonly config: Pick<Config, "consoleOrigin" | "limits" | "publicUrl">;
  /** The random part of the cookie's name, which all nodes share. */
  readonly instance: () => Promise<string>;
}

type DoorDeps = ConsoleDeps & Pick<ConsoleDoor, "config">;

/** It reads nothing before somebody comes. */
export function openConsoleDoor({ config, database, now }: DoorDeps): ConsoleDoor {
  let known: string | undefined;
  return {
    config,
    database,
    now,
    attempts: new SignInAttempts(),
    async instance() {
      known ??= await findConsoleInstance(database.reader);
      return known;
    },
  };
}
