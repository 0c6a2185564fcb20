import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Acknowledged, acknowledged, expectKept } from "../harness/acknowledged.ts";
import { expectClean } from "../harness/fsck.ts";
import { startServerProcess } from "../harness/server.ts";
import { startTracedServer } from "../harness/traced-server.ts";
import { type Answer, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { DiskHistory, type Survivors } from "./trace/disk-history.ts";

/** A server's whole life as the disk saw it, with the moment of each acknowledgement. */
export interface Recording {
  readonly history: DiskHistory;
  /** The acknowledged uploads, in the order of their answers. */
  readonly acknowledgements: readonly (Acknowledged & {
    /** The place in the trace where the first byte of the answer left. */
    readonly at: number;
  })[];
}

/** The parts of the work that may survive although they were never synced. */
export const survivors: readonly Survivors[] = [
  { bytes: "synced", names: "synced" },
  { bytes: "synced", names: "written" },
  { bytes: "written", names: "synced" },
];

/** Records uploads to a fresh server, sequential and parallel: new files, versions, equal contents, large and small. */
export async function recordUploads(): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-cuts-"));
  try {
    const dataDir = join(folder, "data");
    const server = await startTracedServer(dataDir, join(folder, "strace.log"));
    const answered: (Acknowledged & { readonly requestId: string })[] = [];
    const keep = (content: Buffer) => (answer: Answer) => {
      answered.push({ ...acknowledged(answer, content), requestId: answer.headers.get("x-ik-requestid") ?? "" });
    };
    const one = (name: string, content: Buffer, fields: Record<string, string> = {}) =>
      uploadWithToken(server.url, content, { fileName: name, ...fields }).then(keep(content));
    try {
      await one("first.txt", Buffer.from("the very first"));
      await one("large.txt", Buffer.from("large ".repeat(120_000)), { folder: "/a/b" });
      await one("equal.txt", Buffer.from("the very first"));
      const version = (text: string) => one("same.txt", Buffer.from(text), { useUniqueFileName: "false" });
      await version("version 1");
      await version("version 2");
      const plain = Buffer.from("in server mode");
      await uploadBasic(server.url, plain, { fileName: "basic.txt" }).then(keep(plain));
      const together = Array.from({ length: 18 }, (_, index) => {
        const content = Buffer.from(`at once ${index % 7} `.repeat(500 * (1 + (index % 7))));
        const fields = { folder: `/${index % 3}`, ...(index % 4 === 0 ? { useUniqueFileName: "false" } : {}) };
        return one(`${index % 8}.txt`, content, fields);
      });
      await Promise.all([...together, version("version 3"), version("version 4")]);
      // An answer can arrive before the system call that sent it has returned. A later request's answer can't.
      await fetch(`${server.url}/health`);
    } finally {
      await server.kill();
    }
    const trace = await server.readTrace();
    const acknowledgements = answered.map(({ requestId, ...upload }) => {
      const answer = trace.find((event) => event.kind === "send" && event.bytes.includes(requestId));
      if (answer === undefined) throw new Error(`the trace does not show the answer to ${requestId}`);
      return { ...upload, at: answer.begin };
    });
    return {
      history: new DiskHistory(trace, dataDir),
      acknowledgements: acknowledgements.toSorted((one, other) => one.at - other.at),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Cuts the power just when this acknowledgement leaves. Its upload and all earlier ones must have survived. */
export async function expectCutSurvived(recording: Recording, index: number, left: Survivors): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-cut-"));
  try {
    const dataDir = join(folder, "data");
    const promised = recording.acknowledgements.slice(0, index + 1);
    await recording.history.restore(dataDir, promised.at(-1)?.at ?? 0, left);
    const server = await startServerProcess({ dataDir });
    try {
      await expectKept(server.url, promised);
    } finally {
      await server.stop();
    }
    await expectClean(dataDir);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
