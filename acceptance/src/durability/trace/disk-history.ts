import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Trace, TraceEvent } from "./trace.ts";

/** The state of the disk when the power goes: only the work that was synced, or all that was written. */
export interface Survivors {
  readonly bytes: "synced" | "written";
  /** The entries in folders. */
  readonly names: "synced" | "written";
}

interface Change {
  /** The place in the trace where the change was over. */
  readonly end: number;
  readonly event: TraceEvent;
}

interface Sync {
  readonly begin: number;
  readonly end: number;
}

interface FileNode {
  readonly kind: "file";
  readonly changes: Change[];
  readonly syncs: Sync[];
}

interface FolderNode {
  readonly kind: "folder";
  readonly entries: { readonly end: number; readonly name: string; readonly node: Node | undefined }[];
  readonly syncs: Sync[];
}

type Node = FileNode | FolderNode;

/** The whole history of a folder and its contents, from a trace that begins before the folder was made. */
export class DiskHistory {
  readonly #root: string;
  readonly #top: FolderNode = newFolder();

  /** @param root the folder's path; its parent is assumed to have existed before */
  constructor(trace: Trace, root: string) {
    this.#root = root;
    for (const event of trace) this.#follow(event);
  }

  /**
   * Writes to `target` what survives a power cut at this place of the trace. Synced work survives in any case. Of the
   * rest, either all bytes survive or none, and either all names or none.
   */
  async restore(target: string, cut: number, survivors: Survivors): Promise<void> {
    const root = entriesAt(this.#top, cut, survivors.names).get(basename(this.#root));
    if (root !== undefined) await restoreNode(root, target, cut, survivors);
  }

  #follow(event: TraceEvent): void {
    const { end } = event;
    switch (event.kind) {
      case "write":
      case "truncate": {
        const node = this.#find(event.path);
        if (node?.kind === "file") node.changes.push({ end, event });
        break;
      }
      case "sync":
        this.#find(event.path)?.syncs.push(event);
        break;
      case "create":
        if (this.#find(event.path) === undefined) this.#put(event.path, newFile(), end);
        break;
      case "make folder":
        this.#put(event.path, newFolder(), end);
        break;
      case "link":
        this.#put(event.to, this.#find(event.from), end);
        break;
      case "rename":
        this.#put(event.to, this.#find(event.from), end);
        this.#put(event.from, undefined, end);
        break;
      case "remove":
        this.#put(event.path, undefined, end);
        break;
      case "send":
        break;
    }
  }

  /** The node at this path, at the place that the trace has been followed to. */
  #find(path: string): Node | undefined {
    if (path === dirname(this.#root)) return this.#top;
    if (path !== this.#root && !path.startsWith(`${this.#root}/`)) return undefined;
    const parent = this.#find(dirname(path));
    return parent?.kind === "folder" ? parent.entries.findLast(({ name }) => name === basename(path))?.node : undefined;
  }

  #put(path: string, node: Node | undefined, end: number): void {
    if (path !== this.#root && !path.startsWith(`${this.#root}/`)) return;
    const parent = this.#find(dirname(path));
    if (parent?.kind === "folder") parent.entries.push({ end, name: basename(path), node });
  }
}

function newFile(): FileNode {
  return { kind: "file", changes: [], syncs: [] };
}

function newFolder(): FolderNode {
  return { kind: "folder", entries: [], syncs: [] };
}

/** The place before which all changes surely survive. A sync covers the changes that were over before it began. */
function horizon({ syncs }: Node, cut: number, which: "synced" | "written"): number {
  if (which === "written") return cut;
  const done = syncs.filter(({ end }) => end < cut).map(({ begin }) => begin);
  return Math.max(-1, ...done);
}

function entriesAt(folder: FolderNode, cut: number, which: "synced" | "written"): Map<string, Node> {
  const before = horizon(folder, cut, which);
  const entries = new Map<string, Node>();
  for (const { end, name, node } of folder.entries) {
    if (end >= before) break;
    if (node === undefined) entries.delete(name);
    else entries.set(name, node);
  }
  return entries;
}

function bytesAt(file: FileNode, cut: number, which: "synced" | "written"): Buffer {
  const before = horizon(file, cut, which);
  let content = Buffer.alloc(0);
  for (const { end, event } of file.changes) {
    if (end >= before) break;
    if (event.kind === "truncate") content = withLength(content, event.length);
    if (event.kind !== "write") continue;
    content = withLength(content, Math.max(content.length, event.offset + event.bytes.length));
    event.bytes.copy(content, event.offset);
  }
  return content;
}

function withLength(content: Buffer<ArrayBuffer>, length: number): Buffer<ArrayBuffer> {
  if (length <= content.length) return content.subarray(0, length);
  const longer = Buffer.alloc(length);
  content.copy(longer);
  return longer;
}

async function restoreNode(node: Node, path: string, cut: number, survivors: Survivors): Promise<void> {
  if (node.kind === "file") {
    await writeFile(path, bytesAt(node, cut, survivors.bytes), { mode: 0o600 });
    return;
  }
  await mkdir(path, { mode: 0o700 });
  for (const [name, child] of entriesAt(node, cut, survivors.names)) {
    await restoreNode(child, join(path, name), cut, survivors);
  }
}
