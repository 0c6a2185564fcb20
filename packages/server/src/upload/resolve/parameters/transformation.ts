import { parseTransformation, type Transformation, TransformationError } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { PostTransformation, PostType } from "../../../delivery/post-transformations/post-transformation.ts";
import { isObject, parseJson } from "../../../library/parameters/values.ts";
import { ParameterProblem } from "../../../text/parameter.ts";
import { shortened } from "../../../text/shortened.ts";

/** The transformations that an upload asks for, as the client wrote them. Database scripts get them as plain data. */
export interface UploadTransformation {
  /** The result replaces the file before the file is stored. */
  readonly pre?: string;
  /** These are made after the upload, so that they exist when somebody asks for them. */
  readonly post: readonly PostTransformation[];
}

interface PostRecord {
  readonly value: "required" | "optional";
  readonly protocol: boolean;
}

/** The members that an entry of `post` has, by its type (docs/protocol/upload.md §9). */
const postTypes = {
  transformation: { value: "required", protocol: false },
  "gif-to-video": { value: "optional", protocol: false },
  thumbnail: { value: "optional", protocol: false },
  abs: { value: "required", protocol: true },
} as const satisfies Record<PostType, PostRecord>;

const maxPostEntries = 5;
/** Characters of one transformation, which has to fit into a URL. */
const maxTextLength = 4096;

/**
 * Parses the JSON and the transformations in it. Later steps check what depends on the account (names) and on the file.
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export function parseUploadTransformation(text: string): UploadTransformation {
  try {
    const { pre, post, ...others } = readObject(parseJson(text), "It");
    refuseOthers(others, "It");
    if (pre === undefined && post === undefined) throw new ParameterProblem("It must have pre, post or both.");
    return {
      ...(pre !== undefined && { pre: readText(pre, "pre") }),
      post: post === undefined ? [] : readPost(post),
    };
  } catch (error) {
    throw error instanceof ParameterProblem ? invalidTransformation(error.problem, error) : error;
  }
}

export function invalidTransformation(problem: string, cause?: unknown): SluiceError {
  return new SluiceError("TRANSFORMATION_INVALID", { problem }, { cause });
}

/**
 * Parses the text as if it were the encoded value of a URL's `tr`.
 * @throws TransformationError
 */
export function parseTransformationText(text: string): Transformation {
  return parseTransformation([{ text, form: "query" }]);
}

/** @param where what the help calls the transformation */
export function problemOf({ message }: TransformationError, where: string): string {
  return `${where}: ${message}.`;
}

function readPost(post: unknown): PostTransformation[] {
  if (!Array.isArray(post) || post.length > maxPostEntries) {
    throw new ParameterProblem(`Its post must be an array of at most ${maxPostEntries} entries.`);
  }
  return post.map((entry, index) => readEntry(entry, `post[${index}]`));
}

function readEntry(entry: unknown, where: string): PostTransformation {
  const { type, value, protocol, ...others } = readObject(entry, where);
  if (!isPostType(type)) {
    throw new ParameterProblem(`The type of ${where} must be one of ${Object.keys(postTypes).join(", ")}.`);
  }
  refuseOthers(others, where);
  const record: PostRecord = postTypes[type];
  if (value === undefined && record.value === "required") {
    throw new ParameterProblem(`${where} needs a value, since its type is ${type}.`);
  }
  if (!record.protocol && protocol !== undefined) throw new ParameterProblem(`${where} can't have protocol.`);
  if (record.protocol && protocol !== "hls" && protocol !== "dash") {
    throw new ParameterProblem(`The protocol of ${where} must be hls or dash.`);
  }
  return {
    type,
    ...(value !== undefined && { value: readText(value, `the value of ${where}`) }),
    ...(protocol !== undefined && { protocol: protocol as "hls" | "dash" }),
  };
}

function isPostType(type: unknown): type is PostType {
  return typeof type === "string" && Object.hasOwn(postTypes, type);
}

function readObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new ParameterProblem(`${what} must be a JSON object.`);
}

function refuseOthers(others: Readonly<Record<string, unknown>>, what: string): void {
  const [name] = Object.keys(others);
  if (name !== undefined) throw new ParameterProblem(`${what} can't have ${JSON.stringify(shortened(name, 64))}.`);
}

function readText(text: unknown, where: string): string {
  if (typeof text !== "string" || text === "") throw new ParameterProblem(`${where} must be a transformation's text.`);
  if (text.length > maxTextLength) throw new ParameterProblem(`${where} must not exceed ${maxTextLength} characters.`);
  // Not every database can store half of a surrogate pair or U+0000, and no URL has these characters unencoded.
  if (/[\p{Cc}\p{Cs}]/u.test(text)) throw new ParameterProblem(`${where} must not hold control characters.`);
  try {
    if (parseTransformationText(text).steps.length === 0) throw new ParameterProblem(`${where} asks for nothing.`);
  } catch (error) {
    throw error instanceof TransformationError ? new ParameterProblem(problemOf(error, where)) : error;
  }
  return text;
}
