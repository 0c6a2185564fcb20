import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../../scripts/services/free-port.ts";
import { root } from "./launch.ts";
import { keys } from "./server.ts";

const run = promisify(execFile);

const sources = "--conditions=sluice-source";
const environment = { ...process.env, PUBLIC_KEY: keys.publicKey, PRIVATE_KEY: keys.privateKey };

export interface RunningSnippet {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Snippets {
  /** The folder in which the snippets run. Their imports are installed there. */
  readonly folder: string;
  /** The fenced block that begins with this text. */
  block(start: string): string;
  /** Writes a file into the folder. The default content is the block that begins with a comment of the file's name. */
  write(file: string, content?: string): Promise<void>;
  /** Runs such a file with Node. @returns what the file printed */
  node(file: string): Promise<string>;
  /** Runs a block that starts a server on port 4000, on a free port instead. `instead` replaces texts of the block. */
  serve(file: string, instead: Readonly<Record<string, string>>): Promise<RunningSnippet>;
  shell(script: string, variables?: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

/** Opens the snippets of a document in the repository, with this server's address in place of the example address. */
export async function openSnippets(document: string, serverUrl: string): Promise<Snippets> {
  const text = (await readFile(join(root, document), "utf8")).replaceAll("http://127.0.0.1:3000", serverUrl);
  const blocks = [...text.matchAll(/```\w+\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const folder = await mkdtemp(join(tmpdir(), "sluice-snippets-"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));

  const block = (start: string): string => {
    const found = blocks.find((candidate) => candidate.startsWith(start));
    if (found === undefined) throw new Error(`${document} has no block that begins with ${start}`);
    return found;
  };
  const write = (file: string, content = block(`// ${file}\n`)): Promise<void> =>
    writeFile(join(folder, file), content);
  return {
    folder,
    block,
    write,
    async node(file) {
      return (await run(process.execPath, [sources, file], { cwd: folder, env: environment })).stdout;
    },
    async serve(file, instead) {
      const port = await freePort();
      let content = block(`// ${file}\n`).replace("4000", String(port));
      for (const [from, to] of Object.entries(instead)) content = content.replace(from, to);
      await write(file, content);
      const child = spawn(process.execPath, [sources, file], { cwd: folder, env: environment, stdio: "inherit" });
      const exited = once(child, "exit");
      const stop = async (): Promise<void> => {
        child.kill();
        await exited;
      };
      const url = `http://127.0.0.1:${port}`;
      await answers(url).catch(async (error: unknown) => {
        await stop();
        throw error;
      });
      return { url, stop };
    },
    async shell(script, variables = {}) {
      return (await run("sh", ["-ec", script], { cwd: folder, env: { ...environment, ...variables } })).stdout;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 10_000; ; ) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (Date.now() > end) throw new Error(`nothing answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
