import { ConfigError } from "../config/config-error.ts";
import type { NodeFloor } from "../database/repositories/node-floor.ts";

/**
 * Makes the one line with which a program ends that doesn't know a restricting feature of the library.
 * @param place the setting that leads to the database, and the database
 */
export function outdatedError(place: string, { since }: NodeFloor, version: string): ConfigError {
  return new ConfigError(
    `${place} is used with features that this version of Sluice (${version}) doesn't know; use ${since} or a later version`,
  );
}
