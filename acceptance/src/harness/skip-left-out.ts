import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach } from "vitest";
import { type LeftOut, reasonToSkip } from "./left-out.ts";

const suite = fileURLToPath(new URL("../", import.meta.url));

/** Skips the single tests of the list. The vitest project excludes the whole files. */
export function skipLeftOut(leftOut: LeftOut): void {
  beforeEach((context) => {
    const reason = reasonToSkip(leftOut, relative(suite, context.task.file.filepath), context.task.name);
    if (reason !== undefined) context.skip(reason);
  });
}
