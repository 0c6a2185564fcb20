import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach } from "vitest";
import { reasonToSkip } from "./embedded-only.ts";

const suite = fileURLToPath(new URL("../", import.meta.url));

beforeEach((context) => {
  const reason = reasonToSkip(relative(suite, context.task.file.filepath), context.task.name);
  if (reason !== undefined) context.skip(reason);
});
