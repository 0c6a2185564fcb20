import { fileURLToPath } from "node:url";
import { type LaunchOptions, subjects } from "../subjects.ts";

/** How a scenario's picture is asked for; `{n}` is a number that makes it another one. */
export type Picture = "webp" | "jpeg";

export interface DeliverySubject {
  readonly title: string;
  /** Whether it has to be given the picture by an upload; otherwise it finds it in its data folder. */
  readonly takesUploads?: true;
  /** Whether pictures are asked of it while uploads are measured. */
  readonly renders?: true;
  readonly path: (picture: Picture) => string;
  command(options: LaunchOptions): string[];
}

export const fileName = "photo.jpg";

const server = (name: string): string => fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url));

// An opaque picture shows nothing of a background, so that each of them is as much work as the first.
const path: DeliverySubject["path"] = (picture) => `/demo/tr:w-400,f-${picture},bg-{n}/${fileName}`;

/** In the order in which a round runs them. */
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
