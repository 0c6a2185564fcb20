import type { Delivery } from "../delivery.ts";
import type { DeliveryRefusal } from "../refusals/refusal.ts";
import type { KeptRendition, MadeRendition, RenditionFacts } from "./kept/kept-rendition.ts";
import type { LaterJob } from "./later/later-job.ts";

/** Describes what is asked of a version, as far as what is made from it depends on that. The rules of access have been checked. */
export interface Asked
  extends Pick<
    Delivery,
    "version" | "rendition" | "layers" | "signed" | "switches" | "requestHeaders" | "request" | "party"
  > {
  /** The pictures that may be asked of models: any; those of one named transformation without a client's hints; none. */
  readonly models: "any" | "one-name" | "none";
  /** The part of the URL that asks for another variation of a model's picture, where the URL may. */
  readonly variation: string | undefined;
  /** The query of the URL as it was sent; undefined where there is none. */
  readonly query: string | undefined;
  /** Whether a drawing is to be cleaned. */
  readonly sanitizes: boolean;
}

/**
 * Something that can be made from a version. What caches and clients need to know about it is known before it is made:
 * requests that get the same bytes have the same key, and no others do.
 */
export interface Rendition {
  /** 32 hexadecimal digits. */
  readonly key: string;
  /** The request headers on which the bytes depend. */
  readonly vary: readonly string[];
  /** More headers of every answer, whether it carries the bytes or not. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The MIME type, where it is known before the bytes are and may be sent in a content coding. */
  readonly compressible?: string;
  /**
   * Makes the bytes now, or throws MadeLater where a job has to make them, or a part of them.
   * @throws MediaError, MadeLater, DeliveryRefusal, and the store's errors; the signal's reason
   */
  readonly make: (signal: AbortSignal) => Promise<MadeRendition>;
  /** The job that makes what `make` found missing. */
  readonly later?: LaterJob;
  /** What clients get meanwhile: a text, or the original, once they have waited a while. */
  readonly pending?: "original";
  /** The headers that follow from what was made. */
  readonly describe?: (made: RenditionFacts) => Readonly<Record<string, string>>;
  /** The form in which the stored bytes are delivered instead of what was made, or of what could not be made. */
  readonly storedInstead?: (outcome: KeptRendition | DeliveryRefusal) => StoredForm | undefined;
}

/** The presentation of the stored bytes: the content type that they are sent with, and the suffix of their ETag. */
export interface StoredForm {
  readonly mime: string;
  readonly tag: string;
}

/**
 * One way in which renditions are made. A function that returns undefined leaves what is asked to the next maker; what
 * no maker takes is delivered as it is stored.
 * @throws DeliveryRefusal for what the maker takes and can't make
 */
export type Maker<Deps> = (deps: Deps, asked: Asked) => Rendition | undefined;
