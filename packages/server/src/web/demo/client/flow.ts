import type { UploadError, UploadResponse } from "@sluice/client";

/** The events of one upload, step by step, as the page learnt of them. */
export interface Flow {
  readonly file: File;
  /** The page's request to its backend. */
  request?: unknown;
  /** The backend's last answer, token included. Each attempt has a token of its own. */
  tokenAnswer?: unknown;
  token?: string | undefined;
  /** The fields of the form, as the token holds them. */
  parameters?: Readonly<Record<string, string>> | undefined;
  result?: UploadResponse | undefined;
  error?: UploadError | undefined;
}

/** The most flows that are kept. Each holds its file, which may be presented with its token again. */
const maxFlows = 20;

/** The flows of the last uploads, by file. */
export function createFlows() {
  const flows = new Map<File, Flow>();
  return {
    /** The flow of this file. A file that has none gets a new one. */
    of(file: File): Flow {
      const flow = flows.get(file) ?? { file };
      flows.set(file, flow);
      for (const oldest of [...flows.keys()].slice(0, -maxFlows)) flows.delete(oldest);
      return flow;
    },
    /** The flows that have ended, the newest first. */
    ended: (): Flow[] => [...flows.values()].filter(({ result, error }) => result ?? error).reverse(),
  };
}
export type Flows = ReturnType<typeof createFlows>;
