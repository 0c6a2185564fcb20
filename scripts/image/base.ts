import { execFile } from "node:child_process";
import { chmod, copyFile, cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findPackage } from "../release/installed.ts";
import { root } from "../release/packages.ts";
import { type InChroot, runInChroot } from "./chroot.ts";

const run = promisify(execFile);

/** Says what this machine lacks for root file systems; undefined if nothing. */
export async function rootFileSystemProblem(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "only root can make a root file system";
  const missing = await run("mmdebstrap", ["--version"]).then(
    () => undefined,
    () => "Debian's package mmdebstrap is missing",
  );
  return missing;
}

/**
 * Makes what stands for the base image, `node:24-trixie-slim`: a Debian 13 of the smallest variant, the Node of this
 * repository with this machine's npm, and the user `node`.
 */
export async function makeBase(folder: string): Promise<void> {
  await run("mmdebstrap", ["--variant=minbase", "trixie", folder]);
  const node = findPackage(`node-linux-${process.arch}`, root);
  if (node === undefined) throw new Error("npm has not installed Node 24 for this platform");
  const local = join(folder, "usr/local");
  await copyFile(join(node, "bin/node"), join(local, "bin/node"));
  await chmod(join(local, "bin/node"), 0o755);
  const { stdout } = await run("npm", ["root", "--global"]);
  const npm = "lib/node_modules/npm";
  await mkdir(join(local, dirname(npm)), { recursive: true });
  await cp(join(stdout.trim(), "npm"), join(local, npm), { recursive: true, dereference: true });
  for (const name of ["npm", "npx"]) await symlink(`../${npm}/bin/${name}-cli.js`, join(local, "bin", name));
  const where = { root: folder, workingFolder: "/", environment: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" } };
  await runInChroot(where, ["useradd", "--uid", "1000", "--user-group", "--create-home", "node"]);
}

/** Lets npm in a root file system reach the registry as it does on this machine. */
export function networkOfThisMachine(): Pick<InChroot, "environment" | "mounts"> {
  const environment = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(?:https?_proxy|no_proxy|npm_config_registry)$/i.test(name) && value ? [[name, value] as const] : [],
    ),
  );
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  if (certificates === undefined) return { environment };
  const inside = "/mnt/certificates";
  return {
    environment: { ...environment, NODE_EXTRA_CA_CERTS: inside },
    mounts: { [inside]: certificates },
  };
}
