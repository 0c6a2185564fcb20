import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface InChroot {
  /** The root file system. */
  readonly root: string;
  readonly workingFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Folders and files of this machine, by the paths at which the program sees them. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Runs the program as this user, without capabilities, on a root that is read-only except for `/tmp` and the mounts. */
  readonly confinedTo?: { readonly uid: number; readonly gid: number };
}

export type Command = readonly [program: string, ...args: string[]];

/**
 * Returns the command that runs a program in a root file system, as root. The program takes the place of the command's
 * process, so it gets the signals. It sees mounts of its own, which are gone when it ends. The network and the other
 * processes are those of this machine.
 */
export async function chrootCommand(
  { root, workingFolder, environment, mounts = {}, confinedTo }: InChroot,
  [program, ...args]: Command,
): Promise<Command> {
  const steps = ["set -e", `mount --bind ${quote(root)} ${quote(root)}`];
  for (const [path, source] of Object.entries({ ...systemMounts, ...mounts })) {
    const target = join(root, path);
    await makeMountPoint(target, source);
    steps.push(`mount --rbind ${quote(source)} ${quote(target)}`);
  }
  const variables = Object.entries(environment).map(([name, value]) => quote(`${name}=${value}`));
  const command = ["exec /usr/bin/env -i", ...variables, quote(program), ...args.map(quote)].join(" ");
  const inFolder = `sh -c ${quote(`cd ${quote(workingFolder)} && ${command}`)}`;
  if (confinedTo === undefined) {
    steps.push(`exec chroot ${quote(root)} ${inFolder}`);
  } else {
    const user = `--reuid=${confinedTo.uid} --regid=${confinedTo.gid} --clear-groups`;
    steps.push(
      `mount -t tmpfs -o mode=1777 tmpfs ${quote(join(root, "tmp"))}`,
      `mount -o remount,bind,ro ${quote(root)}`,
      `exec chroot ${quote(root)} setpriv ${user} --no-new-privs --bounding-set=-all ${inFolder}`,
    );
  }
  return ["unshare", "--mount", "sh", "-c", steps.join("\n")];
}

const systemMounts = { "/proc": "/proc", "/dev": "/dev", "/etc/resolv.conf": "/etc/resolv.conf" };

/** Runs a program to its end. @throws Error when it fails, with the end of what it said */
export async function runInChroot(where: InChroot, command: Command): Promise<void> {
  const [program, ...args] = await chrootCommand(where, command);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-4000);
    });
  }
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`exit code ${code}: ${command.join(" ")}\n${output}`);
}

/** Quotes a text for a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function makeMountPoint(target: string, source: string): Promise<void> {
  const isFolder = (await stat(source)).isDirectory();
  await mkdir(isFolder ? target : dirname(target), { recursive: true });
  if (!isFolder) await writeFile(target, "", { flag: "a" });
}
