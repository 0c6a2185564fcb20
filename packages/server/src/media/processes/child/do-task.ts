import type { Peer } from "../../../ipc/peer.ts";
import { searchPicture, tagPicture } from "../../detection/search-picture.ts";
import { readWrittenSteps } from "../../image/plan/read-transformation.ts";
import type { RenderedImage } from "../../image/render/encode.ts";
import type { LayerBytes } from "../../image/render/layers/layer-source.ts";
import { renderImage } from "../../image/render/render-image.ts";
import { setUpSharp } from "../../image/set-up-sharp.ts";
import { readLibraryHeader } from "../../inspect/library-header.ts";
import { fingerprintOf } from "../../metadata/fingerprint-of.ts";
import type { ParentCalls } from "../child-calls.ts";
import { readTaskBytes } from "../task-bytes.ts";
import type { RenderTask, TaskInput, TaskName, TaskOutput } from "../tasks.ts";
import type { AskedPictures } from "./asked-pictures.ts";

interface TaskContext {
  readonly parent: Peer<ParentCalls>;
  readonly pictures: AskedPictures;
  readonly signal: AbortSignal;
}

/** Renders a picture. The server grants its memory, and answers what models have made. */
async function renderTask(
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

type Doers = {
  readonly [Name in TaskName]: (input: TaskInput<Name>, context: TaskContext) => Promise<TaskOutput<Name>>;
};

/** The ways in which this process does what may be asked of it. */
const doers: Doers = {
  render: renderTask,
  header: ({ file, formats }) => {
    return readLibraryHeader("data" in file ? Buffer.from(file.data) : file.path, formats);
  },
  fingerprint: ({ picture }) => fingerprintOf(picture),
  faces: ({ picture }) => searchPicture("faces", picture),
  objects: ({ picture }) => searchPicture("objects", picture),
  tag: ({ picture }) => tagPicture(picture),
};

setUpSharp();

export function doTask(name: TaskName, input: unknown, context: TaskContext): Promise<unknown> {
  return doers[name](input as never, context);
}
