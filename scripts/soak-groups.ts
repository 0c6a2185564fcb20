import type { Pass } from "./run-vitest.ts";

/** A part of the soak that `npm run test:soak -- <name>` runs. */
export interface SoakGroup {
  /** One line about what the group shows. */
  readonly shows: string;
  /** Files that run beside each other, as many at a time as in `npm test`. */
  readonly files?: readonly string[];
  /**
   * Files that mostly wait, for leases to end and for faults to pass. They run behind all others, and more of them at a
   * time. Some give a fault's end seconds, so no file that computes may run beside them.
   */
  readonly waiting?: readonly string[];
  /** Files that measure time. They run last, and nothing runs beside them. */
  readonly alone?: readonly string[];
  /**
   * Long files of the acceptance suite, which the runs of the suite on the second pair of engines and on two processes
   * include. Those named `*-nodes` run on the second pair alone.
   */
  readonly suite?: readonly string[];
  /** Vitest projects that belong to the group as a whole. */
  readonly projects?: readonly string[];
}

const acceptance = (...names: readonly string[]) => names.map((name) => `acceptance/src/${name}.soak.ts`);
const server = (...names: readonly string[]) => names.map((name) => `packages/server/src/${name}.soak.ts`);

/** The groups of the soak by their names. The longest of the waiting files come first. */
export const soakGroups = {
  crash: {
    shows: "`kill -9` at any moment loses nothing that was acknowledged",
    files: acceptance("durability/crash"),
    waiting: acceptance(
      "durability/resumable-crash",
      "durability/transformations-crash",
      "durability/extension-crash",
      "durability/webhooks-crash",
      "durability/folders-crash",
    ),
  },
  "power-cuts": {
    shows: "a power cut at each acknowledgement loses nothing that was acknowledged",
    files: acceptance("durability/power-cut"),
  },
  faults: {
    shows: "faults of nodes, PostgreSQL, S3, webhooks, network and disk",
    files: [
      ...server("storage/s3/s3-faults", "storage/s3/s3-outage", "storage/s3/partial/s3-partial-blobs"),
      ...server("database/postgres/lost-connection", "database/postgres/server-outage"),
      "scripts/services/s3.soak.ts",
    ],
    waiting: acceptance("durability/faults/resumable-faults", "durability/s3-outage", "durability/webhooks-retries"),
    alone: acceptance("durability/faults/node-faults"),
    suite: acceptance(
      "durability/clock",
      "durability/disk-full",
      "durability/hanging-database",
      "durability/locked-database",
    ),
  },
  interleavings: {
    shows: "actors on one library, in every order of their steps",
    files: server(
      "testing/interleavings/content-of-three",
      "testing/interleavings/large-content",
      "testing/interleavings/content-of-two",
      "testing/interleavings/tokens",
      "testing/interleavings/sessions",
    ),
  },
  fuzz: {
    shows: "a million hostile inputs to parsers, languages, fonts, PDFs, videos, URLs and HTTP",
    files: [
      ...server("delivery/renditions/pictures/any-urls", "upload/fuzz/fuzz-targets"),
      ...server("http/routes/files/search-differential", "http/routes/files/search-ways"),
      ...server("media/image/render/text/any-font", "media/processes/mutated-files", "media/video/canaries"),
      "packages/grammar/src/checks/checks.soak.ts",
      "packages/grammar/src/search/search-query.soak.ts",
      "packages/grammar/src/transformation/transformation.soak.ts",
      "packages/pages/src/pdf/any-pdf.soak.ts",
      ...acceptance("hostile/http-fuzz"),
    ],
  },
  images: {
    shows: "every transformation of the SDKs; random and absurd ones end in a picture or an answer, in time",
    files: [
      ...server("media/image/render/any-steps", "media/image/render/hostile"),
      ...acceptance("sdk-transformations"),
    ],
    alone: acceptance("hostile/absurd-renditions", "hostile/bombs", "hostile/killed-pictures"),
  },
  videos: {
    shows:
      "each line of what videos can be made into, and of what lies on them, by the decoded pictures and sounds; faults",
    files: [
      ...server("media/video/conformance", "media/video/layers"),
      ...acceptance("durability/video-faults", "sdk-videos"),
    ],
  },
  hostile: {
    shows: "clients that take all they can get keep nobody else out",
    alone: acceptance("hostile/starvation", "hostile/picture-turns"),
    suite: acceptance("hostile/abort-storm", "hostile/held-places", "hostile/slow-clients"),
  },
  volumes: {
    shows: "large archives, many folders, and many clients that organise the same files",
    files: [...server("downloads/zip-archive", "library/folders/many-folders"), ...acceptance("organising-storm")],
  },
  memory: {
    shows: "pages and the console stay small and quick over hundreds of files",
    files: acceptance("client-memory", "uploader-memory", "console"),
  },
  nodes: {
    shows: "several nodes on one database and one bucket, also behind nginx and Caddy",
    files: acceptance("rolling-restart", "proxied-metrics", "hostile/proxied-requests"),
    suite: acceptance("four-nodes", "organising-two-nodes"),
  },
  packages: {
    shows: "what npm packs installs alone, runs, and carries types; how a release is made",
    files: [...acceptance("packages"), "scripts/release/release.soak.ts"],
  },
  upgrades: {
    shows: "this version takes over from the released one, at a start and side by side",
    suite: acceptance("upgrade", "upgrade-nodes"),
  },
  examples: {
    shows: "the examples' backends sign what the server takes",
    files: acceptance("examples"),
  },
  browser: {
    shows: "every flow in Chromium, and what axe finds",
    projects: ["soak-browser"],
  },
  cluster: {
    shows: "the acceptance tests and the console's flows on PostgreSQL and S3",
    projects: ["acceptance-cluster", "acceptance-console-cluster"],
  },
  workers: {
    shows: "the acceptance tests on two processes, and how processes die and share",
    files: acceptance("workers", "workers-races"),
    waiting: acceptance("workers-deaths"),
    projects: ["acceptance-workers"],
  },
  bench: {
    shows: "each program of the bench is measured",
    files: ["", "delivery/", "video/"].map((folder) => `bench/src/${folder}measure.soak.ts`),
  },
} as const satisfies Record<string, SoakGroup>;

