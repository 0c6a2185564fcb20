import type { Party } from "../../concurrency/fair-line.ts";
import type { Database } from "../../database/database.ts";
import { findPictureDetection } from "../../database/repositories/picture-detections.ts";
import { detectionRevision } from "../../media/detection/searches.ts";
import type { ImageEngine, LayerFileSource } from "../../media/image/image-engine.ts";
import type { ImageSource } from "../../media/image/image-source.ts";
import { type ChosenPage, chosenPageKey } from "../../media/image/plan/chosen-page.ts";
import type { FoundThing, FoundThings } from "../../media/image/plan/found-things.ts";
import { type Look, looksOf } from "../../media/image/plan/looks.ts";
import type { ImageTransformation } from "../../media/image/plan/plan.ts";
import { MediaError } from "../../media/media-error.ts";
import type { keepPictureDetection } from "./detection-transactions.ts";

export interface DetectionNeeds {
  readonly images: Pick<ImageEngine, "detect">;
  readonly database: Pick<Database<{ keepPictureDetection: typeof keepPictureDetection }>, "reader" | "run">;
}

/** A picture to render, and the files that its layers draw, by their paths. */
export interface Subject {
  readonly picture: SearchedFile;
  readonly layers: ReadonlyMap<string, LayerFileSource & Pick<SearchedFile, "content">>;
  readonly transformation: Pick<ImageTransformation, "steps" | keyof ChosenPage>;
}

interface SearchedFile {
  readonly source: ImageSource;
  /** The id of the blob with these bytes; a unique text for bytes that are not in the library. */
  readonly content: string;
}

/** The time for the searches of one picture and its layers. A search that has begun is finished, and kept. */
const standardMs = 4_000;

/** The things that were found, as a rendering takes them. */
export interface FoundInSubject {
  readonly things: FoundThings | undefined;
  readonly layers: ReadonlyMap<string, LayerFileSource>;
}

/**
 * Finds what a transformation has to know of its pictures. Each search is made once and kept with the bytes, so that all
 * nodes crop a version alike, also those without the models.
 * @throws MediaError as `ImageEngine.detect` does, and ETIME where layers need more searches than there is time for. The
 * next attempt goes on from there; the database's errors
 */
export async function findThings(
  needs: DetectionNeeds,
  { picture, layers, transformation }: Subject,
  signal: AbortSignal,
  party: Party,
  maxMs = standardMs,
): Promise<FoundInSubject> {
  const looks = looksOf(transformation);
  if (looks.length === 0) return { things: undefined, layers };
  const began = performance.now();
  let made = 0;
  const admit = (): void => {
    if (made > 0 && performance.now() - began > maxMs) {
      throw new MediaError("ETIME", "The layers' files took too long to search");
    }
    made += 1;
  };
  const ofPath = (path: string | undefined) => looks.filter((look) => look.path === path);
  const things = await search({ ...needs, admit }, picture, ofPath(undefined), signal, party);
  const found = new Map<string, LayerFileSource>();
  for (const [path, layer] of layers) {
    found.set(path, { ...layer, things: await search({ ...needs, admit }, layer, ofPath(path), signal, party) });
  }
  return { things: things.get(chosenPageKey(transformation)), layers: found };
}

/**
 * A search of chosen layers is not recorded: a file has as many choices as somebody may write URLs, and the picture that
 * is made of one stays in the derived cache.
 * @returns what was found, by `chosenPageKey`
 */
async function search(
  { images, database, admit }: DetectionNeeds & { readonly admit: () => void },
  { source, content }: SearchedFile,
  looks: readonly Look[],
  signal: AbortSignal,
  party: Party,
): Promise<ReadonlyMap<string, FoundThings>> {
  const found = new Map<string, FoundThings>();
  for (const { detection, page, layers } of looks) {
    const chosen = { page, layers };
    const make = (): Promise<readonly FoundThing[]> => {
      admit();
      return images.detect({ source, content, ...chosen, detection, signal, party });
    };
    const recorded = async (): Promise<readonly FoundThing[]> => {
      const asked = { blobId: content, detection, page: page ?? 0, revision: detectionRevision };
      const things =
        (await findPictureDetection(database.reader, asked)) ??
        (await database.run("keepPictureDetection", { search: asked, things: JSON.stringify(await make()) }));
      return JSON.parse(things);
    };
    const key = chosenPageKey(chosen);
    found.set(key, { ...found.get(key), [detection]: await (layers === undefined ? recorded() : make()) });
  }
  return found;
}
