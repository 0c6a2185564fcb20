import type { Protocol } from "./plan.ts";

interface Endpoint {
  readonly path: string;
  readonly status: number;
  /** Whether the answer says that a file of this size is kept. */
  accepts(answer: string, fileBytes: number): boolean;
}

export const endpoints = {
  form: { path: "/api/v2/files/upload", status: 200, accepts: holdsSize },
  raw: { path: "/", status: 200, accepts: holdsSize },
  // The answer of tus to a creation with upload has no body.
  tus: { path: "/files", status: 201, accepts: () => true },
  directus: {
    path: "/files",
    status: 200,
    accepts: (answer, fileBytes) => Number(JSON.parse(answer).data.filesize) === fileBytes,
  },
} as const satisfies Record<Protocol, Endpoint>;

function holdsSize(answer: string, fileBytes: number): boolean {
  // The server that keeps nothing answers with an empty object.
  return answer === "{}" || JSON.parse(answer).size === fileBytes;
}
