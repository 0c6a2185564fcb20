import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** The EICAR test file, in two halves. The whole string would make a virus scanner delete this source file. */
export const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"].join("");

export const signatureName = "Sluice.Own.Eicar";
/** Matches any PNG of 7 by 5 pixels, so that an innocent picture can have an infected rendition. */
export const pngSignatureName = "Sluice.Own.Png";
const pngOfSevenByFive = "89504e470d0a1a0a0000000d494844520000000700000005";
/** The most bytes that this clamd accepts in one stream. */
export const streamLimit = 1024 * 1024;

export interface Clamd {
  /** The value for `--clamd`. */
  readonly address: string;
  start(): Promise<void>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const program = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"]
  .map((folder) => join(folder, "clamd"))
  .find(existsSync);

export const missingClamd = program === undefined ? "there is no clamd (Debian's clamav-daemon)" : undefined;

/** Starts the test's own clamd. It knows two signatures, so nothing is downloaded. */
export async function startClamd(): Promise<Clamd> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-clamd-"));
  const socket = join(folder, "clamd.ctl");
  const configuration = join(folder, "clamd.conf");
  const lines = [
    "Foreground yes",
    `DatabaseDirectory ${folder}`,
    `LocalSocket ${socket}`,
    "FixStaleSocket yes",
    `StreamMaxLength ${streamLimit}`,
  ];
  await writeFile(configuration, `${lines.join("\n")}\n`);
  const signatures = [
    `${signatureName}:0:*:${Buffer.from(eicar).toString("hex")}`,
    `${pngSignatureName}:0:0:${pngOfSevenByFive}`,
  ];
  await writeFile(join(folder, "own.ndb"), `${signatures.join("\n")}\n`);
  let child: ChildProcess | undefined;
  const clamd: Clamd = {
    address: `unix:${socket}`,
    async start() {
      child = spawn(program ?? "clamd", ["--config-file", configuration], { stdio: "ignore" });
      for (let left = 200; left > 0; left--) {
        if (child.exitCode !== null) throw new Error(`clamd ended with ${child.exitCode}`);
        if (await isListening(socket)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error("clamd does not listen");
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
    async close() {
      await clamd.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await clamd.start();
  return clamd;
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
