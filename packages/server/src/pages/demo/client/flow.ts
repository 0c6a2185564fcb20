import type { UploadError, UploadResponse } from "@sluice/client";

/** What became of one upload, step by step, as the page came to know it. */
export interface Flow {
  readonly file: File;
  /** What the page asked its backend for. */
  request?: unknown;
  /** The backend's answer, token included; only its last one, as each attempt has a token of its own. */
  tokenAnswer?: unknown;
  token?: string | undefined;
  /** The fields of the form, as the token holds them. */
  parameters?: Readonly<Record<string, string>> | undefined;
  result?: UploadResponse | undefined;
  error?: UploadError | undefined;
}

/** Each holds its file, which its token may be presented with again. */
const maxFlows = 20;

/** The flows of the last uploads, by file. */
export function createFlows() {
  const flows = new Map<File, Flow>();
  return {
    /** The flow of this file, a new one for a file that has none. */
    of(file: File): Flow {
      const flow = flows.get(file) ?? { file };
      flows.set(file, flow);
      for (const oldest of [...flows.keys()].slice(0, -maxFlows)) flows.delete(oldest);
      return flow;
    },
    /** Those that have ended, the newest first. */
    ended: (): Flow[] => [...flows.values()].filter(({ result, error }) => result ?? error).reverse(),
  };
}
export type Flows = ReturnType<typeof createFlows>;
