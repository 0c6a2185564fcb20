import { queries, sessionKey } from "../api/queries.ts";
import type { Answer } from "../api/routes.ts";
import type { Session } from "../door/session.ts";
import { texts } from "../texts/texts.ts";

/** A file as the server describes it. */
export type LibraryFile = Answer<"GET /v1/files/:fileId/details"> & {
  /** In lists alone, as `#rrggbb`. */
  readonly dominantColor?: string;
};

/** A folder as the server describes it. */
export type LibraryFolder = Extract<Answer<"GET /v1/files">[number], { readonly type: "folder" }>;

export type Kind = "image" | "video" | "audio" | "pdf" | "text" | "other";

export function kindOf({ mime }: Pick<LibraryFile, "mime">): Kind {
  if (mime === "application/pdf") return "pdf";
  const [family] = mime.split("/");
  if (family === "image" || family === "video" || family === "audio") return family;
  return family === "text" || /json|xml|javascript/.test(mime) ? "text" : "other";
}

/** The widths in pixels in which thumbnails are made, so that screens of nearly the same size share them. */
const thumbnailWidths = [160, 320, 480, 640, 960];

/**
 * The address of a picture of the file that is about as wide as its place on the screen. Without a signature, a private
 * file has only the thumbnail of its own.
 * @param width CSS pixels
 * @returns undefined for a file that has no picture, or none that is public
 */
export function thumbnailOf(file: LibraryFile, width: number): string | undefined {
  if (!hasPicture(file) || !file.isPublished) return undefined;
  if (file.isPrivateFile) return file.thumbnail === undefined ? undefined : here(file.thumbnail);
  const wanted = width * Math.min(devicePixelRatio, 2);
  const made = thumbnailWidths.find((candidate) => candidate >= wanted) ?? 960;
  const fitted = `w-${made},h-${made},c-at_max`;
  if (file.fileType === "image") return withTransformation(here(file.url), fitted);
  return kindOf(file) === "pdf" ? pageOf(here(file.url), 1, fitted) : thumbnailAt(here(file.url), fitted);
}

/** Whether the server makes pictures of the file, if it can read it. Of videos and sounds that it could read, it knows a codec. */
export function hasPicture(file: Pick<LibraryFile, "fileType" | "mime" | "videoCodec" | "audioCodec">): boolean {
  const isTold = file.videoCodec !== undefined || file.audioCodec !== undefined;
  return file.fileType === "image" || kindOf(file) === "pdf" || isTold;
}

/**
 * The address of a picture of a page of a PDF.
 * @param url of the PDF
 * @param page counted from 1
 */
export function pageOf(url: string, page: number, transformation: string): string {
  return thumbnailAt(url, `pg-${page},${transformation}`);
}

/** The address of a picture of a document, a video or a sound. */
export function thumbnailAt(url: string, transformation: string): string {
  return withTransformation(withSuffix(url, "ik-thumbnail.jpg"), transformation);
}

/** The address of the text that says where the stills of a video's sprite stand. */
export function spriteOf(url: string): string {
  return withTransformation(withSuffix(url, "ik-sprite.vtt"), "w-240");
}

function withSuffix(url: string, suffix: string): string {
  const [path = "", ...query] = url.split("?");
  return [`${path}/${suffix}`, ...query].join("?");
}

export function withTransformation(url: string, transformation: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}tr=${transformation}`;
}

/**
 * The address at which this page loads a file. Where the files share the page's origin, it is that of the page, because
 * the page may have been opened under another name of the server than its public one.
 */
export function here(url: string): string {
  if (queries.getQueryData<Session>(sessionKey)?.sharesOrigin === false) return url;
  const { pathname, search } = new URL(url, location.href);
  return `${pathname}${search}`;
}

export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1024 && unit < texts.units.length - 1; unit++) value /= 1024;
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString("en", { maximumFractionDigits: digits })} ${bytes === 1 ? texts.byte : texts.units[unit]}`;
}

/** A time as players show it: `0:08`, `1:02:03`. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (part: number): string => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function dateText(timestamp: string): string {
  return dates.format(new Date(timestamp));
}
