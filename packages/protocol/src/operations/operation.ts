import type { TSchema } from "typebox";
import type { ErrorReason } from "../error-catalogue.ts";
import type { Access } from "./access.ts";
import type { Tag } from "./tags.ts";

/** A description of one thing that clients can ask of the server. Its route and its place in the reference follow from it. */
export interface Operation {
  /** The `operationId`: the vendor's, where the vendor's document has the operation. */
  readonly id: string;
  readonly method: "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
  /** Segments that begin with a colon are parameters. */
  readonly path: string;
  readonly tag: Tag;
  /** The line of a list that says what the operation does. */
  readonly summary: string;
  /** Markdown that says what a caller has to know beyond the schemas. */
  readonly description?: string;
  /** The method of the official Node SDK that calls the operation. */
  readonly sdk?: string;
  readonly access: Access;
  /** The parameters in the path, by name. */
  readonly parameters?: Readonly<Record<string, TSchema>>;
  readonly query?: TSchema;
  /** The headers of the request that the operation reads, by lower-case name. Each may be left out. */
  readonly headers?: Readonly<Record<string, TSchema>>;
  /** A JSON body. */
  readonly body?: TSchema;
  /** A multipart form. */
  readonly form?: TSchema;
  /**
   * The body of each answer that is no `ErrorBody`, by status; null if it has none. A schema with a `contentMediaType`
   * describes text or bytes of that type, any other a JSON body.
   */
  readonly answers: Readonly<Record<number, TSchema | null>>;
  /** Whether a browser, which accepts `text/html`, gets the answer 200 as a page. */
  readonly alsoAsPage?: true;
  /**
   * Whether the answer 200 is compressed for clients that accept it. It must hold no secret but signed URLs, with which
   * it stays as it is, since the length of a compressed answer tells of what stands in it (docs/architecture.md §7).
   */
  readonly compressed?: true;
  /** The headers of successful answers that clients may rely on, by lower-case name. */
  readonly answerHeaders?: Readonly<Record<string, TSchema>>;
  /** The operation's own refusals. `errorsOf` adds those that come with its access and its method. */
  readonly errors: readonly ErrorReason[];
}