const all: readonly SoakGroup[] = Object.values(soakGroups);

/** The projects that run the groups' files. */
const fileProjects = [
  ...["soak-packages", "soak", "soak-waiting", "soak-alone"],
  ...["acceptance-long", "acceptance-cluster"],
];

export const suiteFiles: readonly string[] = all.flatMap(({ suite = [] }) => suite);
export const waitingFiles: readonly string[] = all.flatMap(({ waiting = [] }) => waiting);
export const aloneFiles: readonly string[] = all.flatMap(({ alone = [] }) => alone);

/** All files that the group names. */
export function filesOf({ files = [], waiting = [], alone = [], suite = [] }: SoakGroup): readonly string[] {
  return [...files, ...waiting, ...alone, ...suite];
}

/**
 * The runs of vitest for the groups of these names; without a name, for the whole soak.
 * @throws {UnknownGroup}
 */
export function passesFor(names: readonly string[], args: readonly string[]): readonly Pass[] {
  const groups = names.length === 0 ? all : names.map(groupNamed);
  const projects = [...new Set(groups.flatMap((group) => group.projects ?? []))];
  // In one run, the files that measure time come behind everything else.
  if (groups === all) return [{ projects: [...new Set([...fileProjects, ...projects])], args }];
  const files = groups.flatMap(filesOf);
  return [
    ...(files.length > 0 ? [{ projects: fileProjects, args: [...files, ...args] }] : []),
    ...(projects.length > 0 ? [{ projects, args }] : []),
  ];
}

export class UnknownGroup extends Error {}

function groupNamed(name: string): SoakGroup {
  const [, group] = Object.entries<SoakGroup>(soakGroups).find(([known]) => known === name) ?? [];
  if (group === undefined)
    throw new UnknownGroup(`The soak has no group "${name}". Its groups are:\n${listOfGroups()}`);
  return group;
}

/** One line for each group. */
export function listOfGroups(): string {
  return Object.entries(soakGroups)
    .map(([name, { shows }]) => `  ${name.padEnd(14)} ${shows}`)
    .join("\n");
}
