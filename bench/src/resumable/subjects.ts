import { fileURLToPath } from "node:url";
import { type Subject, subjects } from "../subjects.ts";

interface ResumableSubject extends Pick<Subject, "title" | "command" | "node"> {
  /** The path at which uploads are created. */
  readonly path: string;
}

const tusDurable = fileURLToPath(new URL("../servers/tus-durable.ts", import.meta.url));

/** The servers that take the large file, in the order of a round. */
export const resumableSubjects = {
  sluice: { title: "Sluice on SQLite and a folder", path: "/_sluice/resumable", command: subjects.sluice.command },
  tus: { title: "`@tus/server` with its file store", path: "/files", command: subjects.tus.command },
  "tus-durable": {
    title: "the same with fsync and SHA-256",
    path: "/files",
    command: ({ dataDir }) => [tusDurable, "--data-dir", dataDir],
  },
} as const satisfies Readonly<Record<string, ResumableSubject>>;
