import { Readable } from "node:stream";
import type { ElsewhereSource } from "../../media/video/open-locally.ts";
import type { AnswerDeps } from "../answers/deps.ts";
import type { OutsideFile } from "../find/find-at-origins.ts";

type Open = (signal: AbortSignal) => Promise<Readable>;

/** The parts that read a file in a turn of their own, of which there are few. */
type Turns = Pick<AnswerDeps, "images" | "videos" | "compressor">;

/** Thrown within a turn where the bytes aren't kept. */
class NotKept extends Error {}

/**
 * Has the parts read an origin's file in place of a stored one. An origin may take half a minute, and must not hold up
 * everybody's images meanwhile. So it is asked outside of a turn alone.
 */
export function outsideTurns(
  { images, videos, compressor }: Turns,
  file: Pick<OutsideFile, "open" | "kept" | "version">,
): Turns {
  return {
    images: {
      render: (request) =>
        // A picture is made of the file itself, or of a still.
        request.file === file.version.blob_id
          ? withBytes(file, request.signal, (open) =>
              images.render({ ...request, source: { ...request.source, open } }),
            )
          : images.render(request),
      detect: (request) =>
        // The files that layers draw are in the library.
        request.content === file.version.blob_id
          ? withBytes(file, request.signal, (open) =>
              images.detect({ ...request, source: { ...request.source, open } }),
            )
          : images.detect(request),
      sanitise: (source, signal, party) =>
        withBytes(file, signal, (open) => images.sanitise({ ...source, open }, signal, party)),
    },
    videos: {
      ...videos,
      still: (_, at, options) => withFilm(file, options.signal, (film) => videos.still(film, at, options)),
      soundStill: (_, options) => withFilm(file, options.signal, (film) => videos.soundStill(film, options)),
    },
    compressor: {
      suits: (mime, size) => compressor.suits(mime, size),
      compress: (source, coding, signal, party) =>
        withBytes(file, signal, (open) => compressor.compress({ ...source, open }, coding, signal, party)),
    },
  };
}

function withFilm<Result>(
  file: Pick<OutsideFile, "open" | "kept" | "version">,
  signal: AbortSignal = new AbortController().signal,
  work: (film: ElsewhereSource) => Promise<Result>,
): Promise<Result> {
  return withBytes(file, signal, (open) => work({ path: undefined, size: file.version.size, open }));
}

async function withBytes<Result>(
  file: Pick<OutsideFile, "open" | "kept">,
  signal: AbortSignal,
  work: (open: Open) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(async (opened) => {
      const bytes = await file.kept(opened);
      if (bytes === undefined) throw new NotKept();
      return Readable.from([bytes]);
    });
  } catch (error) {
    if (!(error instanceof NotKept)) throw error;
  }
  const bytes = await file.open(signal);
  return work(async () => Readable.from([bytes]));
}
