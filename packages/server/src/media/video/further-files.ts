import { withFonts } from "../image/render/text/with-fonts.ts";
import { MediaError } from "../media-error.ts";
import type { Drawing, FurtherFile, SubtitlesFile } from "./filter-graph.ts";
import type { VideoSource } from "./open-locally.ts";
import { asPicture, asVideo, firstFurther } from "./reading.ts";
import type { Cue } from "./subtitles/write-ass.ts";
import { writeAss } from "./subtitles/write-ass.ts";
import { invalid } from "./video-request.ts";

/** Finds and draws what lies on a video. */
export interface LayerSupplies {
  /** Draws a picture, as PNG. */
  draw(drawing: Drawing, signal: AbortSignal): Promise<Buffer>;
  /** A video of the library. An animated picture has as many frames as it says. */
  video(path: string): { readonly source: VideoSource; readonly frames: number | undefined };
  subtitles(path: string, signal: AbortSignal): Promise<readonly Cue[]>;
  /** The bytes of a font of the library; undefined for one that is missing. */
  font(path: string, signal: AbortSignal): Promise<Buffer | undefined>;
}

/** What an encode reads besides the video. */
export interface SuppliedFiles {
  /** In the order of the descriptors. */
  readonly sources: readonly VideoSource[];
  /** The options that name those that are inputs. */
  readonly inputs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Gets everything that an encode reads besides the video, and hands it to a function.
 * @throws MediaError ETRANSFORMATION, ELAYER, EFONTS; what the supplies and the function throw
 */
export async function withFurtherFiles<Result>(
  { files, maxPixels }: { readonly files: readonly FurtherFile[]; readonly maxPixels: number },
  supplies: LayerSupplies | undefined,
  signal: AbortSignal,
  use: (supplied: SuppliedFiles) => Promise<Result>,
): Promise<Result> {
  if (files.length === 0) return use({ sources: [], inputs: [], environment: {} });
  if (supplies === undefined) throw nothingDraws();
  const inputs = files.flatMap((file, index) => {
    const descriptor = firstFurther + index;
    if (file.kind === "subtitles") return [];
    return file.kind === "video" ? asVideo(descriptor, file, maxPixels) : asPicture(descriptor);
  });
  const collect = async (familyOf: (file: SubtitlesFile) => string): Promise<readonly VideoSource[]> => {
    const sources: VideoSource[] = [];
    for (const file of files) {
      if (file.kind === "video") sources.push(supplies.video(file.path).source);
      else if (file.kind === "drawing") sources.push(await supplies.draw(file, signal));
      else {
        const cues = await supplies.subtitles(file.path, signal);
        sources.push(Buffer.from(writeAss(cues, { ...file, family: familyOf(file) })));
      }
    }
    return sources;
  };
  const subtitles = files.filter((file) => file.kind === "subtitles");
  if (subtitles.length === 0) return use({ sources: await collect(() => ""), inputs, environment: {} });
  const font = await ownFont(subtitles, supplies, signal);
  return withFonts(font, async ({ environment, familyOf }) =>
    use({ sources: await collect(({ style }) => familyOf(style.font)), inputs, environment }),
  );
}

/** The error where a transformation has layers and its caller has none. */
export function nothingDraws(): MediaError {
  return new MediaError("ETRANSFORMATION", "Nothing draws layers here");
}

/** The font of the library in which subtitles are written. @throws MediaError ETRANSFORMATION for several of them */
async function ownFont(
  subtitles: readonly SubtitlesFile[],
  supplies: LayerSupplies,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const paths = new Set(subtitles.flatMap(({ style: { font } }) => (font.kind === "file" ? [font.path] : [])));
  const [path] = paths;
  if (paths.size > 1) throw invalid("The subtitles of a video use one font of the library at most.");
  return path === undefined ? undefined : supplies.font(path, signal);
}
