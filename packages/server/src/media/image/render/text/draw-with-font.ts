import type { CreateText } from "sharp";
import { MediaError } from "../../../media-error.ts";
import { moduleBeside } from "../../../processes/module-beside.ts";
import { type ProcessLimits, runProcess } from "../../../processes/run-process.ts";
import type { Frames } from "../../pixels/frames.ts";
import type { Work } from "../../pixels/work.ts";
import { undecodableLayer } from "../../plan/layer-steps.ts";
import { maxTextPixels } from "../../plan/plan-text.ts";
import { maxHeaderBytes, textHeader } from "./text-header.ts";
import { withFonts } from "./with-fonts.ts";

/** The bounds of a process that draws a text with a font of the library. */
export const textProcessLimits: ProcessLimits = Object.freeze({ milliseconds: 4000, memoryBytes: 512 * 1024 * 1024 });

/** A text as the image library draws it, apart from the name of the family that its font gets. */
export type TextOptions = Omit<CreateText, "font"> & { readonly styleAndSize: string };

/** A font of the library. */
export interface FontFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Draws a text with a font of the library, in a process of its own that has no keys and can be killed. The process knows
 * that font and those of the package, so no account's font draws the text of another. A font in which the process finds
 * nothing to read is as one that is missing. Whatever the process answers, no more of it is believed than a text may be.
 * @throws MediaError ELIMIT, ETIME, ELAYER, or EBUSY where no process can be started; the image library's error where
 * there is no ink or too much; the signal's reason
 */
export async function drawWithFont(
  { styleAndSize, ...options }: TextOptions,
  font: FontFile,
  work: Work,
): Promise<Frames> {
  return withFonts(font.bytes, ({ configuration, familyOf }) => {
    const asked: CreateText = { ...options, font: `${familyOf({ kind: "file", path: font.path })} ${styleAndSize}` };
    return drawApart(asked, configuration, font, work);
  });
}

async function drawApart(options: CreateText, configuration: string, font: FontFile, work: Work): Promise<Frames> {
  const { output, signal } = await runProcess(
    {
      program,
      arguments: [maxTextPixels, configuration],
      input: Buffer.from(JSON.stringify(options)),
      limits: textProcessLimits,
      maxOutputBytes: maxTextPixels * 4 + maxHeaderBytes,
      late: "The text took too long to draw",
    },
    work,
  );
  const answer = textHeader.read(output);
  if (answer === undefined) throw refusalFor(signal, font);
  const { header, rest } = answer;
  if ("message" in header) {
    const cause = new Error(header.message);
    throw /no text to render|too big/.test(header.message) ? cause : refusalFor(signal, font, cause);
  }
  if (rest.length !== header.width * header.height * 4) throw refusalFor(signal, font);
  return { data: rest, ...header, channels: 4, count: 1 };
}

/** The process kills itself when it takes too much. Any other end is one that a broken font has caused. */
function refusalFor(signal: string | null, { path }: FontFile, cause?: Error): MediaError {
  return signal === "SIGKILL"
    ? new MediaError("ELIMIT", `The text takes more than ${textProcessLimits.memoryBytes} bytes of memory to draw`)
    : new MediaError("ELAYER", undecodableLayer(path), { cause });
}

const program = moduleBeside("./text-process", import.meta.url);
