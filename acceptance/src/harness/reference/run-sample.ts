import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jpeg } from "../samples.ts";

export interface SampleAnswer {
  readonly status: number;
  readonly location: string | undefined;
  /** The body, parsed where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a black box's answer has any shape until a test has looked at it
  readonly body: any;
}

type Variables = Readonly<Record<string, string>>;

/** Runs code samples exactly as they are shown, in a folder that has the file which they upload. */
export interface SampleRunner {
  shell(source: string, variables: Variables): Promise<SampleAnswer>;
  javascript(source: string, variables: Variables): Promise<SampleAnswer>;
  close(): Promise<void>;
}

export async function openSampleRunner(): Promise<SampleRunner> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-samples-"));
  await writeFile(join(folder, "balloon.jpg"), await jpeg(60, 40));
  // curl reads these options wherever it runs, and they change nothing that is sent.
  await writeFile(join(folder, ".curlrc"), 'silent\nwrite-out = "%{stderr}%{http_code} %header{location}\\n"\n');
  const node = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return {
    async shell(source, variables) {
      const environment = { PATH: process.env.PATH, CURL_HOME: folder, ...variables };
      const { stdout, stderr } = await run(source, { cwd: folder, env: environment });
      const [status = "", location] = stderr.trim().split(" ");
      return { status: Number(status), location, body: bodyOf(stdout) };
    },
    javascript: (source, variables) => runModule(node, source, variables),
    async close() {
      const ended = once(node, "exit");
      node.disconnect();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function run(source: string, options: object): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile("/bin/sh", ["-c", source], { ...options, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout: String(stdout), stderr: String(stderr) });
      else reject(new Error(`${source}\n${stderr}`, { cause: error }));
    });
  });
}

async function runModule(node: ChildProcess, source: string, variables: Variables): Promise<SampleAnswer> {
  const answered = once(node, "message");
  node.send({ source, variables });
  const [{ problem, status, location, text }] = (await answered) as [Readonly<Record<string, string>>];
  if (problem !== undefined) throw new Error(`${source}\n${problem}`);
  return { status: Number(status), location: location ?? undefined, body: bodyOf(text ?? "") };
}

function bodyOf(text: string): unknown {
  // Where a sample shows headers, the body comes behind them.
  const body = text.startsWith("HTTP/") ? (text.split("\r\n\r\n")[1] ?? "") : text;
  return /^[[{]/.test(body) ? JSON.parse(body) : body;
}

/** A process that runs modules one after another, and tells what the server has answered them. */
const program = `
let answer;
const { fetch } = globalThis;
globalThis.fetch = async (...request) => {
  const response = await fetch(...request);
  answer = { status: response.status, location: response.headers.get("location"), text: await response.clone().text() };
  return response;
};
let count = 0;
process.on("message", async ({ source, variables }) => {
  answer = undefined;
  Object.assign(process.env, variables);
  try {
    await import("data:text/javascript," + encodeURIComponent(source) + "#" + count++);
    process.send(answer);
  } catch (error) {
    process.send({ problem: String(error?.stack) });
  }
});
process.on("disconnect", () => process.exit());
`;
