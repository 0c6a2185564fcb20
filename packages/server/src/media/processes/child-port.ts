import type { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { FramedPort } from "../../ipc/framed-port.ts";
import { cloneFormat, jsonFormat } from "../../ipc/message-formats.ts";

/** The place of the channel among the files that a process is started with. */
const channelFd = 3;

/** The bounds of what a process that decodes sends. Only the bytes of a picture are large. */
const boundsOfChild = { headBytes: 256 * 1024, bytes: 512 * 1024 * 1024 };
/** The bounds of a task. It holds whole files where there was no room for temporary ones. */
const boundsOfParent = { headBytes: 0x7fff_ffff, bytes: 0 };

/** The server's end of the channel to a process that decodes. @throws an error where the system gave no process */
export function channelOf(child: ChildProcess): Socket {
  // Without a process, its pipes may be missing as well.
  const channel = (child.stdio as ChildProcess["stdio"] | undefined)?.[channelFd];
  if (channel instanceof Socket) return channel;
  child.on("error", () => undefined);
  throw new Error("the system starts no process");
}

export function openChildsPort(channel: Socket, onViolation: (error: Error) => void): FramedPort {
  return new FramedPort(channel, { writes: cloneFormat, reads: jsonFormat, bounds: boundsOfChild, onViolation });
}

/** The end that a process has which decodes. */
export function openParentsPort(onViolation: (error: Error) => void): FramedPort {
  const channel = new Socket({ fd: channelFd, readable: true, writable: true });
  return new FramedPort(channel, { writes: jsonFormat, reads: cloneFormat, bounds: boundsOfParent, onViolation });
}
