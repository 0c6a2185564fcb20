import { readdir, readFile, readlink } from "node:fs/promises";

/** What the process's open descriptors stand for: paths, and names such as `socket:[1]`. */
export async function openDescriptors(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const targets = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => undefined));
  return (await Promise.all(targets)).filter((target) => target !== undefined);
}

export async function openSockets(pid: number): Promise<number> {
  return (await openDescriptors(pid)).filter((target) => target.startsWith("socket:")).length;
}

/** Bytes of resident memory, the most that there has been and what there is now. */
export async function residentMemory(pid: number): Promise<{ readonly peak: number; readonly now: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  return { peak: kibibytes("VmHWM") * 1024, now: kibibytes("VmRSS") * 1024 };
}

export function pidOf(server: { readonly process: { readonly pid?: number | undefined } }): number {
  const { pid } = server.process;
  if (pid === undefined) throw new Error("the server has no process");
  return pid;
}
