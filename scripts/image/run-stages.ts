import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { contextFilter } from "./build-context.ts";
import { type InChroot, runInChroot } from "./chroot.ts";
import { type Dockerfile, expand, type Instruction, splitPair } from "./dockerfile.ts";

const run = promisify(execFile);

export interface BuildOptions {
  readonly repository: string;
  /** The root file system of the base image. */
  readonly base: string;
  /** An empty folder, which gets a root file system for each stage. */
  readonly folder: string;
  /** A folder that is kept between the steps, and between builds. */
  readonly cache: string;
  /** The values of `--build-arg`, and those that a builder sets by itself. */
  readonly args: ReadonlyMap<string, string>;
  /** The variables and mounts that programs need to reach the network of this machine. */
  readonly network: Pick<InChroot, "environment" | "mounts">;
  /** The root file systems of stages that an earlier build has made. */
  readonly made?: ReadonlyMap<string, string>;
}

/** A built image, and what it says about its containers. */
export interface Image {
  readonly root: string;
  /** The root file systems of all stages, by name. */
  readonly stages: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
  readonly volumes: readonly string[];
}

interface StageState {
  readonly root: string;
  readonly environment: Map<string, string>;
  readonly args: Map<string, string>;
  readonly facts: Map<string, string>;
}

/**
 * Does what a Dockerfile says, without a container engine: each stage is a root file system, and each `RUN` a command in
 * it. Must run as root.
 */
export async function runStages({ globals, stages }: Dockerfile, options: BuildOptions): Promise<Image> {
  const done = new Map(options.made);
  const defaults = new Map([...globals, ...options.args]);
  let last: StageState | undefined;
  for (const [index, stage] of stages.entries()) {
    const name = stage.name ?? String(index);
    if (options.made?.has(name)) continue;
    const root = join(options.folder, name);
    const from = expand(stage.from, defaults);
    await run("cp", ["--archive", "--reflink=auto", done.get(from) ?? options.base, root]);
    const state: StageState = { root, environment: new Map([["PATH", path]]), args: new Map(), facts: new Map() };
    for (const instruction of stage.instructions) await follow(instruction, state, options, done);
    done.set(name, root);
    last = state;
  }
  if (last === undefined) throw new Error("the Dockerfile has no stage");
  return { ...imageOf(last), stages: done };
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

async function follow(
  { name, options: given, rest }: Instruction,
  state: StageState,
  options: BuildOptions,
  done: ReadonlyMap<string, string>,
): Promise<void> {
  const { environment, args, facts, root } = state;
  if (name === "ARG") {
    const [argument, standard] = splitPair(rest);
    args.set(argument, options.args.get(argument) ?? standard);
  } else if (name === "ENV") {
    for (const pair of rest.split(/\s+/)) {
      const [variable, value] = splitPair(pair);
      environment.set(variable, expand(value, environment));
    }
  } else if (name === "WORKDIR") {
    facts.set(name, resolve(facts.get(name) ?? "/", rest));
    await mkdir(join(root, folderOf(state)), { recursive: true });
  } else if (name === "COPY") {
    await copy({ given: new Map(given), words: rest.split(/\s+/) }, state, options, done);
  } else if (name === "RUN") {
    const mounts = given.map(([, value]) => new Map(value.split(",").map(splitPair)).get("target") ?? "");
    for (const target of mounts) await mkdir(join(options.cache, target), { recursive: true });
    const variables = Object.fromEntries([...args, ...environment]);
    await runInChroot(
      {
        root,
        workingFolder: folderOf(state),
        environment: { HOME: "/root", ...options.network.environment, ...variables },
        mounts: {
          ...options.network.mounts,
          ...Object.fromEntries(mounts.map((target) => [target, join(options.cache, target)])),
        },
      },
      ["/bin/sh", "-c", rest],
    );
    // An engine keeps no mount points in the image.
    for (const target of [...mounts, ...Object.keys(options.network.mounts ?? {})])
      await rm(join(root, target), { recursive: true });
  } else facts.set(name, rest);
}

const folderOf = ({ facts }: StageState): string => facts.get("WORKDIR") ?? "/";

interface Copy {
  readonly given: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

async function copy(
  { given, words }: Copy,
  state: StageState,
  options: BuildOptions,
  done: ReadonlyMap<string, string>,
): Promise<void> {
  const stage = given.get("from");
  const from = stage === undefined ? options.repository : done.get(stage);
  if (from === undefined) throw new Error(`there is no stage ${stage}`);
  const [sources, destination = ""] = [words.slice(0, -1), words.at(-1)];
  const target = join(state.root, resolve(folderOf(state), destination));
  for (const source of sources) {
    if (stage === undefined) {
      for (const file of await contextFiles(options.repository, source)) {
        const inside = source === "." ? file : basename(file);
        await cp(join(from, file), join(target, inside), { preserveTimestamps: true });
      }
    } else {
      // The content of a folder is copied, not the folder.
      const isFolder = (await stat(join(from, source))).isDirectory();
      await mkdir(target, { recursive: true });
      await run("cp", ["--archive", isFolder ? `${join(from, source)}/.` : join(from, source), target]);
    }
  }
  const [owner, mode] = [given.get("chown"), given.get("chmod")];
  if (owner !== undefined) await run("chown", ["--recursive", owner, target]);
  if (mode !== undefined) await run("chmod", [mode, target]);
}

/** Lists the files that Git knows and `.dockerignore` lets through: all, or those that a name or pattern stands for. */
async function contextFiles(repository: string, source: string): Promise<readonly string[]> {
  const lets = contextFilter(await readFile(join(repository, ".dockerignore"), "utf8"));
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", source];
  const { stdout } = await run("git", args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 });
  const files = stdout.split("\0").filter((file) => file !== "" && lets(file));
  if (files.length === 0) throw new Error(`the builder gets no file for COPY ${source}`);
  return files;
}

function imageOf(state: StageState): Omit<Image, "stages"> {
  const { root, environment, facts } = state;
  const list = (name: string): readonly string[] => JSON.parse((facts.get(name) ?? "[]").replace(/^.*?(?=\[)/, ""));
  return {
    root,
    environment: Object.fromEntries(environment),
    workingFolder: folderOf(state),
    user: facts.get("USER") ?? "0:0",
    entrypoint: list("ENTRYPOINT"),
    command: list("CMD"),
    healthCheck: list("HEALTHCHECK"),
    volumes: [facts.get("VOLUME") ?? []].flat(),
  };
}
