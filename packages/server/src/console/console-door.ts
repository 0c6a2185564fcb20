import type { Config } from "../config/config.ts";
import { findConsoleInstance } from "../database/repositories/console-sessions.ts";
import type { ConsoleNeeds } from "./needs.ts";
import type { SignInNeeds } from "./sign-in.ts";
import { SignInAttempts } from "./sign-in-attempts.ts";

/** The parts by which a process lets browsers in to the console. */
export interface ConsoleDoor extends SignInNeeds {
  readonly config: Pick<Config, "consoleOrigin" | "limits" | "publicUrl">;
  /** The random part of the cookie's name, which all nodes share. */
  readonly instance: () => Promise<string>;
}

type DoorNeeds = ConsoleNeeds & Pick<ConsoleDoor, "config">;

/** It reads nothing before somebody comes. */
export function openConsoleDoor({ config, database, now }: DoorNeeds): ConsoleDoor {
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
