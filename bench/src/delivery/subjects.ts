import { fileURLToPath } from "node:url";
import { type LaunchOptions, subjects } from "../subjects.ts";

/** The format of a scenario's picture. */
export type Picture = "webp" | "jpeg";

export interface DeliverySubject {
  readonly title: string;
  /** Whether the subject gets the picture by an upload. Otherwise it finds the picture in its data folder. */
  readonly takesUploads?: true;
  /** Whether the subject gets picture requests while uploads are measured. */
  readonly renders?: true;
  readonly path: (picture: Picture) => string;
  command(options: LaunchOptions): string[];
}

export const fileName = "photo.jpg";

const server = (name: string): string => fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url));

// `{n}` is a number that makes each picture a different one. An opaque picture doesn't show its background, so each
// picture is as much work as the first.
const path: DeliverySubject["path"] = (picture) => `/demo/tr:w-400,f-${picture},bg-{n}/${fileName}`;

/** The subjects, in the order in which a round runs them. */
export const deliverySubjects = {
  sharp: {
    title: "sharp alone, with Sluice's settings",
    path,
    command: ({ dataDir }) => [server("sharp"), "--data-dir", dataDir],
  },
  fastify: {
    title: "fastify with the same bytes in memory",
    path,
    command: ({ dataDir }) => [server("sharp"), "--data-dir", dataDir, "--once"],
  },
  sluice: {
    title: "Sluice",
    takesUploads: true,
    path,
    command: subjects.sluice.command,
  },
  "sluice-rendering": {
    title: "Sluice, 64 pictures waiting",
    takesUploads: true,
    renders: true,
    path,
    command: subjects.sluice.command,
  },
  ipx: {
    title: "ipx",
    path: (picture) => `/w_400,f_${picture},q_80/${fileName}`,
    command: ({ dataDir }) => [server("ipx"), "--data-dir", dataDir],
  },
} as const satisfies Record<string, DeliverySubject>;

export type DeliverySubjectName = keyof typeof deliverySubjects;
