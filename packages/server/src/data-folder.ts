import { constants } from "node:fs";
import { access } from "node:fs/promises";
import type { Logger } from "pino";
import { makeDurableFolder } from "./storage/durable-folder.ts";

/** Makes the data folder when it isn't there, and sees that it can be written. */
export function makeWritableFolder(_logger: Pick<Logger, "warn">): (path: string) => Promise<void> {
  return async (path) => {
    await makeDurableFolder(path);
    // SQLite would open a read-only database all the same, and still refuse to write when it is writable again.
    await access(path, constants.W_OK | constants.X_OK);
  };
}
