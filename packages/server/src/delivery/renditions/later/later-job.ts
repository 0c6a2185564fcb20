import { canonicalText } from "@sluice/grammar";
import type { DeliverableRow } from "../../../database/repositories/deliverables.ts";
import type { ToldRequest } from "../../../events/video-events.ts";
import type { JobOwner } from "../../../jobs/job.ts";
import type { ClientHints } from "../../../media/image/plan/target-size.ts";
import type { Answer } from "../../delivery.ts";
import type { Transformed } from "../../url/requested-rendition.ts";

/** A rendition needs something that a job has to make first. */
export class MadeLater extends Error {
  override readonly name: string = "MadeLater";
  /** The key of what is missing. Renditions that need the same share one job. */
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

/** The vendor's text until the picture is there (docs/protocol/delivery.md §11). */
const words = Buffer.from("The asset is currently being prepared");

/** The answer to a URL whose rendition a job is still making. The client asks again. */
export function pendingAnswer(headers: Readonly<Record<string, string>>): Answer {
  return {
    status: 200,
    headers: {
      "cache-control": "no-store",
      "content-type": "text/html",
      "content-length": String(words.length),
      "is-intermediate-response": "true",
      ...headers,
    },
    body: words,
  };
}

/** A job that makes a rendition, or what the rendition needs. It says everything that the URL said. */
export interface LaterJob {
  /** The name of the jobs' kind. */
  readonly kind: string;
  readonly input: AskedLater;
}

/** Describes what a URL asks of a version, as a job's input. */
export type AskedLater = {
  readonly accountId: string;
  readonly versionId: string;
  /** The canonical text of the transformation, in which names are expanded. */
  readonly transformation: string;
  readonly thumbnail: boolean;
  /** Whether the URL asks for a video of a file that may be none. */
  readonly asVideo?: boolean;
  /** Whether the URL was signed. */
  readonly signed: boolean;
  /** Whether the URL uses names alone, which show private layers. */
  readonly kind: Transformed["kind"];
  /** The client's hints, where the rendition goes by them. */
  readonly width?: number;
  readonly dpr?: number;
  /** The part of the URL that asks for another variation. */
  readonly variation?: string;
  /** The request that asked for a video, as endpoints are told of it. */
  readonly told?: ToldRequest;
  /** The key of what was missing when the job was enqueued. */
  readonly key?: string;
};

export const laterOwners: readonly JobOwner<"accountId">[] = [{ member: "accountId", table: "accounts" }];

export function askedLater(
  { account_id: accountId, id: versionId }: Pick<DeliverableRow, "account_id" | "id">,
  { kind, transformation, thumbnail, asVideo }: Pick<Transformed, "kind" | "transformation" | "thumbnail" | "asVideo">,
  { width, dpr }: ClientHints,
  variation: string | undefined,
  signed: boolean,
): AskedLater {
  return {
    accountId,
    versionId,
    transformation: canonicalText(transformation),
    thumbnail,
    ...(asVideo && { asVideo }),
    signed,
    kind,
    ...(width !== undefined && { width }),
    ...(dpr !== undefined && { dpr }),
    ...(variation !== undefined && { variation }),
  };
}
