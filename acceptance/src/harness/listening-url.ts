import { readdir, readFile, readlink } from "node:fs/promises";

/** A socket's local address and state in the list of the kernel, which writes numbers in hexadecimal. */
const listening = /^\s*\d+: [0-9A-F]{8}:([0-9A-F]{4}) \S+ 0A (?:\S+\s+){5}(\d+) /gm;

/** The address on which a process of this machine listens, whatever it says of itself. */
export async function listeningUrl(pid: number): Promise<string> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
  for (const [, port = "", inode] of (await readFile("/proc/net/tcp", "utf8")).matchAll(listening)) {
    if (links.includes(`socket:[${inode}]`)) return `http://127.0.0.1:${Number.parseInt(port, 16)}`;
  }
  throw new Error(`process ${pid} listens on no port`);
}
