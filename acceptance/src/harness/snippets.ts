import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./launch.ts";
import { keys } from "./server.ts";

const run = promisify(execFile);

/** What runs a document's snippets: the sources of this repository, and the keys of the tests' servers. */
export const node = [process.execPath, "--conditions=sluice-source"] as const;
export const environment = { ...process.env, PUBLIC_KEY: keys.publicKey, PRIVATE_KEY: keys.privateKey };

export interface Snippets {
  /** Where the snippets run; what they import is installed there. */
  readonly folder: string;
  /** The fenced block that begins with the text. */
  block(start: string): string;
  /** Writes a file beside the snippets; by default the block that begins with a comment of its name. */
  write(file: string, content?: string): Promise<void>;
  /** Runs such a file with Node; what it has printed. */
  node(file: string): Promise<string>;
  shell(script: string, variables?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

/** The snippets of a document in the repository, with the server's address in the place of the one that stands there. */
export async function openSnippets(document: string, serverUrl: string): Promise<Snippets> {
  const text = (await readFile(join(root, document), "utf8")).replaceAll("http://127.0.0.1:3000", serverUrl);
  const blocks = [...text.matchAll(/```\w+\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const folder = await mkdtemp(join(tmpdir(), "sluice-snippets-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const [command, ...flags] = node;

  const block = (start: string): string => {
    const found = blocks.find((candidate) => candidate.startsWith(start));
    if (found === undefined) throw new Error(`${document} has no block that begins with ${start}`);
    return found;
  };
  return {
    folder,
    block,
    write: (file, content = block(`// ${file}\n`)) => writeFile(join(folder, file), content),
    async node(file) {
      return (await run(command, [...flags, file], { cwd: folder, env: environment })).stdout;
    },
    async shell(script, variables = {}) {
      return (await run("sh", ["-ec", script], { cwd: folder, env: { ...environment, ...variables } })).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
