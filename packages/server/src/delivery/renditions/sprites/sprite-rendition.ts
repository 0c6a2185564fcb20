import { MediaError } from "../../../media/media-error.ts";
import { planSprite, readTileBox, type Sprite, spritePlaces } from "../../../media/video/plan-sprite.ts";
import type { VideoEngine } from "../../../media/video/video-engine.ts";
import { invalid } from "../../../media/video/video-request.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { splitQuery } from "../../url/query.ts";
import { renditionKey } from "../kept/rendition-key.ts";
import { storedSource } from "../pictures/render-picture.ts";
import type { Asked, Rendition } from "../rendition.ts";
import { refusingVideo } from "../videos/makes-video.ts";
import { factsOf } from "../videos/video-rendition.ts";
import { makesSprite } from "./makes-sprite.ts";

export interface SpriteDeps {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
  readonly videos: Pick<VideoEngine, "probe" | "sprite">;
}

/** Raise this number when sprites of the same video get another layout. Those made before are then not served. */
const spriteRevision = 1;

/**
 * Makes sprites of videos: one picture with stills of the whole video, and the text that says which still stands where
 * (docs/protocol/delivery.md §1.4). Both follow from the same plan.
 * @returns undefined for other files, and where the URL asks for something else
 * @throws DeliveryRefusal TRANSFORMATION_INVALID
 */
export function spriteRendition({ blobs, videos }: SpriteDeps, asked: Asked): Rendition | undefined {
  const { version, rendition, party } = asked;
  if (!makesSprite(version, rendition)) return undefined;
  const box = refusingVideo(() => readTileBox(rendition.transformation));
  const source = storedSource(blobs, version);
  const plan = async (signal: AbortSignal): Promise<Sprite> => {
    const told = factsOf(version);
    const isTold = told.width !== undefined && told.height !== undefined && told.duration !== undefined;
    const facts = isTold ? told : await videos.probe(source, { signal, party });
    if (facts === undefined) throw new MediaError("EINVALID", "The video can't be read");
    return planSprite(facts, box);
  };
  const described = ["sprite", spriteRevision, box.width, box.height];
  if (rendition.sprite === "picture") {
    const key = renditionKey(version, described);
    return {
      key,
      vary: [],
      async make(signal) {
        const sprite = await plan(signal);
        const { data, contentType } = await videos.sprite(source, sprite, { signal, party, key });
        return { data, contentType, width: sprite.columns * sprite.tile.width };
      },
    };
  }
  const address = refusingVideo(() => pictureAddress(asked));
  return {
    key: renditionKey(version, [...described, address]),
    vary: [],
    compressible: places,
    make: async (signal) => {
      const text = spritePlaces(await plan(signal), address);
      return { data: Buffer.from(text), contentType: places, width: 0 };
    },
  };
}

const places = "text/vtt";

/** What tells tiles and versions. */
const meaningful: ReadonlySet<string> = new Set(["tr", "ik-obj-version", "updatedAt"]);
/** Each cue has the address. */
const maxAddress = 1000;

/**
 * The address of the picture beside the text, with the same query: what it says of tiles, versions and signatures holds
 * for both. A signature covers all of the query. Without one, only what has a meaning counts, so that no visitor has the
 * text made and kept anew for each query. A cue would end at `-->`.
 */
function pictureAddress({ query, signed }: Pick<Asked, "query" | "signed">): string {
  const pairs = query === undefined ? [] : splitQuery(query).filter(({ name }) => signed || meaningful.has(name));
  const text = pairs.map(({ text: pair }) => pair.replaceAll("<", "%3C").replaceAll(">", "%3E")).join("&");
  if (text.length > maxAddress) throw invalid(`The query of ik-sprite.vtt has ${maxAddress} characters at most.`);
  return text === "" ? "ik-sprite.jpg" : `ik-sprite.jpg?${text}`;
}
