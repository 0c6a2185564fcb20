import type { Job } from "../job.ts";
import type { uploadResumably } from "./resumable.ts";

/** Files of this size and up are sent in pieces that the server keeps. */
const defaultThreshold = 8 * 1024 * 1024;

/** Headers carry the parameters twice, in base64 and in the token. The server reads 64 KiB of headers. */
const maxParameterBytes = 16_000;

/** Loads what uploads the job's file resumably. Returns undefined if the file goes in a form. */
export async function resumableUpload(
  job: Job,
  parameters: Readonly<Record<string, string>>,
): Promise<typeof uploadResumably | undefined> {
  if (!job.session && !isResumable(job, parameters)) return undefined;
  try {
    return (await import("./resumable.ts")).uploadResumably;
  } catch (error) {
    // A form has no need of the missing file. The page's developer should know of it all the same.
    reportError(error);
    return undefined;
  }
}

function isResumable({ item: { file }, settings, credentials }: Job, parameters: object): boolean {
  const { resumable = true } = settings;
  const { threshold = defaultThreshold } = Object(resumable);
  return (
    !!resumable &&
    file instanceof Blob &&
    file.size > 0 &&
    file.size >= threshold &&
    !credentials?.signature &&
    new Blob([JSON.stringify(parameters)]).size <= maxParameterBytes
  );
}
