import type { Peer } from "../../../ipc/peer.ts";
import { readWrittenSteps } from "../../image/plan/read-transformation.ts";
import type { RenderedImage } from "../../image/render/encode.ts";
import type { LayerBytes } from "../../image/render/layers/layer-source.ts";
import { renderImage } from "../../image/render/render-image.ts";
import type { ParentCalls } from "../child-calls.ts";
import { readTaskBytes } from "../task-bytes.ts";
import type { RenderTask } from "../tasks.ts";
import type { AskedPictures } from "./asked-pictures.ts";

export interface TaskContext {
  readonly parent: Peer<ParentCalls>;
  readonly pictures: AskedPictures;
  readonly signal: AbortSignal;
}

/** Renders a picture. The server grants its memory, and answers what models have made. */
export async function renderTask(
  { file, pages, layers, transformation, context, limits, spentMs }: RenderTask,
  { parent, pictures, signal }: TaskContext,
): Promise<RenderedImage> {
  const { written, still = false, page, layers: selected } = transformation;
  const drawn = new Map<string, LayerBytes>();
  for (const [path, { file: layer, ...facts }] of layers)
    drawn.set(path, { ...facts, bytes: await readTaskBytes(layer) });
  const bytes = await readTaskBytes(file);
  return renderImage(
    bytes,
    { ...readWrittenSteps(written), still, page, layers: selected },
    {
      ...context,
      pages,
      layers: drawn,
      limits,
      spentMs,
      take: (memory) => parent.call("take", memory),
      onMade: () => void parent.call("made", undefined).catch(() => undefined),
      askAi: (request, picture) => pictures.ask(picture, (asked) => parent.call("askAi", { request, picture: asked })),
    },
    signal,
  );
}
