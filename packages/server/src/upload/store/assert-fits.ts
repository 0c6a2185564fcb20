import { SluiceError } from "@sluice/protocol";
import type { UploadDeps } from "../deps.ts";
import type { ResolvedUpload } from "../resolve/resolve-upload.ts";

interface FitDeps {
  readonly config: { readonly limits: Pick<UploadDeps["config"]["limits"], "imageBytes"> };
  readonly scanner: Pick<UploadDeps["scanner"], "maxBytes">;
}

/** The part of a plan that decides which steps read the whole file. A video is transformed by a job, whatever its size. */
interface PlanToFit {
  readonly pre: Pick<NonNullable<ResolvedUpload["pre"]>, "mayBeVideo"> | undefined;
}

/** A step of storing a file that reads the whole file, whatever its size. */
interface WholeStep {
  readonly step: string;
  /** The name of the limit on the command line. */
  readonly name: string;
  /** The advice for a client that needs the file as it is: the end of a sentence, or nothing. */
  readonly instead: string;
  readonly limitOf: (deps: FitDeps, plan: PlanToFit) => number;
}

/**
 * The other steps read the parts of a file that they need. The type, the size in pixels and the embedded metadata come
 * from a file's headers, so `checks` and `metadata` fit a file of any size. The hash in the metadata is left out beyond
 * `image-bytes`, for a form as well.
 */
const wholeSteps: readonly WholeStep[] = [
  {
    step: "the virus scan",
    name: "virus-scan-bytes",
    instead: "",
    limitOf: ({ scanner }) => scanner.maxBytes,
  },
  {
    step: "transformation.pre",
    name: "image-bytes",
    instead: ", or leave out transformation.pre",
    limitOf: ({ config }, { pre }) => (pre?.mayBeVideo !== false ? Number.POSITIVE_INFINITY : config.limits.imageBytes),
  },
];

/**
 * Asserts that each step that reads a whole file takes one of this size. A file that arrives in pieces is refused before
 * its first byte then, instead of stored without the step.
 * @throws SluiceError FILE_TOO_LARGE_FOR_STEP
 */
export function assertFits(deps: FitDeps, plan: PlanToFit, size: number): void {
  for (const { step, name, instead, limitOf } of wholeSteps) {
    const limit = limitOf(deps, plan);
    if (size > limit) throw new SluiceError("FILE_TOO_LARGE_FOR_STEP", { size, step, limit, name, instead });
  }
}

/** The size of the largest file that every step takes which reads a whole file. */
export function largestThatFits(deps: FitDeps, plan: PlanToFit): number {
  return Math.min(...wholeSteps.map(({ limitOf }) => limitOf(deps, plan)));
}
